package dev.pictj.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class PoolTaskTest {
  private final CompletableFuture<Throwable> died = new CompletableFuture<>();

  private void run(PoolTask<?> task) throws InterruptedException {
    Thread.ofPlatform().uncaughtExceptionHandler((_, e) -> died.complete(e)).start(task).join();
  }

  @Test
  void anErrorReachesWhoWaitsAndTheThread() throws Exception {
    LinkageError error = new LinkageError("broken");
    PoolTask<String> task =
        new PoolTask<>(
            () -> {
              throw error;
            });
    run(task);
    assertThat(died).isCompletedWithValue(error);
    assertThatThrownBy(task::get).hasCause(error);
  }

  @Test
  void whatElseIsThrownReachesOnlyWhoWaits() throws Exception {
    PoolTask<String> task =
        new PoolTask<>(
            () -> {
              throw new IOException("full");
            });
    run(task);
    assertThat(died).isNotDone();
    assertThatThrownBy(task::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void aTaskThatWasCalledOffHurtsNobody() throws Exception {
    PoolTask<String> task = new PoolTask<>(() -> "never");
    task.cancel(true);
    run(task);
    assertThat(died).isNotDone();
  }
}
