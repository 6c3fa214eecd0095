package dev.pictj.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.slf4j.MDC;

/**
 * Does the same work once for all callers that want it at the same time: a caller that asks for
 * work under way waits for its result. Work that the last caller has left goes on for a while, and
 * is called off then by interrupting its thread.
 *
 * <p>It does not bound the work under way: admission does, and work that it refuses has ended.
 *
 * @param <K> what tells one piece of work from another
 * @param <V> what comes of it
 */
public final class SingleFlight<K, V> {
  private final Executor executor;
  private final AbandonedWork abandonedWork;
  private final Map<K, Flight<V>> underWay = new ConcurrentHashMap<>();

  /** A single flight whose work runs on this executor. */
  public SingleFlight(Executor executor, AbandonedWork abandonedWork) {
    this.executor = executor;
    this.abandonedWork = abandonedWork;
  }

  /**
   * The work itself.
   *
   * @param <V> what comes of it
   */
  @FunctionalInterface
  public interface Work<V> {
    /**
     * Does it; what it throws is thrown again for everyone who waits.
     *
     * @param flight to be told when the work must not be called off any more
     */
    V make(Flight<V> flight) throws Exception;
  }

  /**
   * The work under way for a key, begun now if there is none. A caller that joins {@linkplain
   * Flight#await waits}, or takes the {@linkplain Flight#result result} and never leaves.
   *
   * @param party on whose behalf it is begun
   */
  public Flight<V> join(K key, Party party, Work<V> work) {
    Flight<V> mine = new Flight<>(abandonedWork);
    Flight<V> joined =
        underWay.compute(key, (_, theirs) -> theirs != null && theirs.join() ? theirs : mine);
    if (joined == mine) {
      Map<String, String> context = MDC.getCopyOfContextMap();
      try {
        executor.execute(
            () -> {
              // The lines it logs belong to the request that began it.
              MDC.setContextMap(context == null ? Map.of() : context);
              ScopedValue.where(Party.CURRENT, party).run(() -> run(key, mine, work));
            });
      } catch (RuntimeException e) {
        underWay.remove(key, mine);
        mine.failed(e);
      }
    }
    return joined;
  }

  private void run(K key, Flight<V> flight, Work<V> work) {
    Runnable outcome;
    try {
      flight.begin();
      V value = work.make(flight);
      outcome = () -> flight.ended(value);
    } catch (Error e) {
      // Also to the thread: every caller may have left.
      outcome =
          () -> {
            flight.failed(e);
            throw e;
          };
    } catch (Exception e) {
      outcome = () -> flight.failed(e);
    }
    flight.end();
    // A caller that tries again after a failure must not find this flight.
    underWay.remove(key, flight);
    outcome.run();
  }
}
