package dev.pictj.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WriteBehindTest {
  @Test
  void noMoreIsTakenThanThereIs() {
    WriteBehind budget = new WriteBehind(100);
    assertThat(budget.take(60)).isTrue();
    assertThat(budget.take(41)).isFalse();
    assertThat(budget.take(40)).isTrue();
    budget.giveBack(60);
    assertThat(budget.take(60)).isTrue();
  }

  @Test
  void whatIsLargerThanAllOfItIsNeverTaken() {
    assertThat(new WriteBehind(100).take(101)).isFalse();
    assertThat(new WriteBehind(Integer.MAX_VALUE).take(Long.MAX_VALUE)).isFalse();
    assertThat(new WriteBehind(0).take(1)).isFalse();
  }

  @Test
  void theEndWaitsForWhatIsTaken() throws Exception {
    WriteBehind budget = new WriteBehind(100);
    budget.take(30);
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
    budget.giveBack(30);
    assertThat(end.get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(budget.take(1)).as("after the end").isFalse();
  }
}
