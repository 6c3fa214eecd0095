package dev.pictj.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pictj.JarProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the tests have from npm is pinned by what it contains, wherever it comes from. */
final class LockFilesTest {
  private static final Path RESOURCES =
      JarProcess.baseFolder().resolve("src").resolve("test").resolve("resources");

  static List<Path> lockFiles() throws IOException {
    try (Stream<Path> files = Files.walk(RESOURCES)) {
      return files.filter(file -> file.endsWith("package-lock.json")).sorted().toList();
    }
  }

  @Test
  void thereAreSome() throws IOException {
    assertThat(lockFiles()).hasSizeGreaterThanOrEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("lockFiles")
  void everyPackageHasVersionAndIntegrityAndNoneNamesAHost(Path file) throws IOException {
    assertThat(file).content().doesNotContain("://");
    JsonNode packages = new ObjectMapper().readTree(file.toFile()).get("packages");
    for (Map.Entry<String, JsonNode> each : packages.properties()) {
      if (!each.getKey().isEmpty()) {
        assertThat(each.getValue().path("version").asText()).as(each.getKey()).isNotEmpty();
        assertThat(each.getValue().path("integrity").asText())
            .as(each.getKey())
            .startsWith("sha512-");
      }
    }
  }
}
