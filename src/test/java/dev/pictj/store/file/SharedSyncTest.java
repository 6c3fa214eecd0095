package dev.pictj.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One sync of a folder for several, and what becomes of them when it fails. */
class SharedSyncTest {
  @TempDir private Path folder;

  private final CountDownLatch goOn = new CountDownLatch(1);
  private final AtomicInteger syncs = new AtomicInteger();

  /** The first sync of a folder lasts until told; what the second one does is a parameter. */
  private SharedSync sharedSync(Second second) {
    return new SharedSync(
        new DiskSync() {
          @Override
          public void file(Path file) {
            throw new UnsupportedOperationException();
          }

          @Override
          public void folder(Path folder) throws IOException {
            switch (syncs.incrementAndGet()) {
              case 1 -> awaitUnchecked(goOn);
              case 2 -> second.sync();
              default -> KERNEL.folder(folder);
            }
          }
        });
  }

  @FunctionalInterface
  private interface Second {
    void sync() throws IOException;
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Somebody who wants the folder synced, waiting for somebody else. */
  private FutureTask<Void> waiting(SharedSync syncs) {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              syncs.folder(folder);
              return null;
            });
    Thread thread = Thread.ofPlatform().daemon().start(task);
    while (thread.getState() != Thread.State.WAITING) {
      assertThat(task.isDone()).isFalse();
      Thread.onSpinWait();
    }
    return task;
  }

  @Test
  void anErrorIsEverybodys() throws Exception {
    LinkageError error = new LinkageError("broken");
    SharedSync shared =
        sharedSync(
            () -> {
              throw error;
            });
    FutureTask<Void> first = waiting(shared);
    FutureTask<Void> second = waiting(shared);
    FutureTask<Void> third = waiting(shared);
    goOn.countDown();
    first.get();
    assertThatThrownBy(second::get).hasCause(error);
    assertThatThrownBy(third::get).hasCause(error);
  }

  @Test
  void whoeverComesWhileOneIsUnderWaySharesTheNext() throws Exception {
    SharedSync shared = sharedSync(() -> {});
    FutureTask<Void> first = waiting(shared);
    FutureTask<Void> second = waiting(shared);
    FutureTask<Void> third = waiting(shared);
    goOn.countDown();
    first.get();
    second.get();
    third.get();
    assertThat(syncs).hasValue(2);
  }

  @Test
  void theInterruptionOfOneIsNotTheFailureOfAnother() throws Exception {
    SharedSync shared =
        sharedSync(
            () -> {
              Thread.currentThread().interrupt();
              DiskSync.KERNEL.folder(folder);
            });
    FutureTask<Void> first = waiting(shared);
    FutureTask<Void> interrupted = waiting(shared);
    FutureTask<Void> third = waiting(shared);
    FutureTask<Void> fourth = waiting(shared);
    goOn.countDown();
    first.get();
    assertThatThrownBy(interrupted::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(ClosedByInterruptException.class);
    third.get();
    fourth.get();
    // Both may share the sync that takes the place of the interrupted one, or have one each.
    assertThat(syncs.get()).isBetween(3, 4);
  }

  @Test
  void theFailureOfTheDiskIsEverybodys() throws Exception {
    SharedSync shared =
        sharedSync(
            () -> {
              throw new IOException("the disk is broken");
            });
    FutureTask<Void> first = waiting(shared);
    FutureTask<Void> second = waiting(shared);
    FutureTask<Void> third = waiting(shared);
    goOn.countDown();
    first.get();
    assertThatThrownBy(second::get).hasRootCauseMessage("the disk is broken");
    assertThatThrownBy(third::get).hasRootCauseMessage("the disk is broken");
  }
}
