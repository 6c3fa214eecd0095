package dev.pictj.catalog.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.store.TempFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every kind of file of a catalog is damaged, in every way and at several places. Then either all
 * that was acknowledged is there, or the start ends with a message that says what to do, or the
 * loss is told and nothing may be swept until it is accepted.
 */
class CatalogDamageTest {
  private static final long CACHE = 1 << 20;
  private static final int NAMES = 12;

  /** What a catalog's folder looks like when something happens to it. */
  enum State {
    /** Made, used and killed: everything is in its first log. */
    KILLED,
    /** After a regular stop. */
    STOPPED,
    /** Stopped, started, used and killed: tables and a log. */
    KILLED_LATER,
    /** Killed with rows in two logs, of which the older one is complete. */
    KILLED_WITH_TWO_LOGS
  }

  private record Folder(Path path, List<String> aliases) {}

  @TempDir private static Path root;
  private static final Map<State, Folder> FOLDERS = new EnumMap<>(State.class);

  @BeforeAll
  static void fill() throws Exception {
    List<String> aliases = new ArrayList<>();
    Path live = root.resolve("live");
    try (RocksCatalog catalog = open(live, false)) {
      name(catalog, aliases);
      keep(live, State.KILLED, aliases);
      name(catalog, aliases);
    }
    keep(live, State.STOPPED, aliases);
    try (RocksCatalog catalog = open(live, false)) {
      name(catalog, aliases);
      keep(live, State.KILLED_LATER, aliases);
      while (logs(live) < 2) {
        catalog.announce(List.of("blob".repeat(5000) + aliases.size()));
        name(catalog, aliases);
      }
      keep(live, State.KILLED_WITH_TWO_LOGS, aliases);
    }
  }

  private static RocksCatalog open(Path folder, boolean acceptLoss) throws IOException {
    return RocksCatalog.open(
        new CatalogFolder(folder, acceptLoss, false),
        Files.createDirectories(root.resolve("tmp")),
        CACHE,
        2,
        Clock.systemUTC(),
        System::nanoTime,
        () -> {});
  }

  private static void name(RocksCatalog catalog, List<String> aliases) throws Exception {
    Details details = new Details(new Dimensions(1, 1), MediaType.PNG, 1, Instant.EPOCH);
    for (int i = 0; i < NAMES; i++) {
      String name = "name-" + aliases.size();
      catalog.announce(List.of(name + ".png"));
      catalog.link(
          List.of(new Link(name, "t", new Media("hash-" + name, name + ".png", 5, details), true)));
      aliases.add(name);
    }
  }

  private static int logs(Path folder) throws IOException {
    return new CatalogFolder(folder).files(".log").size();
  }

  /** A copy while the database is open is what a kill leaves. */
  private static void keep(Path live, State state, List<String> aliases) throws IOException {
    Path kept = root.resolve(state.name());
    // RocksDB may be writing tables and removing logs meanwhile, which no kill would show half.
    boolean still = false;
    while (!still) {
      Set<Path> before = listed(live);
      try {
        copy(live, kept);
        still = listed(live).equals(before);
      } catch (NoSuchFileException _) {
        still = false;
      }
    }
    FOLDERS.put(state, new Folder(kept, List.copyOf(aliases)));
  }

  private static Set<Path> listed(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.collect(Collectors.toSet());
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    if (Files.exists(to)) {
      TempFolder.remove(to);
    }
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  /** What happens to a file's bytes; null stands for a file that is gone. */
  private static Map<String, UnaryOperator<byte[]>> damages() {
    Map<String, UnaryOperator<byte[]>> damages = new LinkedHashMap<>();
    damages.put("removed", _ -> null);
    damages.put("emptied", _ -> new byte[0]);
    damages.put("cut in half", b -> Arrays.copyOf(b, b.length / 2));
    damages.put("cut by a byte", b -> Arrays.copyOf(b, Math.max(0, b.length - 1)));
    damages.put("zero from its middle", b -> zeroed(b, b.length / 2, b.length));
    damages.put("zero at its middle", b -> zeroed(b, b.length / 2, b.length / 2 + 16));
    damages.put("zero at its end", b -> zeroed(b, Math.max(0, b.length - 16), b.length));
    damages.put("followed by zeros", b -> Arrays.copyOf(b, b.length + 1000));
    for (int percent : new int[] {1, 50, 99}) {
      damages.put("flipped at %d %%".formatted(percent), b -> flipped(b, b.length * percent / 100));
    }
    return damages;
  }

  private static byte[] zeroed(byte[] bytes, int from, int to) {
    byte[] changed = bytes.clone();
    Arrays.fill(changed, from, Math.min(to, bytes.length), (byte) 0);
    return changed;
  }

  private static byte[] flipped(byte[] bytes, int at) {
    byte[] changed = bytes.clone();
    if (bytes.length > 0) {
      changed[Math.min(at, bytes.length - 1)] ^= 0x55;
    }
    return changed;
  }

  /** One file of each kind, and of the logs every one. */
  private static List<String> victims(Path folder) throws IOException {
    Map<String, String> victims = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        String kind = name.endsWith(".log") ? name : name.replaceAll("[0-9]", "");
        if (!name.startsWith("LO")) {
          victims.put(kind, name);
        }
      }
    }
    return List.copyOf(victims.values());
  }

  @ParameterizedTest
  @EnumSource(State.class)
  void nothingAcknowledgedIsLostInSilence(State state) throws Exception {
    Folder folder = FOLDERS.get(state);
    Path copy = root.resolve("copy");
    List<String> wrong = new ArrayList<>();
    Set<String> outcomes = new TreeSet<>();
    for (String victim : victims(folder.path())) {
      for (Map.Entry<String, UnaryOperator<byte[]>> damage : damages().entrySet()) {
        copy(folder.path(), copy);
        byte[] bytes = Files.readAllBytes(copy.resolve(victim));
        byte[] damaged = damage.getValue().apply(bytes);
        if (damaged == null) {
          Files.delete(copy.resolve(victim));
        } else {
          Files.write(copy.resolve(victim), damaged);
        }
        String outcome = outcome(copy, folder.aliases());
        outcomes.add(outcome);
        if (outcome.startsWith("WRONG")) {
          wrong.add("%s, %s %s: %s".formatted(state, victim, damage.getKey(), outcome));
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(outcomes).contains("whole", "refused");
  }

  private static String outcome(Path folder, List<String> acknowledged) throws IOException {
    boolean sweeps;
    int there;
    try (RocksCatalog catalog = open(folder, false)) {
      sweeps = maySweep(catalog);
      there = there(catalog, acknowledged);
    } catch (CatalogException e) {
      return refused(folder, e);
    }
    if (there == acknowledged.size()) {
      return sweeps ? "whole" : "whole, to be accepted";
    }
    if (sweeps) {
      return "WRONG: %d of %d are there, and it sweeps".formatted(there, acknowledged.size());
    }
    return told(folder, there, acknowledged);
  }

  private static boolean maySweep(RocksCatalog catalog) {
    try {
      return catalog.maySweep();
    } catch (CatalogException _) {
      return false;
    }
  }

  /** How many names are there; one that cannot be read is not, and that is told as well. */
  private static int there(RocksCatalog catalog, List<String> names) {
    int there = 0;
    for (String name : names) {
      try {
        there += catalog.find(name).isPresent() ? 1 : 0;
      } catch (CatalogException _) {
        // Whoever asks for it gets an error, not a picture that never was.
      }
    }
    return there;
  }

  private static String refused(Path folder, CatalogException e) {
    String message = e.getMessage();
    if (!message.contains(folder.toString())
        || !message.contains("backup")
        || !message.contains("--new-catalog")
        || message.contains("\n")) {
      return "WRONG: refused in other words: " + message;
    }
    // It stays so, however often it is tried.
    try (RocksCatalog _ = open(folder, false)) {
      return "WRONG: refused once, then not: " + message;
    } catch (CatalogException | IOException _) {
      return "refused";
    }
  }

  /** It is still told at the next start, and not once it was accepted. */
  private static String told(Path folder, int there, List<String> acknowledged) throws IOException {
    try (RocksCatalog catalog = open(folder, false)) {
      if (maySweep(catalog)) {
        return "WRONG: forgotten at the next start";
      }
    } catch (CatalogException e) {
      return "WRONG: the next start is refused: " + e.getMessage();
    }
    String noted = Loss.noted(new CatalogFolder(folder)).orElse("");
    if (noted.isEmpty()) {
      return "unreadable rows";
    }
    if (!noted.matches(".*last [1-9][0-9]* bytes.*")) {
      return "WRONG: told in other words: " + noted;
    }
    try (RocksCatalog catalog = open(folder, true)) {
      if (!maySweep(catalog) || there(catalog, acknowledged) < there) {
        return "WRONG: not accepted";
      }
    }
    try (RocksCatalog catalog = open(folder, false)) {
      return maySweep(catalog) ? "told" : "WRONG: accepted and told again";
    }
  }
}
