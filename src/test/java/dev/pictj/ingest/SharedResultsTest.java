package dev.pictj.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.engine.AbandonedWork;
import dev.pictj.engine.SingleFlight;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import dev.pictj.media.Probed;
import dev.pictj.media.VerifiedBy;
import dev.pictj.store.TempFile;
import dev.pictj.store.TempFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SharedResultsTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Probed PROBED =
      new Probed(MediaType.MP4, new Dimensions(2, 2), 1, Orientation.UPRIGHT, false);

  @TempDir Path folder;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger works = new AtomicInteger();
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch gate = new CountDownLatch(1);
  private final Semaphore ended = new Semaphore(0);
  private TempFolder temporary;
  private Path received;
  private SharedResults results;

  @BeforeEach
  void open() throws IOException {
    temporary = TempFolder.open(folder.resolve("tmp"));
    received = Files.write(folder.resolve("received"), new byte[10]);
    results = results(1 << 20, 1 << 20);
  }

  private SharedResults results(long mostBytes, long spoolBytes) {
    return results(LIMIT, mostBytes, spoolBytes);
  }

  private SharedResults results(Duration limit, long mostBytes, long spoolBytes) {
    return new SharedResults(
        new SingleFlight<>(executor, AbandonedWork.lasting(limit)),
        limit,
        mostBytes,
        temporary,
        new SpoolBudget(spoolBytes, Duration.ofSeconds(1)),
        now::get);
  }

  @AfterEach
  void close() {
    gate.countDown();
    executor.close();
    results.close();
  }

  private Normal work(Path file) throws Exception {
    works.incrementAndGet();
    started.countDown();
    gate.await();
    assertThat(file).hasSize(10);
    TempFile made = temporary.next("made");
    Files.write(made.path(), new byte[2000]);
    return new Normal(made, PROBED, "result", VerifiedBy.REFERENCE, Optional.empty());
  }

  private Future<Normal> get() {
    Callable<Normal> call =
        () -> {
          try {
            return results.get("hash", received, this::work);
          } finally {
            ended.release();
          }
        };
    return executor.submit(call);
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(temporary.path())) {
      return files.toList();
    }
  }

  private void leave(Future<Normal> caller) throws Exception {
    caller.cancel(true);
    // Whoever is still about to leave when the work is done would take its result along.
    ended.acquire();
    Files.delete(received);
    received = Files.write(folder.resolve("again"), new byte[10]);
  }

  @Test
  void whoSendsTheSameAtTheSameTimeGetsACopyOfHisOwn() throws Exception {
    Future<Normal> first = get();
    started.await();
    Future<Normal> second = get();
    gate.countDown();
    try (TempFile one = first.get().file();
        TempFile other = second.get().file()) {
      assertThat(one.path()).hasSize(2000).isNotEqualTo(other.path());
      assertThat(other.path()).hasSize(2000);
    }
    assertThat(works.get()).isBetween(1, 2);
    assertThat(left()).isEmpty();
  }

  @Test
  void workGoesOnWithoutItsUploadAndIsKeptForWhoeverComesAgain() throws Exception {
    Future<Normal> first = get();
    started.await();
    leave(first);
    gate.countDown();
    try (TempFile again = get().get().file()) {
      assertThat(again.path()).hasSize(2000);
    }
    assertThat(works).hasValue(1);
    // The work of the one who left ends by itself.
    Awaitility.await().untilAsserted(() -> assertThat(left()).isEmpty());
  }

  @Test
  void whatNobodyTakesIsGoneWhenItsTimeIsOver() throws Exception {
    leaveBehind();
    now.addAndGet(LIMIT.toNanos() - 1);
    assertThat(left()).hasSize(1);
    now.addAndGet(2);
    results.get("other", received, this::work).file().close();
    assertThat(left()).isEmpty();
  }

  /** With nothing that goes on for those who left, those who wait still have it done once. */
  @Test
  void withoutTimeForAbandonedWorkItIsStillMadeOnce() throws Exception {
    results = results(Duration.ZERO, 1 << 20, 1 << 20);
    gate.countDown();
    try (TempFile made = get().get().file()) {
      assertThat(made.path()).hasSize(2000);
    }
    assertThat(works).hasValue(1);
    assertThat(left()).isEmpty();
  }

  @Test
  void aStopLeavesNothing() throws Exception {
    leaveBehind();
    results.close();
    assertThat(left()).isEmpty();
  }

  private void leaveBehind() throws Exception {
    Future<Normal> first = get();
    started.await();
    leave(first);
    gate.countDown();
    // The upload's own bytes go when the result is kept, so then it is the only file.
    Awaitility.await()
        .until(
            () -> {
              List<Path> files = left();
              return files.size() == 1
                  && files.getFirst().getFileName().toString().startsWith("made");
            });
  }

  @Test
  void whatIsTooLargeToKeepIsMadeAllTheSame() throws Exception {
    results = results(1024, 1 << 20);
    gate.countDown();
    try (TempFile made = get().get().file()) {
      assertThat(made.path()).hasSize(2000);
    }
    assertThat(left()).isEmpty();
  }

  @Test
  void whereTheSpoolIsFullItIsMadeForItsUploadAlone() throws Exception {
    results = results(1 << 20, 9);
    gate.countDown();
    try (TempFile made = get().get().file()) {
      assertThat(made.path()).hasSize(2000);
    }
    assertThat(left()).isEmpty();
  }

  @Test
  void aFailureIsThatOfTheWork() throws Exception {
    assertThatThrownBy(
            () ->
                results.get(
                    "hash",
                    received,
                    _ -> {
                      throw new IOException("broken");
                    }))
        .hasMessage("broken");
    assertThat(left()).isEmpty();
    gate.countDown();
    get().get().file().close();
  }

  @Test
  void whoHasGoneBeforeItBeganHarmsNobody() throws Exception {
    Files.delete(received);
    gate.countDown();
    Future<Normal> lost = get();
    assertThatThrownBy(lost::get).isInstanceOf(ExecutionException.class);
  }
}
