package dev.pictj.catalog.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.CatalogContract;
import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.Denied;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Unlinked;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksCatalogTest extends CatalogContract {
  @TempDir private Path folder;
  @TempDir private Path temporary;

  @Override
  protected Catalog open() {
    return Catalogs.open(folder.resolve("catalog"), temporary);
  }

  private Database database(String name) {
    return Database.open(
        new Opening(new CatalogFolder(folder.resolve(name)), temporary, 1 << 20), 2);
  }

  /** A virtual thread that waits in native code would keep its carrier, and others from sharing. */
  @Test
  void transactionsRunOnPlatformThreadsWhoeverAsksForThem() throws Exception {
    AtomicBoolean virtual = new AtomicBoolean(true);
    try (Database database = database("another")) {
      Thread.ofVirtual()
          .start(() -> virtual.set(database.write(true, _ -> Thread.currentThread().isVirtual())))
          .join();
    }
    assertThat(virtual.get()).isFalse();
  }

  private record Attempt(boolean durable, int read, int written) {}

  /**
   * With transactions that conflict, a delete that looks at more rows than others need to add one
   * would never be done.
   */
  @Test
  void deletesAreDoneAtOnceHoweverManyVariantsThereAreAndCome() throws Exception {
    Media media = added("a.png", "file1.png", 5000, 1_000_000);
    linked(List.of(link("b.png", "file1.png")));
    Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();
    ((RocksCatalog) catalog)
        .observe((durable, read, written) -> attempts.add(new Attempt(durable, read, written)));
    AtomicInteger added = new AtomicInteger();
    try (ExecutorService flood = Executors.newFixedThreadPool(4)) {
      List<Future<?>> refused = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        refused.add(
            flood.submit(
                () -> {
                  boolean done = false;
                  while (!done) {
                    String key = "n-" + added.incrementAndGet();
                    done = evicted(media, key, key + ".webp", 1_000_000).isEmpty();
                  }
                }));
      }
      await().until(() -> added.get() > 40);
      assertThat(catalog.unlink("b.png", "token-b.png")).isEqualTo(Unlinked.ALIAS_REMOVED);
      assertThat(catalog.unlink("a.png", "token-a.png")).isEqualTo(Unlinked.MEDIA_REMOVED);
      for (Future<?> one : refused) {
        one.get(30, TimeUnit.SECONDS);
      }
    }
    assertThat(attempts.stream().filter(Attempt::durable)).as("deletes").hasSize(2);
    assertThat(attempts).allSatisfy(one -> assertThat(one.read()).isLessThan(8));
    assertThat(attempts).allSatisfy(one -> assertThat(one.written()).isLessThan(12));

    attempts.clear();
    boolean more = true;
    while (more) {
      more = catalog.clearRemoved();
    }
    // The last of the four were refused.
    assertThat(trash()).hasSizeBetween(5000 + added.get() - 4 + 1, 5000 + added.get() + 1);
    assertThat(attempts).hasSizeGreaterThan(50);
    assertThat(attempts)
        .allSatisfy(
            one ->
                assertThat(one.written())
                    .isLessThanOrEqualTo(4 * RocksCatalog.ROWS_PER_CLEARING + 3));
  }

  @Test
  void aPurgeTakesOneStepHoweverManyAliasesThereAre() throws Exception {
    List<Link> links = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      links.add(link("a" + i, "file1.png"));
    }
    linked(links);
    List<Attempt> attempts = new ArrayList<>();
    ((RocksCatalog) catalog)
        .observe((durable, read, written) -> attempts.add(new Attempt(durable, read, written)));
    assertThat(catalog.purge(HASH)).hasSize(1000);
    assertThat(attempts).hasSize(1);
    assertThat(attempts.getFirst().written()).isLessThan(12);
    boolean more = true;
    while (more) {
      more = catalog.clearRemoved();
    }
    assertThat(attempts).hasSize(1 + 11 + 1);
    assertThat(attempts).allSatisfy(one -> assertThat(one.written()).isLessThan(210));
  }

  @Test
  void anAdditionReadsAndWritesAsMuchHoweverManyVariantsThereAre() throws Exception {
    Media media = added("a.png", "file1.png", 300, 300);
    List<Attempt> attempts = new ArrayList<>();
    ((RocksCatalog) catalog)
        .observe((durable, read, written) -> attempts.add(new Attempt(durable, read, written)));
    for (int i = 0; i < 700; i++) {
      String key = "n-" + i;
      assertThat(evicted(media, key, key + ".webp", 300).orElseThrow()).hasSize(1);
    }
    assertThat(attempts).hasSize(700);
    assertThat(attempts).allSatisfy(one -> assertThat(one.read()).isLessThan(6));
    assertThat(attempts).allSatisfy(one -> assertThat(one.written()).isLessThan(12));
  }

  @Test
  void aFolderInUseIsRefusedInWords() {
    assertThatThrownBy(this::open)
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("in use by another running pictj");
  }

  @Test
  void afterClosingNothingWorksAndNothingCrashes() {
    catalog.close();
    assertThatThrownBy(() -> catalog.find("a")).isInstanceOf(CatalogException.class);
    catalog.close();
  }

  @Test
  void aNewerSchemaIsRefusedInWords() {
    catalog.close();
    try (Database database = database("catalog")) {
      database.<Void>write(
          true,
          session -> {
            session.put(Family.META, "schema", new byte[] {'7'});
            return null;
          });
    }
    assertThatThrownBy(this::open)
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("schema 7")
        .hasMessageContaining("newer pictj");
  }

  /** A kill leaves what a copy of the open folder has; a backup has what a checkpoint has. */
  @Test
  void whatIsDeniedIsThereAfterAKillAndInABackup() throws Exception {
    Denied entry = Denied.bytes(HASH, Instant.EPOCH, "").orElseThrow();
    added("a.png", "one.png", 0, 10);
    assertThat(catalog.purge(HASH, List.of(entry))).containsExactly("a.png");
    Path killed = Files.createDirectories(folder.resolve("killed"));
    try (Stream<Path> files = Files.list(folder.resolve("catalog"))) {
      for (Path file : files.toList()) {
        Files.copy(file, killed.resolve(file.getFileName()));
      }
    }
    ((RocksCatalog) catalog).checkpoint(folder.resolve("backup"));
    for (String copy : List.of("killed", "backup")) {
      try (Catalog other = Catalogs.open(folder.resolve(copy), temporary)) {
        assertThat(other.denied().list("", 10)).containsExactly(entry);
        assertThat(other.denied().now().version()).isEqualTo(catalog.denied().now().version());
        assertThat(other.findByHash(HASH)).isEmpty();
      }
    }
  }
}
