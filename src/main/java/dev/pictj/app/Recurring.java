package dev.pictj.app;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that is repeated until it is closed. Each time it has a thread of its own, so an Error ends
 * that time alone, and is told of as the death of any other thread.
 */
final class Recurring implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Recurring.class);

  private final String name;
  private final Duration interval;
  private final Work work;
  private final Thread loop;

  /** The work; it ends early when its thread is interrupted. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  private Recurring(String name, Duration first, Duration interval, Work work) {
    this.name = name;
    this.interval = interval;
    this.work = work;
    this.loop = Thread.ofPlatform().name(name).daemon().unstarted(() -> loop(first));
  }

  /**
   * Begins to repeat work.
   *
   * @param name of its threads
   * @param first time until it is done for the first time
   * @param interval from its end to its next beginning
   */
  static Recurring begin(String name, Duration first, Duration interval, Work work) {
    Recurring recurring = new Recurring(name, first, interval, work);
    recurring.loop.start();
    return recurring;
  }

  private void loop(Duration first) {
    try {
      Thread.sleep(first);
      while (true) {
        once();
        Thread.sleep(interval);
      }
    } catch (InterruptedException _) {
      log.debug("{} is over", name);
    }
  }

  private void once() throws InterruptedException {
    Thread thread = Thread.ofPlatform().name(name).daemon().start(this::runOrLog);
    try {
      thread.join();
    } catch (InterruptedException e) {
      thread.interrupt();
      throw e;
    }
  }

  private void runOrLog() {
    try {
      work.run();
    } catch (IOException | RuntimeException e) {
      log.warn("{} did not come to its end, and is tried again", name, e);
    }
  }

  /** Interrupts what is under way, and does not wait for it. */
  @Override
  public void close() {
    loop.interrupt();
  }
}
