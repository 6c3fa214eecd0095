package dev.pictj.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class SpoolBudgetTest {
  private final SpoolBudget budget = new SpoolBudget(100, Duration.ofSeconds(20));

  @Test
  void sharesFillItTogether() {
    SpoolBudget.Share one = budget.open();
    SpoolBudget.Share other = budget.open();
    one.take(60);
    other.take(40);
    assertThat(budget.held()).isEqualTo(100);
    assertThatThrownBy(() -> other.take(1)).isInstanceOf(SpoolFullException.class);
    assertThat(budget.held()).isEqualTo(100);
    one.close();
    other.take(60);
    other.close();
    assertThat(budget.held()).isZero();
  }

  @Test
  void aShareGivesBackOnceAndTakesNothingAfterwards() {
    SpoolBudget.Share share = budget.open();
    share.take(70);
    share.close();
    share.close();
    share.take(70);
    assertThat(budget.held()).isZero();
  }

  @Test
  void aRefusalNamesATimeToComeBack() {
    SpoolBudget.Share share = budget.open();
    assertThatThrownBy(() -> share.take(101))
        .isInstanceOfSatisfying(
            SpoolFullException.class, e -> assertThat(e.retryAfter()).isPositive());
    assertThat(budget.held()).isZero();
  }

  @Test
  void manyAtOnceNeverHoldMoreThanTheLimitAndLeaveNothing() throws Exception {
    List<Future<Long>> refusals = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8; i++) {
        Random random = new Random(i);
        refusals.add(pool.submit(() -> transfers(random)));
      }
    }
    long refused = 0;
    for (Future<Long> one : refusals) {
      refused += one.get();
    }
    assertThat(refused).isPositive();
    assertThat(budget.held()).isZero();
  }

  private long transfers(Random random) {
    long refused = 0;
    for (int i = 0; i < 2000; i++) {
      try (SpoolBudget.Share share = budget.open()) {
        for (int piece = 0; piece < 5; piece++) {
          share.take(random.nextInt(20));
          Thread.onSpinWait();
        }
        assertThat(budget.held()).isLessThan(100 + 8 * 20);
      } catch (SpoolFullException _) {
        refused++;
      }
    }
    return refused;
  }
}
