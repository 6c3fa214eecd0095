package dev.pictj.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packages are made, and what is in them works. */
final class PackageIT {
  @TempDir private Path folder;

  @Test
  void bothPackagesStartServeAndStop() throws Exception {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(ScriptsTest.BASE.resolve("script/package").toString(), "--check")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("it ends").isTrue();
    } finally {
      process.destroy();
    }

    assertThat(output)
        .content()
        .endsWith("Both packages start, take an upload, make a thumbnail of it, and stop.\n");
    assertThat(process.exitValue()).isZero();
    assertThat(Files.isDirectory(ScriptsTest.BASE.resolve("target/packages.new"))).isFalse();
  }
}
