package dev.pictj.observe;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Logback's own asynchronous appender, which in addition says how many lines it has dropped.
 *
 * <p>No request waits for the reader of the log. When the reader stalls, lines of level INFO and
 * below are dropped as soon as four fifths of the queue are used, and warnings when it is full. The
 * first line that has room again, or the end of the log, is preceded by a line with the count.
 */
final class CountingAsyncAppender extends AsyncAppender {
  private static final int MAX_QUEUED_LINES = 8192;
  private static final int MAX_FLUSH_MILLIS = 2_000;

  private final AtomicLong dropped = new AtomicLong();

  CountingAsyncAppender() {
    setName("log");
    setQueueSize(MAX_QUEUED_LINES);
    setNeverBlock(true);
    setMaxFlushTime(MAX_FLUSH_MILLIS);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (!isQueueBelowDiscardingThreshold()) {
      reportDropped();
    }
    super.append(event);
  }

  /** Asked only when the queue is nearly full. */
  @Override
  protected boolean isDiscardable(ILoggingEvent event) {
    boolean discardable = super.isDiscardable(event) || getRemainingCapacity() == 0;
    if (discardable) {
      dropped.incrementAndGet();
    }
    return discardable;
  }

  private void reportDropped() {
    long lines = dropped.getAndSet(0);
    if (lines > 0) {
      Logger logger =
          ((LoggerContext) getContext()).getLogger(CountingAsyncAppender.class.getName());
      super.append(
          new LoggingEvent(
              CountingAsyncAppender.class.getName(),
              logger,
              Level.WARN,
              lines + " lines of the log were left out, there was no keeping up",
              null,
              null));
    }
  }

  @Override
  public void stop() {
    if (isStarted()) {
      reportDropped();
    }
    super.stop();
  }
}
