package dev.pictj.server;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** Lines of the access log, gathered as long as this is open. */
final class LoggedRequests extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private static final Logger ACCESS = (Logger) LoggerFactory.getLogger("dev.pictj.access");

  private final List<String> lines = new CopyOnWriteArrayList<>();

  private LoggedRequests() {}

  static LoggedRequests open() {
    LoggedRequests requests = new LoggedRequests();
    requests.start();
    ACCESS.setLevel(ch.qos.logback.classic.Level.INFO);
    ACCESS.addAppender(requests);
    return requests;
  }

  @Override
  protected void append(ILoggingEvent event) {
    lines.add(event.getFormattedMessage());
    synchronized (lines) {
      lines.notifyAll();
    }
  }

  /** Whether a line with a text comes within a time, or is there. */
  boolean comes(String text, Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    synchronized (lines) {
      while (lines.stream().noneMatch(line -> line.contains(text))) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        lines.wait(left);
      }
      return true;
    }
  }

  /** All lines, once there are this many; a line is written only after its reply. */
  List<String> lines(int count) {
    await().atMost(Duration.ofSeconds(20)).until(() -> lines.size() >= count);
    return List.copyOf(lines);
  }

  /** Waits for a line with a text, which may come after others that are late. */
  void awaitLine(String text) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> lines.stream().anyMatch(line -> line.contains(text)));
  }

  @Override
  public void close() {
    ACCESS.detachAppender(this);
    stop();
  }
}
