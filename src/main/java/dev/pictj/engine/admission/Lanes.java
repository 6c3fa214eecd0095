package dev.pictj.engine.admission;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * Who runs, who waits, and who comes next: the rule of admission, without threads and clocks.
 *
 * <p>Not safe for use by many threads; {@link ImageAdmission} holds a lock around it.
 */
final class Lanes {
  /*
   * A job is small when its work is at most smallWork and its bytes fit into the small share, a
   * quarter of the budget. All others are large. Within a lane the order of arrival is strict; a
   * job is never overtaken by one of its own lane, so nothing in a lane can starve behind others
   * that fit better.
   *
   * Between the lanes, with two slots or more:
   *
   *  - Large jobs never take the last slot and never the small share of the budget. A small job
   *    therefore never waits for a large one to end: what it waits for are small jobs only.
   *  - While a large job waits, small ones leave one slot and the rest of the budget alone. What
   *    runs in there ends some day and is not followed by small jobs, so the large one gets its
   *    turn however many small ones arrive. While none waits, small jobs may use everything.
   *
   * A job that predicts more than its lane may ever have is counted as all of that: it runs when
   * nothing else of its lane does. What it really uses is bounded by the limits of its process.
   *
   * With one slot (--image-jobs 1) a small job may have to wait for the one large job that runs, but
   * goes before all large ones that wait; after four small ones in a row a waiting large one has
   * its turn.
   *
   * The queue is bounded in jobs and in work, and keeps a quarter of both from each lane for the
   * other, so that a heap of large jobs cannot have thumbnails refused, nor the other way round. A
   * job of any size may wait where no other of its lane does, or one larger than the bound could
   * never run on a busy server.
   */
  private static final int SMALL_IN_A_ROW = 4;

  private final AdmissionLimits limits;
  private final long smallShare;
  private final long largeShare;
  private final int largeSlots;
  private final Map<Lane, State> states = new EnumMap<>(Lane.class);
  private int smallInARow;

  Lanes(AdmissionLimits limits) {
    this.limits = limits;
    this.smallShare = limits.jobs() == 1 ? limits.budgetBytes() : limits.budgetBytes() / 4;
    this.largeShare = limits.jobs() == 1 ? limits.budgetBytes() : limits.budgetBytes() - smallShare;
    this.largeSlots = Math.max(1, limits.jobs() - 1);
    for (Lane lane : Lane.values()) {
      states.put(lane, new State());
    }
  }

  /** One lane. */
  private static final class State {
    private final Deque<Ticket> waiting = new ArrayDeque<>();
    private final Pace pace = new Pace();
    private long waitingWork;
    private int running;
    private long runningBytes;
    private long runningWork;
  }

  Lane laneOf(JobCost cost) {
    return cost.work() <= limits.smallWork() && cost.bytes() <= smallShare
        ? Lane.SMALL
        : Lane.LARGE;
  }

  /** What of the budget a job takes. */
  long counted(JobCost cost) {
    return Math.min(cost.bytes(), laneOf(cost) == Lane.SMALL ? smallShare : largeShare);
  }

  /** Whether a job that cannot start at once may wait. */
  boolean mayWait(Ticket ticket) {
    State state = states.get(ticket.lane());
    int places = limits.queue() - (limits.queue() > 1 ? Math.max(1, limits.queue() / 4) : 0);
    long work = limits.queueWork() - limits.queueWork() / 4;
    boolean free = waiting() < limits.queue() && state.waiting.size() < places;
    return free
        && (state.waiting.isEmpty()
            || (state.waitingWork + ticket.work() <= work
                && waitingWork() + ticket.work() <= limits.queueWork()));
  }

  void join(Ticket ticket) {
    State state = states.get(ticket.lane());
    state.waiting.addLast(ticket);
    state.waitingWork += ticket.work();
  }

  /** Takes one that gave up out of the queue. */
  void leave(Ticket ticket) {
    State state = states.get(ticket.lane());
    for (Iterator<Ticket> all = state.waiting.iterator(); all.hasNext(); ) {
      if (all.next() == ticket) {
        all.remove();
        state.waitingWork -= ticket.work();
      }
    }
  }

  /** Starts everyone who may start. */
  void startReady(long nanos) {
    for (Optional<Ticket> next = next(); next.isPresent(); next = next()) {
      start(next.get(), nanos);
    }
  }

  private Optional<Ticket> next() {
    Ticket small = states.get(Lane.SMALL).waiting.peekFirst();
    Ticket large = states.get(Lane.LARGE).waiting.peekFirst();
    if (large != null && (small == null || largesTurn()) && largeFits(large)) {
      return Optional.of(large);
    }
    if (small != null && smallFits(small, large)) {
      return Optional.of(small);
    }
    return large != null && (limits.jobs() > 1 || small == null) && largeFits(large)
        ? Optional.of(large)
        : Optional.empty();
  }

  private boolean largesTurn() {
    return limits.jobs() == 1 && smallInARow >= SMALL_IN_A_ROW;
  }

  private boolean largeFits(Ticket large) {
    State state = states.get(Lane.LARGE);
    return running() < limits.jobs()
        && state.running < largeSlots
        && state.runningBytes + large.bytes() <= largeShare
        && runningBytes() + large.bytes() <= limits.budgetBytes();
  }

  private boolean smallFits(Ticket small, Ticket largeWaiting) {
    if (running() >= limits.jobs()
        || runningBytes() + small.bytes() > limits.budgetBytes()
        || (largeWaiting != null && largesTurn())) {
      return false;
    }
    if (largeWaiting == null || limits.jobs() == 1) {
      return true;
    }
    State state = states.get(Lane.SMALL);
    return state.running < limits.jobs() - 1 && state.runningBytes + small.bytes() <= smallShare;
  }

  private void start(Ticket ticket, long nanos) {
    State state = states.get(ticket.lane());
    state.waiting.removeFirst();
    state.waitingWork -= ticket.work();
    state.running++;
    state.runningBytes += ticket.bytes();
    state.runningWork += ticket.work();
    smallInARow = ticket.lane() == Lane.SMALL ? smallInARow + 1 : 0;
    if (states.get(Lane.LARGE).waiting.isEmpty()) {
      smallInARow = 0;
    }
    ticket.start(nanos);
  }

  /**
   * A job is over.
   *
   * @param whole whether it ran to its end, which says something about the pace
   */
  void end(Ticket ticket, long nanos, boolean whole) {
    State state = states.get(ticket.lane());
    state.running--;
    state.runningBytes -= ticket.bytes();
    state.runningWork -= ticket.work();
    if (whole) {
      state.pace.ended(ticket.work(), nanos - ticket.startedNanos());
    }
  }

  /**
   * When a job that is refused now would probably find a place: after all that waits in its lane,
   * and half of what runs, at the pace of late.
   */
  Duration estimate(Lane lane) {
    State state = states.get(lane);
    int slots = lane == Lane.SMALL ? limits.jobs() : largeSlots;
    double seconds = state.pace.secondsFor(state.waitingWork + state.runningWork / 2) / slots;
    if (lane == Lane.SMALL && limits.jobs() == 1) {
      State large = states.get(Lane.LARGE);
      seconds += large.pace.secondsFor(large.runningWork / 2);
    }
    return Duration.ofSeconds(Math.clamp((long) Math.ceil(seconds), 1, 60));
  }

  int running() {
    return states.values().stream().mapToInt(state -> state.running).sum();
  }

  int running(Lane lane) {
    return states.get(lane).running;
  }

  long runningBytes() {
    return states.values().stream().mapToLong(state -> state.runningBytes).sum();
  }

  int waiting() {
    return states.values().stream().mapToInt(state -> state.waiting.size()).sum();
  }

  long waitingWork() {
    return states.values().stream().mapToLong(state -> state.waitingWork).sum();
  }
}
