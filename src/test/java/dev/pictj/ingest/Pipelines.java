package dev.pictj.ingest;

import dev.pictj.catalog.Catalog;
import dev.pictj.engine.admission.FailureMemory;
import dev.pictj.media.Limits;
import dev.pictj.store.BlobStore;
import dev.pictj.store.TempFolder;
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
        null,
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
        new Preprocessing(null, Set.of(), null, failures, temporary, cpu),
        Optional.empty(),
        new Names(new SecureRandom()),
        Clock.systemUTC(),
        whenAbandoned);
  }
}
