package dev.pictj.engine.admission;

import dev.pictj.engine.Party;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.ToLongFunction;

/**
 * The jobs that wait in one lane: each party's in the order of arrival, the parties by turns. A
 * party that comes anew goes behind all others, as does one that was served, so everyone's turn
 * comes.
 */
final class Waiting {
  private final SequencedMap<Party, Deque<Ticket>> parties = new LinkedHashMap<>();
  private final Map<Party, Integer> running = new HashMap<>();
  private final long standBackNanos;
  private int count;
  private long work;
  private long share;

  /**
   * Begins with an empty queue.
   *
   * @param standBackNanos how long what runs in the background lets others go before it
   */
  Waiting(long standBackNanos) {
    this.standBackNanos = standBackNanos;
  }

  void add(Ticket ticket) {
    parties.computeIfAbsent(ticket.party, _ -> new ArrayDeque<>()).addLast(ticket);
    count(ticket, 1);
  }

  /** Takes one out that waits no longer; does nothing where it does not. */
  void remove(Ticket ticket) {
    Deque<Ticket> own = parties.get(ticket.party);
    // By identity: tickets have no equals of their own.
    if (own != null && own.remove(ticket)) {
      count(ticket, -1);
      if (own.isEmpty()) {
        parties.remove(ticket.party);
      }
    }
  }

  private void count(Ticket ticket, int sign) {
    count += sign;
    work += sign * ticket.work;
    share += sign * ticket.share;
  }

  /**
   * Whose turn it is: of the parties with the fewest running, the one that was served longest ago.
   * The background comes after all others until it has waited for long enough.
   */
  Optional<Ticket> next(long nanos) {
    // Among equals, min and max take the first.
    return parties.entrySet().stream()
        .min(
            Comparator.comparing((Map.Entry<Party, Deque<Ticket>> one) -> standsBack(one, nanos))
                .thenComparingInt(waiting -> running(waiting.getKey())))
        .map(waiting -> waiting.getValue().getFirst());
  }

  private boolean standsBack(Map.Entry<Party, Deque<Ticket>> waiting, long nanos) {
    return waiting.getKey().equals(Party.BACKGROUND)
        && nanos - waiting.getValue().getFirst().joinedNanos() < standBackNanos;
  }

  /** It runs from now on, and its party goes behind the others. */
  void start(Ticket ticket) {
    remove(ticket);
    Deque<Ticket> rest = parties.remove(ticket.party);
    if (rest != null) {
      parties.putLast(ticket.party, rest);
    }
    running.merge(ticket.party, 1, Integer::sum);
  }

  /** It runs no longer. */
  void end(Ticket ticket) {
    running.computeIfPresent(ticket.party, (_, many) -> many == 1 ? null : many - 1);
  }

  private int running(Party party) {
    return running.getOrDefault(party, 0);
  }

  /**
   * The job that has to make room: the last arrival of the party that holds most.
   *
   * @param measure what is short
   */
  Optional<Ticket> lastOfLargest(ToLongFunction<Ticket> measure) {
    return parties.entrySet().stream()
        .max(Comparator.comparingLong(waiting -> held(waiting.getKey(), measure)))
        .filter(waiting -> held(waiting.getKey(), measure) > 0)
        .map(waiting -> waiting.getValue().getLast());
  }

  /** How much a party holds. */
  long held(Party party, ToLongFunction<Ticket> measure) {
    return parties.getOrDefault(party, new ArrayDeque<>()).stream().mapToLong(measure).sum();
  }

  boolean isEmpty() {
    return count == 0;
  }

  int count() {
    return count;
  }

  /** Work of all jobs that wait. */
  long work() {
    return work;
  }

  /** What all of them take of the queue's bound of work. */
  long share() {
    return share;
  }
}
