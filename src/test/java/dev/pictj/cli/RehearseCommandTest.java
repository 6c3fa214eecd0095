package dev.pictj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the JVM learns in it is tested with the jar. */
class RehearseCommandTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Set<Path> before = dataFolders();

  private int rehearse(Map<String, String> environment, String... arguments) {
    return new Commands(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment)
        .run(Stream.concat(Stream.of("rehearse"), Stream.of(arguments)).toArray(String[]::new));
  }

  private static Set<Path> dataFolders() {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try (Stream<Path> files = Files.list(temporary)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("pictj-rehearsal-"))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void withoutToolsItFailsAndLeavesNothing() {
    assertThat(rehearse(Map.of())).isEqualTo(1);
    assertThat(dataFolders()).isEqualTo(before);
  }

  @Test
  @Tag("slow")
  void itServesItselfAndLeavesTheLibrariesOnly(@TempDir Path libraries) {
    assertThat(rehearse(Map.of("PATH", System.getenv("PATH")), libraries.toString())).isZero();
    assertThat(libraries).isDirectoryContaining("glob:**/librocksdbjni*.so");
    assertThat(dataFolders()).isEqualTo(before);
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }
}
