package dev.pictj.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.engine.CallerGoneException;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.OverloadedException;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailureMemoryTest {
  private final AtomicLong nanos = new AtomicLong();
  private final FailureMemory failures = new FailureMemory(10, Duration.ofSeconds(5), nanos::get);

  private static MediaException expensive() {
    return new MediaException(Reason.TOO_EXPENSIVE, "too much", new IOException("a cause"));
  }

  @Test
  void theSameWorkFailsAsItDid() {
    failures.add("work", expensive());
    assertThatThrownBy(() -> failures.requireNone("work"))
        .isInstanceOfSatisfying(
            MediaException.class,
            again -> assertThat(again.reason()).isEqualTo(Reason.TOO_EXPENSIVE))
        .hasMessage("too much")
        .hasNoCause();
    assertThatCode(() -> failures.requireNone("other work")).doesNotThrowAnyException();
  }

  @Test
  void forAWhileOnly() {
    failures.add("work", expensive());
    nanos.addAndGet(Duration.ofSeconds(6).toNanos());
    assertThatCode(() -> failures.requireNone("work")).doesNotThrowAnyException();
  }

  @Test
  void neverMoreThanItMay() {
    for (int i = 0; i < 1000; i++) {
      failures.add("work " + i, expensive());
    }
    long known =
        IntStream.range(0, 1000)
            .filter(
                i -> {
                  try {
                    failures.requireNone("work " + i);
                    return false;
                  } catch (MediaException _) {
                    return true;
                  }
                })
            .count();
    assertThat(known).isBetween(1L, 10L);
  }

  @ParameterizedTest
  @EnumSource
  void onlyWhatWouldComeAgainIsKept(Reason reason) {
    failures.add("work", new MediaException(reason, "no"));
    assertThat(failures.isEmpty())
        .isEqualTo(!Set.of(Reason.INVALID, Reason.TOO_EXPENSIVE).contains(reason));
  }

  @Test
  void whatIsNoFaultOfThePictureIsNotKept() {
    failures.add("overload", new OverloadedException("busy", Duration.ofSeconds(1)));
    failures.add("gone", new CallerGoneException());
    failures.add("stop", new InterruptedException());
    failures.add("full disk", new EngineException("No space left on device"));
    failures.add("broken disk", new IOException("no"));
    assertThat(failures.isEmpty()).isTrue();
  }
}
