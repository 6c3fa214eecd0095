package dev.pictj.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LogWriterTest {
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

  private LogWriter start(OutputStream out) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%level %X{id} %thread %msg%n");
    encoder.start();
    LogWriter writer = new LogWriter(encoder, new PrintStream(out, true, UTF_8));
    writer.setContext(context);
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
    LogWriter writer = start(written);
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
    LogWriter writer = start(written);
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
    final LogWriter writer = start(stalled());
    Thread caller =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < 30_000; i++) {
                    logger.info("line {}", i);
                  }
                });
    assertThat(caller.join(Duration.ofSeconds(30))).isTrue();

    gate.countDown();
    TimeUnit.MILLISECONDS.sleep(10);
    logger.warn("at last");
    writer.stop();
    String log = written.toString(UTF_8);
    long lines = log.lines().filter(line -> line.contains("line ")).count();
    Matcher missing = Pattern.compile("WARN .* (\\d+) lines of the log were left out").matcher(log);
    // More than once where the queue was full before the first lines were written, too.
    List<Long> leftOut = missing.results().map(found -> Long.parseLong(found.group(1))).toList();
    assertThat(leftOut).isNotEmpty();
    assertThat(lines + leftOut.stream().mapToLong(Long::longValue).sum()).isEqualTo(30_000);
    assertThat(lines).isGreaterThanOrEqualTo(8192);
    assertThat(log).contains("at last");
  }

  @Test
  void linesDoNotGatherWhileThereAreMoreThanOneWritingTakes() throws Exception {
    LogWriter writer = start(written);
    String line = "x".repeat(8 * 1024);
    final long begun = System.nanoTime();
    for (int i = 0; i < 8_000; i++) {
      logger.info(line);
    }
    while (written.size() < 8_000 * line.length()) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    // Eight are written at a time; pauses before each of these would take five seconds.
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
    writer.stop();
  }
}
