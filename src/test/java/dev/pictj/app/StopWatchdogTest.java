package dev.pictj.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.JarProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopWatchdogTest {
  @TempDir private Path folder;

  /** A program whose orderly stop never comes to its end; it ends itself after a second. */
  static final class Stuck {
    private static final List<byte[]> HEAP = new ArrayList<>();

    private Stuck() {}

    public static void main(String[] arguments) throws Exception {
      StopWatchdog watchdog = StopWatchdog.of(Duration.ofSeconds(1));
      if (arguments[0].equals("full")) {
        fill(1 << 20);
        fill(16);
      }
      watchdog.stopBegins();
      // Never gets that far: the watchdog ends this process.
      new CountDownLatch(1).await();
    }

    private static void fill(int size) {
      try {
        while (true) {
          HEAP.add(new byte[size]);
        }
      } catch (OutOfMemoryError _) {
        // All of it is taken.
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"stuck", "full"})
  void aStopThatHangsIsBrokenOff(String how) throws IOException, InterruptedException {
    Path errors = folder.resolve("errors");
    Process process =
        new ProcessBuilder(
                JarProcess.java().toString(),
                "-Xmx16m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Stuck.class.getName(),
                how)
            .redirectErrorStream(true)
            .redirectOutput(errors.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it has ended").isTrue();
      assertThat(process.exitValue()).isEqualTo(1);
      assertThat(errors).content().contains("the stop took longer than 1 s and is broken off");
    } finally {
      process.destroyForcibly();
    }
  }
}
