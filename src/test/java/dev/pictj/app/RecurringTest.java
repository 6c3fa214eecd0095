package dev.pictj.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is done again and again. */
@Timeout(30)
class RecurringTest {
  @Test
  void itGoesOnWhateverGoesWrong() throws Exception {
    Queue<Throwable> faults =
        new ConcurrentLinkedQueue<>(
            List.of(
                new IOException("wrong"),
                new IllegalStateException("wrong"),
                new AssertionError("wrong")));
    CountDownLatch done = new CountDownLatch(1);
    try (Recurring recurring =
        Recurring.begin(
            "test",
            Duration.ZERO,
            Duration.ZERO,
            () -> {
              switch (faults.poll()) {
                case IOException e -> throw e;
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case null, default -> done.countDown();
              }
            })) {
      done.await();
      assertThat(recurring).isNotNull();
    }
  }

  @Test
  void aCloseInterruptsWhatIsUnderWay() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Recurring recurring =
        Recurring.begin(
            "test",
            Duration.ZERO,
            Duration.ZERO,
            () -> {
              begun.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException _) {
                interrupted.countDown();
              }
            });
    begun.await();
    recurring.close();
    interrupted.await();
  }
}
