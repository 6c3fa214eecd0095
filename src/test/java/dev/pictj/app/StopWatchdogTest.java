package dev.pictj.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.JarProcess;
import dev.pictj.nativecode.NativeLibrary;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StopWatchdogTest {
  private static final int KILLED = 128;
  private static final int SIGALRM = 14;

  @TempDir private Path folder;

  /**
   * A program whose orderly stop never comes to its end; it ends itself after a second. What C runs
   * at a regular end may hang, too: RocksDB waits for its threads there.
   */
  static final class Stuck {
    private static final List<byte[]> HEAP = new ArrayList<>();

    private Stuck() {}

    public static void main(String[] arguments) throws Exception {
      String how = arguments[0];
      StopWatchdog watchdog = StopWatchdog.of(Duration.ofSeconds(1));
      if (how.contains("exit")) {
        NativeLibrary c = NativeLibrary.standard();
        c.function("int __cxa_atexit(ptr, ptr, ptr)")
            .callInt(c.require("pause"), MemorySegment.NULL, MemorySegment.NULL);
      }
      if (how.contains("full")) {
        fill(1 << 20);
        fill(16);
      }
      watchdog.stopBegins();
      if (how.contains("closed")) {
        Runtime.getRuntime().halt(0);
      }
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
  @ValueSource(strings = {"", "full", "exit", "full exit"})
  void aStopThatHangsIsBrokenOff(String how) throws IOException, InterruptedException {
    assertThat(status(how)).isEqualTo(1);
    assertThat(folder.resolve("errors"))
        .content()
        .contains("the stop took longer than 1 s and is broken off");
  }

  /** By then no thread of Java's runs any more, and only the kernel can end it. */
  @Test
  void soIsOneThatHangsBehindTheLastLineOfJava() throws IOException, InterruptedException {
    assertThat(status("exit closed")).isEqualTo(KILLED + SIGALRM);
  }

  private int status(String how) throws IOException, InterruptedException {
    Path errors = folder.resolve("errors");
    Process process =
        new ProcessBuilder(
                JarProcess.java().toString(),
                "-Xmx16m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Stuck.class.getName(),
                how)
            .redirectErrorStream(true)
            .redirectOutput(errors.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it has ended").isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }
}
