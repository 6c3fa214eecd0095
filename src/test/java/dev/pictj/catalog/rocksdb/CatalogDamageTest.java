package dev.pictj.catalog.rocksdb;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.Flaw;
import dev.pictj.catalog.Inspection;
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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every kind of file of a catalog is damaged, in every way and at several places. Then either all
 * that was acknowledged is there, or the start ends with a message that says what to do, or the
 * loss is told and nothing may be swept until it is accepted.
 */
@Tag("slow")
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
      while (newLogs(live).size() < 2) {
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

  /** Those begun since the stop. What is in older ones is in tables as well. */
  private static List<Path> newLogs(Path folder) throws IOException {
    Path stopped = requireNonNull(FOLDERS.get(State.STOPPED)).path();
    return new CatalogFolder(folder)
        .files(".log").stream()
            .filter(log -> Files.notExists(stopped.resolve(log.getFileName())))
            .toList();
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
  private static Map<String, UnaryOperator<byte[]>> damages(String victim) {
    Map<String, UnaryOperator<byte[]>> damages = new LinkedHashMap<>();
    damages.put("removed", _ -> null);
    damages.put("emptied", _ -> new byte[0]);
    if (victim.startsWith("OPTIONS") || victim.equals("IDENTITY")) {
      // Nobody's rows are in them.
      return damages;
    }
    damages.put("cut in half", b -> Arrays.copyOf(b, b.length / 2));
    damages.put("cut by a byte", b -> Arrays.copyOf(b, Math.max(0, b.length - 1)));
    if (victim.startsWith("MANIFEST")) {
      for (int bytes : new int[] {200, 400, 1000}) {
        damages.put("cut by " + bytes, b -> Arrays.copyOf(b, Math.max(0, b.length - bytes)));
      }
    }
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

  /** Whether nothing can be made of the rest. */
  private static boolean isRequired(State state, Path folder, String victim) throws IOException {
    if (victim.endsWith(".sst")) {
      // A kill may leave some that the MANIFEST does not know.
      return state == State.STOPPED;
    }
    if (!victim.endsWith(".log")) {
      return victim.equals("CURRENT") || victim.startsWith("MANIFEST");
    }
    if (state.compareTo(State.STOPPED) > 0
        && newLogs(folder).stream().noneMatch(log -> log.endsWith(victim))) {
      return false;
    }
    // The newest one, where it was begun since the last start, is like one that was cut.
    return Files.exists(folder.resolve("ACKNOWLEDGED"))
        && (!new CatalogFolder(folder).files(".log").getLast().endsWith(victim)
            || Files.readString(folder.resolve("ACKNOWLEDGED")).contains(victim));
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
      for (Map.Entry<String, UnaryOperator<byte[]>> damage : damages(victim).entrySet()) {
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
        if (damaged == null && isRequired(state, folder.path(), victim)) {
          assertThat(outcome).as("%s without %s", state, victim).isEqualTo("refused");
        }
        if (outcome.startsWith("WRONG")) {
          wrong.add("%s, %s %s: %s".formatted(state, victim, damage.getKey(), outcome));
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(outcomes).contains("whole", "refused");
  }

  /** The bytes between two records of the only log, at the middle, are where it ends. */
  private static void cutBetweenRecords(Path log) throws IOException {
    byte[] whole = Files.readAllBytes(log);
    long end = LogTail.of(log).sound();
    Path cut = log.resolveSibling("cut");
    Files.write(cut, Arrays.copyOf(whole, (int) end / 2));
    int between = (int) LogTail.of(cut).sound();
    Files.delete(cut);
    assertThat(between).isBetween(1, whole.length - 1);
    Files.write(log, Arrays.copyOf(whole, between));
  }

  @Test
  void aLogCutBetweenTwoRecordsIsALossThatCanBeAccepted() throws Exception {
    Folder folder = FOLDERS.get(State.KILLED);
    Path copy = root.resolve("copy");
    copy(folder.path(), copy);
    cutBetweenRecords(new CatalogFolder(copy).files(".log").getLast());
    assertThat(outcome(copy, folder.aliases())).isEqualTo("salvaged");
  }

  @Test
  void aCopyMissesItsLog() throws Exception {
    Path live = root.resolve("copied-live");
    Path backup = root.resolve("backup");
    List<String> aliases = new ArrayList<>();
    try (RocksCatalog catalog = open(live, false)) {
      name(catalog, aliases);
      catalog.checkpoint(backup);
    }
    Path copy = root.resolve("copy");
    copy(backup, copy);
    assertThat(Acknowledged.read(new CatalogFolder(copy)).orElse(0)).isGreaterThan(NAMES);
    assertThat(outcome(copy, aliases)).isEqualTo("whole");
    copy(backup, copy);
    Files.delete(new CatalogFolder(copy).files(".log").getLast());
    assertThat(outcome(copy, aliases)).isEqualTo("refused");
  }

  @Test
  void theNewestLogOfTheLastStartIsMissed() throws Exception {
    Path live = root.resolve("small-live");
    Path copy = root.resolve("copy");
    List<String> aliases = new ArrayList<>();
    try (RocksCatalog catalog = open(live, false)) {
      catalog.announce(List.of("one.png"));
      Details details = new Details(new Dimensions(1, 1), MediaType.PNG, 1, Instant.EPOCH);
      catalog.link(List.of(new Link("one", "t", new Media("h", "one.png", 5, details), true)));
      aliases.add("one");
      copy(live, copy);
    }
    Path log = new CatalogFolder(copy).files(".log").getLast();
    assertThat(Files.readString(copy.resolve("ACKNOWLEDGED"))).contains(log.getFileName() + "\n");
    Files.delete(log);
    assertThat(outcome(copy, aliases)).isEqualTo("refused");
  }

  @Test
  void acceptingWithNothingLostCopiesNothing() throws Exception {
    Folder folder = FOLDERS.get(State.KILLED_LATER);
    Path copy = root.resolve("sound");
    copy(folder.path(), copy);
    try (RocksCatalog catalog = open(copy, true)) {
      assertThat(there(catalog, folder.aliases())).isEqualTo(folder.aliases().size());
    }
    assertThat(asides(copy)).isEmpty();
  }

  /** Returns when the thread has ended that compares the tables of a catalog that was opened. */
  private static void awaitVerified() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("catalog-verify")) {
        thread.join();
      }
    }
  }

  /** Every table in turn: its damage is found without anyone reading it. */
  @Test
  void aDamagedTableIsFoundAfterTheStart() throws Exception {
    Folder folder = FOLDERS.get(State.STOPPED);
    int found = 0;
    for (Path table : new CatalogFolder(folder.path()).files(".sst")) {
      Path copy = root.resolve("copy");
      copy(folder.path(), copy);
      Path damaged = copy.resolve(table.getFileName());
      Files.write(damaged, flipped(Files.readAllBytes(damaged), 20));
      String told;
      try (RocksCatalog catalog = open(copy, false)) {
        awaitVerified();
        told = failure(catalog::check);
        assertThat(failure(catalog::maySweep)).isEqualTo(told);
        found++;
      } catch (CatalogException e) {
        told = e.getMessage();
      }
      assertThat(told)
          .contains("is damaged", table.getFileName().toString(), copy.toString(), "backup")
          .contains("--new-catalog")
          .doesNotContain("--accept-loss", "\n");
      Path scratch = Files.createDirectories(root.resolve("scratch"));
      for (boolean repair : new boolean[] {false, true}) {
        assertThat(failure(() -> walk(copy, scratch, repair))).isEqualTo(told);
      }
    }
    assertThat(found).isPositive();
  }

  private static final Inspection.Findings NO_FINDINGS =
      new Inspection.Findings() {
        @Override
        public void flaw(Flaw flaw, String key) {
          throw new AssertionError(flaw + " " + key);
        }

        @Override
        public void blob(String filename, String variant, long size, String hash, String key) {
          // The store is not looked at.
        }
      };

  private static void walk(Path folder, Path scratch, boolean repair) {
    try (RocksInspection inspection =
        repair
            ? RocksInspection.repairing(folder, scratch)
            : RocksInspection.look(folder, scratch)) {
      inspection.walk(NO_FINDINGS, _ -> {});
    }
  }

  private static String failure(Runnable step) {
    try {
      step.run();
      return "none";
    } catch (CatalogException e) {
      return e.getMessage();
    }
  }

  private static String outcome(Path folder, List<String> acknowledged) throws IOException {
    for (Path aside : asides(folder)) {
      TempFolder.remove(aside);
    }
    Map<String, String> damaged = contents(folder);
    boolean sweeps;
    int there;
    try (RocksCatalog catalog = open(folder, false)) {
      sweeps = maySweep(catalog);
      there = there(catalog, acknowledged);
    } catch (CatalogException e) {
      return refused(folder, acknowledged, damaged, e);
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

  private static String refused(
      Path folder, List<String> acknowledged, Map<String, String> damaged, CatalogException e)
      throws IOException {
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
    } catch (CatalogException _) {
      // As it should be.
    }
    if (!contents(folder).equals(damaged)) {
      return "WRONG: a refused start changed the folder: " + message;
    }
    return message.contains("--accept-loss")
        ? salvaged(folder, acknowledged, damaged)
        : refusedForGood(folder, damaged);
  }

  /** What the message offers must do no harm. */
  private static String salvaged(
      Path folder, List<String> acknowledged, Map<String, String> damaged) throws IOException {
    int there;
    try (RocksCatalog catalog = open(folder, true)) {
      there = there(catalog, acknowledged);
      if (!maySweep(catalog)) {
        return "WRONG: --accept-loss did not accept";
      }
    } catch (CatalogException e) {
      return "WRONG: --accept-loss was advised and refused: " + e.getMessage();
    }
    List<Path> asides = asides(folder);
    if (asides.size() != 1 || !contents(asides.getFirst()).equals(damaged)) {
      return "WRONG: the folder as it was is not kept: " + asides;
    }
    try (RocksCatalog catalog = open(folder, false)) {
      return there(catalog, acknowledged) == there ? "salvaged" : "WRONG: lost what was salvaged";
    }
  }

  private static String refusedForGood(Path folder, Map<String, String> damaged)
      throws IOException {
    try (RocksCatalog _ = open(folder, true)) {
      return "WRONG: --accept-loss accepts what it should not";
    } catch (CatalogException e) {
      if (e.getMessage().contains("--accept-loss") || !e.getMessage().contains("damaged")) {
        return "WRONG: --accept-loss refused in other words: " + e.getMessage();
      }
    }
    if (!contents(folder).equals(damaged) || !asides(folder).isEmpty()) {
      return "WRONG: a refused start with --accept-loss changed the folder";
    }
    return RocksCatalog.exists(folder) ? "refused" : "WRONG: called no catalog";
  }

  /** Files and the hashes of their bytes; RocksDB's own messages and locks do not count. */
  private static Map<String, String> contents(Path folder) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        contents.put(
            file.getFileName().toString(),
            HexFormat.of().formatHex(sha256(Files.readAllBytes(file))));
      }
    }
    return contents;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Path> asides(Path folder) throws IOException {
    try (Stream<Path> beside = Files.list(folder.toAbsolutePath().getParent())) {
      return beside
          .filter(one -> one.getFileName().toString().startsWith(folder.getFileName() + "-before-"))
          .toList();
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
