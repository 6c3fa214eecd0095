package dev.pictj.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CountingAsyncAppenderTest {
  private final LoggerContext context = new LoggerContext();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final CountDownLatch gate = new CountDownLatch(1);
  private Logger logger;

  @BeforeEach
  void prepare() {
    context.setMDCAdapter(new LogbackMDCAdapter());
    logger = context.getLogger("test");
    logger.setLevel(Level.INFO);
  }

  private CountingAsyncAppender start(OutputStream out) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%level %X{id} %thread %msg%n");
    encoder.start();
    OutputStreamAppender<ILoggingEvent> console = new OutputStreamAppender<>();
    console.setContext(context);
    console.setEncoder(encoder);
    console.setOutputStream(out);
    console.start();
    CountingAsyncAppender writer = new CountingAsyncAppender();
    writer.setContext(context);
    writer.addAppender(console);
    writer.start();
    logger.addAppender(writer);
    return writer;
  }

  /** A reader of the log that has stalled until the gate is opened. */
  private OutputStream stalled() {
    return new OutputStream() {
      @Override
      public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) {
        try {
          gate.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        written.write(bytes, offset, length);
      }
    };
  }

  @Test
  void writesAllLinesInOrderAsTheyWereWhenLogged() {
    CountingAsyncAppender writer = start(written);
    StringBuilder mutable = new StringBuilder("first");
    logger.info("{}", mutable);
    mutable.append(" changed later");
    for (int i = 0; i < 5000; i++) {
      logger.info("line {}", i);
    }
    writer.stop();
    assertThat(written.toString(UTF_8).lines()).hasSize(5001);
    assertThat(written.toString(UTF_8).lines().findFirst())
        .contains("INFO  " + Thread.currentThread().getName() + " first");
    assertThat(written.toString(UTF_8).lines().skip(5000).findFirst().orElseThrow())
        .endsWith("line 4999");
  }

  @Test
  void aLineThatCannotBeWrittenIsNotTheLastOne() {
    CountingAsyncAppender writer = start(written);
    logger.info(
        "{}",
        new Object() {
          @Override
          public String toString() {
            return "fine";
          }
        });
    context.setMDCAdapter(null);
    logger.info("broken");
    context.setMDCAdapter(new LogbackMDCAdapter());
    logger.info("fine again");
    writer.stop();
    assertThat(written.toString(UTF_8)).contains("fine").contains("fine again");
  }

  @Test
  void doesNotHoldAnyoneUpWhenTheReaderStallsAndTellsHowMuchIsMissing() throws Exception {
    final CountingAsyncAppender writer = start(stalled());
    Thread caller =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < 30_000; i++) {
                    logger.info("line {}", i);
                  }
                });
    assertThat(caller.join(Duration.ofSeconds(30))).isTrue();

    logger.warn("warnings have a reserve");
    gate.countDown();
    writer.stop();
    String log = written.toString(UTF_8);
    long lines = log.lines().filter(line -> line.contains("line ")).count();
    Matcher missing = Pattern.compile("WARN .* (\\d+) lines of the log were left out").matcher(log);
    // Twice where the first lines were taken from the queue only after it had been full.
    List<Long> leftOut = missing.results().map(found -> Long.parseLong(found.group(1))).toList();
    assertThat(leftOut).isNotEmpty();
    assertThat(lines + leftOut.stream().mapToLong(Long::longValue).sum()).isEqualTo(30_000);
    assertThat(lines).isGreaterThanOrEqualTo(6_000);
    assertThat(log).contains("warnings have a reserve");
  }
}
