package dev.pictj.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.BlobStoreContract;
import dev.pictj.store.TempFile;
import dev.pictj.store.TempFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBlobStoreTest extends BlobStoreContract {
  @TempDir private Path root;

  @Override
  protected BlobStore open() throws Exception {
    return FileBlobStore.open(root, root.resolve("tmp"));
  }

  @Test
  void pathsAreSpreadOverFolders() throws Exception {
    store.put(BlobName.original("aB3dE6gH9k.jpg"), Files.writeString(scratch.resolve("x"), "x"));
    assertThat(root.resolve("files/aB/3d/aB3dE6gH9k.jpg")).hasContent("x");
  }

  @Test
  void onlyNamesOfTheRightShapeExist() {
    for (String bad :
        new String[] {"../../x.jpg", "a.jpg", "abcd", "abcd.", "ab/cd.jpg", "abcd.JPG"}) {
      assertThatThrownBy(() -> BlobName.original(bad)).isInstanceOf(IllegalArgumentException.class);
    }
    for (String bad : new String[] {"../x.jpg", ".x.jpg", "", "a/b.webp", "x"}) {
      assertThatThrownBy(() -> BlobName.variant("abcdefghij.jpg", bad))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(BlobName.parse("abcdefghij.jpg/k.webp"))
        .contains(BlobName.variant("abcdefghij.jpg", "k.webp"));
    assertThat(BlobName.parse("../etc")).isEmpty();
  }

  @Test
  void theFolderForUnfinishedFilesIsEmptiedWhenOpened() throws Exception {
    Path tmp = root.resolve("unfinished");
    Files.createDirectories(tmp.resolve("deep/er"));
    Files.writeString(tmp.resolve("deep/er/file"), "left by a crash");
    TempFolder folder = TempFolder.open(tmp);
    assertThat(tmp).isEmptyDirectory();
    try (TempFile file = folder.next("x")) {
      Files.writeString(file.path(), "y");
    }
    assertThat(tmp).isEmptyDirectory();
  }
}
