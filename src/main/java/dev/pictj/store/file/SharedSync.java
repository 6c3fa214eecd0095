package dev.pictj.store.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Syncs folders, one sync for all who ask for the same folder at the same time. A sync that has
 * begun may have missed what came after, so whoever comes then waits for the next one, which is
 * everybody's who has come by the time it begins.
 */
final class SharedSync {
  private final DiskSync disk;

  /** Syncs that have not begun. */
  private final Map<Path, Round> open = new HashMap<>();

  /** Syncs that have begun. */
  private final Map<Path, Round> begun = new HashMap<>();

  SharedSync(DiskSync disk) {
    this.disk = disk;
  }

  /** One sync of one folder. */
  private static final class Round {
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    private void await() throws IOException {
      try {
        end.join();
      } catch (CompletionException e) {
        throw new IOException("could not sync a folder", e.getCause());
      }
    }
  }

  /** Returns when the names that are in a folder now are on the disk. */
  void folder(Path folder) throws IOException {
    Round mine = new Round();
    Round joined;
    Round before;
    synchronized (this) {
      joined = open.putIfAbsent(folder, mine);
      before = begun.get(folder);
    }
    if (joined != null) {
      joined.await();
      return;
    }
    if (before != null) {
      before.end.exceptionally(_ -> null).join();
    }
    synchronized (this) {
      open.remove(folder, mine);
      begun.put(folder, mine);
    }
    try {
      disk.folder(folder);
      mine.end.complete(null);
    } catch (Throwable e) {
      mine.end.completeExceptionally(e);
      throw e;
    } finally {
      synchronized (this) {
        begun.remove(folder, mine);
      }
    }
  }
}
