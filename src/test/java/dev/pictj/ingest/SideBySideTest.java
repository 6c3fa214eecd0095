package dev.pictj.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.engine.Caller;
import dev.pictj.engine.CallerGoneException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SideBySideTest {
  private final List<Integer> undone = Collections.synchronizedList(new ArrayList<>());

  private SideBySide<Integer, Integer> of(int inputs, SideBySide.Work<Integer, Integer> work) {
    return new SideBySide<>(IntStream.range(0, inputs).boxed().toList(), work, undone::add);
  }

  @Test
  void resultsStandInTheOrderOfInputs() throws Exception {
    CountDownLatch othersDone = new CountDownLatch(3);
    List<Integer> results =
        of(
                20,
                input -> {
                  if (input == 0) {
                    othersDone.await();
                  } else {
                    othersDone.countDown();
                  }
                  return input * 10;
                })
            .run(4, Caller.PATIENT);
    assertThat(results).isEqualTo(IntStream.range(0, 20).map(i -> i * 10).boxed().toList());
    assertThat(undone).isEmpty();
  }

  @Test
  void noMoreRunAtATimeThanMay() throws Exception {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CyclicBarrier three = new CyclicBarrier(3);
    of(
            30,
            input -> {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              await(three);
              running.decrementAndGet();
              return input;
            })
        .run(3, Caller.PATIENT);
    assertThat(most).hasValue(3);
  }

  private static void await(CyclicBarrier barrier) throws InterruptedException {
    try {
      barrier.await();
    } catch (BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theFirstFailureInTheOrderOfInputsIsTheOutcome() {
    CountDownLatch laterFailed = new CountDownLatch(1);
    assertThatThrownBy(
            () ->
                of(
                        4,
                        input -> {
                          if (input == 1) {
                            laterFailed.await();
                            throw new IOException("one");
                          }
                          if (input == 2) {
                            laterFailed.countDown();
                            throw new IOException("two");
                          }
                          return input;
                        })
                    .run(3, Caller.PATIENT))
        .isInstanceOf(IOException.class)
        .hasMessage("one");
    assertThat(undone).contains(0).doesNotContain(1, 2);
  }

  @Test
  void aFailureStopsWhatComesAfterIt() {
    AtomicInteger stopped = new AtomicInteger();
    CountDownLatch waiting = new CountDownLatch(1);
    assertThatThrownBy(
            () ->
                of(
                        10,
                        input -> {
                          if (input == 0) {
                            waiting.await();
                            throw new IOException("zero");
                          }
                          waiting.countDown();
                          try {
                            new CountDownLatch(1).await();
                          } catch (InterruptedException e) {
                            stopped.incrementAndGet();
                            throw e;
                          }
                          return input;
                        })
                    .run(2, Caller.PATIENT))
        .isInstanceOf(IOException.class);
    // The thread of the one that failed may have begun another.
    assertThat(stopped.get()).isBetween(1, 2);
  }

  @Test
  void nothingIsLeftOfWorkWhoseCallerHasGone() {
    AtomicInteger ended = new AtomicInteger();
    assertThatThrownBy(
            () ->
                of(
                        3,
                        input -> {
                          if (input == 0) {
                            return input;
                          }
                          try {
                            new CountDownLatch(1).await();
                            return input;
                          } finally {
                            ended.incrementAndGet();
                          }
                        })
                    .run(2, () -> true))
        .isInstanceOf(CallerGoneException.class);
    assertThat(undone).containsExactly(0);
    assertThat(ended).hasValue(2);
  }
}
