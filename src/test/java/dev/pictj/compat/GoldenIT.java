package dev.pictj.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.JarProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What live servers of pict-rs were asked, and answered, is asked of the jar, set up by their own
 * variables and arguments: it answers the same, but for what stands in the file of what is meant.
 *
 * <p>{@code src/test/resources/golden/exchange.py} asks and compares; what it was recorded from and
 * how to call it is said there.
 */
@Tag("clients")
class GoldenIT {
  private static final Path GOLDEN = JarProcess.baseFolder().resolve("src/test/resources/golden");

  @TempDir private Path folder;

  /** A line of pict-rs. */
  enum Line {
    V0_3(
        "pict-rs-0.3.0-alpha.37.jsonl",
        List.of("--phases", "phases03.py", "--env", "PICTRS_DOWNLOAD_ALLOW_PRIVATE=true"),
        List.of(),
        List.of("--successes", "--meant", "meant-0.3.txt")),
    V0_5("pict-rs-0.5.23.jsonl", List.of(), List.of("run"), List.of("--meant", "meant-0.5.txt")),
    V0_6(
        "pict-rs-0.6.0-rc.6.jsonl",
        List.of("--env", "PICTRS_DIALECT=0.6"),
        List.of("run"),
        List.of("--successes", "--meant", "meant-0.6.txt"));

    private final String recording;
    private final List<String> asking;
    private final List<String> arguments;
    private final List<String> comparing;

    /**
     * A line.
     *
     * @param asking options of what is asked
     * @param arguments of the server
     * @param comparing options of the comparison
     */
    Line(String recording, List<String> asking, List<String> arguments, List<String> comparing) {
      this.recording = recording;
      this.asking = asking;
      this.arguments = arguments;
      this.comparing = comparing;
    }
  }

  @ParameterizedTest
  @EnumSource
  void itAnswersLikeThem(Line line) throws Exception {
    String mine = folder.resolve("mine.jsonl").toString();
    List<String> asked = new ArrayList<>(line.asking);
    asked.addAll(List.of("--out", mine, "--"));
    asked.addAll(List.of(JarProcess.java().toString(), "--enable-native-access=ALL-UNNAMED"));
    asked.addAll(List.of("-jar", JarProcess.jar().toString()));
    asked.addAll(line.arguments);
    assertThat(exchange(asked).status()).isZero();

    List<String> compared = new ArrayList<>(List.of("--compare", line.recording, mine));
    compared.addAll(line.comparing);
    Run run = exchange(compared);
    // The last line is how many there are.
    assertThat(run.said().lines()).as(run.said()).hasSize(1);
    assertThat(run.status()).isZero();
  }

  private record Run(int status, String said) {}

  private Run exchange(List<String> arguments) throws IOException, InterruptedException {
    Path said = folder.resolve("said");
    Process process =
        new ProcessBuilder(
                Stream.concat(
                        Stream.of("python3", "-B", GOLDEN.resolve("exchange.py").toString()),
                        arguments.stream())
                    .toList())
            .directory(GOLDEN.toFile())
            .redirectOutput(said.toFile())
            .redirectError(folder.resolve("log").toFile())
            .start();
    try {
      assertThat(process.waitFor(30, TimeUnit.MINUTES)).isTrue();
      return new Run(process.exitValue(), Files.readString(said));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
