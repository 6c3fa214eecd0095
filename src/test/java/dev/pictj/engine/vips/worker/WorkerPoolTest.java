package dev.pictj.engine.vips.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.Sandboxes;
import dev.pictj.engine.vips.Check;
import dev.pictj.engine.vips.VipsException;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.pictures.Pictures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody waits for a start who can have a worker sooner. */
@Tag("slow")
class WorkerPoolTest {
  private static final Dimensions SIZE = new Dimensions(40, 30);
  private static final Check CHECK = new Check(MediaType.JPEG, SIZE, 1);

  @TempDir Path folder;
  @TempDir Path work;
  private final AtomicLong nanoTime = new AtomicLong();
  private WorkerPool pool;
  private Path source;

  private WorkerPool pool(int maxJobs, long memoryBytes, Duration rest) throws Exception {
    source = Files.write(folder.resolve("source"), Pictures.jpeg(SIZE.width(), SIZE.height()));
    pool =
        new WorkerPool(
            new ChildRunner(work, Sandboxes.best(folder)),
            new WorkerLimits(2, memoryBytes, 1 << 30, rest),
            Duration.ofSeconds(20),
            maxJobs,
            nanoTime::get);
    return pool;
  }

  private WorkerPool pool() throws Exception {
    return pool(2000, 4L << 30, Duration.ofMinutes(10));
  }

  @AfterEach
  void nothingIsLeftBehind() throws Exception {
    pool.close();
    try (var left = Files.list(work)) {
      assertThat(left).isEmpty();
    }
  }

  private Thread taker;

  private CompletableFuture<WorkerProcess> taking(Assignment assignment) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return pool.take(assignment);
          } catch (VipsException | InterruptedException e) {
            throw new CompletionException(e);
          }
        },
        task -> taker = Thread.ofPlatform().start(task));
  }

  private void awaitTaker() {
    await().until(() -> taker.getState() == Thread.State.TIMED_WAITING);
  }

  private WorkerProcess take() throws Exception {
    return pool.take(new Assignment());
  }

  @Test
  void whoComesFirstWaitsForAStart() throws Exception {
    pool();
    assertThat(pool.isAsleep()).isTrue();

    WorkerProcess worker = take();

    worker.inspect(CHECK, source);
    assertThat(pool.isAsleep()).isFalse();
    assertThat(pool.libraries()).startsWith("libvips ");
    pool.giveBack(worker, true);
  }

  @Test
  void theNextOneThatIsFreeIsHadSoonerThanOneThatStarts() throws Exception {
    pool();
    WorkerProcess first = take();
    CompletableFuture<WorkerProcess> second = taking(new Assignment());
    awaitTaker();
    assertThat(second).isNotDone();

    pool.giveBack(first, true);

    assertThat(second.get()).isSameAs(first);
    WorkerProcess other = take();
    assertThat(other).isNotSameAs(first);
    pool.giveBack(other, true);
    pool.giveBack(first, true);
    assertThat(take()).as("the last used").isSameAs(first);
    pool.giveBack(first, true);
  }

  @Test
  void oneThatHasDoneItsShareHasASuccessor() throws Exception {
    pool(WorkerPool.REPLACEMENT_LEAD + 1, 4L << 30, Duration.ofMinutes(10));
    WorkerProcess first = take();
    first.inspect(CHECK, source);
    pool.giveBack(first, true);
    WorkerProcess again = take();
    assertThat(again).isSameAs(first);
    WorkerProcess successor = take();
    assertThat(successor).isNotSameAs(first);
    pool.giveBack(successor, true);
    for (int i = 0; i < WorkerPool.REPLACEMENT_LEAD; i++) {
      first.inspect(CHECK, source);
    }

    pool.giveBack(first, true);

    assertThatThrownBy(() -> first.inspect(CHECK, source)).as("ended").isNotNull();
    assertThat(take()).isSameAs(successor);
    pool.giveBack(successor, true);
  }

  @Test
  void oneThatIsNotSoundIsNotHadAgain() throws Exception {
    pool();
    WorkerProcess first = take();
    first.kill();
    pool.giveBack(first, false);

    WorkerProcess other = take();

    assertThat(other).isNotSameAs(first);
    other.inspect(CHECK, source);
    pool.giveBack(other, true);
  }

  @Test
  void whoWaitsIsToldThatNoneStarts() throws Exception {
    pool(2000, 1 << 20, Duration.ofMinutes(10));
    assertThat(Sandboxes.limits(Sandboxes.best(folder))).as("prlimit is installed").isTrue();
    assertThatThrownBy(this::take).isInstanceOf(VipsException.class).hasMessage("it ended at once");
  }

  @Test
  void aJobThatIsStoppedDoesNotWait() throws Exception {
    pool();
    WorkerProcess first = take();
    WorkerProcess second = take();
    Assignment assignment = new Assignment();
    CompletableFuture<WorkerProcess> third = taking(assignment);

    assignment.kill();

    assertThatThrownBy(third::get)
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseInstanceOf(VipsException.class);
    pool.giveBack(first, true);
    pool.giveBack(second, true);
  }

  @Test
  void thoseThatRestForLongAreEndedOneByOne() throws Exception {
    Duration rest = Duration.ofMinutes(10);
    pool(2000, 4L << 30, rest);
    WorkerProcess first = take();
    WorkerProcess second = take();
    pool.giveBack(first, true);
    assertThat(pool.endIdle()).isFalse();
    first.inspect(CHECK, source);
    nanoTime.addAndGet(rest.toNanos() + 1);
    assertThat(pool.endIdle()).as("the last one").isFalse();
    assertThatThrownBy(() -> first.inspect(CHECK, source)).isNotNull();
    assertThat(pool.isAsleep()).as("while one is at work").isFalse();

    pool.giveBack(second, true);
    assertThat(pool.endIdle()).isFalse();
    assertThat(pool.isAsleep()).as("before its time is over").isFalse();
    nanoTime.addAndGet(rest.toNanos() + 1);
    assertThat(pool.endIdle()).as("the last one").isTrue();
    assertThat(pool.isAsleep()).isTrue();
    assertThatThrownBy(() -> second.inspect(CHECK, source)).isNotNull();
    assertThat(pool.endIdle()).as("the last one, again").isFalse();
  }

  @Test
  void aStartIsCutShortByTheEnd() throws Exception {
    pool();
    CompletableFuture<WorkerProcess> first = taking(new Assignment());
    awaitTaker();

    pool.close();

    assertThatThrownBy(first::get).hasRootCauseInstanceOf(VipsException.class);
  }
}
