package dev.pictj.engine.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** With and without {@code bwrap}. */
@ParameterizedClass
@MethodSource("sandboxes")
@Tag("slow")
class ChildRunnerTest {
  private static final ChildLimits SHORT = ChildLimits.of(Duration.ofSeconds(10));

  @Parameter Sandbox sandbox;
  @TempDir Path temp;

  static List<Sandbox> sandboxes() throws Exception {
    return Sandboxes.with(Path.of("/tmp"));
  }

  @AfterEach
  void leavesNoTempFolder() throws IOException {
    try (var left = Files.list(temp)) {
      assertThat(left).isEmpty();
    }
  }

  private ChildResult shell(String script, ChildLimits limits) throws Exception {
    return new ChildRunner(temp, sandbox)
        .run(
            new ChildCommand(
                Path.of("/bin/sh"), List.of("-c", script), Map.of("GREETING", "hello world")),
            limits);
  }

  @Test
  void givesExitCodeOutputAndErrors() throws Exception {
    ChildResult result = shell("echo out; echo err >&2; exit 3", SHORT);

    assertThat(result).isEqualTo(new ChildResult(3, "out\n", "err\n", false, false));
  }

  @Test
  void passesNothingOfItsOwnEnvironment() throws Exception {
    ChildResult result = shell("export -p", SHORT);

    assertThat(result.output().lines().map(line -> line.replaceAll("export |=.*", "")))
        .contains("GREETING", "TMPDIR", "HOME", "MAGICK_TEMPORARY_PATH")
        .doesNotContain("PATH", "USER", "JAVA_HOME", "PICTRS_API_KEY");
    assertThat(result.output()).contains("hello world");
  }

  @Test
  void boundsWhatItKeepsAndLetsTheChildFinish() throws Exception {
    ChildResult result =
        shell("head -c 5000000 /dev/zero; head -c 5000000 /dev/zero >&2; exit 0", SHORT);

    assertThat(result.exitCode()).isZero();
    assertThat(result.output()).hasSize(4 << 20);
    assertThat(result.errors()).hasSize(8 * 1024);
  }

  @Test
  void closesStandardInput() throws Exception {
    assertThat(shell("cat; echo end", SHORT).output()).isEqualTo("end\n");
  }

  @Test
  void removesFilesThatTheChildLeft() throws Exception {
    assertThat(shell("mkdir $TMPDIR/a; echo x > $TMPDIR/a/b", SHORT).exitCode()).isZero();
  }

  @Test
  void killsTheChildAndItsDescendantsWhenTimeIsOver() throws Exception {
    String mark = "30" + System.nanoTime() % 1_000_000;

    ChildResult result =
        shell("sleep " + mark + " & sleep " + mark, ChildLimits.of(Duration.ofMillis(500)));

    assertThat(result.timedOut()).isTrue();
    assertThat(result.exhausted()).isTrue();
    assertNoProcessWith(mark);
  }

  @Test
  void killsTheChildWhenInterrupted() throws Exception {
    String mark = "31" + System.nanoTime() % 1_000_000;
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread caller =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    shell("sleep " + mark + " & sleep " + mark, SHORT);
                  } catch (Throwable e) {
                    thrown.set(e);
                  }
                });
    await().until(() -> alive(mark));
    caller.interrupt();
    caller.join(5000);

    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertNoProcessWith(mark);
  }

  @Test
  void stopsAFileThatGrowsTooLarge() throws Exception {
    ChildResult result =
        shell("exec head -c 3000000 /dev/zero > $TMPDIR/big", SHORT.withFileBytes(1 << 20));

    assertThat(result.exhausted()).isTrue();
  }

  @Test
  void tellsAToolThatIsGone() throws Exception {
    ChildResult result =
        new ChildRunner(temp, sandbox)
            .run(new ChildCommand(temp.resolve("gone"), List.of(), Map.of()), SHORT);

    assertThat(result.notStarted()).isTrue();
  }

  private static void assertNoProcessWith(String mark) {
    await().until(() -> !alive(mark));
  }

  private static boolean alive(String mark) {
    return ProcessHandle.allProcesses()
        .anyMatch(p -> p.info().commandLine().orElse("").contains(mark));
  }
}
