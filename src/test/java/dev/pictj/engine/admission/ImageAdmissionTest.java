package dev.pictj.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pictj.engine.OverloadedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ImageAdmissionTest {
  private static final JobCost SMALL = new JobCost(1, 1);
  private static final JobCost LARGE = new JobCost(50, 1000);

  private static ImageAdmission admission(int jobs, int queue, long millis) {
    return new ImageAdmission(
        new AdmissionLimits(jobs, 100, 10, queue, 1_000_000, Duration.ofMillis(millis)));
  }

  @Test
  void refusesAtOnceWhenTheQueueIsFull() throws Exception {
    ImageAdmission admission = admission(1, 0, 5000);
    try (var _ = admission.admit(SMALL)) {
      assertThatThrownBy(() -> admission.admit(SMALL)).isInstanceOf(OverloadedException.class);
    }
    admission.admit(SMALL).close();
  }

  @Test
  void refusesAfterTheLongestWait() throws Exception {
    ImageAdmission admission = admission(2, 5, 1);
    try (var _ = admission.admit(LARGE)) {
      assertThatThrownBy(() -> admission.admit(LARGE))
          .isInstanceOfSatisfying(
              OverloadedException.class,
              e ->
                  assertThat(e.retryAfter())
                      .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(60)));
      assertThat(admission.count(Lanes::waiting)).isZero();
      admission.admit(SMALL).close();
    }
    admission.admit(LARGE).close();
  }

  @Test
  void runsAJobLargerThanTheBudgetAlone() throws Exception {
    ImageAdmission admission = admission(1, 0, 100);
    try (var _ = admission.admit(new JobCost(1_000_000, 1))) {
      assertThat(admission.count(Lanes::runningBytes)).isEqualTo(100);
      assertThatThrownBy(() -> admission.admit(SMALL)).isInstanceOf(OverloadedException.class);
    }
    assertThat(admission.count(Lanes::running)).isZero();
  }

  @Test
  void aSmallJobRunsWhileLargeOnesRunAndWait() throws Exception {
    ImageAdmission admission = admission(2, 10, 10_000);
    CountDownLatch over = new CountDownLatch(1);
    List<CompletableFuture<Void>> large = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      large.add(run(admission, LARGE, over));
    }
    awaitWaiting(admission, 4);
    admission.admit(SMALL).close();
    assertThat(admission.count(Lanes::waiting)).isEqualTo(4);
    over.countDown();
    for (CompletableFuture<Void> one : large) {
      one.get(10, TimeUnit.SECONDS);
    }
    assertThat(admission.count(Lanes::running)).isZero();
  }

  @Test
  void anInterruptedWaiterLeavesTheQueue() throws Exception {
    ImageAdmission admission = admission(1, 5, 10_000);
    try (var _ = admission.admit(SMALL)) {
      Thread waiter =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      admission.admit(SMALL).close();
                    } catch (InterruptedException expected) {
                      Thread.currentThread().interrupt();
                    }
                  });
      awaitWaiting(admission, 1);
      waiter.interrupt();
      waiter.join();
      assertThat(admission.count(Lanes::waiting)).isZero();
    }
  }

  @Test
  void aJobClosedTwiceEndsOnce() throws Exception {
    ImageAdmission admission = admission(2, 5, 1000);
    ImageAdmission.Permit permit = admission.admit(SMALL);
    try (var _ = admission.admit(SMALL)) {
      permit.close();
      permit.close();
      assertThat(admission.count(Lanes::running)).isEqualTo(1);
    }
  }

  /**
   * Jobs of all sizes, some impatient, some called off: the bounds hold and everything ends. A job
   * holds its place until some later threads have begun.
   */
  @Test
  void underStressNoBoundIsCrossedAndEveryoneGetsAnAnswer() throws Exception {
    for (int jobs = 1; jobs <= 4; jobs++) {
      stress(jobs, new Random(jobs));
    }
  }

  private static void stress(int jobs, Random random) throws Exception {
    int queue = 20;
    ImageAdmission admission =
        new ImageAdmission(
            new AdmissionLimits(jobs, 1000, 100, queue, 20_000, Duration.ofMillis(20)));
    AtomicInteger running = new AtomicInteger();
    AtomicLong bytes = new AtomicLong();
    AtomicInteger answered = new AtomicInteger();
    AtomicInteger admitted = new AtomicInteger();
    List<String> crossed = java.util.Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    List<CountDownLatch> begun = Stream.generate(() -> new CountDownLatch(1)).limit(1500).toList();
    for (int i = 0; i < 1500; i++) {
      JobCost cost =
          random.nextInt(3) > 0
              ? new JobCost(random.nextInt(250), random.nextInt(100))
              : new JobCost(random.nextInt(1500), 101 + random.nextInt(3000));
      CountDownLatch begins = begun.get(i);
      CountDownLatch ends = begun.get(Math.min(i + random.nextInt(12), 1499));
      Thread thread =
          Thread.ofVirtual()
              .start(
                  () -> {
                    begins.countDown();
                    try (var _ = admission.admit(cost)) {
                      admitted.incrementAndGet();
                      // What counts for a job over its share is the share.
                      long counted = Math.min(cost.bytes(), jobs == 1 ? 1000 : 750);
                      if (running.incrementAndGet() > jobs
                          || bytes.addAndGet(counted) > 1000
                          || admission.count(Lanes::runningBytes) > 1000
                          || admission.count(Lanes::waiting) > queue) {
                        crossed.add(running + " jobs, " + bytes + " bytes");
                      }
                      try {
                        ends.await();
                      } finally {
                        bytes.addAndGet(-counted);
                        running.decrementAndGet();
                      }
                    } catch (OverloadedException | InterruptedException expected) {
                      // Both are answers; which one comes is a matter of luck.
                    } finally {
                      answered.incrementAndGet();
                    }
                  });
      threads.add(thread);
      if (random.nextInt(10) == 0) {
        threads.get(random.nextInt(threads.size())).interrupt();
      }
      if (random.nextInt(4) == 0) {
        begins.await();
      }
    }
    for (Thread thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    }
    assertThat(crossed).isEmpty();
    assertThat(answered).hasValue(1500);
    assertThat(admitted.get()).isPositive();
    assertThat(admission.count(Lanes::running)).isZero();
    assertThat(admission.count(Lanes::runningBytes)).isZero();
    assertThat(admission.count(Lanes::waiting)).isZero();
  }

  private static CompletableFuture<Void> run(
      ImageAdmission admission, JobCost cost, CountDownLatch over) {
    return CompletableFuture.runAsync(
        () -> {
          try (var _ = admission.admit(cost)) {
            over.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }

  private static void awaitWaiting(ImageAdmission admission, int count) {
    await().until(() -> admission.count(Lanes::waiting) >= count);
  }
}
