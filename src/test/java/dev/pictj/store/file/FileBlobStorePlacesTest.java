package dev.pictj.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.store.Blob;
import dev.pictj.store.BlobName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where files come from, where they lie, and who else is at work there. */
class FileBlobStorePlacesTest {
  private static final BlobName NAME = BlobName.original("aB3dE6gH9k.jpg");

  @TempDir private Path root;
  @TempDir private Path scratch;
  private FileBlobStore store;

  @BeforeEach
  void open() throws Exception {
    store = FileBlobStore.open(root, root.resolve("tmp"));
  }

  private List<BlobName> all() throws Exception {
    List<BlobName> found = new ArrayList<>();
    store.list(10, page -> page.forEach(one -> found.add(one.name())));
    return found;
  }

  @Test
  void aFileFromAnotherFileSystemIsCopiedFirst() throws Exception {
    Path memory = Path.of("/dev/shm");
    Path source =
        Files.isWritable(memory)
            ? Files.createTempFile(memory, "pictj-test", "")
            : Files.createTempFile(scratch, "in", "");
    Files.writeString(source, "from afar");
    store.put(NAME, source);
    store.withFile(NAME, file -> assertThat(file).hasContent("from afar"));
    assertThat(source).doesNotExist();
    assertThat(root.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void aMissingSourceLeavesNothingBehind() throws Exception {
    assertThatThrownBy(() -> store.put(NAME, scratch.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(store.size(NAME)).isEmpty();
    assertThat(root.resolve("files")).isEmptyDirectory();
  }

  @Test
  void foreignFilesAreNotTakenForBlobs() throws Exception {
    Files.writeString(root.resolve("files/README"), "x");
    Files.writeString(Files.createDirectories(root.resolve("files/aB/3d")).resolve(".x.jpg"), "x");
    Files.writeString(root.resolve("variants/k.webp"), "x");
    assertThat(all()).isEmpty();
  }

  @Test
  void foldersThatAreLinksAreWalkedToo() throws Exception {
    store.put(NAME, Files.writeString(scratch.resolve("in"), "x"));
    Path elsewhere = scratch.resolve("elsewhere");
    Files.move(root.resolve("files"), elsewhere);
    Files.createSymbolicLink(root.resolve("files"), elsewhere);
    open();
    store.withFile(NAME, file -> assertThat(file).hasContent("x"));
    assertThat(all()).containsExactly(NAME);
  }

  @Test
  void theLastVariantTakesItsFolderAlong() throws Exception {
    BlobName one = BlobName.variant(NAME.filename(), "one.webp");
    BlobName other = BlobName.variant(NAME.filename(), "other.webp");
    store.put(one, Files.writeString(scratch.resolve("in"), "x"));
    store.put(other, Files.writeString(scratch.resolve("in"), "y"));
    Path folder = root.resolve("variants/aB/3d/aB3dE6gH9k.jpg");
    store.delete(one);
    assertThat(folder).isDirectoryContaining("glob:**other.webp");
    store.delete(other);
    assertThat(folder).doesNotExist();
  }

  @Test
  void aDeletedBlobCanBeReadByWhomHasItOpen() throws Exception {
    store.put(NAME, Files.writeString(scratch.resolve("in"), "still here"));
    try (Blob blob = store.open(NAME)) {
      store.delete(NAME);
      ByteBuffer buffer = ByteBuffer.allocate(20);
      assertThat(blob.read(buffer, 0)).isEqualTo(10);
    }
  }

  @Test
  void aFolderThatWentIsNoticed() throws Exception {
    store.check();
    Files.delete(root.resolve("variants"));
    assertThatThrownBy(store::check).isInstanceOf(IOException.class);
  }

  /** One makes variants of a media while the other empties its folder again and again. */
  @Test
  void puttingAndDeletingSideBySideLosesNothing() throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Future<?>> futures = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        String mine = "t" + t;
        futures.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < 60; i++) {
                    BlobName name = BlobName.variant(NAME.filename(), mine + "-" + i + ".webp");
                    store.put(name, Files.writeString(scratch.resolve(mine), mine));
                    assertThat(store.size(name)).hasValue(2);
                    store.delete(name);
                    assertThat(store.size(name)).isEmpty();
                  }
                  return null;
                }));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    }
    assertThat(all()).isEmpty();
  }
}
