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
    // Whether they meet or not, there is not room for all that one transfer takes at the most.
    try (SpoolBudget.Share other = budget.open();
        ExecutorService pool = Executors.newFixedThreadPool(8)) {
      other.take(60);
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

  private static final long SECOND = 1_000_000_000;
  private long now;
  private final SpoolBudget timed =
      new SpoolBudget(100, Duration.ofSeconds(20), () -> now * SECOND);
  private final List<String> released = new ArrayList<>();

  private SpoolBudget.Share upload(String name) {
    SpoolBudget.Share share = timed.open();
    share.mayGiveWay(() -> released.add(name));
    return share;
  }

  @Test
  void whoFilledTheRoomAndTricklesGivesWayToOthers() {
    SpoolBudget.Share first = upload("first");
    SpoolBudget.Share second = upload("second");
    first.take(55);
    second.take(40);
    for (now = 1; now <= 50; now++) {
      if (now % 10 == 0) {
        first.take(1);
      }
    }
    assertThat(timed.held()).isEqualTo(100);
    SpoolBudget.Share other = upload("other");
    other.take(30);
    // The one that would need longest to bring again what it holds: at a byte in ten seconds.
    assertThat(released).containsExactly("first");
    assertThat(timed.held()).isEqualTo(70);
    assertThatThrownBy(() -> first.take(1)).isInstanceOf(GaveWayException.class);
    first.close();
    assertThat(timed.held()).isEqualTo(70);
    second.close();
    other.close();
    assertThat(timed.held()).isZero();
  }

  @Test
  void asManyGiveWayAsAreInTheWay() {
    for (int i = 0; i < 10; i++) {
      upload("" + i).take(10);
    }
    now = 100;
    upload("other").take(35);
    assertThat(released).hasSize(4);
    assertThat(timed.held()).isEqualTo(95);
  }

  @Test
  void nobodyGivesWayWhoIsYoungOrQuickOrWhole() {
    SpoolBudget.Share whole = upload("whole");
    whole.take(30);
    whole.arrived();
    // A download has a time limit of its own, and nothing to release.
    timed.open().take(30);
    now = 990;
    SpoolBudget.Share young = upload("young");
    young.take(40);
    now = 1000;
    SpoolBudget.Share other = upload("other");
    assertThatThrownBy(() -> other.take(1)).isInstanceOf(SpoolFullException.class);
    assertThat(released).isEmpty();
    assertThat(timed.held()).isEqualTo(100);
  }

  @Test
  void theSlowestIsRefusedItselfRatherThanMakeAnotherGiveWay() {
    SpoolBudget.Share slow = upload("slow");
    SpoolBudget.Share steady = upload("steady");
    slow.take(30);
    for (now = 1; now <= 60; now++) {
      steady.take(1);
      if (now % 25 == 0) {
        slow.take(1);
      }
    }
    assertThatThrownBy(() -> slow.take(9)).isInstanceOf(SpoolFullException.class);
    assertThat(released).isEmpty();
    steady.close();
    slow.take(1);
  }
}
