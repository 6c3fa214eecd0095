package dev.pictj.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.catalog.Variant;
import dev.pictj.engine.Caller;
import dev.pictj.engine.CallerGoneException;
import dev.pictj.engine.EngineException;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SharedWorkTest {
  private static final Variant VARIANT =
      new Variant(
          "thumbnail-8.00.png",
          "ab".repeat(32),
          3,
          new Details(new Dimensions(1, 1), MediaType.PNG, 1, Instant.EPOCH));

  private static final Caller GONE = () -> true;

  private final SharedWork work = new SharedWork();

  private static Made unstored() {
    WriteBehind.Share share = new WriteBehind(3).take(3).orElseThrow();
    share.fill(new byte[3]);
    return Made.unstored(VARIANT, share);
  }

  @Test
  void whatIsMadeCanBeSentBeforeItIsStored() throws Exception {
    work.begin();
    work.beginToStore();
    work.made(unstored());
    Made made = work.awaitMade(Caller.PATIENT);
    assertThat(made.variant()).isEqualTo(VARIANT);
    assertThat(made.bytes().orElseThrow().size()).isEqualTo(3);
    assertThat(work.stored()).isNotDone();
  }

  @Test
  void whoReadsItAsFileWaitsLonger() throws Exception {
    work.begin();
    work.beginToStore();
    work.made(unstored());
    work.join();
    assertThatThrownBy(() -> work.awaitStored(GONE)).isInstanceOf(CallerGoneException.class);
    work.ended(Made.stored(VARIANT));
    assertThat(work.awaitStored(GONE).bytes()).isEmpty();
  }

  @Test
  void itIsNotCalledOffWhileItIsStored() throws Exception {
    work.begin();
    work.beginToStore();
    work.made(unstored());
    work.awaitMade(Caller.PATIENT);
    assertThat(Thread.interrupted()).as("called off").isFalse();
    assertThat(work.join()).as("one more may come").isTrue();
  }

  @Test
  void itIsCalledOffWhenTheLastHasGoneBefore() throws Exception {
    work.begin();
    work.join();
    assertThatThrownBy(() -> work.awaitMade(GONE)).isInstanceOf(CallerGoneException.class);
    assertThat(Thread.interrupted()).as("called off with one left").isFalse();
    assertThatThrownBy(() -> work.awaitMade(GONE)).isInstanceOf(CallerGoneException.class);
    assertThat(Thread.interrupted()).as("called off").isTrue();
    assertThat(work.join()).isFalse();
    assertThatThrownBy(work::beginToStore).isInstanceOf(InterruptedException.class);
  }

  @Test
  void aFailureIsEverybodys() {
    assertThat(work.failed(new EngineException("broken"))).isTrue();
    work.join();
    assertThatThrownBy(() -> work.awaitMade(Caller.PATIENT)).hasMessage("broken");
    assertThatThrownBy(() -> work.awaitStored(Caller.PATIENT)).hasMessage("broken");
  }

  @Test
  void whoWasSentItKnowsOfNoFailure() throws Exception {
    work.made(unstored());
    assertThat(work.failed(new IOException("full"))).isFalse();
    work.join();
    assertThat(work.awaitMade(Caller.PATIENT).variant()).isEqualTo(VARIANT);
    assertThatThrownBy(() -> work.awaitStored(Caller.PATIENT)).hasMessage("full");
  }
}
