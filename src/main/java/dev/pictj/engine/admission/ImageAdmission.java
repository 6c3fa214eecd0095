package dev.pictj.engine.admission;

import dev.pictj.engine.OverloadedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets jobs in by their predicted cost, strictly in the order of arrival: a large job at the head
 * is not overtaken by small ones, so it cannot starve. A job larger than the whole budget runs
 * alone.
 */
public final class ImageAdmission {
  private final AdmissionLimits limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Waiter> waiting = new ArrayDeque<>();
  private int running;
  private long spent;

  /** An empty house with these limits. */
  public ImageAdmission(AdmissionLimits limits) {
    this.limits = limits;
  }

  /**
   * Waits until a job may run.
   *
   * @param bytes its predicted cost
   * @return to be closed when the job has ended
   * @throws OverloadedException when too many wait already, or the wait took too long
   */
  public Permit admit(long bytes) throws InterruptedException {
    long cost = Math.min(Math.max(0, bytes), limits.budgetBytes());
    lock.lockInterruptibly();
    try {
      if (waiting.isEmpty() && fits(cost)) {
        return take(cost);
      }
      if (waiting.size() >= limits.queue()) {
        throw overloaded("too many images are waiting to be processed");
      }
      return await(new Waiter(cost, lock.newCondition()));
    } finally {
      lock.unlock();
    }
  }

  /** Jobs running now. */
  public int running() {
    lock.lock();
    try {
      return running;
    } finally {
      lock.unlock();
    }
  }

  /** Jobs waiting now. */
  public int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  private Permit await(Waiter self) throws InterruptedException {
    waiting.addLast(self);
    try {
      long left = limits.maxWait().toNanos();
      while (waiting.peekFirst() != self || !fits(self.cost)) {
        if (left <= 0) {
          throw overloaded("this image waited too long to be processed");
        }
        left = self.turn.awaitNanos(left);
      }
      return take(self.cost);
    } finally {
      waiting.remove(self);
      wakeFirst();
    }
  }

  private boolean fits(long cost) {
    return running < limits.jobs() && spent + cost <= limits.budgetBytes();
  }

  private Permit take(long cost) {
    running++;
    spent += cost;
    return new Permit(cost);
  }

  private void wakeFirst() {
    Waiter first = waiting.peekFirst();
    if (first != null) {
      first.turn.signal();
    }
  }

  private OverloadedException overloaded(String message) {
    long seconds = Math.max(1, limits.maxWait().toSeconds());
    return new OverloadedException(message, Duration.ofSeconds(seconds));
  }

  /** One in the queue; compared by identity. */
  private static final class Waiter {
    private final long cost;
    private final Condition turn;

    Waiter(long cost, Condition turn) {
      this.cost = cost;
      this.turn = turn;
    }
  }

  /** The right to run one job. Closing twice does no harm. */
  public final class Permit implements AutoCloseable {
    private final long cost;
    private boolean closed;

    private Permit(long cost) {
      this.cost = cost;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (!closed) {
          closed = true;
          running--;
          spent -= cost;
          wakeFirst();
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
