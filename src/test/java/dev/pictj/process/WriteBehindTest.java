package dev.pictj.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.catalog.Variant;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.store.Blob;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WriteBehindTest {
  private static final Variant VARIANT =
      new Variant(
          "thumbnail-8.00.png",
          "ab".repeat(32),
          60,
          new Details(new Dimensions(1, 1), MediaType.PNG, 1, Instant.EPOCH));

  private final WriteBehind budget = new WriteBehind(100);

  @Test
  void noMoreIsTakenThanThereIs() {
    WriteBehind.Share first = budget.take(60).orElseThrow();
    assertThat(budget.take(41)).isEmpty();
    assertThat(budget.take(40)).isPresent();
    first.letGo();
    assertThat(budget.take(60)).isPresent();
  }

  @Test
  void whatIsLargerThanAllOfItIsNeverTaken() {
    assertThat(budget.take(101)).isEmpty();
    assertThat(new WriteBehind(Integer.MAX_VALUE).take(Long.MAX_VALUE)).isEmpty();
    assertThat(new WriteBehind(0).take(1)).isEmpty();
  }

  @Test
  void whatASlowClientReadsCountsUntilHeIsDone() throws Exception {
    WriteBehind.Share share = budget.take(60).orElseThrow();
    share.fill(new byte[60]);
    Made made = Made.unstored(VARIANT, share);
    Blob one = made.bytes().orElseThrow();
    Blob other = made.bytes().orElseThrow();
    share.letGo();
    one.close();
    one.close();
    assertThat(budget.take(41)).as("one still reads").isEmpty();
    assertThat(made.bytes()).as("one more may").hasValueSatisfying(WriteBehindTest::close);
    other.close();
    assertThat(made.bytes()).as("in memory").isEmpty();
    assertThat(budget.take(100)).isPresent();
  }

  private static void close(Blob blob) {
    try (blob) {
      assertThat(blob.size()).isEqualTo(60);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theEndWaitsForWhatIsTaken() throws Exception {
    WriteBehind.Share share = budget.take(30).orElseThrow();
    CompletableFuture<Boolean> end =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return budget.drain();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(end.isDone()).isFalse();
    share.letGo();
    assertThat(end.get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(budget.take(1)).as("after the end").isEmpty();
  }
}
