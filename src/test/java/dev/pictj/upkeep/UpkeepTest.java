package dev.pictj.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.rocksdb.RocksCatalog;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.store.BlobName;
import dev.pictj.store.file.FileBlobStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpkeepTest {
  @TempDir private Path root;

  @Test
  void whatNobodyNamesIsSweptAndWhatIsNamedOrNewStays() throws Exception {
    Instant later = Instant.now().plusSeconds(60);
    try (RocksCatalog catalog =
            RocksCatalog.open(
                root.resolve("catalog"),
                Files.createDirectories(root.resolve("tmp")),
                1 << 20,
                4,
                Clock.systemUTC());
        Trash trash = new Trash(catalog, FileBlobStore.open(root, root.resolve("tmp")))) {
      FileBlobStore store = FileBlobStore.open(root, root.resolve("tmp"));
      for (String name : List.of("named00000.png", "orphan0000.png")) {
        store.put(BlobName.original(name), Files.writeString(root.resolve("in"), name));
        store.put(BlobName.variant(name, "k.0.webp"), Files.writeString(root.resolve("in"), name));
      }
      Details details = new Details(new Dimensions(1, 1), MediaType.PNG, 1, Instant.EPOCH);
      catalog.link(
          List.of(
              new Link("a", "t", new Media("00".repeat(32), "named00000.png", 5, details), true)));
      Sweep sweep = new Sweep(catalog, store);
      assertThat(sweep.run(Instant.now().minusSeconds(60))).isZero();
      assertThat(sweep.run(later)).isEqualTo(3);
      trash.empty();
      assertThat(store.size(BlobName.original("named00000.png"))).isPresent();
      assertThat(store.size(BlobName.variant("named00000.png", "k.0.webp"))).isEmpty();
      assertThat(store.size(BlobName.original("orphan0000.png"))).isEmpty();
      assertThat(sweep.run(later)).isZero();
    }
  }
}
