package dev.pictj.upkeep;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the old generation of the serial collector's heap when much garbage lies in it.
 *
 * <p>What caches drop has most often grown old by then. The serial collector lets such garbage lie
 * until the heap is as large as it may be, so that a server under an even load grows for hours and
 * an idle one keeps what it took. A collection takes some tens of milliseconds and is done at most
 * once a minute; while it lasts the JVM does nothing else, as it would later anyhow. Other
 * collectors look after this themselves and are left alone.
 */
public final class HeapKeeper {
  private static final Logger log = LoggerFactory.getLogger(HeapKeeper.class);
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  private final OldGeneration old;
  private final long slack;

  /** The part of a heap that only a full collection cleans; sizes are in bytes. */
  interface OldGeneration {
    /** What lies in it, garbage included. */
    long used();

    /** What was still in it after it was last collected; 0 before that. */
    long live();

    /** Collects it, and everything else. */
    void collect();
  }

  /**
   * One that has not begun.
   *
   * @param slack bytes of what may be garbage
   */
  HeapKeeper(OldGeneration old, long slack) {
    this.old = old;
    this.slack = slack;
  }

  /**
   * Begins to look once a minute, for the first time in a minute, until it is closed.
   *
   * @param slack bytes of garbage that may gather
   */
  public static AutoCloseable start(long slack) {
    Thread thread = Thread.ofPlatform().name("heap").daemon().unstarted(() -> keep(slack));
    thread.start();
    return thread::interrupt;
  }

  private static void keep(long slack) {
    try {
      Thread.sleep(INTERVAL);
      Optional<OldGeneration> old = serial();
      if (old.isEmpty()) {
        return;
      }
      HeapKeeper keeper = new HeapKeeper(old.get(), slack);
      while (true) {
        keeper.look();
        Thread.sleep(INTERVAL);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Collects if that is due; whether it was. */
  boolean look() {
    long used = old.used();
    if (used - old.live() <= slack) {
      return false;
    }
    long begun = System.nanoTime();
    old.collect();
    log.debug(
        "the old generation had {} MiB, now {}, in {} ms",
        used >> 20,
        old.used() >> 20,
        Duration.ofNanos(System.nanoTime() - begun).toMillis());
    return true;
  }

  /** That of this JVM, empty where another collector is at work. */
  static Optional<OldGeneration> serial() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getName().equals("Tenured Gen"))
        .findFirst()
        .map(Tenured::new);
  }

  private record Tenured(MemoryPoolMXBean pool) implements OldGeneration {
    @Override
    public long used() {
      return pool.getUsage().getUsed();
    }

    @Override
    public long live() {
      MemoryUsage after = pool.getCollectionUsage();
      return after == null ? 0 : after.getUsed();
    }

    @Override
    public void collect() {
      System.gc();
    }
  }
}
