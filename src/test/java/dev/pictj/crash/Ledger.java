package dev.pictj.crash;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one client knows of its own pictures: what the server acknowledged, and what it asked for
 * without ever getting an answer. Used by one thread at a time.
 */
final class Ledger {
  /** What must be true of an alias. */
  enum Fate {
    /** Acknowledged and not touched since: it must be there. */
    THERE,
    /** Its removal was acknowledged: it must be gone. */
    GONE,
    /** Asked for, never answered: it may be either, but wholly. */
    DOUBTFUL
  }

  /** One alias: whose bytes it shows, the token that deletes it, and what must be true of it. */
  static final class Entry {
    private final String alias;
    private final int content;
    private final String token;
    private Fate fate;

    private Entry(String alias, int content, String token, Fate fate) {
      this.alias = alias;
      this.content = content;
      this.token = token;
      this.fate = fate;
    }

    String alias() {
      return alias;
    }

    int content() {
      return content;
    }

    String token() {
      return token;
    }

    Fate fate() {
      return fate;
    }

    void become(Fate next) {
      fate = next;
    }
  }

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** Groups of aliases whose common removal was never answered: all of a group or none is there. */
  private final List<List<Entry>> doubtfulPurges = new ArrayList<>();

  private final AtomicLong acknowledged = new AtomicLong();

  void stored(String alias, int content, String token) {
    entries.put(alias, new Entry(alias, content, token, Fate.THERE));
    acknowledged.incrementAndGet();
  }

  /** Before an import is sent: its name is known, whether it will be there is not. */
  void asked(String alias, int content) {
    entries.put(alias, new Entry(alias, content, "", Fate.DOUBTFUL));
  }

  void acknowledged() {
    acknowledged.incrementAndGet();
  }

  /** Requests answered with success so far; may be asked by any thread. */
  long acknowledgements() {
    return acknowledged.get();
  }

  List<Entry> all() {
    return List.copyOf(entries.values());
  }

  List<Entry> those(Fate fate) {
    return entries.values().stream().filter(entry -> entry.fate() == fate).toList();
  }

  List<Entry> of(int content, Fate fate) {
    return those(fate).stream().filter(entry -> entry.content() == content).toList();
  }

  void purgeUnanswered(List<Entry> group) {
    group.forEach(entry -> entry.become(Fate.DOUBTFUL));
    doubtfulPurges.add(List.copyOf(group));
  }

  List<List<Entry>> doubtfulPurges() {
    return doubtfulPurges;
  }

  /** After a look at what became of the doubtful ones, they are doubtful no more. */
  void settle(Entry entry, boolean there) {
    if (entry.fate() == Fate.DOUBTFUL) {
      entry.become(there ? Fate.THERE : Fate.GONE);
    }
  }
}
