package dev.pictj.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.catalog.Flaw;
import dev.pictj.catalog.Inspection;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Variant;
import dev.pictj.catalog.VariantKey;
import dev.pictj.catalog.rocksdb.Catalogs;
import dev.pictj.catalog.rocksdb.Damage;
import dev.pictj.catalog.rocksdb.RocksCatalog;
import dev.pictj.catalog.rocksdb.RocksInspection;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.store.BlobName;
import dev.pictj.store.ContentHash;
import dev.pictj.store.file.FileBlobStore;
import dev.pictj.upkeep.ConsistencyCheck.Finding;
import dev.pictj.upkeep.ConsistencyCheck.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Every flaw is made, found, left alone by a look, mended by a repair, and not found any more. */
@Tag("slow")
class ConsistencyCheckTest {
  private static final byte[] ORIGINAL = "the original".getBytes(StandardCharsets.UTF_8);
  private static final byte[] MADE = "a variant".getBytes(StandardCharsets.UTF_8);
  private static final String FILENAME = "abcdefghij.png";
  private static final String HASH = ContentHash.of(ORIGINAL);
  private static final String STRAY = "stray00000.png";
  private static final BlobName VARIANT = BlobName.variant(FILENAME, "k.0.webp");

  @TempDir private Path root;
  @TempDir private Path scratch;

  private FileBlobStore store;

  @BeforeEach
  void fill() throws Exception {
    store = FileBlobStore.open(root, Files.createDirectories(root.resolve("tmp")));
    put(BlobName.original(FILENAME), ORIGINAL);
    put(VARIANT, MADE);
    Details details = new Details(new Dimensions(4, 3), MediaType.PNG, 1, Instant.now());
    Media media = new Media(HASH, FILENAME, ORIGINAL.length, details);
    try (RocksCatalog catalog = open()) {
      catalog.announce(List.of(FILENAME));
      catalog.link(
          List.of(new Link("a.png", "t", media, true), new Link("b.png", "t", media, true)));
      catalog.addVariant(
          VariantKey.of(media, "k.webp"),
          new Variant(VARIANT.variant(), ContentHash.of(MADE), MADE.length, details),
          9);
      // As of a server that has run for a while: else no file is older than its names.
      catalog.journal().endFirstLook();
    }
  }

  private RocksCatalog open() {
    return Catalogs.open(root.resolve("catalog"), scratch);
  }

  private void put(BlobName name, byte[] bytes) throws IOException {
    store.put(name, Files.write(scratch.resolve("in"), bytes));
  }

  private Report check(boolean repair) throws IOException {
    Path catalog = root.resolve("catalog");
    try (Inspection inspection =
        repair
            ? RocksInspection.repairing(catalog, scratch)
            : RocksInspection.look(catalog, scratch)) {
      return new ConsistencyCheck(inspection, store, true, repair, Suspicion.DEFAULT).run(_ -> {});
    }
  }

  private void make(Flaw flaw) throws Exception {
    Damage damage = new Damage(root, scratch);
    switch (flaw) {
      case ALIAS_DANGLES -> damage.addDanglingAlias("nobody.png");
      case ALIAS_UNLISTED -> damage.unlist(HASH, "a.png");
      case LISTED_ALIAS_UNKNOWN -> damage.listUnknown(HASH, "nobody.png");
      case ALIAS_COUNT -> damage.miscount(HASH);
      case MEDIA_UNREACHABLE -> {
        damage.strand(HASH, "a.png");
        damage.strand(HASH, "b.png");
      }
      case FILENAME_LOST -> damage.loseFilename(FILENAME);
      case FILENAME_DANGLES -> damage.addFilename("nobody0000.png");
      case VARIANT_DANGLES -> damage.addDanglingVariant();
      case VARIANT_COUNT -> damage.miscountVariants(HASH);
      case VARIANT_ORDER -> damage.addPlace(FILENAME);
      case PHASH_UNLISTED -> damage.addPhash(HASH, "0123456789abcdef");
      case PHASH_DANGLES -> damage.listByPhash("0123456789abcdef", HASH);
      case TOTALS -> damage.miscountAll();
      case TRASH_IN_USE -> damage.discard(FILENAME);
      case VARIANT_DAMAGED -> put(VARIANT, "other bytes".getBytes(StandardCharsets.UTF_8));
      case VARIANT_UNNAMED -> put(BlobName.variant(FILENAME, "stray.0.webp"), MADE);
      case FILE_UNNAMED -> stray(Instant.EPOCH);
      case FILE_SPARED -> stray(Instant.now().plusSeconds(60));
      case ROW_UNREADABLE -> damage.garble("c.png");
      case FILE_MISSING -> store.delete(BlobName.original(FILENAME));
      case FILE_SIZE -> put(BlobName.original(FILENAME), new byte[1]);
      case FILE_CONTENT -> put(BlobName.original(FILENAME), new byte[ORIGINAL.length]);
      case FILE_SET_ASIDE -> store.setDamagedAside(BlobName.original(FILENAME));
      case ROWS_LOST -> throw new IllegalArgumentException("see CatalogDamageTest");
    }
  }

  private void stray(Instant written) throws IOException {
    put(BlobName.original(STRAY), MADE);
    Files.setLastModifiedTime(root.resolve("files/st/ra/" + STRAY), FileTime.from(written));
  }

  @Test
  void aSoundFolderIsCounted() throws Exception {
    Report report = check(false);
    assertThat(report).isEqualTo(new Report(1, 1, ORIGINAL.length + MADE.length, 0, List.of()));
    assertThat(report.sound()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(value = Flaw.class, mode = Mode.EXCLUDE, names = "ROWS_LOST")
  void aFlawIsFoundAndALookChangesNothing(Flaw flaw) throws Exception {
    make(flaw);
    for (int i = 0; i < 2; i++) {
      Report report = check(false);
      assertThat(report.findings()).extracting(Finding::flaw).contains(flaw);
      assertThat(report.findings()).noneMatch(Finding::repaired);
      assertThat(report.sound()).isEqualTo(flaw == Flaw.FILE_SET_ASIDE);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FILE_MISSING", "FILE_SIZE", "FILE_CONTENT", "VARIANT_DAMAGED"})
  void aFlawOfAFileNamesItAndItsAliasesAndWhatToDo(Flaw flaw) throws Exception {
    make(flaw);
    boolean variant = flaw == Flaw.VARIANT_DAMAGED;
    String path = variant ? "variants/ab/cd/" + FILENAME + "/k.0.webp" : "files/ab/cd/" + FILENAME;
    Finding looked = check(false).findings().getFirst();
    assertThat(looked.path()).isEqualTo(path);
    assertThat(looked.aliases()).containsExactly("a.png", "b.png");
    assertThat(looked.next())
        .contains(flaw == Flaw.FILE_MISSING ? "upload the same picture again" : "--repair");
    Finding repaired = check(true).findings().getFirst();
    assertThat(repaired.path()).isEqualTo(path);
    assertThat(repaired.aliases()).containsExactly("a.png", "b.png");
    if (variant) {
      assertThat(repaired.next()).isNull();
    } else {
      assertThat(repaired.next()).contains("upload the same picture again", "backup");
    }
  }

  @ParameterizedTest
  @EnumSource(value = Flaw.class, mode = Mode.EXCLUDE, names = "ROWS_LOST")
  void aRepairMendsWhatCanBeMendedAndNothingElse(Flaw flaw) throws Exception {
    make(flaw);
    Report report = check(true);
    assertThat(report.findings()).extracting(Finding::flaw).contains(flaw);
    assertThat(report.sound()).isEqualTo(flaw.repairable() || flaw == Flaw.FILE_SET_ASIDE);
    if (flaw == Flaw.FILE_SIZE || flaw == Flaw.FILE_CONTENT) {
      assertThat(root.resolve("lost+found/" + FILENAME + ".damaged")).exists();
      assertThat(check(false).findings())
          .extracting(Finding::flaw)
          .containsExactly(Flaw.FILE_SET_ASIDE);
    } else if (flaw.repairable()) {
      assertThat(check(false).findings()).isEmpty();
    } else {
      assertThat(check(false).findings()).extracting(Finding::flaw).contains(flaw);
    }
    assertThat(Files.exists(root.resolve("lost+found/" + STRAY)))
        .isEqualTo(flaw == Flaw.FILE_UNNAMED);
    assertThat(store.size(VARIANT)).as("nothing is deleted, only discarded").isPresent();
    try (RocksCatalog catalog = open()) {
      boolean reachable = flaw != Flaw.MEDIA_UNREACHABLE;
      assertThat(catalog.find("a.png").isPresent()).isEqualTo(reachable);
      if (reachable) {
        assertThat(catalog.aliases(HASH)).containsExactlyInAnyOrder("a.png", "b.png");
        assertThat(catalog.findByFilename(FILENAME)).isEqualTo(catalog.find("a.png"));
      }
      boolean kept = reachable && flaw != Flaw.VARIANT_DAMAGED;
      Optional<Variant> variant = catalog.variant(new VariantKey(FILENAME, "k.webp"));
      assertThat(variant.isPresent()).isEqualTo(kept);
      List<String> trash = catalog.journal().discarded("", 9);
      assertThat(trash)
          .isEqualTo(
              switch (flaw) {
                case MEDIA_UNREACHABLE -> List.of(FILENAME, VARIANT.toString());
                case VARIANT_DAMAGED -> List.of(VARIANT.toString());
                case VARIANT_UNNAMED -> List.of(FILENAME + "/stray.0.webp");
                default -> List.of();
              });
    }
  }

  @Test
  void tooManyFilesWithoutANameAreLeftAlone() throws Exception {
    for (int i = 0; i < 30; i++) {
      put(BlobName.original("stray%05d.png".formatted(i)), MADE);
      Files.setLastModifiedTime(
          root.resolve("files/st/ra/stray%05d.png".formatted(i)), FileTime.from(Instant.EPOCH));
    }
    Report report = check(true);
    assertThat(report.findings())
        .hasSize(30)
        .allMatch(one -> one.flaw() == Flaw.FILE_SPARED && !one.repaired());
  }

  @Test
  void whatHasNoRepairIsNeverRepaired() {
    try (Inspection inspection = RocksInspection.repairing(root.resolve("catalog"), scratch)) {
      assertThat(Arrays.stream(Flaw.values()).filter(flaw -> !flaw.repairable()))
          .isNotEmpty()
          .allSatisfy(
              flaw ->
                  assertThatThrownBy(() -> inspection.repair(flaw, "x"))
                      .isInstanceOf(IllegalArgumentException.class));
    }
    try (Inspection inspection = RocksInspection.look(root.resolve("catalog"), scratch)) {
      assertThatThrownBy(() -> inspection.repair(Flaw.ALIAS_COUNT, HASH))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
