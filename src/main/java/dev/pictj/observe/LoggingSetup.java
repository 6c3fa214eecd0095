package dev.pictj.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.LoggerFactory;

/** Sets Logback up in code, because its format and level are settings of ours. */
public final class LoggingSetup {
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level %logger{20} %"
          + RequestIdConverter.WORD
          + "%msg%n";

  /**
   * Logger of what is told once at the start, as information, however little else is logged, unless
   * nothing is.
   */
  public static final String NOTES = "dev.pictj.notes";

  /** Warns of what clients send wrong, a line for each; the access log has them already. */
  private static final String REQUEST_PARSER = "org.eclipse.jetty.http.HttpParser";

  /**
   * For how long lines gather once all that waited are written. A thread that is woken, and a
   * system call, for each line cost a busy server a third of its small answers.
   */
  private static final long GATHER_NANOS = 5_000_000;

  private LoggingSetup() {}

  /** Standard output, written when no more lines wait. */
  private static final class Console extends ConsoleAppender<ILoggingEvent> {
    private final CountingAsyncAppender log;

    Console(CountingAsyncAppender log) {
      this.log = log;
    }

    @Override
    protected void subAppend(ILoggingEvent event) {
      super.subAppend(event);
      if (log.getNumberOfElementsInQueue() == 0) {
        flush();
        // An interrupt, which ends the log, is not waited for, and stays for whoever takes lines.
        LockSupport.parkNanos(GATHER_NANOS);
      }
    }

    @Override
    public void stop() {
      if (isStarted()) {
        flush();
      }
      super.stop();
    }

    private void flush() {
      try {
        getOutputStream().flush();
      } catch (IOException e) {
        addError("the log cannot be written", e);
      }
    }
  }

  /**
   * Has the log written to standard output.
   *
   * @param name of a level of Logback's, for our own messages
   * @param json whether a line is a JSON object
   */
  public static void apply(String name, boolean json) {
    LoggerContext context = context();
    context.reset();
    CountingAsyncAppender log = new CountingAsyncAppender();
    Console console = new Console(log);
    console.setContext(context);
    console.setEncoder(encoder(context, json));
    console.setImmediateFlush(false);
    console.start();
    log.setContext(context);
    log.addAppender(console);
    log.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(log);
    Level level = Level.toLevel(name, Level.INFO);
    root.setLevel(level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN);
    if (level.isGreaterOrEqual(Level.INFO) && level.levelInt < Level.ERROR_INT) {
      context.getLogger(REQUEST_PARSER).setLevel(Level.ERROR);
    }
    context.getLogger("dev.pictj").setLevel(level);
    if (level.levelInt < Level.OFF_INT) {
      context.getLogger(NOTES).setLevel(level.isGreaterOrEqual(Level.INFO) ? Level.INFO : level);
    }
  }

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }

  /** Writes what is still waiting to be written. Nothing is logged afterwards. */
  public static void finish() {
    context().stop();
  }

  static Encoder<ILoggingEvent> encoder(LoggerContext context, boolean json) {
    if (json) {
      JsonLines encoder = new JsonLines();
      encoder.setContext(context);
      encoder.start();
      return encoder;
    }
    PatternLayout layout = new PatternLayout();
    layout.setContext(context);
    layout.getInstanceConverterMap().put(RequestIdConverter.WORD, RequestIdConverter::new);
    layout.setPattern(PATTERN);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(layout);
    encoder.start();
    return encoder;
  }
}
