package dev.pictj.engine.admission;

import dev.pictj.engine.Party;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Decides which job runs, waits, and comes next: the rule of admission, without threads and clocks.
 *
 * <p>Not safe for use by many threads; {@link ImageAdmission} holds a lock around it.
 */
final class Lanes {
  /*
   * A job is small when its work is at most smallWork and its bytes fit into the small share, a
   * quarter of the budget. All others are large. Within a lane parties have turns: next is one that
   * has the fewest jobs running, of those the one that was served longest ago, and of its jobs the
   * first that came. Whose turn it is is never overtaken by one of its own lane, so nothing in a
   * lane can starve behind others that fit better.
   *
   * What was answered already, the uploads in the background, is one party that lets all others of
   * its lane go first. After half of the longest wait it is a party like any other, so it gets on
   * however busy the server is, and is not refused for the wait.
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
   * job of any size is counted as at most a quarter of the work that may wait in its lane: one
   * larger than the bound could never run on a busy server, and none shuts out all others.
   *
   * Where there is no room for one more job, the party that holds most of the queue makes room: its
   * last job is refused, as long as that party holds more than the newcomer would with the new job.
   * So a full queue ends up in fair parts, while one party alone may use all of it.
   */
  private static final int MAX_SMALL_IN_A_ROW = 4;

  /** A job is counted as at most one of so many parts of the work that may wait in its lane. */
  private static final int QUEUE_PARTS = 4;

  private final AdmissionLimits limits;
  private final long smallShare;
  private final long largeShare;
  private final int largeSlots;
  private final State small;
  private final State large;
  private int smallInARow;

  Lanes(AdmissionLimits limits) {
    this.limits = limits;
    this.smallShare = limits.jobs() == 1 ? limits.budgetBytes() : limits.budgetBytes() / 4;
    this.largeShare = limits.jobs() == 1 ? limits.budgetBytes() : limits.budgetBytes() - smallShare;
    this.largeSlots = Math.max(1, limits.jobs() - 1);
    // Half of the time after which it would be refused.
    long standBackNanos = limits.maxWait().toNanos() / 2;
    this.small = new State(standBackNanos);
    this.large = new State(standBackNanos);
  }

  /** What runs and waits in one lane, and what ended there. */
  private static final class State {
    private final Waiting waiting;
    private final Pace pace = new Pace();
    private int running;
    private long runningBytes;
    private long runningWork;
    private long ended;
    private long busyNanos;
    private long refused;

    State(long standBackNanos) {
      this.waiting = new Waiting(standBackNanos);
    }
  }

  private State state(Lane lane) {
    return lane == Lane.SMALL ? small : large;
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

  /** A job that has not joined yet. */
  Ticket ticket(JobCost cost, Party party, Condition turn) {
    long share = Math.min(cost.work(), laneWork() / QUEUE_PARTS);
    return new Ticket(laneOf(cost), party, counted(cost), cost.work(), share, turn);
  }

  private long laneWork() {
    return limits.queueWork() - limits.queueWork() / 4;
  }

  void join(Ticket ticket, long nanos) {
    ticket.join(nanos);
    state(ticket.lane).waiting.add(ticket);
  }

  /** Takes one that gave up out of the queue. */
  void leave(Ticket ticket) {
    state(ticket.lane).waiting.remove(ticket);
  }

  /**
   * Sees to it that no more wait than may, now that one more does: others make room for it, or it
   * has to leave.
   *
   * @return whether it may wait
   */
  boolean makeRoomFor(Ticket newcomer) {
    Waiting waiting = state(newcomer.lane).waiting;
    for (Optional<ToLongFunction<Ticket>> missing = missing(waiting);
        missing.isPresent();
        missing = missing(waiting)) {
      ToLongFunction<Ticket> measure = missing.get();
      Ticket last = waiting.lastOfLargest(measure).orElse(newcomer);
      if (waiting.held(last.party, measure) <= waiting.held(newcomer.party, measure)) {
        leave(newcomer);
        return false;
      }
      leave(last);
      last.displace();
    }
    return true;
  }

  /** What those who wait in a lane have too much of. */
  private Optional<ToLongFunction<Ticket>> missing(Waiting waiting) {
    int places = limits.queue() - (limits.queue() > 1 ? Math.max(1, limits.queue() / 4) : 0);
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    if (waiting.count() > places || waiting() > limits.queue()) {
      return Optional.of(_ -> 1);
    }
    return waiting.share() > laneWork() || waitingShare() > limits.queueWork()
        ? Optional.of(ticket -> ticket.share)
        : Optional.empty();
  }

  /** Starts everyone who may start. */
  void startReady(long nanos) {
    for (Optional<Ticket> next = next(nanos); next.isPresent(); next = next(nanos)) {
      start(next.get(), nanos);
    }
  }

  private Optional<Ticket> next(long nanos) {
    Optional<Ticket> nextSmall = small.waiting.next(nanos);
    Optional<Ticket> nextLarge = large.waiting.next(nanos).filter(this::largeFits);
    if (nextLarge.isPresent() && (nextSmall.isEmpty() || largesTurn())) {
      return nextLarge;
    }
    if (nextSmall.filter(this::smallFits).isPresent()) {
      return nextSmall;
    }
    return limits.jobs() > 1 || nextSmall.isEmpty() ? nextLarge : Optional.empty();
  }

  private boolean largesTurn() {
    return limits.jobs() == 1 && smallInARow >= MAX_SMALL_IN_A_ROW;
  }

  private boolean largeFits(Ticket job) {
    return running() < limits.jobs()
        && large.running < largeSlots
        && large.runningBytes + job.bytes <= largeShare
        && runningBytes() + job.bytes <= limits.budgetBytes();
  }

  private boolean smallFits(Ticket job) {
    boolean largeWaits = !large.waiting.isEmpty();
    if (running() >= limits.jobs()
        || runningBytes() + job.bytes > limits.budgetBytes()
        || (largeWaits && largesTurn())) {
      return false;
    }
    return !largeWaits
        || limits.jobs() == 1
        || (small.running < limits.jobs() - 1 && small.runningBytes + job.bytes <= smallShare);
  }

  private void start(Ticket ticket, long nanos) {
    State state = state(ticket.lane);
    state.waiting.start(ticket);
    state.running++;
    state.runningBytes += ticket.bytes;
    state.runningWork += ticket.work;
    smallInARow = ticket.lane == Lane.SMALL ? smallInARow + 1 : 0;
    if (large.waiting.isEmpty()) {
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
    State state = state(ticket.lane);
    state.waiting.end(ticket);
    state.running--;
    state.runningBytes -= ticket.bytes;
    state.runningWork -= ticket.work;
    state.ended++;
    state.busyNanos += nanos - ticket.startedNanos();
    if (whole) {
      state.pace.ended(ticket.work, nanos - ticket.startedNanos());
    }
  }

  /**
   * When a job that is refused now would probably find a place: after all that waits in its lane,
   * and half of what runs, at the pace of late.
   */
  Duration estimate(Lane lane) {
    State state = state(lane);
    int slots = lane == Lane.SMALL ? limits.jobs() : largeSlots;
    double seconds = state.pace.secondsFor(state.waiting.work() + state.runningWork / 2) / slots;
    if (lane == Lane.SMALL && limits.jobs() == 1) {
      seconds += large.pace.secondsFor(large.runningWork / 2);
    }
    return Duration.ofSeconds(Math.clamp((long) Math.ceil(seconds), 1, 60));
  }

  /** Counts a job that is refused. */
  void refuse(Lane lane) {
    state(lane).refused++;
  }

  LaneLoad load(Lane lane) {
    State state = state(lane);
    return new LaneLoad(
        state.running,
        state.waiting.count(),
        state.runningBytes,
        state.ended,
        state.busyNanos,
        state.refused);
  }

  int running() {
    return Stream.of(small, large).mapToInt(state -> state.running).sum();
  }

  long runningBytes() {
    return Stream.of(small, large).mapToLong(state -> state.runningBytes).sum();
  }

  int waiting() {
    return Stream.of(small, large).mapToInt(state -> state.waiting.count()).sum();
  }

  private long waitingShare() {
    return Stream.of(small, large).mapToLong(state -> state.waiting.share()).sum();
  }
}
