package dev.pictj.ingest;

import dev.pictj.catalog.Catalog;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.RenderRequest;
import dev.pictj.engine.Verification;
import dev.pictj.engine.admission.FailureMemory;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaException;
import dev.pictj.media.Probed;
import dev.pictj.media.VerifiedBy;
import dev.pictj.store.BlobStore;
import dev.pictj.store.TempFolder;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Upload pipelines for tests in which nothing is decoded. */
public final class Pipelines {
  private Pipelines() {}

  /** Long work that is done at once, by whoever asks for it. */
  public static SharedResults shared(TempFolder temporary) {
    return new SharedResults(
        Runnable::run,
        Duration.ZERO,
        0,
        temporary,
        new SpoolBudget(1 << 20, Duration.ofSeconds(1)));
  }

  /** A pipeline without engines, which stores what it is told to trust. */
  public static Ingest storing(
      Catalog catalog,
      BlobStore blobs,
      TempFolder temporary,
      CpuPool cpu,
      SharedResults shared,
      Runnable whenAbandoned) {
    return storing(
        new IngestRules(new Limits(100, 100, 10_000, 10), Optional.empty(), 2),
        catalog,
        blobs,
        temporary,
        cpu,
        shared,
        whenAbandoned);
  }

  /** The same by rules, such as those by which any bytes are pictures. */
  public static Ingest storing(
      IngestRules rules,
      Catalog catalog,
      BlobStore blobs,
      TempFolder temporary,
      CpuPool cpu,
      SharedResults shared,
      Runnable whenAbandoned) {
    FailureMemory failures = new FailureMemory(10, Duration.ofHours(1));
    return new Ingest(
        rules,
        new Trusting(),
        null,
        null,
        Optional.empty(),
        null,
        false,
        failures,
        catalog,
        blobs,
        temporary,
        cpu,
        shared,
        new Preprocessing(null, Set.of(), null, null, failures, temporary, cpu),
        Optional.empty(),
        new Names(new SecureRandom()),
        Clock.systemUTC(),
        whenAbandoned);
  }

  /** Finds everything sound without a look, but what is 13 pixels wide. */
  private static final class Trusting implements ImageEngine {
    @Override
    public Verification verify(Path source, Probed probed, Duration atMost) throws MediaException {
      if (probed.dimensions().width() == 13) {
        throw new MediaException(MediaException.Reason.INVALID, "unlucky");
      }
      return new Verification(
          probed.dimensions(), probed.frames(), true, VerifiedBy.WORKER, Optional.empty());
    }

    @Override
    public void render(RenderRequest request, Path output) throws EngineException {
      throw new EngineException("nothing is rendered here");
    }
  }
}
