package dev.pictj;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Scripts of Node.js with their packages, which come from npm by version and integrity, from the
 * registry that npm is set up for.
 */
public final class NodeScripts {
  private final Path folder;

  private NodeScripts(Path folder) {
    this.folder = folder;
  }

  /**
   * Those of a folder of the test resources.
   *
   * @param folder to install them in, empty
   */
  public static NodeScripts install(String resources, Path folder) throws Exception {
    Path sources = JarProcess.baseFolder().resolve("src/test/resources").resolve(resources);
    try (Stream<Path> files = Files.list(sources)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    NodeScripts scripts = new NodeScripts(folder);
    String _ =
        scripts.command(
            "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");
    return scripts;
  }

  /** What a script prints. */
  public String run(String script, String... arguments) throws Exception {
    return command(
        Stream.concat(Stream.of("node", script), Stream.of(arguments)).toArray(String[]::new));
  }

  private String command(String... command) throws IOException, InterruptedException {
    Path said = folder.resolve("said");
    Path errors = folder.resolve("errors");
    Process process;
    try {
      process =
          new ProcessBuilder(List.of(command))
              .directory(folder.toFile())
              .redirectOutput(said.toFile())
              .redirectError(errors.toFile())
              .start();
    } catch (IOException e) {
      throw new AssertionError(command[0] + " is missing: run script/bootstrap --clients", e);
    }
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
      return Files.readString(said);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
