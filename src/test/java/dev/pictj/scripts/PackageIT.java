package dev.pictj.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packages are made, and what is in them works. */
@Tag("clients")
final class PackageIT {
  @TempDir private Path folder;

  /** As most machines are that have never compiled C. */
  private void withoutBinutils(ProcessBuilder script) throws IOException {
    Path objcopy = Files.createDirectory(folder.resolve("bin")).resolve("objcopy");
    Files.writeString(objcopy, "#!/bin/sh\nexit 127\n");
    Files.setPosixFilePermissions(objcopy, PosixFilePermissions.fromString("rwxr-xr-x"));
    script.environment().compute("PATH", (_, path) -> objcopy.getParent() + ":" + path);
  }

  @Test
  void bothPackagesStartServeAndStop() throws Exception {
    Path output = folder.resolve("output");
    ProcessBuilder script =
        new ProcessBuilder(ScriptsTest.BASE.resolve("script/package").toString(), "--check")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    withoutBinutils(script);
    Process process = script.start();
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
