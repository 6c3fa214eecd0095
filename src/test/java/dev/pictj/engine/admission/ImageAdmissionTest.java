package dev.pictj.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.engine.OverloadedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ImageAdmissionTest {
  private static ImageAdmission admission(int jobs, long bytes, int queue, long millis) {
    return new ImageAdmission(new AdmissionLimits(jobs, bytes, queue, Duration.ofMillis(millis)));
  }

  @Test
  void refusesAtOnceWhenTheQueueIsFull() throws Exception {
    ImageAdmission admission = admission(1, 100, 0, 5000);
    try (var _ = admission.admit(1)) {
      assertThatThrownBy(() -> admission.admit(1)).isInstanceOf(OverloadedException.class);
    }
    admission.admit(1).close();
  }

  @Test
  void refusesAfterTheLongestWait() throws Exception {
    ImageAdmission admission = admission(5, 100, 5, 100);
    try (var _ = admission.admit(60)) {
      assertThatThrownBy(() -> admission.admit(60))
          .isInstanceOfSatisfying(
              OverloadedException.class,
              e -> assertThat(e.retryAfter()).isGreaterThanOrEqualTo(Duration.ofSeconds(1)));
      assertThat(admission.waiting()).isZero();
      admission.admit(40).close();
    }
  }

  @Test
  void runsAJobLargerThanTheBudgetAlone() throws Exception {
    ImageAdmission admission = admission(5, 100, 0, 100);
    try (var _ = admission.admit(1_000_000)) {
      assertThatThrownBy(() -> admission.admit(1)).isInstanceOf(OverloadedException.class);
    }
    assertThat(admission.running()).isZero();
  }

  @Test
  void smallJobsDoNotOvertakeALargeOne() throws Exception {
    ImageAdmission admission = admission(5, 100, 5, 10_000);
    CountDownLatch largeRuns = new CountDownLatch(1);
    CountDownLatch smallRuns = new CountDownLatch(1);
    ImageAdmission.Permit first = admission.admit(50);
    CompletableFuture<Void> large = run(admission, 80, largeRuns);
    awaitWaiting(admission, 1);
    CompletableFuture<Void> small = run(admission, 10, smallRuns);
    awaitWaiting(admission, 2);

    assertThat(smallRuns.await(100, TimeUnit.MILLISECONDS)).isFalse();
    first.close();
    assertThat(largeRuns.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(smallRuns.await(5, TimeUnit.SECONDS)).isTrue();
    large.get();
    small.get();
    assertThat(admission.running()).isZero();
  }

  @Test
  void anInterruptedWaiterLeavesTheQueue() throws Exception {
    ImageAdmission admission = admission(1, 100, 5, 10_000);
    try (var _ = admission.admit(1)) {
      Thread waiter =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      admission.admit(1).close();
                    } catch (InterruptedException expected) {
                      Thread.currentThread().interrupt();
                    }
                  });
      awaitWaiting(admission, 1);
      waiter.interrupt();
      waiter.join();
      assertThat(admission.waiting()).isZero();
    }
  }

  private static CompletableFuture<Void> run(
      ImageAdmission admission, long bytes, CountDownLatch started) {
    return CompletableFuture.runAsync(
        () -> {
          try (var _ = admission.admit(bytes)) {
            started.countDown();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }

  private static void awaitWaiting(ImageAdmission admission, int count) throws Exception {
    while (admission.waiting() < count) {
      Thread.sleep(5);
    }
  }
}
