package dev.pictj.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.catalog.BlobJournal;
import dev.pictj.catalog.BlobJournal.Place;
import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Flaw;
import dev.pictj.catalog.Inspection;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.MediaVanishedException;
import dev.pictj.catalog.Variant;
import dev.pictj.catalog.VariantKey;
import dev.pictj.catalog.rocksdb.Catalogs;
import dev.pictj.catalog.rocksdb.RocksCatalog;
import dev.pictj.catalog.rocksdb.RocksInspection;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.store.BlobName;
import dev.pictj.store.file.FileBlobStore;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What becomes of stored bytes without a name, in hours and days that pass because the test says
 * so, while the wall clock jumps as it likes.
 */
@Tag("slow")
class SweepTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration RETENTION = Duration.ofDays(7);
  private static final Sweep.Rules RULES = new Sweep.Rules(HOUR, RETENTION, Suspicion.DEFAULT);

  @TempDir private Path root;
  @TempDir private Path scratch;

  private final AtomicLong ticks = new AtomicLong(Long.MAX_VALUE - 1000);
  private final AtomicReference<Instant> wall =
      new AtomicReference<>(Instant.now().plusSeconds(60));
  private RocksCatalog catalog;
  private FileBlobStore store;
  private Trash trash;
  private Sweep sweep;
  private int named;

  @BeforeEach
  void open() throws Exception {
    Path temporary = Files.createDirectories(root.resolve("tmp"));
    catalog = Catalogs.open(root.resolve("catalog"), temporary, new Jumping(), ticks::get);
    store = FileBlobStore.open(root, temporary);
    trash = new Trash(catalog, store);
    sweep = new Sweep(catalog, store, trash, RULES);
  }

  /** The wall clock, which is set at will. */
  private final class Jumping extends Clock {
    @Override
    public java.time.ZoneId getZone() {
      return java.time.ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return wall.get();
    }
  }

  @AfterEach
  void close() {
    trash.close();
    catalog.close();
  }

  /** As after a stop, or as after a kill with what was not kept lost. */
  private void restart() throws Exception {
    close();
    open();
  }

  private void pass(Duration time) {
    ticks.addAndGet(time.toNanos());
  }

  private void jump(Duration time) {
    wall.updateAndGet(now -> now.plus(time));
  }

  /** Runs the server for so many hours: a sweep each, and the trash emptied. */
  private List<Sweep.Report> hours(int count) throws IOException {
    List<Sweep.Report> reports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      reports.add(sweep.run());
      trash.empty();
      pass(HOUR);
    }
    return reports;
  }

  private void put(String blob) throws IOException {
    store.put(
        BlobName.parse(blob).orElseThrow(), Files.writeString(scratch.resolve("in"), "of " + blob));
  }

  private static Media media(String filename) {
    Details details = new Details(new Dimensions(1, 1), MediaType.PNG, 1, Instant.EPOCH);
    return new Media("hash of " + filename, filename, 3 + filename.length(), details);
  }

  private Link link(String filename) {
    return new Link("alias" + named++ + ".png", "t", media(filename), true);
  }

  private void named(String filename) throws Exception {
    catalog.announce(List.of(filename));
    put(filename);
    catalog.link(List.of(link(filename)));
  }

  private boolean isStored(String blob) throws IOException {
    return store.size(BlobName.parse(blob).orElseThrow()).isPresent();
  }

  private List<String> lost() throws IOException {
    List<String> lost = new ArrayList<>();
    store.listSetAside(100, lost::addAll);
    lost.sort(null);
    return lost;
  }

  @Test
  void anOriginalNeedsTwoLooksAndGoesToLostFoundForAWeek() throws Exception {
    named("named00000.png");
    put("orphan0000.png");
    sweep.run();
    sweep.run();
    pass(HOUR.minusSeconds(1));
    sweep.run();
    assertThat(isStored("orphan0000.png")).isTrue();
    pass(Duration.ofSeconds(1));
    assertThat(sweep.run()).isEqualTo(new Sweep.Report(1, 0, 0, false));
    assertThat(isStored("orphan0000.png")).isFalse();
    assertThat(root.resolve("lost+found/orphan0000.png")).hasContent("of orphan0000.png");
    pass(RETENTION.minusSeconds(1));
    sweep.run();
    assertThat(lost()).containsExactly("orphan0000.png");
    pass(Duration.ofSeconds(1));
    sweep.run();
    assertThat(lost()).isEmpty();
    assertThat(isStored("named00000.png")).isTrue();
  }

  @Test
  void aVariantNeedsTwoLooksAndGoes() throws Exception {
    named("named00000.png");
    Media media = media("named00000.png");
    Variant variant = new Variant("k.1.webp", "00".repeat(32), 7, media.details());
    put("named00000.png/k.1.webp");
    catalog.addVariant(VariantKey.of(media, "k.webp"), variant, 9);
    put("named00000.png/k.2.webp");
    put("nobody0000.png/k.3.webp");
    hours(1);
    assertThat(isStored("named00000.png/k.2.webp")).isTrue();
    hours(1);
    assertThat(isStored("named00000.png/k.1.webp")).isTrue();
    assertThat(isStored("named00000.png/k.2.webp")).isFalse();
    assertThat(isStored("nobody0000.png/k.3.webp")).isFalse();
    assertThat(lost()).isEmpty();
  }

  /** An hour of running time may be spread over many starts; what no server ran does not count. */
  @Test
  void runningTimeAddsUpOverStartsAndADowntimeIsNone() throws Exception {
    named("named00000.png");
    put("orphan0000.png");
    sweep.run();
    for (int i = 0; i < 3; i++) {
      pass(Duration.ofMinutes(19));
      trash.close();
      catalog.close();
      pass(Duration.ofDays(30));
      open();
      sweep.run();
      assertThat(isStored("orphan0000.png")).isTrue();
    }
    pass(Duration.ofMinutes(3));
    sweep.run();
    assertThat(lost()).containsExactly("orphan0000.png");
  }

  /** Wherever the clock goes between the steps of an upload, its bytes stay. */
  @ParameterizedTest
  @CsvSource({"P1D,P-1D", "P-1D,P1D", "P1D,P1D", "P-1D,P-1D", "P400D,P-800D"})
  void aClockThatJumpsBetweenPutLinkAndSweepTakesNothing(Duration first, Duration second)
      throws Exception {
    named("named00000.png");
    catalog.announce(List.of("late000000.png"));
    jump(first);
    put("late000000.png");
    sweep.run();
    jump(second);
    sweep.run();
    trash.empty();
    pass(HOUR.minusSeconds(1));
    sweep.run();
    trash.empty();
    catalog.link(List.of(link("late000000.png")));
    jump(first);
    hours(24);
    jump(second);
    hours(24);
    assertThat(isStored("late000000.png")).isTrue();
    assertThat(isStored("named00000.png")).isTrue();
    assertThat(lost()).isEmpty();
  }

  /** The upload that took longer than any is told to begin again, never acknowledged in vain. */
  @Test
  void whatExpiredCannotBeNamedAnyMore() throws Exception {
    named("named00000.png");
    catalog.announce(List.of("slow000000.png"));
    put("slow000000.png");
    hours(2);
    named("other00000.png");
    assertThatThrownBy(() -> catalog.link(List.of(link("slow000000.png"))))
        .isInstanceOf(MediaVanishedException.class);
    hours(2);
    assertThat(lost()).containsExactly("slow000000.png");
  }

  /** File times spare: what is newer than the newest name is reported, hour after hour. */
  @Test
  void newerFilesThanTheNewestNameAreOnlyReported() throws Exception {
    jump(Duration.ofHours(-2));
    named("named00000.png");
    put("newer00000.png");
    for (Sweep.Report report : hours(30)) {
      assertThat(report).isEqualTo(new Sweep.Report(0, 0, 1, false));
    }
    assertThat(isStored("newer00000.png")).isTrue();
  }

  @Test
  void withoutAnyNameNothingIsTaken() throws Exception {
    put("orphan0000.png");
    assertThat(hours(5)).allMatch(report -> report.spared() == 1);
    assertThat(isStored("orphan0000.png")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"20,0,false", "21,0,true", "21,2079,false", "22,2178,false", "22,2177,true"})
  void tooManyAreLeft(int unnamed, int others, boolean stopped) throws Exception {
    assertThat(Suspicion.DEFAULT.raisedBy(unnamed, unnamed + others)).isEqualTo(stopped);
    if (others == 0) {
      named("named00000.png");
      for (int i = 0; i < unnamed; i++) {
        put("orphan%04d.png".formatted(i));
      }
      put("nobody0000.png/k.3.webp");
      List<Sweep.Report> reports = hours(3);
      assertThat(reports).allMatch(report -> report.stopped() == stopped);
      assertThat(lost()).hasSize(stopped ? 0 : unnamed);
      assertThat(isStored("nobody0000.png/k.3.webp")).isEqualTo(stopped);
    }
  }

  /** Uploads after a backup, and then the catalog alone comes from the backup. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void uploadsThatARestoredCatalogDoesNotKnowAreKept(int later) throws Exception {
    jump(Duration.ofHours(-2));
    named("before0000.png");
    Path backup = scratch.resolve("backup");
    catalog.checkpoint(backup);
    Map<String, String> uploads = new HashMap<>();
    jump(Duration.ofHours(2));
    for (int i = 0; i < 5; i++) {
      named("after%05d.png".formatted(i));
      uploads.put("after%05d.png".formatted(i), "of after%05d.png".formatted(i));
    }
    trash.close();
    catalog.close();
    dev.pictj.store.TempFolder.remove(root.resolve("catalog"));
    Files.move(backup, root.resolve("catalog"));
    open();
    for (int i = 0; i < 25; i++) {
      if (i == later) {
        // From here on they are older than the newest name.
        jump(Duration.ofDays(1));
        named("later00000.png");
      }
      jump(HOUR);
      hours(1);
    }
    for (Map.Entry<String, String> upload : uploads.entrySet()) {
      Path stored = root.resolve("files/af/te/" + upload.getKey());
      Path lostFile = root.resolve("lost+found/" + upload.getKey());
      assertThat(isStored(upload.getKey()) ? stored : lostFile).hasContent(upload.getValue());
    }
    assertThat(isStored("before0000.png")).isTrue();
  }

  @Test
  void andWithoutAnyNewUploadTheyAreWhereTheyWere() throws Exception {
    jump(Duration.ofHours(-2));
    named("before0000.png");
    for (int i = 0; i < 5; i++) {
      put("after%05d.png".formatted(i));
    }
    for (int i = 0; i < 25; i++) {
      jump(HOUR);
      hours(1);
    }
    for (int i = 0; i < 5; i++) {
      assertThat(isStored("after%05d.png".formatted(i))).isTrue();
    }
  }

  /** What was newer than all names of a start is left for good, whatever is named later. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWasNewerThanTheCatalogAtItsStartStaysWhereItIs(boolean killed) throws Exception {
    jump(Duration.ofHours(-2));
    named("before0000.png");
    hours(1);
    for (int i = 0; i < 5; i++) {
      put("after%05d.png".formatted(i));
    }
    jump(Duration.ofHours(3));
    restart();
    if (killed) {
      // Before it could look: the next start must not take later names for the catalog's own.
      jump(Duration.ofMinutes(1));
      named("early00000.png");
      jump(Duration.ofMinutes(1));
      restart();
    }
    for (int day = 0; day < 30; day++) {
      jump(Duration.ofDays(1));
      named("later%05d.png".formatted(day));
      hours(24);
      if (day % 7 == 3) {
        restart();
      }
    }
    assertThat(sweep.run()).isEqualTo(new Sweep.Report(0, 0, 5, false));
    close();
    try (Inspection inspection = RocksInspection.repairing(root.resolve("catalog"), scratch)) {
      assertThat(
              new ConsistencyCheck(inspection, store, false, true, Suspicion.DEFAULT)
                  .run(_ -> {})
                  .findings())
          .filteredOn(finding -> finding.flaw() == Flaw.FILE_SPARED)
          .hasSize(5);
    }
    open();
    for (int i = 0; i < 5; i++) {
      assertThat(isStored("after%05d.png".formatted(i))).isTrue();
    }
    assertThat(lost()).isEmpty();
  }

  /** What lies in the disk's own lost+found, or was put there by hand, is not ours to delete. */
  @Test
  void onlyWhatCameFromHereIsDeletedFromLostFound() throws Exception {
    Path lost = Files.createDirectories(root.resolve("lost+found"));
    Files.createDirectories(lost.resolve("files-20260101T000000.000Z/ab/cd"));
    Files.writeString(lost.resolve("files-20260101T000000.000Z/ab/cd/abcd.png"), "x");
    Files.writeString(lost.resolve("#1234"), "fsck's");
    Files.createDirectories(lost.resolve("#5678"));
    Files.writeString(lost.resolve("#5678/abcd.png"), "fsck's");
    Files.writeString(lost.resolve("notes of the administrator"), "mine");
    Files.writeString(lost.resolve("abcd000000.png"), "set aside");
    hours(1);
    assertThat(lost()).containsExactly("abcd000000.png");
    pass(RETENTION);
    hours(1);
    try (var left = Files.list(lost)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "#1234", "#5678", "notes of the administrator", "files-20260101T000000.000Z");
    }
    assertThat(lost.resolve("files-20260101T000000.000Z/ab/cd/abcd.png")).hasContent("x");
    assertThat(lost.resolve("#5678/abcd.png")).exists();
  }

  /** Broken off after each of its steps, and done again. */
  @Test
  void aSweepThatWasKilledInTheMiddleGoesOn() throws Exception {
    named("named00000.png");
    put("orphan0000.png");
    put("orphan0001.png");
    hours(1);
    assertThat(catalog.journal().take(List.of("orphan0000.png"))).hasSize(1);
    restart();
    store.setAside(BlobName.original("orphan0001.png"));
    restart();
    hours(1);
    assertThat(lost()).containsExactly("orphan0000.png", "orphan0001.png");
    assertThat(catalog.journal().noted(Place.STORED, Duration.ZERO, "", 10)).isEmpty();
  }

  /** 3000 variants of one picture and 1000 pictures: a handful of questions. */
  @Test
  void theCatalogIsAskedAboutManyAtOnce() throws Exception {
    named("named00000.png");
    Media media = media("named00000.png");
    Path folder = Files.createDirectories(root.resolve("variants/na/me/named00000.png"));
    for (int i = 0; i < 3000; i++) {
      Files.createFile(folder.resolve("k%04d.0.webp".formatted(i)));
      Variant variant = new Variant("k%04d.0.webp".formatted(i), "00", 0, media.details());
      catalog.addVariant(VariantKey.of(media, "k%04d.webp".formatted(i)), variant, 9999);
    }
    Files.createFile(folder.resolve("l.0.webp"));
    AtomicLong calls = new AtomicLong();
    BlobJournal counting =
        (BlobJournal)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {BlobJournal.class},
                (_, method, arguments) -> {
                  calls.incrementAndGet();
                  if (method.getName().equals("unaccounted")) {
                    assertThat((TreeSet<?>) arguments[0]).hasSizeLessThanOrEqualTo(1000);
                  }
                  return method.invoke(catalog.journal(), arguments);
                });
    Sweep counted = new Sweep(around("journal", () -> counting), store, trash, RULES);
    counted.run();
    pass(HOUR);
    assertThat(counted.run().discarded()).isEqualTo(1);
    assertThat(calls.get()).isLessThan(30);
  }

  /** The catalog, one of whose answers is another. */
  private Catalog around(String question, Supplier<Object> answer) {
    return (Catalog)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Catalog.class},
            (_, method, arguments) ->
                method.getName().equals(question)
                    ? answer.get()
                    : method.invoke(catalog, arguments));
  }

  @Test
  void nothingIsTouchedWhileTheCatalogMayHaveLostRows() throws Exception {
    named("named00000.png");
    put("orphan0000.png");
    put("nobody0000.png/k.3.webp");
    sweep = new Sweep(around("maySweep", () -> false), store, trash, RULES);
    assertThat(hours(3)).allMatch(Sweep.Report::stopped);
    assertThat(isStored("orphan0000.png")).isTrue();
    assertThat(isStored("nobody0000.png/k.3.webp")).isTrue();
    sweep = new Sweep(catalog, store, trash, RULES);
    hours(1);
    assertThat(lost()).containsExactly("orphan0000.png");
  }
}
