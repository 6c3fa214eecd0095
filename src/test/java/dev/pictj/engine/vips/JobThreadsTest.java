package dev.pictj.engine.vips;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class JobThreadsTest {
  @Test
  void whoWorksIsAloneUntilAnotherOneDoes() throws Exception {
    try (JobThreads threads = new JobThreads(3, Duration.ofSeconds(20), () -> {})) {
      assertThat(threads.run(threads::isAlone, () -> {})).isTrue();
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch end = new CountDownLatch(1);
      CompletableFuture<Void> other =
          CompletableFuture.runAsync(
              () -> {
                try {
                  threads.run(
                      () -> {
                        begun.countDown();
                        end.await();
                        return true;
                      },
                      end::countDown);
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      begun.await();

      assertThat(threads.isAlone()).isTrue();
      assertThat(threads.run(threads::isAlone, () -> {})).isFalse();

      end.countDown();
      other.get();
      assertThat(threads.run(threads::isAlone, () -> {})).isTrue();
    }
  }
}
