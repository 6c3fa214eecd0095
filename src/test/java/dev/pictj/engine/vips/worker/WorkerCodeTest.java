package dev.pictj.engine.vips.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkerCodeTest {
  @TempDir private Path folder;
  private Path scratch;
  private Path jar;

  @BeforeEach
  void jar() throws IOException {
    scratch = Files.createDirectory(folder.resolve("scratch"));
    jar = Files.writeString(folder.resolve("pictj.jar"), "old");
  }

  @Test
  void aJarThatIsStillThereIsUsedAsItIs() throws Exception {
    try (WorkerCode code = new WorkerCode(jar, scratch)) {
      assertThat(code.path()).isEqualTo(jar);
    }
    assertThat(scratch).isEmptyDirectory();
  }

  @Test
  void aJarThatWasReplacedIsCopiedOnce() throws Exception {
    try (WorkerCode code = new WorkerCode(jar, scratch)) {
      Files.delete(jar);
      Files.writeString(jar, "new");
      assertThat(code.path()).content().isEqualTo("old");
      assertThat(code.path()).isEqualTo(code.path()).hasParent(scratch);
      assertThat(scratch).isDirectoryContaining("glob:**.jar");
    }
    assertThat(scratch).isEmptyDirectory();
  }

  @Test
  void aJarThatIsGoneIsCopied() throws Exception {
    try (WorkerCode code = new WorkerCode(jar, scratch)) {
      Files.delete(jar);
      assertThat(code.path()).content().isEqualTo("old");
    }
  }

  @Test
  void aFolderOfClassesIsUsedAsItIs() throws Exception {
    try (WorkerCode code = new WorkerCode(folder, scratch)) {
      assertThat(code.path()).isEqualTo(folder);
    }
  }
}
