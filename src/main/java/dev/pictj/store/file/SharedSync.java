package dev.pictj.store.file;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Syncs folders, once for all threads that ask for the same folder at the same time: a group
 * commit. A sync that has begun may miss later changes, so a thread that asks then waits for the
 * next sync, which serves all that have asked before it begins.
 *
 * <p>The first of these threads does the sync. Where it is interrupted, another one does it.
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

    /**
     * Waits for its end.
     *
     * @return false when the thread that did the sync was interrupted, which says nothing of the
     *     folder
     */
    private boolean await() throws IOException {
      try {
        end.join();
        return true;
      } catch (CompletionException e) {
        if (e.getCause() instanceof ClosedByInterruptException) {
          return false;
        }
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw new IOException("could not sync a folder", e.getCause());
      }
    }
  }

  /** Returns when the names that are in a folder now are on the disk. */
  void folder(Path folder) throws IOException {
    Round mine = new Round();
    Round joined;
    do {
      synchronized (this) {
        joined = open.putIfAbsent(folder, mine);
      }
      if (joined == null) {
        lead(folder, mine);
        return;
      }
    } while (!joined.await());
  }

  private void lead(Path folder, Round mine) throws IOException {
    Round before;
    synchronized (this) {
      // No other one begins before mine does.
      before = begun.get(folder);
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
