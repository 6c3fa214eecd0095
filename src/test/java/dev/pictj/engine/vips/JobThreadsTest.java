package dev.pictj.engine.vips;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.engine.EngineException;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobThreadsTest {
  private final JobThreads threads = new JobThreads(1, Duration.ofSeconds(20), () -> {});

  @AfterEach
  void close() {
    threads.close();
  }

  private void failing(Throwable failure) throws Exception {
    boolean _ =
        threads.run(
            () -> {
              switch (failure) {
                case Exception e -> throw e;
                case Error e -> throw e;
                default -> throw new AssertionError(failure);
              }
            },
            () -> {});
  }

  @Test
  void anErrorIsNoFailureOfAPicture() throws Exception {
    LinkageError error = new LinkageError("broken");
    assertThatThrownBy(() -> failing(error)).isSameAs(error);
    assertThat(threads.run(() -> true, () -> {})).as("the thread is free again").isTrue();
  }

  @Test
  void aDiskThatFailsIsNoFailureOfAPictureEither() {
    assertThatThrownBy(() -> failing(new IOException("full")))
        .isInstanceOf(EngineException.class)
        .hasMessage("could not read or write: full");
  }
}
