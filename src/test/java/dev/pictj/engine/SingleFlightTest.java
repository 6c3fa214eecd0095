package dev.pictj.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.media.MediaException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
@Tag("slow")
class SingleFlightTest {
  private static final long LIMIT = 1000;
  private static final Caller GONE = () -> true;

  /** A task and the time it is for. */
  private record Later(long at, Runnable task) {}

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Deque<Later> timer = new ArrayDeque<>();
  private long now;
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch gate = new CountDownLatch(1);

  private final SingleFlight<String, String> flights = flights(LIMIT);

  private SingleFlight<String, String> flights(long limit) {
    return new SingleFlight<>(
        executor,
        new AbandonedWork(
            limit, () -> now, (nanos, task) -> timer.add(new Later(now + nanos, task))));
  }

  private Flight<String> join(SingleFlight<String, String> those) throws Exception {
    Flight<String> flight =
        those.join(
            "key",
            Party.SERVER,
            _ -> {
              started.countDown();
              gate.await();
              return "done";
            });
    started.await();
    return flight;
  }

  private void advance(long nanos) {
    now += nanos;
    List<Later> due = timer.stream().filter(later -> later.at() <= now).toList();
    timer.removeAll(due);
    due.forEach(later -> later.task().run());
  }

  private static void leave(Flight<String> flight) {
    assertThatThrownBy(() -> flight.await(GONE)).isInstanceOf(CallerGoneException.class);
  }

  @AfterEach
  void end() {
    gate.countDown();
    executor.close();
  }

  @Test
  void whoAsksForWhatIsUnderWayWaitsForIt() throws Exception {
    Flight<String> first = join(flights);
    Flight<String> second = flights.join("key", Party.SERVER, _ -> "another");
    assertThat(second).isSameAs(first);
    gate.countDown();
    assertThat(first.await(Caller.PATIENT)).isEqualTo("done");
    assertThat(second.await(Caller.PATIENT)).isEqualTo("done");
    assertThat(flights.join("key", Party.SERVER, _ -> "anew").await(Caller.PATIENT))
        .isEqualTo("anew");
  }

  @Test
  void abandonedWorkGoesOnAndIsFoundByWhoeverComesAgain() throws Exception {
    Flight<String> flight = join(flights);
    leave(flight);
    advance(LIMIT - 1);
    Flight<String> again = join(flights);
    assertThat(again).isSameAs(flight);
    gate.countDown();
    assertThat(again.await(Caller.PATIENT)).isEqualTo("done");
  }

  @Test
  void itIsCalledOffWhenTheTimeIsOver() throws Exception {
    Flight<String> flight = join(flights);
    leave(flight);
    advance(LIMIT);
    assertThat(join(flights)).isNotSameAs(flight);
    assertThatThrownBy(flight.result()::get).hasCauseInstanceOf(InterruptedException.class);
  }

  @Test
  void theTimeBeginsAnewWithEveryoneWhoLeavesAndOneTimerIsEnough() throws Exception {
    Flight<String> flight = join(flights);
    for (int i = 0; i < 5; i++) {
      leave(flight);
      advance(LIMIT - 10);
      assertThat(timer).hasSize(1);
      assertThat(join(flights)).isSameAs(flight);
    }
    leave(flight);
    advance(LIMIT - 1);
    Flight<String> last = join(flights);
    assertThat(last).isSameAs(flight);
    leave(last);
    advance(LIMIT);
    assertThatThrownBy(flight.result()::get).hasCauseInstanceOf(InterruptedException.class);
  }

  @Test
  void withOneCallerLeftNoTimeRuns() throws Exception {
    Flight<String> flight = join(flights);
    join(flights);
    leave(flight);
    assertThat(timer).isEmpty();
    gate.countDown();
    assertThat(flight.await(Caller.PATIENT)).isEqualTo("done");
  }

  @Test
  void withoutTimeItIsCalledOffAtOnce() throws Exception {
    Flight<String> flight = join(flights(0));
    leave(flight);
    assertThatThrownBy(flight.result()::get).hasCauseInstanceOf(InterruptedException.class);
    assertThat(timer).isEmpty();
  }

  @Test
  void aPartOfOtherWorkEndsWithIt() throws Exception {
    Flight<String> flight = join(flights);
    Thread.currentThread().interrupt();
    assertThatThrownBy(flight::awaitAsPart).isInstanceOf(InterruptedException.class);
    assertThatThrownBy(flight.result()::get).hasCauseInstanceOf(InterruptedException.class);
  }

  @Test
  void whoIsInterruptedLeavesItToItself() throws Exception {
    Flight<String> flight = join(flights);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> flight.await(Caller.PATIENT)).isInstanceOf(InterruptedException.class);
    assertThat(timer).hasSize(1);
    gate.countDown();
    assertThat(flight.result().get()).isEqualTo("done");
  }

  @Test
  void whatIsBeingCommittedIsNotCalledOff() throws Exception {
    Flight<String> flight =
        flights(0)
            .join(
                "key",
                Party.SERVER,
                own -> {
                  own.commit();
                  started.countDown();
                  gate.await();
                  return "done";
                });
    started.await();
    leave(flight);
    gate.countDown();
    assertThat(flight.result().get()).isEqualTo("done");
  }

  @Test
  void itDoesNotBeginToCommitWhenItWasCalledOff() throws Exception {
    Flight<String> flight =
        flights(0)
            .join(
                "key",
                Party.SERVER,
                own -> {
                  started.countDown();
                  try {
                    gate.await();
                  } catch (InterruptedException _) {
                    // Work that does not notice.
                  }
                  own.commit();
                  return "done";
                });
    started.await();
    leave(flight);
    assertThatThrownBy(flight.result()::get).hasCauseInstanceOf(InterruptedException.class);
  }

  static List<Throwable> failures() {
    return List.of(
        new IOException("a"),
        new MediaException(MediaException.Reason.INVALID, "b"),
        new EngineException("c"),
        new IllegalStateException("d"),
        new StackOverflowError("e"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailureIsEverybodys(Throwable failure) throws Exception {
    SingleFlight.Work<String> work =
        _ -> {
          started.countDown();
          gate.await();
          if (failure instanceof Error error) {
            throw error;
          }
          throw (Exception) failure;
        };
    Flight<String> first = flights.join("key", Party.SERVER, work);
    started.await();
    Flight<String> second = flights.join("key", Party.SERVER, work);
    gate.countDown();
    assertThatThrownBy(() -> first.await(Caller.PATIENT)).isSameAs(failure);
    assertThatThrownBy(() -> second.await(Caller.PATIENT)).isSameAs(failure);
  }

  /** Else a server that is out of memory went on, where every caller had left. */
  @Test
  void anErrorReachesTheThreadToo() throws Exception {
    LinkageError error = new LinkageError("broken");
    CompletableFuture<Throwable> died = new CompletableFuture<>();
    try (ExecutorService watched =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().uncaughtExceptionHandler((_, e) -> died.complete(e)).factory())) {
      Flight<String> flight =
          new SingleFlight<String, String>(
                  watched, new AbandonedWork(LIMIT, () -> now, (_, _) -> {}))
              .join(
                  "key",
                  Party.SERVER,
                  _ -> {
                    throw error;
                  });
      assertThatThrownBy(() -> flight.await(Caller.PATIENT)).isSameAs(error);
    }
    assertThat(died.get()).isSameAs(error);
  }

  @Test
  void whereNoThreadCanBeHadItFailsAtOnce() {
    executor.shutdown();
    assertThatThrownBy(() -> flights.join("key", Party.SERVER, _ -> "never").await(Caller.PATIENT))
        .isInstanceOf(java.util.concurrent.RejectedExecutionException.class);
  }
}
