package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.rocksdb.CatalogFolder;
import dev.pictj.catalog.rocksdb.RocksCatalog;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.store.BlobName;
import dev.pictj.store.file.FileBlobStore;
import dev.pictj.upkeep.Suspicion;
import dev.pictj.upkeep.Sweep;
import dev.pictj.upkeep.Trash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk of the files turns read-only, the catalog's does not. */
final class ReadOnlyDiskIT {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private Path mount;
  @TempDir private Path elsewhere;

  private final AtomicLong ticks = new AtomicLong();

  private static Link link(String filename) {
    Details details = new Details(new Dimensions(1, 1), MediaType.PNG, 1, Instant.EPOCH);
    Media media = new Media("hash of " + filename, filename, 1, details);
    return new Link("alias of " + filename, "t", media, true);
  }

  @Test
  void nothingIsLostBetweenPutLinkAndSweepAndWhatIsToGoGoesLater() throws Exception {
    try (SmallDisk disk = SmallDisk.make(mount, 8);
        RocksCatalog catalog =
            RocksCatalog.open(
                new CatalogFolder(elsewhere.resolve("catalog")),
                elsewhere,
                1 << 20,
                4,
                Clock.systemUTC(),
                ticks::get,
                () -> {})) {
      Path root = Files.createDirectory(disk.outside().resolve("data"));
      FileBlobStore store = FileBlobStore.open(root, root.resolve("tmp"));
      try (Trash trash = new Trash(catalog, store)) {
        Sweep sweep =
            new Sweep(
                catalog,
                store,
                trash,
                new Sweep.Rules(HOUR, Duration.ofDays(7), Suspicion.DEFAULT));
        // The start's first look, which would spare what is newer than all names of then.
        sweep.run();
        for (String name :
            List.of("orphan0000.png", "deleted000.png", "late000000.png", "named00000.png")) {
          catalog.announce(List.of(name));
          store.put(
              BlobName.original(name), Files.writeString(root.resolve("tmp").resolve("in"), "x"));
        }
        catalog.link(List.of(link("deleted000.png"), link("named00000.png")));
        // The orphan was announced by a server that ended long ago.
        ticks.addAndGet(HOUR.toNanos());
        catalog.announce(List.of("late000000.png"));

        disk.writable(false);
        catalog.purge("hash of deleted000.png");
        trash.empty();
        sweep.run();
        catalog.link(List.of(link("late000000.png")));
        ticks.addAndGet(HOUR.toNanos());
        assertThatThrownBy(sweep::run).isInstanceOf(IOException.class);
        assertThat(catalog.journal().discarded("", 9)).containsExactly("deleted000.png");

        disk.writable(true);
        for (int hours = 0; hours < 3; hours++) {
          sweep.run();
          trash.empty();
          ticks.addAndGet(HOUR.toNanos());
        }
        assertThat(store.size(BlobName.original("late000000.png"))).hasValue(1);
        assertThat(store.size(BlobName.original("deleted000.png"))).isEmpty();
        assertThat(root.resolve("lost+found/orphan0000.png")).hasContent("x");
        assertThat(catalog.journal().discarded("", 9)).isEmpty();
      }
    }
  }
}
