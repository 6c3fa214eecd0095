package dev.pictj.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes the log on a thread of its own, all lines that wait in one go, so that no request waits
 * for whoever reads the log.
 *
 * <p>The queue is bounded. When it is full, because the reader has stalled or requests come faster
 * than lines can be written, lines of level INFO and below are left out and counted, and the count
 * becomes a line itself; warnings wait a second first. What is queued when the appender is stopped
 * is still written.
 */
final class LogWriter extends UnsynchronizedAppenderBase<ILoggingEvent> {
  private static final int QUEUE = 8192;
  private static final int BATCH_BYTES = 64 * 1024;
  private static final long STOP_MILLIS = 2_000;

  /**
   * For how long lines may gather, so that not every request wakes the thread that writes. Not
   * where more are waiting than one writing takes, or it would not keep up with some 20,000 a
   * second.
   */
  private static final long GATHER_MILLIS = 5;

  private final BlockingQueue<ILoggingEvent> queue = new ArrayBlockingQueue<>(QUEUE);
  private final AtomicLong lost = new AtomicLong();
  private final Encoder<ILoggingEvent> encoder;
  private final PrintStream out;
  private final Thread thread;
  private volatile boolean stopping;

  /**
   * A writer that is to be started.
   *
   * @param out gets whole lines only
   */
  LogWriter(Encoder<ILoggingEvent> encoder, PrintStream out) {
    this.encoder = encoder;
    this.out = out;
    this.thread = Thread.ofPlatform().name("log").daemon().unstarted(this::run);
  }

  @Override
  public void start() {
    super.start();
    thread.start();
  }

  @Override
  protected void append(ILoggingEvent event) {
    event.prepareForDeferredProcessing();
    try {
      boolean waits = event.getLevel().isGreaterOrEqual(Level.WARN);
      if (!(waits ? queue.offer(event, 1, TimeUnit.SECONDS) : queue.offer(event))) {
        lost.incrementAndGet();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      lost.incrementAndGet();
    }
  }

  private void run() {
    ByteArrayOutputStream batch = new ByteArrayOutputStream(BATCH_BYTES);
    boolean behind = false;
    while (true) {
      ILoggingEvent event = next();
      if (event == null) {
        return;
      }
      if (!behind) {
        gather();
      }
      while (event != null) {
        batch.writeBytes(encoded(event));
        event = batch.size() < BATCH_BYTES ? queue.poll() : null;
      }
      behind = batch.size() >= BATCH_BYTES;
      long count = lost.getAndSet(0);
      if (count > 0) {
        batch.writeBytes(encoded(leftOut(count)));
      }
      out.write(batch.toByteArray(), 0, batch.size());
      out.flush();
      batch.reset();
    }
  }

  private void gather() {
    try {
      if (!stopping) {
        Thread.sleep(GATHER_MILLIS);
      }
    } catch (InterruptedException _) {
      // Told to stop; what is there is written at once.
      Thread.onSpinWait();
    }
  }

  /** A line that cannot be written must not be the last one. */
  private byte[] encoded(ILoggingEvent event) {
    try {
      return encoder.encode(event);
    } catch (RuntimeException e) {
      addError("a line of the log cannot be written", e);
      return new byte[0];
    }
  }

  private ILoggingEvent leftOut(long lines) {
    Logger logger = ((LoggerContext) getContext()).getLogger(LogWriter.class);
    String message = lines + " lines of the log were left out, there was no keeping up";
    return new LoggingEvent(LogWriter.class.getName(), logger, Level.WARN, message, null, null);
  }

  /** The next event, or null when there is none and will be none. */
  private ILoggingEvent next() {
    while (true) {
      try {
        ILoggingEvent event = stopping ? queue.poll() : queue.poll(1, TimeUnit.HOURS);
        if (event != null || stopping) {
          return event;
        }
      } catch (InterruptedException _) {
        // Told to stop; the loop looks again.
        Thread.onSpinWait();
      }
    }
  }

  @Override
  public void stop() {
    if (!isStarted()) {
      return;
    }
    super.stop();
    stopping = true;
    thread.interrupt();
    try {
      thread.join(STOP_MILLIS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
