package dev.pictj.ingest;

import dev.pictj.engine.Party;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Semaphore;

/**
 * Uploads that wait, each client's in the order of their arrival. The clients take turns, so that
 * one of many uploads holds up another of one by one alone. Those who are not known are one client.
 */
final class TurnQueue {
  /**
   * An upload.
   *
   * @param party whose it is, where that is known
   */
  record Turn(String id, Optional<Party> party) {}

  /** Waiting work by client; the client whose turn it is stands first. */
  private final SequencedMap<Optional<Party>, Deque<Turn>> lines = new LinkedHashMap<>();

  private final Semaphore available = new Semaphore(0);

  /** Goes to the end of the client's line. */
  void add(Turn one) {
    synchronized (lines) {
      lines.computeIfAbsent(one.party(), _ -> new ArrayDeque<>()).add(one);
    }
    available.release();
  }

  /** The next one; waits until there is one. */
  Turn take() throws InterruptedException {
    available.acquire();
    synchronized (lines) {
      Map.Entry<Optional<Party>, Deque<Turn>> first =
          Objects.requireNonNull(lines.pollFirstEntry());
      Deque<Turn> line = first.getValue();
      Turn next = line.removeFirst();
      if (!line.isEmpty()) {
        lines.put(first.getKey(), line);
      }
      return next;
    }
  }
}
