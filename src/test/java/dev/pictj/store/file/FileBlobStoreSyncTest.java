package dev.pictj.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.store.BlobName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on the disk when put returns; a kill leaves the system's cache, a power cut does not. */
class FileBlobStoreSyncTest {
  private static final BlobName NAME = BlobName.original("aB3dE6gH9k.jpg");
  private static final BlobName VARIANT = BlobName.variant("aB3dE6gH9k.jpg", "blur-1.webp");

  @TempDir private Path root;
  @TempDir private Path scratch;

  private final List<String> synced = new ArrayList<>();
  private final DiskSync recorder =
      new DiskSync() {
        @Override
        public void file(Path file) throws IOException {
          synced.add("bytes of " + file.getFileName());
          KERNEL.file(file);
        }

        @Override
        public void folder(Path folder) throws IOException {
          String name = root.relativize(folder).toString();
          boolean arrived = Files.exists(root.resolve("files/aB/3d/aB3dE6gH9k.jpg"));
          synced.add(name + (arrived ? " with it" : ""));
          KERNEL.folder(folder);
        }
      };

  private FileBlobStore open() throws IOException {
    return FileBlobStore.open(root, root.resolve("tmp"), recorder);
  }

  @Test
  void theFoldersOfTheStoreAreSyncedAtOpen() throws Exception {
    open();
    assertThat(synced).containsExactly("");
  }

  @Test
  void bytesComeBeforeNamesAndEveryFolderAfterTheRename() throws Exception {
    FileBlobStore store = open();
    synced.clear();
    store.put(NAME, Files.writeString(scratch.resolve("in"), "x"));
    assertThat(synced)
        .containsExactly("bytes of in", "files/aB/3d with it", "files/aB with it", "files with it");
  }

  @Test
  void aFolderKnownToBeOnTheDiskIsNotSyncedAgainForItsName() throws Exception {
    FileBlobStore store = open();
    store.put(NAME, Files.writeString(scratch.resolve("in"), "x"));
    store.put(VARIANT, Files.writeString(scratch.resolve("in"), "x"));
    synced.clear();
    store.put(NAME, Files.writeString(scratch.resolve("in"), "y"));
    assertThat(synced).containsExactly("bytes of in", "files/aB/3d with it");
    synced.clear();
    // The folder of the variants may have gone and come again meanwhile.
    store.put(VARIANT, Files.writeString(scratch.resolve("in"), "y"));
    assertThat(synced)
        .containsExactly(
            "bytes of in", "variants/aB/3d/aB3dE6gH9k.jpg with it", "variants/aB/3d with it");
  }

  @Test
  void aFolderRemovedByHandIsSyncedAnew() throws Exception {
    FileBlobStore store = open();
    store.put(NAME, Files.writeString(scratch.resolve("in"), "x"));
    store.delete(NAME);
    Files.delete(root.resolve("files/aB/3d"));
    Files.delete(root.resolve("files/aB"));
    synced.clear();
    store.put(NAME, Files.writeString(scratch.resolve("in"), "x"));
    assertThat(synced)
        .containsExactly("bytes of in", "files/aB/3d with it", "files/aB with it", "files with it");
  }

  @Test
  void aFolderThatSomebodyElseJustMadeIsNotTrusted() throws Exception {
    FileBlobStore store = open();
    Files.createDirectories(root.resolve("files/aB/3d"));
    Files.createDirectories(root.resolve("variants/aB/3d/aB3dE6gH9k.jpg"));
    synced.clear();
    store.put(VARIANT, Files.writeString(scratch.resolve("in"), "x"));
    assertThat(synced)
        .containsExactly(
            "bytes of in",
            "variants/aB/3d/aB3dE6gH9k.jpg",
            "variants/aB/3d",
            "variants/aB",
            "variants");
    synced.clear();
    store.put(NAME, Files.writeString(scratch.resolve("in"), "x"));
    assertThat(synced).contains("files/aB/3d with it", "files/aB with it", "files with it");
  }
}
