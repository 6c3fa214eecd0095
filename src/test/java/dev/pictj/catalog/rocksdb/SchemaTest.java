package dev.pictj.catalog.rocksdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.Flaw;
import dev.pictj.catalog.Inspection;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Similar;
import dev.pictj.catalog.Totals;
import dev.pictj.catalog.Variant;
import dev.pictj.catalog.VariantKey;
import dev.pictj.catalog.rocksdb.Rows.MediaRow;
import dev.pictj.catalog.rocksdb.Rows.VariantRow;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.Facts;
import dev.pictj.media.MediaType;
import dev.pictj.media.Phash;
import dev.pictj.media.Preview;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** A catalog of the first schema, in which one media has many variants and another one few. */
class SchemaTest {
  private static final int MANY = 950;
  private static final Details DETAILS =
      new Details(new Dimensions(4, 3), MediaType.PNG, 1, Instant.EPOCH);
  private static final Media MUCH = new Media("ab".repeat(32), "much000000.png", 1, DETAILS);
  private static final Media LITTLE = new Media("cd".repeat(32), "little0000.png", 1, DETAILS);

  @TempDir private Path folder;
  @TempDir private Path temporary;

  private Database database() {
    return Database.open(
        new Opening(new CatalogFolder(folder.resolve("catalog")), temporary, 1 << 20), 1);
  }

  private RocksCatalog open() {
    return Catalogs.open(folder.resolve("catalog"), temporary);
  }

  /** The higher its number, the longer ago it was made. */
  private static Variant variant(int number) {
    Instant made = Instant.parse("2026-01-01T00:00:00Z").minusSeconds(number);
    return new Variant(
        "k-" + number + ".0.webp",
        "ef".repeat(32),
        9,
        new Details(new Dimensions(1, 1), MediaType.WEBP, 1, made));
  }

  @BeforeEach
  void write() throws Exception {
    try (RocksCatalog catalog = open()) {
      catalog.announce(List.of(MUCH.filename(), LITTLE.filename()));
      catalog.link(
          List.of(
              new Link("much.png", "t", MUCH, true), new Link("little.png", "t", LITTLE, true)));
    }
    try (Database database = database()) {
      database.<Void>write(
          true,
          session -> {
            for (int i = 0; i < MANY; i++) {
              put(session, MUCH.hash() + "/k-" + i + ".webp", variant(i));
            }
            put(session, MUCH.hash() + "/mezzanine.webp", variant(MANY));
            put(session, LITTLE.hash() + "/k-7.webp", variant(7));
            put(session, "00".repeat(32) + "/k-1.webp", variant(1));
            for (Family family : Family.values()) {
              if (family.since() > 1) {
                for (Map.Entry<String, byte[]> row : session.scan(family, "")) {
                  session.delete(family, row.getKey());
                }
              }
            }
            session.put(Family.META, "schema", new byte[] {'1'});
            return null;
          });
    }
  }

  private static void put(Database.Session session, String key, Variant variant)
      throws RocksDBException {
    String row =
        new String(Rows.write(VariantRow.of(variant, 0, Instant.EPOCH)), UTF_8)
            .replace("\"order\":0,\"last_asked\":0,", "");
    assertThat(row).doesNotContain("order").doesNotContain("asked");
    session.put(Family.VARIANT, key, row.getBytes(UTF_8));
  }

  @Test
  void allVariantsAreFoundByTheirMediaAndTheOldestMadeGoFirst() {
    Totals totals = new Totals(2, 2, MANY + 2, 2, 9L * (MANY + 2));
    try (RocksCatalog catalog = open()) {
      isThere(catalog);
      assertThat(catalog.totals()).isEqualTo(totals);
    }
    try (RocksCatalog catalog = open()) {
      isThere(catalog);
      assertThat(catalog.totals()).isEqualTo(totals);
      assertThat(catalog.addVariant(VariantKey.of(MUCH, "new.webp"), variant(-1), MANY))
          .map(Catalog.Added::evicted)
          .contains(List.of(VariantKey.of(MUCH, "k-" + (MANY - 1) + ".webp")));
      assertThat(catalog.addVariant(VariantKey.of(MUCH, "newer.webp"), variant(-2), MANY))
          .map(Catalog.Added::evicted)
          .contains(List.of(VariantKey.of(MUCH, "k-" + (MANY - 2) + ".webp")));
      assertThat(catalog.variant(VariantKey.of(MUCH, "mezzanine.webp"))).contains(variant(MANY));
    }
  }

  private static void isThere(RocksCatalog catalog) {
    for (int i = 0; i < MANY; i++) {
      assertThat(catalog.variant(VariantKey.of(MUCH, "k-" + i + ".webp"))).contains(variant(i));
    }
    assertThat(catalog.variant(VariantKey.of(MUCH, "mezzanine.webp"))).contains(variant(MANY));
    assertThat(catalog.variant(VariantKey.of(LITTLE, "k-7.webp"))).contains(variant(7));
    assertThat(
            catalog
                .journal()
                .unaccounted(new TreeSet<>(List.of(LITTLE.filename() + "/k-7.0.webp"))))
        .isEmpty();
  }

  /** The third and the fourth lack families, and rows that list media by perceptual hashes. */
  @ParameterizedTest
  @ValueSource(strings = {"3", "4"})
  void mediaOfTheThirdAndFourthAreListedByTheirPerceptualHashes(String schema) {
    Facts facts = new Facts("t", "#000000", "00ff00ff00ff00ff");
    try (RocksCatalog updated = open()) {
      updated.addPreview(LITTLE, new Preview("L1", Optional.of(facts)));
    }
    try (Database database = database()) {
      database.<Void>write(
          true,
          session -> {
            for (Family family : List.of(Family.PHASH, Family.DENIED)) {
              for (Map.Entry<String, byte[]> row : session.scan(family, "")) {
                session.delete(family, row.getKey());
              }
            }
            session.delete(Family.TOTAL, "phashes");
            session.put(Family.META, "schema", schema);
            return null;
          });
      Schema.update(database, Instant.ofEpochSecond(1));
      assertThat(Schema.isCurrent(database)).isTrue();
    }
    try (RocksCatalog catalog = open()) {
      isThere(catalog);
      assertThat(catalog.totals()).isEqualTo(new Totals(2, 2, MANY + 2, 2, 9L * (MANY + 2)));
      Similar similar = catalog.similar(new Phash(0x00ff00ff00ff00ffL), 0, "", 10);
      assertThat(similar.media())
          .extracting(one -> one.media().hash())
          .containsExactly(LITTLE.hash());
      assertThat(similar.lacking()).isEqualTo(1);
    }
  }

  /** However far it came: what is done is not done again, and the rest is. */
  @Test
  void itGoesOnWhereItWasCutOffAndEachStepIsShort() {
    List<Integer> written = new ArrayList<>();
    boolean done = false;
    for (int starts = 0; !done; starts++) {
      assertThat(starts).isLessThan(20);
      try (Database database = database()) {
        AtomicInteger steps = new AtomicInteger();
        database.observe(
            (_, _, rows) -> {
              written.add(rows);
              if (steps.incrementAndGet() == 2) {
                throw new IllegalStateException("the power is gone");
              }
            });
        try {
          Schema.update(database, Instant.ofEpochSecond(1));
          done = true;
        } catch (IllegalStateException _) {
          assertThat(Schema.isCurrent(database)).isFalse();
        }
      }
    }
    assertThat(written).hasSizeGreaterThan(8).allSatisfy(rows -> assertThat(rows).isLessThan(1100));
    try (Database database = database()) {
      assertThat(Schema.isCurrent(database)).isTrue();
      byte[] much = database.read(reader -> reader.get(Family.MEDIA, MUCH.hash()));
      assertThat(Rows.read(much, MediaRow.class).variants().count()).isEqualTo(MANY);
      int variants = database.read(reader -> reader.scan(Family.VARIANT, "").size());
      int places = database.read(reader -> reader.scan(Family.VARIANT_ORDER, "").size());
      assertThat(variants).isEqualTo(MANY + 2);
      assertThat(places).isEqualTo(MANY + 1);
      long asked = database.read(reader -> reader.count(Family.VARIANT_ASKED, ""));
      long uploads = database.read(reader -> reader.count(Family.UPLOAD, ""));
      assertThat(asked).isEqualTo(MANY + 2);
      assertThat(uploads).isEqualTo(2);
    }
    try (RocksCatalog catalog = open()) {
      isThere(catalog);
    }
  }

  @Test
  void aLookBeforeTheFirstStartSeesWhatThereWillBeAndChangesNothing() {
    List<String> flaws = new ArrayList<>();
    List<String> blobs = new ArrayList<>();
    try (RocksInspection inspection = RocksInspection.look(folder.resolve("catalog"), temporary)) {
      inspection.walk(
          new Inspection.Findings() {
            @Override
            public void flaw(Flaw flaw, String key) {
              flaws.add(flaw + " " + key);
            }

            @Override
            public void blob(String filename, String variant, long size, String hash, String key) {
              blobs.add(filename + "/" + variant);
            }
          },
          _ -> {});
      String blob = LITTLE.filename() + "/k-7.0.webp";
      assertThat(inspection.unaccounted(new TreeSet<>(List.of(blob)))).isEmpty();
    }
    assertThat(flaws).isEmpty();
    assertThat(blobs).hasSize(2 + MANY + 2);
    try (Database database = database()) {
      assertThat(Schema.isCurrent(database)).isFalse();
    }
  }

  @Test
  void aLaterSchemaIsNeitherLookedAtNorRepaired() {
    try (Database database = database()) {
      database.<Void>write(
          true,
          session -> {
            session.put(Family.META, "schema", new byte[] {'6'});
            return null;
          });
    }
    refusedAsNewer("schema 6");
  }

  @Test
  void rowsOfAKindThatALaterVersionAddedAreRefusedInWords() throws Exception {
    Path catalog = folder.resolve("catalog");
    try (Options options = new Options();
        ColumnFamilyOptions family = new ColumnFamilyOptions()) {
      List<ColumnFamilyDescriptor> known =
          RocksDB.listColumnFamilies(options, catalog.toString()).stream()
              .map(name -> new ColumnFamilyDescriptor(name, family))
              .toList();
      try (DBOptions opened = new DBOptions();
          RocksDB later = RocksDB.open(opened, catalog.toString(), known, new ArrayList<>())) {
        later.createColumnFamily(new ColumnFamilyDescriptor("later".getBytes(UTF_8), family));
      }
    }
    refusedAsNewer("rows of later");
  }

  private void refusedAsNewer(String why) {
    Path catalog = folder.resolve("catalog");
    for (ThrowingCallable opening :
        List.<ThrowingCallable>of(
            () -> RocksInspection.look(catalog, temporary),
            () -> RocksInspection.repairing(catalog, temporary),
            this::open)) {
      assertThatThrownBy(opening)
          .isInstanceOf(CatalogException.class)
          .hasMessageContaining(why)
          .hasMessageContaining("newer pictj that wrote it")
          .hasMessageContaining("backup from before the upgrade");
    }
  }
}
