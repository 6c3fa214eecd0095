package dev.pictj.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.store.BlobName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that forgets every name in a folder that was not synced since. Whatever was put by many at
 * the same time is there after the power fails right then.
 */
class PowerCutTest {
  private static final int THREADS = 16;
  private static final int PUTS = 60;

  @TempDir private Path root;
  @TempDir private Path scratch;

  private final Set<Path> onDisk = ConcurrentHashMap.newKeySet();
  private final AtomicInteger syncs = new AtomicInteger();

  private final DiskSync forgetful =
      new DiskSync() {
        @Override
        public void file(Path file) {
          // Bytes are not what this is about.
        }

        @Override
        public void folder(Path folder) throws IOException {
          syncs.incrementAndGet();
          List<Path> there;
          try (Stream<Path> names = Files.list(folder)) {
            there = names.toList();
          }
          // What comes while it takes its time may be missed.
          LockSupport.parkNanos(300_000);
          onDisk.addAll(there);
        }
      };

  @Test
  void whatWasPutIsThereWhoeverMadeItsFolder() throws Exception {
    FileBlobStore store = FileBlobStore.open(root, root.resolve("tmp"), forgetful);
    List<Future<Integer>> lost = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (int i = 0; i < THREADS; i++) {
        Random random = new Random(20261124 + i);
        lost.add(threads.submit(() -> lost(store, random)));
      }
    }
    for (Future<Integer> one : lost) {
      assertThat(one.get()).isZero();
    }
    // Four of each were synced before any was shared or known.
    assertThat(syncs.get()).isLessThan(THREADS * PUTS * 3);
  }

  /** Few folders, so that many meet in each. */
  private int lost(FileBlobStore store, Random random) throws IOException {
    int lost = 0;
    for (int i = 0; i < PUTS; i++) {
      String filename =
          "%c0%c0%06x.png"
              .formatted('a' + random.nextInt(3), 'a' + random.nextInt(4), random.nextInt(1 << 24));
      BlobName name =
          random.nextBoolean()
              ? BlobName.original(filename)
              : BlobName.variant(filename.substring(0, 4) + "000000.png", filename);
      store.put(name, Files.writeString(scratch.resolve("in-" + filename), filename));
      for (Path path = store.file(name); !path.equals(root); path = path.getParent()) {
        if (!onDisk.contains(path) && !path.getParent().equals(root)) {
          lost++;
        }
      }
    }
    return lost;
  }
}
