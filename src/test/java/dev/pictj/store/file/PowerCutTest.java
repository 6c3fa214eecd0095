package dev.pictj.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.store.BlobName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that forgets all bytes of a file and all names in a folder that were not synced since.
 * Whatever was put by many at the same time is there, whole, when the power fails the moment after;
 * and no name is ever on the disk before its bytes, whenever it fails.
 */
class PowerCutTest {
  private static final int THREADS = 16;
  private static final int ROUNDS = 20;
  private static final int FILES = 3;

  @TempDir private Path root;
  @TempDir private Path scratch;

  /** Files, by what the file system knows them by, whose bytes are on the disk. */
  private final Set<Object> bytes = ConcurrentHashMap.newKeySet();

  /** Names that are on the disk, and what they are the names of. */
  private final Map<Path, Object> names = new ConcurrentHashMap<>();

  private final AtomicInteger nameless = new AtomicInteger();
  private final AtomicInteger folderSyncs = new AtomicInteger();

  private final DiskSync forgetful =
      new DiskSync() {
        @Override
        public void file(Path file) throws IOException {
          bytes.add(key(file));
        }

        @Override
        public void folder(Path folder) throws IOException {
          folderSyncs.incrementAndGet();
          Map<Path, Object> there = new HashMap<>();
          try (Stream<Path> listed = Files.list(folder)) {
            for (Path path : (Iterable<Path>) listed::iterator) {
              Object key = key(path);
              there.put(path, key);
              if (Files.isRegularFile(path) && !bytes.contains(key)) {
                nameless.incrementAndGet();
              }
            }
          } catch (NoSuchFileException _) {
            // A name went while this looked; nobody was promised it.
          }
          // Stands in for a disk that takes its time to sync; what comes meanwhile may be missed.
          LockSupport.parkNanos(300_000);
          names.putAll(there);
        }
      };

  private static Object key(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /** What goes wrong between threads goes wrong now and then, so more than once. */
  @RepeatedTest(4)
  void whatWasPutIsThereWhoeverMadeItsFolder() throws Exception {
    FileBlobStore store = FileBlobStore.open(root, root.resolve("tmp"), forgetful);
    List<Future<List<Path>>> lost = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (int i = 0; i < THREADS; i++) {
        Random random = new Random(20261124 + i);
        String writer = "%02d".formatted(i);
        lost.add(threads.submit(() -> lost(store, writer, random)));
      }
    }
    for (Future<List<Path>> one : lost) {
      assertThat(one.get()).isEmpty();
    }
    assertThat(nameless).hasValue(0);
    // Four of each were synced before any was shared or known.
    assertThat(folderSyncs.get()).isLessThan(THREADS * ROUNDS * FILES * 2);
  }

  /** Few folders, so that many meet in each; one by one, or several in a call. */
  private List<Path> lost(FileBlobStore store, String writer, Random random) throws IOException {
    List<Path> lost = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      Map<BlobName, Path> sources = new LinkedHashMap<>();
      for (int i = 0; i < FILES; i++) {
        String folder = "%c0%c0".formatted('a' + random.nextInt(3), 'a' + random.nextInt(4));
        String filename = "%s%s%03d%d.png".formatted(folder, writer, round, i);
        BlobName name =
            random.nextBoolean()
                ? BlobName.original(filename)
                : BlobName.variant(folder + "000000.png", filename);
        sources.put(name, Files.writeString(scratch.resolve("in-" + filename), filename));
      }
      if (random.nextBoolean()) {
        store.put(sources);
      } else {
        for (Map.Entry<BlobName, Path> one : sources.entrySet()) {
          store.put(one.getKey(), one.getValue());
          store.withFile(one.getKey(), file -> lost.addAll(missing(file)));
        }
      }
      for (BlobName name : sources.keySet()) {
        store.withFile(name, file -> lost.addAll(missing(file)));
      }
    }
    return lost;
  }

  /** What of a file and of the folders it lies in would be gone now. */
  private List<Path> missing(Path file) throws IOException {
    List<Path> missing = new ArrayList<>();
    if (!bytes.contains(key(file))) {
      missing.add(file);
    }
    for (Path path = file; !path.getParent().equals(root); path = path.getParent()) {
      if (!key(path).equals(names.get(path))) {
        missing.add(path);
      }
    }
    return missing;
  }
}
