package dev.pictj.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.engine.Party;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rule of admission, step by step: nothing here waits or runs. */
class LanesTest {
  private static final JobCost SMALL = new JobCost(10, 1);
  private static final JobCost LARGE = new JobCost(10, 1000);
  private static final Party GREEDY = new Party("greedy");
  private static final Party MODEST = new Party("modest");
  private static final Party THIRD = new Party("third");

  private final ReentrantLock lock = new ReentrantLock();

  private static Lanes lanes(int jobs, int queue, long queueWork) {
    return new Lanes(new AdmissionLimits(jobs, 1000, 100, queue, queueWork, Duration.ofSeconds(1)));
  }

  private static Lanes lanes(int jobs) {
    return lanes(jobs, 100, 1_000_000);
  }

  private Ticket arrive(Lanes lanes, JobCost cost) {
    return arrive(lanes, cost, Party.SERVER);
  }

  /** Arrives as through admission; {@link #isIn} tells whether it may stay. */
  private Ticket arrive(Lanes lanes, JobCost cost, Party party) {
    return arriveAt(lanes, cost, party, 0);
  }

  private Ticket arriveAt(Lanes lanes, JobCost cost, Party party, long nanos) {
    lock.lock();
    try {
      Ticket ticket = lanes.ticket(cost, party, lock.newCondition());
      lanes.join(ticket, nanos);
      lanes.startReady(nanos);
      if (!ticket.running() && !lanes.makeRoomFor(ticket)) {
        ticket.displace();
      }
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
      assertThat(in(arrive(lanes, cost, Party.SERVER, 20))).isEqualTo(6);
      assertThat(in(arrive(lanes, cost.equals(SMALL) ? LARGE : SMALL, Party.SERVER, 20)))
          .isEqualTo(2);
      assertThat(lanes.waiting()).isEqualTo(8);
    }
  }

  @Test
  void theQueueIsBoundedInWorkToo() {
    Lanes lanes = lanes(1, 100, 8000);
    arrive(lanes, LARGE);
    assertThat(in(arrive(lanes, LARGE, Party.SERVER, 20))).isEqualTo(6);
    assertThat(isIn(arrive(lanes, SMALL))).isTrue();
  }

  @Test
  void noJobHoweverLargeFillsTheQueueForOthers() {
    JobCost huge = new JobCost(10, Long.MAX_VALUE / 1000);
    for (long queueWork : List.of(80L, 4000L, 1_000_000L)) {
      Lanes lanes = lanes(1, 100, queueWork);
      arrive(lanes, LARGE);
      assertThat(in(arrive(lanes, huge, Party.SERVER, 20))).isEqualTo(4);
      assertThat(isIn(arrive(lanes, SMALL))).isTrue();
    }
    Lanes lanes = lanes(1, 100, 4_000_000);
    arrive(lanes, LARGE);
    arrive(lanes, huge);
    assertThat(in(arrive(lanes, LARGE, Party.SERVER, 60))).isEqualTo(60);
  }

  @Test
  void aFullQueueIsSharedFairly() {
    for (JobCost cost : List.of(SMALL, LARGE)) {
      for (long queueWork : List.of(1_000_000L, 12 * cost.work() * 4 / 3)) {
        Lanes lanes = lanes(1, 16, queueWork);
        arrive(lanes, LARGE);
        List<Ticket> alone = arrive(lanes, cost, GREEDY, 50);
        assertThat(in(alone)).as("one alone has all places").isEqualTo(12);
        List<Ticket> second = arrive(lanes, cost, MODEST, 50);
        assertThat(in(alone)).isEqualTo(6);
        assertThat(in(second)).isEqualTo(6);
        assertThat(alone.subList(0, 6)).as("who came last goes first").allMatch(LanesTest::isIn);
        List<Ticket> third = arrive(lanes, cost, THIRD, 1);
        assertThat(in(third)).isEqualTo(1);
        assertThat(in(alone) + in(second)).isEqualTo(11);
        assertThat(in(arrive(lanes, cost, GREEDY, 50))).isLessThanOrEqualTo(1);
        assertThat(lanes.waiting()).isEqualTo(12);
      }
    }
  }

  @Test
  void manyCheapOnesOfOnePartyDoNotPushOutTheOneOfAnother() {
    Lanes lanes = lanes(1, 16, 1_000_000);
    arrive(lanes, LARGE);
    Ticket modest = arrive(lanes, LARGE, MODEST);
    arrive(lanes, LARGE, GREEDY, 50);
    assertThat(isIn(modest)).isTrue();
    assertThat(lanes.waiting()).isEqualTo(12);
  }

  @Test
  void partiesRunByTurns() {
    for (int jobs = 1; jobs < 5; jobs++) {
      Lanes lanes = lanes(jobs);
      List<Ticket> all = new ArrayList<>(arrive(lanes, LARGE, GREEDY, 40));
      all.addAll(arrive(lanes, LARGE, MODEST, 10));
      all.addAll(arrive(lanes, LARGE, THIRD, 10));
      List<Ticket> served = new ArrayList<>();
      while (served.size() < 24) {
        // Of those that run, the one that began first ends.
        all.stream()
            .filter(Ticket::running)
            .filter(one -> !served.contains(one))
            .forEach(served::add);
        Ticket first = served.stream().filter(all::contains).findFirst().orElseThrow();
        all.remove(first);
        end(lanes, first, 1);
      }
      // What ran before the others came is not called back.
      List<Party> shared = served.subList(3, 24).stream().map(ticket -> ticket.party).toList();
      for (Party party : List.of(GREEDY, MODEST, THIRD)) {
        assertThat(shared.stream().filter(party::equals).count())
            .as("%s with %d slots of %s", party, jobs, shared)
            .isBetween(6L, 8L);
      }
    }
  }

  @Test
  void aPartyWithSeveralRunningWaitsForOneWithNone() {
    Lanes lanes = lanes(5);
    List<Ticket> greedy = arrive(lanes, LARGE, GREEDY, 10);
    Ticket modest = arrive(lanes, LARGE, MODEST);
    assertThat(modest.running()).isFalse();
    end(lanes, greedy.getFirst(), 1);
    assertThat(modest.running()).isTrue();
  }

  @Test
  void newPartiesWithoutEndDoNotStarveAnOldOne() {
    Lanes lanes = lanes(2);
    Ticket running = arrive(lanes, LARGE, GREEDY);
    Ticket patient = arrive(lanes, LARGE, MODEST);
    int ended = 0;
    while (!patient.running() && ended < 10) {
      Ticket newcomer = arrive(lanes, LARGE, new Party("newcomer " + ended));
      end(lanes, running, 1);
      running = newcomer.running() ? newcomer : patient;
      ended++;
    }
    assertThat(ended).isEqualTo(1);
  }

  @Test
  void oneThatGivesUpLeavesNothingBehind() {
    Lanes lanes = lanes(1);
    Ticket running = arrive(lanes, LARGE);
    Ticket impatient = arrive(lanes, LARGE);
    Ticket patient = arrive(lanes, LARGE);
    lanes.leave(impatient);
    assertThat(lanes.waiting()).isEqualTo(1);
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

  private static boolean isIn(Ticket ticket) {
    return !ticket.displaced();
  }

  private static long in(List<Ticket> tickets) {
    return tickets.stream().filter(LanesTest::isIn).count();
  }

  private List<Ticket> arrive(Lanes lanes, JobCost cost, Party party, int times) {
    return Stream.generate(() -> arrive(lanes, cost, party)).limit(times).toList();
  }

  @Test
  void theBackgroundLetsOthersGoFirstButNotForEver() {
    for (JobCost cost : List.of(SMALL, LARGE)) {
      Lanes lanes = lanes(1);
      final Ticket first = arrive(lanes, cost, GREEDY);
      final Ticket background = arrive(lanes, cost, Party.BACKGROUND);
      final Ticket second = arriveAt(lanes, cost, MODEST, 1);
      end(lanes, first, 2);
      assertThat(second.running()).isTrue();
      assertThat(background.running()).isFalse();
      final Ticket third = arriveAt(lanes, cost, THIRD, 3);
      // Half of the longest wait, which is a second.
      end(lanes, second, 500_000_000);
      assertThat(background.running()).isTrue();
      assertThat(third.running()).isFalse();
      end(lanes, background, 600_000_000);
      assertThat(third.running()).isTrue();
    }
  }

  @Test
  void theBackgroundHasTheHouseForItselfWhereNobodyElseWaits() {
    Lanes lanes = lanes(4);
    List<Ticket> background = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      background.add(arrive(lanes, SMALL, Party.BACKGROUND));
    }
    assertThat(background).allMatch(Ticket::running);
  }
}
