package dev.pictj.ingest.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);

  private void goOn(Duration time) {
    now.addAndGet(time.toNanos());
  }

  /** The clock may begin anywhere, and go from the largest number to the smallest. */
  @Test
  void itPassesAfterItsTimeAndNotBefore() {
    Deadline deadline = Deadline.after(Duration.ofMillis(1500), now::get);
    assertThat(deadline.millisLeft()).isEqualTo(1500);
    goOn(Duration.ofMillis(1499));
    assertThat(deadline.millisLeft()).isEqualTo(1);
    goOn(Duration.ofMillis(1));
    assertThat(deadline.millisLeft()).as("0 would be for ever").isEqualTo(1);
  }
}
