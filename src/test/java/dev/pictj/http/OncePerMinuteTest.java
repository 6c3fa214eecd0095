package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OncePerMinuteTest {
  @Test
  void oneAMinuteTellsHowManyWereKeptBack() {
    AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    OncePerMinute lines = new OncePerMinute(now::get);
    assertThat(lines.next()).hasValue(0);
    assertThat(lines.next()).isEmpty();
    now.addAndGet(Duration.ofMinutes(1).toNanos() - 1);
    assertThat(lines.next()).isEmpty();
    now.incrementAndGet();
    assertThat(lines.next()).hasValue(2);
    now.addAndGet(Duration.ofHours(1).toNanos());
    assertThat(lines.next()).hasValue(0);
  }
}
