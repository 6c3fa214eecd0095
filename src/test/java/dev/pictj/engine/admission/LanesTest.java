package dev.pictj.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** The rule of admission, step by step: nothing here waits or runs. */
class LanesTest {
  private static final JobCost SMALL = new JobCost(10, 1);
  private static final JobCost LARGE = new JobCost(10, 1000);

  private final ReentrantLock lock = new ReentrantLock();

  private static Lanes lanes(int jobs, int queue, long queueWork) {
    return new Lanes(new AdmissionLimits(jobs, 1000, 100, queue, queueWork, Duration.ofSeconds(1)));
  }

  private static Lanes lanes(int jobs) {
    return lanes(jobs, 100, 1_000_000);
  }

  private Ticket arrive(Lanes lanes, JobCost cost) {
    lock.lock();
    try {
      Ticket ticket =
          new Ticket(lanes.laneOf(cost), lanes.counted(cost), cost.work(), lock.newCondition());
      lanes.join(ticket);
      lanes.startReady(0);
      return ticket;
    } finally {
      lock.unlock();
    }
  }

  private void end(Lanes lanes, Ticket ticket, long nanos) {
    lock.lock();
    try {
      lanes.end(ticket, nanos, true);
      lanes.startReady(nanos);
    } finally {
      lock.unlock();
    }
  }

  @Test
  void aSmallJobFindsASlotHoweverManyLargeOnesThereAre() {
    for (int jobs = 2; jobs < 6; jobs++) {
      Lanes lanes = lanes(jobs);
      List<Ticket> large = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        large.add(arrive(lanes, LARGE));
      }
      assertThat(large.stream().filter(Ticket::running)).hasSize(jobs - 1);
      assertThat(arrive(lanes, SMALL).running()).isTrue();
    }
  }

  @Test
  void aSmallJobFindsMemoryHoweverMuchLargeOnesTake() {
    Lanes lanes = lanes(8);
    Ticket huge = arrive(lanes, new JobCost(Long.MAX_VALUE, Long.MAX_VALUE / 4));
    assertThat(huge.running()).isTrue();
    assertThat(lanes.runningBytes()).isEqualTo(750);
    assertThat(arrive(lanes, LARGE).running()).isFalse();
    assertThat(arrive(lanes, new JobCost(250, 1)).running()).isTrue();
    assertThat(lanes.runningBytes()).isEqualTo(1000);
  }

  @Test
  void manyBytesMakeAJobLargeToo() {
    Lanes lanes = lanes(2);
    assertThat(lanes.laneOf(new JobCost(250, 100))).isEqualTo(Lane.SMALL);
    assertThat(lanes.laneOf(new JobCost(251, 100))).isEqualTo(Lane.LARGE);
    assertThat(lanes.laneOf(new JobCost(250, 101))).isEqualTo(Lane.LARGE);
  }

  @Test
  void smallJobsUseEverythingWhileNoLargeOneWaits() {
    Lanes lanes = lanes(4);
    for (int i = 0; i < 4; i++) {
      assertThat(arrive(lanes, new JobCost(250, 1)).running()).isTrue();
    }
    assertThat(lanes.runningBytes()).isEqualTo(1000);
  }

  @Test
  void anEndlessStreamOfSmallJobsDoesNotStarveALargeOne() {
    for (int jobs = 1; jobs < 6; jobs++) {
      Lanes lanes = lanes(jobs);
      List<Ticket> small = new ArrayList<>();
      for (int i = 0; i < jobs + 5; i++) {
        small.add(arrive(lanes, new JobCost(200, 1)));
      }
      Ticket large = arrive(lanes, new JobCost(750, 1000));
      int ended = 0;
      while (!large.running() && ended < 50) {
        Ticket done = small.stream().filter(Ticket::running).findFirst().orElseThrow();
        small.remove(done);
        end(lanes, done, 1);
        ended++;
        small.add(arrive(lanes, new JobCost(200, 1)));
      }
      assertThat(large.running()).as("with %d slots", jobs).isTrue();
      assertThat(ended).isLessThanOrEqualTo(jobs + 5);
    }
  }

  @Test
  void anEndlessStreamOfLargeJobsDoesNotHoldUpSmallOnes() {
    Lanes lanes = lanes(1);
    Ticket running = arrive(lanes, LARGE);
    for (int i = 0; i < 10; i++) {
      arrive(lanes, LARGE);
    }
    Ticket small = arrive(lanes, SMALL);
    assertThat(small.running()).isFalse();
    end(lanes, running, 1);
    assertThat(small.running()).isTrue();
  }

  @Test
  void nobodyOvertakesInHisOwnLane() {
    Lanes lanes = lanes(3);
    Ticket first = arrive(lanes, new JobCost(700, 1000));
    Ticket wide = arrive(lanes, new JobCost(700, 1000));
    Ticket narrow = arrive(lanes, new JobCost(10, 1000));
    assertThat(wide.running()).isFalse();
    assertThat(narrow.running()).isFalse();
    end(lanes, first, 1);
    assertThat(wide.running()).isTrue();
    assertThat(narrow.running()).isTrue();
  }

  @Test
  void eachLaneLeavesPlacesInTheQueueToTheOther() {
    for (JobCost cost : List.of(SMALL, LARGE)) {
      Lanes lanes = lanes(1, 8, 1_000_000);
      arrive(lanes, LARGE);
      int waiting = 0;
      while (mayWait(lanes, cost)) {
        arrive(lanes, cost);
        waiting++;
      }
      assertThat(waiting).isEqualTo(6);
      JobCost other = cost.equals(SMALL) ? LARGE : SMALL;
      assertThat(mayWait(lanes, other)).isTrue();
      arrive(lanes, other);
      arrive(lanes, other);
      assertThat(mayWait(lanes, other)).isFalse();
    }
  }

  @Test
  void theQueueIsBoundedInWorkToo() {
    Lanes lanes = lanes(1, 100, 4000);
    arrive(lanes, LARGE);
    for (int i = 0; i < 3; i++) {
      assertThat(mayWait(lanes, LARGE)).isTrue();
      arrive(lanes, LARGE);
    }
    assertThat(mayWait(lanes, LARGE)).isFalse();
    assertThat(mayWait(lanes, SMALL)).isTrue();
  }

  @Test
  void aJobOverTheBoundOfWorkMayWaitWhereNoOtherDoes() {
    Lanes lanes = lanes(1, 100, 10);
    arrive(lanes, LARGE);
    assertThat(mayWait(lanes, LARGE)).isTrue();
    arrive(lanes, LARGE);
    assertThat(mayWait(lanes, LARGE)).isFalse();
  }

  @Test
  void oneThatGivesUpLeavesNothingBehind() {
    Lanes lanes = lanes(1);
    Ticket running = arrive(lanes, LARGE);
    Ticket impatient = arrive(lanes, LARGE);
    Ticket patient = arrive(lanes, LARGE);
    lanes.leave(impatient);
    assertThat(lanes.waiting()).isEqualTo(1);
    assertThat(lanes.waitingWork()).isEqualTo(1000);
    end(lanes, running, 1);
    assertThat(patient.running()).isTrue();
    assertThat(impatient.running()).isFalse();
  }

  @Test
  void theEstimateFollowsTheQueueAndThePace() {
    Lanes lanes = lanes(2, 100, 1_000_000_000);
    assertThat(lanes.estimate(Lane.LARGE)).isEqualTo(Duration.ofSeconds(1));
    // A second for each job, again and again, until the pace of the beginning is forgotten.
    for (int i = 0; i < 300; i++) {
      end(lanes, arrive(lanes, LARGE), 1_000_000_000L);
    }
    for (int i = 0; i < 11; i++) {
      arrive(lanes, LARGE);
    }
    // Ten wait and half a one runs, in the one slot large jobs have.
    assertThat(lanes.estimate(Lane.LARGE)).isEqualTo(Duration.ofSeconds(11));
    assertThat(lanes.estimate(Lane.SMALL)).isEqualTo(Duration.ofSeconds(1));
    for (int i = 0; i < 200; i++) {
      arrive(lanes, LARGE);
    }
    assertThat(lanes.estimate(Lane.LARGE)).isEqualTo(Duration.ofSeconds(60));
  }

  private boolean mayWait(Lanes lanes, JobCost cost) {
    lock.lock();
    try {
      return lanes.mayWait(
          new Ticket(lanes.laneOf(cost), lanes.counted(cost), cost.work(), lock.newCondition()));
    } finally {
      lock.unlock();
    }
  }
}
