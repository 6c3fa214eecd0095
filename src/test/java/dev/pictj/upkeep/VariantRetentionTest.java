package dev.pictj.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Variant;
import dev.pictj.catalog.VariantKey;
import dev.pictj.catalog.rocksdb.Catalogs;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.store.BlobName;
import dev.pictj.store.file.FileBlobStore;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VariantRetentionTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int SIZE = 1000;
  private static final Details DETAILS =
      new Details(new Dimensions(1, 1), MediaType.PNG, 1, Instant.EPOCH);
  private static final Media MEDIA = new Media("ab".repeat(32), "abcdefghij.png", 1, DETAILS);

  @TempDir private Path root;
  @TempDir private Path scratch;

  private Instant now = START;
  private Catalog catalog;
  private FileBlobStore store;
  private Trash trash;

  @BeforeEach
  void open() throws Exception {
    Clock clock =
        new Clock() {
          @Override
          public Instant instant() {
            return now;
          }

          @Override
          public ZoneOffset getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }
        };
    catalog = Catalogs.open(root.resolve("catalog"), scratch, clock, System::nanoTime);
    store = FileBlobStore.open(root, Files.createDirectories(root.resolve("tmp")));
    trash = new Trash(catalog, store);
    catalog.announce(List.of(MEDIA.filename()));
    catalog.link(List.of(new Link("a.png", "t", MEDIA, true)));
  }

  @AfterEach
  void close() {
    trash.close();
    catalog.close();
  }

  private static VariantKey key(int number) {
    return VariantKey.of(MEDIA, "k-" + number + ".webp");
  }

  private static BlobName blob(int number) {
    return BlobName.variant(MEDIA.filename(), "k-" + number + ".0.webp");
  }

  private void add(int number) throws Exception {
    store.put(blob(number), Files.write(scratch.resolve("in"), new byte[SIZE]));
    assertThat(
            catalog.addVariant(
                key(number),
                new Variant(blob(number).variant(), "cd".repeat(32), SIZE, DETAILS),
                1_000_000))
        .isPresent();
  }

  private void run(Optional<Duration> unused, Optional<Long> budget) {
    new VariantRetention(catalog, trash, new VariantRetention.Rules(unused, budget), () -> now)
        .run();
    trash.empty();
  }

  @Test
  void aStopLeavesVariantsThatAreToBeDroppedToTheNextTime() throws Exception {
    for (int i = 0; i < 600; i++) {
      add(i);
    }
    VariantRetention retention =
        new VariantRetention(
            catalog,
            trash,
            new VariantRetention.Rules(Optional.empty(), Optional.empty()),
            () -> now);
    Thread.currentThread().interrupt();
    boolean ended = retention.dropAll(now.plusSeconds(1));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(ended).isFalse();
    assertThat(catalog.totals().variants()).isEqualTo(100);
    assertThat(retention.dropAll(now.plusSeconds(1))).isTrue();
    assertThat(catalog.totals().variants()).isZero();
  }

  @Test
  void whatNobodyAsksForGoesAndOneThatIsBeingSentIsSentWhole() throws Exception {
    for (int i = 0; i < 3; i++) {
      add(i);
    }
    now = START.plus(Duration.ofDays(20));
    catalog.asked(Map.of(key(1), now));
    now = START.plus(Duration.ofDays(30));
    run(Optional.of(Duration.ofDays(30)), Optional.empty());
    assertThat(catalog.totals().variants()).isEqualTo(3);

    now = now.plusSeconds(1);
    Path file = root.resolve("variants/ab/cd/abcdefghij.png/k-0.0.webp");
    try (InputStream sent = Files.newInputStream(file)) {
      run(Optional.of(Duration.ofDays(30)), Optional.empty());
      assertThat(Files.exists(file)).isFalse();
      assertThat(sent.readAllBytes()).hasSize(SIZE);
    }
    assertThat(catalog.totals().variants()).isEqualTo(1);
    assertThat(catalog.variant(key(1))).isPresent();
    assertThat(store.size(blob(1))).isPresent();
    assertThat(store.size(blob(2))).isEmpty();
  }

  @Test
  void whereAllAreTooLargeThoseGoThatWereNotAskedForTheLongest() throws Exception {
    for (int i = 0; i < 1200; i++) {
      now = now.plusSeconds(1);
      add(i);
    }
    now = now.plusSeconds(1);
    catalog.asked(Map.of(key(0), now));
    now = now.plusSeconds(1);
    run(Optional.empty(), Optional.of(1_200_000L));
    assertThat(catalog.totals().variants()).isEqualTo(1200);
    run(Optional.empty(), Optional.of(300_000L));
    assertThat(catalog.totals().variantBytes()).isEqualTo(270_000);
    assertThat(catalog.variant(key(0))).isPresent();
    assertThat(catalog.variant(key(1))).isEmpty();
    assertThat(catalog.variant(key(930))).isEmpty();
    assertThat(catalog.variant(key(931))).isPresent();
    assertThat(catalog.variant(key(1199))).isPresent();
  }

  @Test
  void withoutRulesNothingGoes() throws Exception {
    add(0);
    now = START.plus(Duration.ofDays(40_000));
    run(Optional.empty(), Optional.empty());
    assertThat(catalog.totals().variants()).isEqualTo(1);
  }
}
