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

  @Test
  void whatComesOfItIsEverybodys() throws Exception {
    work.begin();
    work.join();
    work.ended(VARIANT);
    assertThat(work.await(Caller.PATIENT)).isEqualTo(VARIANT);
    assertThat(work.await(GONE)).isEqualTo(VARIANT);
    assertThat(work.result()).isCompletedWithValue(VARIANT);
  }

  @Test
  void itIsNotCalledOffWhileItIsStored() throws Exception {
    work.begin();
    work.beginToStore();
    assertThatThrownBy(() -> work.await(GONE)).isInstanceOf(CallerGoneException.class);
    assertThat(Thread.interrupted()).as("called off").isFalse();
    assertThat(work.join()).as("one more may come").isTrue();
  }

  @Test
  void itIsCalledOffWhenTheLastHasGoneBefore() throws Exception {
    work.begin();
    work.join();
    assertThatThrownBy(() -> work.await(GONE)).isInstanceOf(CallerGoneException.class);
    assertThat(Thread.interrupted()).as("called off with one left").isFalse();
    assertThatThrownBy(() -> work.await(GONE)).isInstanceOf(CallerGoneException.class);
    assertThat(Thread.interrupted()).as("called off").isTrue();
    assertThat(work.join()).isFalse();
    assertThatThrownBy(work::beginToStore).isInstanceOf(InterruptedException.class);
  }

  @Test
  void aFailureIsEverybodys() {
    work.failed(new EngineException("broken"));
    work.join();
    assertThatThrownBy(() -> work.await(Caller.PATIENT)).hasMessage("broken");
    assertThatThrownBy(() -> work.await(Caller.PATIENT)).hasMessage("broken");
  }
}
