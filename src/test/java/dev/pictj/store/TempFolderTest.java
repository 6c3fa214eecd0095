package dev.pictj.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TempFolderTest {
  @TempDir private Path root;

  @Test
  void makesWhatIsMissing() throws Exception {
    assertThat(TempFolder.open(root.resolve("a/b")).path()).isEmptyDirectory();
  }

  @Test
  void aLinkInsideIsRemovedAndWhatItPointsToStays() throws Exception {
    Path outside = Files.createDirectories(root.resolve("outside"));
    Path kept = Files.writeString(outside.resolve("kept"), "x");
    Path folder = Files.createDirectories(root.resolve("tmp"));
    Files.createSymbolicLink(folder.resolve("link"), outside);
    TempFolder.open(folder);
    assertThat(folder).isEmptyDirectory();
    assertThat(kept).hasContent("x");
  }

  @Test
  void aFolderThatIsItselfALinkIsEmptiedAndStaysUsable() throws Exception {
    Path elsewhere = Files.createDirectories(root.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("left"), "x");
    Path link = Files.createSymbolicLink(root.resolve("tmp"), elsewhere);
    TempFolder folder = TempFolder.open(link);
    assertThat(elsewhere).isEmptyDirectory();
    try (TempFile file = folder.next("upload")) {
      Files.writeString(file.path(), "y");
      assertThat(file.path()).hasContent("y");
    }
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void namesAreNeverGivenTwice() throws Exception {
    TempFolder folder = TempFolder.open(root.resolve("tmp"));
    try (TempFile one = folder.next("x");
        TempFile other = folder.next("x")) {
      assertThat(one.path()).isNotEqualTo(other.path()).hasParentRaw(folder.path());
    }
  }

  @Test
  void aFileThatWasMovedIsNotMissed() throws Exception {
    TempFolder folder = TempFolder.open(root.resolve("tmp"));
    Path target = root.resolve("stays");
    try (TempFile file = folder.next("x")) {
      Files.writeString(file.path(), "y");
      Files.move(file.path(), target);
    }
    assertThat(target).hasContent("y");
  }

  @Test
  void whatBecomesAnotherFileSharesItsBytesAndIsPermittedWhatAnyNewFileIs() throws Exception {
    TempFolder folder = TempFolder.open(root.resolve("tmp"));
    Path usual = Files.writeString(root.resolve("usual"), "");
    Path spool = Files.writeString(root.resolve("spool"), "y");
    Files.setPosixFilePermissions(spool, PosixFilePermissions.fromString("rw-------"));
    try (TempFile file = folder.next("x")) {
      file.become(spool);
      assertThat(file.path()).hasContent("y");
      assertThat(Files.getAttribute(file.path(), "unix:ino"))
          .isEqualTo(Files.getAttribute(spool, "unix:ino"));
      assertThat(Files.getPosixFilePermissions(file.path()))
          .isEqualTo(Files.getPosixFilePermissions(usual));
    }
    assertThat(spool).hasContent("y");
    assertThat(folder.path()).isEmptyDirectory();
  }
}
