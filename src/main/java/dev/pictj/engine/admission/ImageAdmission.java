package dev.pictj.engine.admission;

import dev.pictj.engine.OverloadedException;
import dev.pictj.engine.Party;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * Lets jobs in by their predicted cost, in two lanes: a small job never waits for a large one to
 * end, and no job starves. The rule itself, with its reasons, stands in {@link Lanes}; this class
 * gives it a lock, threads that wait, and a clock.
 *
 * <p>The thread that makes room admits the next jobs, so that no wake-up can be lost: a thread that
 * waits is woken only when its job counts as running already.
 */
public final class ImageAdmission {
  private final AdmissionLimits limits;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Lanes lanes;

  /** Makes an admission under these limits; no job runs or waits yet. */
  public ImageAdmission(AdmissionLimits limits) {
    this(limits, System::nanoTime);
  }

  ImageAdmission(AdmissionLimits limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.lanes = new Lanes(limits);
  }

  /**
   * Waits until a job may run, in turns with those of other parties.
   *
   * @return to be closed when the job has ended
   * @throws OverloadedException when too much waits already, or the wait took too long
   */
  public Permit admit(JobCost cost) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Ticket ticket = lanes.ticket(cost, Party.current(), lock.newCondition());
      long now = nanoTime.getAsLong();
      lanes.join(ticket, now);
      lanes.startReady(now);
      if (!ticket.running() && !lanes.makeRoomFor(ticket)) {
        throw overloaded(ticket, "too many images are waiting to be processed");
      }
      await(ticket);
      return new Permit(ticket);
    } finally {
      lock.unlock();
    }
  }

  private void await(Ticket ticket) throws InterruptedException {
    try {
      long left = limits.maxWait().toNanos();
      while (!ticket.running()) {
        if (ticket.displaced()) {
          throw overloaded(ticket, "others had a better right to wait");
        }
        if (left <= 0) {
          OverloadedException refusal =
              overloaded(ticket, "this image waited too long to be processed");
          giveUp(ticket);
          throw refusal;
        }
        left = ticket.turn.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      giveUp(ticket);
      throw e;
    }
  }

  /** Takes a job out of the queue, or gives its turn back where that came at this very moment. */
  private void giveUp(Ticket ticket) {
    long now = nanoTime.getAsLong();
    if (ticket.running()) {
      lanes.end(ticket, now, false);
    } else {
      lanes.leave(ticket);
    }
    lanes.startReady(now);
  }

  private OverloadedException overloaded(Ticket ticket, String message) {
    lanes.refuse(ticket.lane);
    return new OverloadedException(message, lanes.estimate(ticket.lane));
  }

  /** Something that can be counted now, such as the jobs that wait. */
  long count(ToLongFunction<Lanes> what) {
    lock.lock();
    try {
      return what.applyAsLong(lanes);
    } finally {
      lock.unlock();
    }
  }

  /** The load of a lane. */
  public LaneLoad load(Lane lane) {
    lock.lock();
    try {
      return lanes.load(lane);
    } finally {
      lock.unlock();
    }
  }

  /** The right to run one job. Closing twice does no harm. */
  public final class Permit implements AutoCloseable {
    private final Ticket ticket;
    private boolean closed;
    private boolean whole;

    private Permit(Ticket ticket) {
      this.ticket = ticket;
    }

    /** Says that the job ran to its end, and so tells something about the pace of others. */
    public void finished() {
      whole = true;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (!closed) {
          closed = true;
          long now = nanoTime.getAsLong();
          lanes.end(ticket, now, whole);
          lanes.startReady(now);
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
