package dev.pictj.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Unlinked;
import dev.pictj.catalog.Variant;
import dev.pictj.catalog.VariantKey;
import dev.pictj.catalog.rocksdb.Catalogs;
import dev.pictj.catalog.rocksdb.Damage;
import dev.pictj.catalog.rocksdb.RocksCatalog;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.store.BlobName;
import dev.pictj.store.file.FileBlobStore;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrashTest {
  private static final String HASH = "ef".repeat(32);
  private static final String FILE = "aB3dE6gH9k.png";
  private static final BlobName ORIGINAL = BlobName.original(FILE);
  private static final BlobName VARIANT = BlobName.variant(FILE, "thumbnail-9.0.webp");

  @TempDir private Path root;
  private RocksCatalog catalog;
  private FileBlobStore store;
  private Trash trash;

  @BeforeEach
  void open() throws Exception {
    Path temporary = Files.createDirectories(root.resolve("tmp"));
    catalog = Catalogs.open(root.resolve("catalog"), temporary);
    store = FileBlobStore.open(root, temporary);
    trash = new Trash(catalog, store);
    Details details = new Details(new Dimensions(1, 1), MediaType.PNG, 1, Instant.EPOCH);
    store.put(ORIGINAL, Files.writeString(root.resolve("in"), "original"));
    Media media = new Media(HASH, FILE, 8, details);
    catalog.announce(List.of(FILE));
    catalog.link(List.of(new Link("a.png", "t", media, true)));
    store.put(VARIANT, Files.writeString(root.resolve("in"), "variant"));
    catalog.addVariant(
        VariantKey.of(media, "thumbnail-9.webp"),
        new Variant(VARIANT.variant(), "00".repeat(32), 7, details),
        10);
  }

  @AfterEach
  void close() {
    trash.close();
    catalog.close();
  }

  private List<String> journal() {
    return catalog.journal().discarded("", 100);
  }

  @Test
  void nothingThatIsNamedIsTouched() throws Exception {
    trash.empty();
    assertThat(store.size(ORIGINAL)).isPresent();
    assertThat(store.size(VARIANT)).isPresent();
  }

  @Test
  void aDeletedMediaLosesItsBytesInTheBackground() throws Exception {
    assertThat(catalog.unlink("a.png", "t")).isEqualTo(Unlinked.MEDIA_REMOVED);
    trash.emptySoon();
    await().atMost(Duration.ofSeconds(10)).until(() -> journal().isEmpty());
    assertThat(store.size(ORIGINAL)).isEmpty();
    assertThat(store.size(VARIANT)).isEmpty();
  }

  @Test
  void whatACrashLeftInTheJournalGoesAtTheNextStart() throws Exception {
    catalog.purge(HASH);
    trash.close();
    catalog.close();
    catalog = Catalogs.open(root.resolve("catalog"), root.resolve("tmp"));
    assertThat(journal()).containsExactly(FILE);
    assertThat(store.size(VARIANT)).isPresent();
    trash = new Trash(catalog, store);
    trash.start(Duration.ofMinutes(1));
    await().atMost(Duration.ofSeconds(10)).until(() -> journal().isEmpty());
    assertThat(store.size(ORIGINAL)).isEmpty();
    assertThat(store.size(VARIANT)).isEmpty();
  }

  @Test
  void theJournalIsLookedAtAgainAndAgain() throws Exception {
    trash.start(Duration.ofMillis(20));
    catalog.purge(HASH);
    await().atMost(Duration.ofSeconds(10)).until(() -> journal().isEmpty());
    assertThat(store.size(ORIGINAL)).isEmpty();
  }

  @Test
  void whatCannotBeRemovedStaysListedAndStopsNothingElse() throws Exception {
    Path stuck = root.resolve("files/00/00/0000stuck.png");
    Files.createDirectories(stuck.resolve("a folder where a file should be"));
    discard("0000stuck.png");
    catalog.purge(HASH);
    trash.empty();
    assertThat(journal()).containsExactly("0000stuck.png");
    assertThat(store.size(ORIGINAL)).isEmpty();
  }

  /** As an upload leaves them that was not acknowledged. */
  private void discard(String... filenames) {
    catalog.announce(List.of(filenames));
    catalog.abandon(List.of(filenames));
  }

  @Test
  void aLineThatIsNoNameIsStruckAndRemovesNothing() throws Exception {
    Path precious = Files.writeString(root.resolve("precious"), "x");
    discard("../precious", "missing000.png");
    trash.empty();
    assertThat(journal()).isEmpty();
    assertThat(precious).exists();
  }

  /** An older version could write this: it found a file before its name, by the clock. */
  @Test
  void whatIsNamedIsStruckAndItsBytesStay() throws Exception {
    trash.close();
    catalog.close();
    Damage damage = new Damage(root, root.resolve("tmp"));
    damage.discard(FILE);
    damage.discard(VARIANT.toString());
    damage.discard("nobody0000.png");
    catalog = Catalogs.open(root.resolve("catalog"), root.resolve("tmp"));
    trash = new Trash(catalog, store);
    assertThat(journal()).containsExactly("nobody0000.png");
    trash.empty();
    assertThat(journal()).isEmpty();
    assertThat(store.size(ORIGINAL)).isPresent();
    assertThat(store.size(VARIANT)).isPresent();
  }

  /** The journal is worked through some at a time, also where none can be removed. */
  @Test
  void aLongJournalIsWorkedThrough() throws Exception {
    String[] all = new String[1234];
    for (int i = 0; i < all.length; i++) {
      all[i] = "gone%06d.png".formatted(i);
    }
    discard(all);
    Path stuck = root.resolve("files/go/ne/gone000003.png");
    Files.createDirectories(stuck.resolve("a folder where a file should be"));
    trash.empty();
    assertThat(journal()).containsExactly("gone000003.png");
  }

  /** Whatever goes wrong once. */
  @Test
  void itIsEmptiedAgainAfterAFault() throws Exception {
    Queue<Throwable> faults =
        new ConcurrentLinkedQueue<>(
            List.of(new AssertionError("wrong"), new IllegalStateException("wrong")));
    Catalog faulty =
        (Catalog)
            Proxy.newProxyInstance(
                Catalog.class.getClassLoader(),
                new Class<?>[] {Catalog.class},
                (_, method, arguments) -> {
                  Throwable fault = method.getName().equals("clearRemoved") ? faults.poll() : null;
                  if (fault != null) {
                    throw fault;
                  }
                  return method.invoke(catalog, arguments);
                });
    try (Trash another = new Trash(faulty, store)) {
      another.start(Duration.ofMillis(1));
      assertThat(catalog.unlink("a.png", "t")).isEqualTo(Unlinked.MEDIA_REMOVED);
      // The Error is what its thread dies of.
      await()
          .dontCatchUncaughtExceptions()
          .untilAsserted(() -> assertThat(store.size(ORIGINAL)).isEmpty());
    }
    assertThat(faults).isEmpty();
  }
}
