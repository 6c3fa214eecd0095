package dev.pictj.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.store.BlobName;
import dev.pictj.store.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on the disk when put returns; a kill leaves the system's cache, a power cut does not. */
class FileBlobStoreSyncTest {
  private static final BlobName NAME = BlobName.original("aB3dE6gH9k.jpg");
  private static final BlobName VARIANT = BlobName.variant("aB3dE6gH9k.jpg", "blur-1.webp");

  @TempDir private Path root;
  @TempDir private Path scratch;

  private final List<String> synced = Collections.synchronizedList(new ArrayList<>());
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
  void anErrorIsNoFailureOfTheDisk() throws Exception {
    LinkageError error = new LinkageError("broken");
    DiskSync failing =
        new DiskSync() {
          @Override
          public void file(Path file) {
            throw error;
          }

          @Override
          public void folder(Path folder) {}
        };
    FileBlobStore store = FileBlobStore.open(root, root.resolve("tmp"), failing);
    Map<BlobName, Path> two =
        Map.of(
            NAME, Files.writeString(scratch.resolve("a"), "x"),
            VARIANT, Files.writeString(scratch.resolve("b"), "x"));
    assertThatThrownBy(() -> store.put(two, Durability.SYNCED)).isSameAs(error);
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
  void aNewFolderInOneKnownToBeOnTheDiskCostsNothingAboveThat() throws Exception {
    FileBlobStore store = open();
    store.put(VARIANT, Files.writeString(scratch.resolve("in"), "x"));
    synced.clear();
    store.put(
        BlobName.variant("aB3d000001.jpg", "blur-1.webp"),
        Files.writeString(scratch.resolve("in"), "x"));
    assertThat(synced)
        .containsExactly("bytes of in", "variants/aB/3d/aB3d000001.jpg", "variants/aB/3d");
  }

  @Test
  void whatIsRemadeIfLostWaitsForNothingAndIsThere() throws Exception {
    FileBlobStore store = open();
    synced.clear();
    Path source = Files.writeString(scratch.resolve("in"), "x");
    store.put(Map.of(VARIANT, source), Durability.REMADE_IF_LOST);
    assertThat(synced).isEmpty();
    store.withFile(VARIANT, file -> assertThat(file).hasContent("x"));
    assertThat(source).doesNotExist();
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

  @Test
  void severalWaitForTheirBytesFirstAndThenForEachFolderOnce() throws Exception {
    FileBlobStore store = open();
    synced.clear();
    Map<BlobName, Path> sources = new LinkedHashMap<>();
    for (String filename : List.of("aB3dE6gH9k.jpg", "aB3d000001.jpg", "aBzz000002.jpg")) {
      sources.put(BlobName.original(filename), Files.writeString(scratch.resolve(filename), "x"));
    }
    store.put(sources);
    assertThat(synced.subList(0, 3))
        .containsExactlyInAnyOrder(
            "bytes of aB3dE6gH9k.jpg", "bytes of aB3d000001.jpg", "bytes of aBzz000002.jpg");
    assertThat(synced.subList(3, synced.size()))
        .containsExactly(
            "files/aB/3d with it", "files/aB with it", "files with it", "files/aB/zz with it");
    synced.clear();
    store.put(NAME, Files.writeString(scratch.resolve("in"), "x"));
    assertThat(synced).containsExactly("bytes of in", "files/aB/3d with it");
  }

  @Test
  void aFailedSyncOfOneOfSeveralStoresNone() throws Exception {
    DiskSync broken =
        new DiskSync() {
          @Override
          public void file(Path file) throws IOException {
            if (file.endsWith("two")) {
              throw new IOException("the disk is broken");
            }
          }

          @Override
          public void folder(Path folder) {
            // Works.
          }
        };
    FileBlobStore store = FileBlobStore.open(root, root.resolve("tmp"), broken);
    Map<BlobName, Path> sources =
        Map.of(
            NAME,
            Files.writeString(scratch.resolve("one"), "x"),
            BlobName.original("aB3d000001.jpg"),
            Files.writeString(scratch.resolve("two"), "x"));
    assertThatThrownBy(() -> store.put(sources)).isInstanceOf(IOException.class);
    assertThat(store.size(NAME)).isEmpty();
  }

  @Test
  void aFolderIsNotReliedOnWhileThoseAboveItAreStillOnTheirWay() throws Exception {
    CountDownLatch atTheTop = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicBoolean topIsSynced = new AtomicBoolean();
    DiskSync slow =
        new DiskSync() {
          @Override
          public void file(Path file) {
            // Not what this is about.
          }

          @Override
          public void folder(Path folder) {
            if (folder.equals(root.resolve("files"))) {
              atTheTop.countDown();
              try {
                goOn.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              topIsSynced.set(true);
            }
          }
        };
    FileBlobStore store = FileBlobStore.open(root, root.resolve("tmp"), slow);
    Path first = Files.writeString(scratch.resolve("first"), "x");
    Path second = Files.writeString(scratch.resolve("second"), "x");
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<?> one = threads.submit(() -> put(store, NAME, first));
      // A new folder's name is in the one above it, which must be synced some time.
      boolean arrived = atTheTop.await(20, TimeUnit.SECONDS);
      AtomicReference<Thread> neighbour = new AtomicReference<>();
      Future<Boolean> two =
          threads.submit(
              () -> {
                neighbour.set(Thread.currentThread());
                put(store, BlobName.original("aB3d000001.jpg"), second);
                return topIsSynced.get();
              });
      // Until it waits for the first one's sync, or has got by without.
      while (!two.isDone()
          && (neighbour.get() == null || neighbour.get().getState() != Thread.State.WAITING)) {
        Thread.onSpinWait();
      }
      goOn.countDown();
      one.get();
      assertThat(arrived).isTrue();
      assertThat(two.get()).isTrue();
    }
  }

  private static Void put(FileBlobStore store, BlobName name, Path source) throws IOException {
    store.put(name, source);
    return null;
  }
}
