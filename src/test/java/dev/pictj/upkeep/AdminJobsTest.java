package dev.pictj.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.MemoryCatalog;
import dev.pictj.catalog.Totals;
import dev.pictj.catalog.Variant;
import dev.pictj.catalog.VariantKey;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.store.BlobName;
import dev.pictj.store.Durability;
import dev.pictj.store.MemoryBlobStore;
import dev.pictj.upkeep.AdminJobs.Pruning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Media whose bytes are missing are found and removed, unless nearly all of them are. */
class AdminJobsTest {
  private Error errorOfTotals;
  private Error errorOfUploads;
  private Error errorOfDropping;
  private Instant now = Instant.parse("2026-01-01T12:00:00Z");

  private final MemoryCatalog catalog =
      new MemoryCatalog(clock(), System::nanoTime) {
        @Override
        public synchronized List<Media> uploads(String after, int limit) {
          if (errorOfUploads != null) {
            throw errorOfUploads;
          }
          return super.uploads(after, limit);
        }

        @Override
        public synchronized Dropped dropVariants(Instant askedBefore, long bytes, int most) {
          if (errorOfDropping != null) {
            throw errorOfDropping;
          }
          return super.dropVariants(askedBefore, bytes, most);
        }

        @Override
        public synchronized Totals totals() {
          if (errorOfTotals != null) {
            throw errorOfTotals;
          }
          return super.totals();
        }
      };

  private final MemoryBlobStore store = new MemoryBlobStore();
  private final Trash trash = new Trash(catalog, store);
  private final AdminJobs jobs = jobs();

  @TempDir private Path folder;

  private Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        return now;
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }

  private AdminJobs jobs() {
    VariantRetention retention =
        new VariantRetention(
            catalog,
            trash,
            new VariantRetention.Rules(Optional.empty(), Optional.empty()),
            () -> now);
    return new AdminJobs(catalog, store, trash, retention, new Suspicion(2, 50), () -> now);
  }

  /** Another server on the same catalog. */
  private void restarted() {
    jobs.close();
    try (AdminJobs next = jobs()) {
      next.start();
      // The thread of the job that was cut short may still be dying.
      await()
          .dontCatchUncaughtExceptions()
          .dontCatchUncaughtExceptions()
          .atMost(Duration.ofSeconds(5))
          .until(
              () ->
                  catalog.owedWork().owed("drop-variants").isEmpty()
                      && catalog.owedWork().owed("prune-missing").isEmpty());
    }
  }

  private VariantKey variant(String name) {
    VariantKey key = new VariantKey("file0.png", name);
    Details details = new Details(new Dimensions(4, 3), MediaType.PNG, 1, now);
    catalog.addVariant(key, new Variant(name, "cd".repeat(32), 1, details), 100);
    return key;
  }

  @Test
  void droppingThatDidNotEndIsGoneOnWithAndTakesNothingThatCameLater() throws Exception {
    add(1);
    final VariantKey before = variant("before.png");
    errorOfDropping = new NoClassDefFoundError("as if the server had ended");
    jobs.dropVariants();
    now = now.plusMillis(1);
    final VariantKey after = variant("after.png");
    jobs.close();
    assertThat(catalog.variant(before)).isPresent();
    errorOfDropping = null;
    restarted();
    assertThat(catalog.variant(before)).isEmpty();
    assertThat(catalog.variant(after)).isPresent();
  }

  @Test
  void pruningThatDidNotEndIsGoneOnWithAsItWasAskedFor() throws Exception {
    add(5);
    lose(4);
    errorOfUploads = new NoClassDefFoundError("as if the server had ended");
    assertThat(pruned(true).complete()).isTrue();
    errorOfUploads = null;
    restarted();
    assertThat(catalog.totals().media()).isEqualTo(1);
  }

  @Test
  void whatHasEndedIsNotGoneOnWith() throws Exception {
    add(5);
    jobs.dropVariants();
    assertThat(pruned(false).complete()).isTrue();
    assertThat(catalog.owedWork().owed("drop-variants")).isEmpty();
    assertThat(catalog.owedWork().owed("prune-missing")).isEmpty();
  }

  @AfterEach
  void stop() {
    jobs.close();
    trash.close();
  }

  private void add(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      Details details =
          new Details(new Dimensions(4, 3), MediaType.PNG, 1, Instant.ofEpochSecond(1000 - i));
      Media media = new Media("%064x".formatted(i), "file" + i + ".png", 1, details);
      catalog.announce(List.of(media.filename()));
      Path file = Files.write(folder.resolve(media.filename()), new byte[] {1});
      store.put(Map.of(BlobName.original(media.filename()), file), Durability.SYNCED);
      catalog.link(List.of(new Link(i + ".png", "t", media, true)));
    }
  }

  private void lose(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      store.delete(BlobName.original("file" + i + ".png"));
    }
  }

  private Pruning pruned(boolean force) {
    jobs.prune(force);
    await()
        .dontCatchUncaughtExceptions()
        .atMost(Duration.ofSeconds(5))
        .until(() -> jobs.prune(false).complete());
    return jobs.prune(false);
  }

  @Test
  void whatIsMissingGoesAndTheRestStays() throws Exception {
    add(5);
    lose(2);
    assertThat(pruned(false)).isEqualTo(new Pruning(true, 5, 5));
    assertThat(catalog.find("0.png")).isEmpty();
    assertThat(catalog.find("1.png")).isEmpty();
    assertThat(catalog.totals().media()).isEqualTo(3);
  }

  @Test
  void aSecondRunHasToBeForced() throws Exception {
    add(5);
    assertThat(pruned(false).complete()).isTrue();
    lose(1);
    assertThat(jobs.prune(false)).isEqualTo(new Pruning(true, 5, 5));
    assertThat(catalog.find("0.png")).isPresent();
    assertThat(pruned(true).complete()).isTrue();
    assertThat(catalog.find("0.png")).isEmpty();
  }

  @Test
  void whereNearlyAllIsMissingNothingGoesUnlessForced() throws Exception {
    add(5);
    lose(4);
    assertThat(pruned(false).complete()).isTrue();
    assertThat(catalog.totals().media()).isEqualTo(5);
    assertThat(pruned(true).complete()).isTrue();
    assertThat(catalog.totals().media()).isEqualTo(1);
  }

  /** Such as of a jar that was replaced. */
  @Test
  void anErrorEndsTheJobAndNotAllLaterOnes() throws Exception {
    add(5);
    lose(1);
    errorOfUploads = new NoClassDefFoundError("as if");
    assertThat(pruned(false)).isEqualTo(new Pruning(true, 0, 5));
    errorOfUploads = null;
    assertThat(pruned(true)).isEqualTo(new Pruning(true, 5, 5));
    assertThat(catalog.totals().media()).isEqualTo(4);
  }

  @Test
  void whatCouldNotBeginIsNoRun() throws Exception {
    add(5);
    lose(1);
    errorOfTotals = new NoClassDefFoundError("as if");
    assertThatThrownBy(() -> jobs.prune(false)).isSameAs(errorOfTotals);
    errorOfTotals = null;
    assertThat(pruned(false)).isEqualTo(new Pruning(true, 5, 5));
    assertThat(catalog.totals().media()).isEqualTo(4);
  }
}
