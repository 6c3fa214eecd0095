package dev.pictj.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.Nobody;
import dev.pictj.engine.RenderRequest;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.RenderStep.Quality;
import dev.pictj.engine.Verification;
import dev.pictj.engine.admission.FailureMemory;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.media.Probed;
import dev.pictj.media.VerifiedBy;
import dev.pictj.pictures.Pictures;
import dev.pictj.store.ContentHash;
import dev.pictj.store.TempFile;
import dev.pictj.store.TempFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operations on an upload, with a scripted engine. */
class PreprocessingTest {
  private static final byte[] PNG = Pictures.png(16, 12);
  private static final Terms.StepsBySize HALF = shrinkingTo(8, 6);

  @TempDir private Path folder;

  private final CpuPool cpu = new CpuPool(1, 10);
  private TempFolder temporary;
  private Preprocessing preprocessing;
  private int rendered;
  private Optional<Exception> failure = Optional.empty();

  private final ImageEngine images =
      new ImageEngine() {
        @Override
        public Verification verify(Path source, Probed probed) {
          throw new AssertionError("it is verified already");
        }

        @Override
        public Verification verify(Path source, Probed probed, Duration atMost) {
          return verify(source, probed);
        }

        @Override
        public void render(RenderRequest request, Path output)
            throws MediaException, EngineException {
          rendered++;
          try {
            if (failure.isPresent()) {
              throw failure.get();
            }
            Files.write(output, Pictures.png(8, 6));
          } catch (MediaException | EngineException e) {
            throw e;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        }
      };

  private static Terms.StepsBySize shrinkingTo(int width, int height) {
    return _ -> List.of(new RenderStep.Shrink(new Dimensions(width, height), Quality.FAST));
  }

  @BeforeEach
  void start() throws Exception {
    temporary = TempFolder.open(folder.resolve("tmp"));
    preprocessing =
        new Preprocessing(
            images,
            Set.of(VerifiedBy.WORKER),
            new Nobody(),
            null,
            new FailureMemory(10, Duration.ofHours(1)),
            temporary,
            cpu);
  }

  @AfterEach
  void stop() {
    cpu.close();
    assertThat(temporary.path()).isEmptyDirectory();
  }

  private void apply(byte[] picture, Terms.StepsBySize operations) throws Exception {
    TempFile file = temporary.next("normal");
    Files.write(file.path(), picture);
    Probed probed = new HeaderProbe().probe(file.path());
    String hash = ContentHash.of(file.path());
    preprocessing
        .apply(new Normal(file, probed, hash, VerifiedBy.WORKER, Optional.empty()), operations)
        .file()
        .close();
  }

  @Test
  void whatFailedForItsCostIsNotDoneAgain() throws Exception {
    failure = Optional.of(new MediaException(Reason.TOO_EXPENSIVE, "It took more than 30 s"));
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> apply(PNG, HALF))
          .isInstanceOfSatisfying(
              MediaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_EXPENSIVE))
          .hasMessage("It took more than 30 s");
    }
    assertThat(rendered).isOne();
    failure = Optional.empty();
    apply(PNG, shrinkingTo(4, 3));
    apply(Pictures.png(16, 13), HALF);
    assertThat(rendered).isEqualTo(3);
  }

  @Test
  void whatFailedForAnotherReasonIsTriedAgain() throws Exception {
    failure = Optional.of(new EngineException("no such tool"));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> apply(PNG, HALF)).isInstanceOf(EngineException.class);
    }
    failure = Optional.empty();
    apply(PNG, HALF);
    assertThat(rendered).isEqualTo(3);
  }
}
