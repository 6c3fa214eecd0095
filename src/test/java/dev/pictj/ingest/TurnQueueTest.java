package dev.pictj.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.engine.Party;
import dev.pictj.ingest.TurnQueue.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TurnQueueTest {
  private final TurnQueue queue = new TurnQueue();

  /** By the first letter the client, who is not known where it is a question mark. */
  private void add(String... ids) {
    for (String id : ids) {
      queue.add(
          new Turn(
              id,
              id.startsWith("?")
                  ? Optional.empty()
                  : Optional.of(Party.ofClient(id.substring(0, 1)))));
    }
  }

  private List<String> taken(int most) throws InterruptedException {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      ids.add(queue.take().id());
    }
    return ids;
  }

  @Test
  void clientsTakeTurnsAndEachHasItsOwnInOrder() throws Exception {
    add("a1", "a2", "a3", "a4", "b1", "c1", "c2");
    assertThat(taken(7)).containsExactly("a1", "b1", "c1", "a2", "c2", "a3", "a4");
  }

  @Test
  void whoComesLaterWaitsForOneOfEachOther() throws Exception {
    add("a1", "a2", "a3", "?1", "?2");
    assertThat(taken(2)).containsExactly("a1", "?1");
    add("b1");
    assertThat(taken(4)).containsExactly("a2", "?2", "b1", "a3");
    add("a4");
    assertThat(taken(1)).containsExactly("a4");
  }
}
