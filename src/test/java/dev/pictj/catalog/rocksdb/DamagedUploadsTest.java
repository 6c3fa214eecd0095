package dev.pictj.catalog.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.catalog.BackgroundUploads;
import dev.pictj.catalog.BackgroundUploads.Outcome;
import dev.pictj.catalog.BackgroundUploads.Upload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedUploadsTest {
  @TempDir private Path root;

  private static Upload upload(String id) {
    return new Upload(id, id + ".bin", "ef".repeat(32), 7, "", Instant.EPOCH);
  }

  @Test
  void aRowThatCannotBeReadKeepsNobodyFromTheOthers() throws Exception {
    Path scratch = Files.createDirectories(root.resolve("tmp"));
    List<Upload> all = List.of(upload("1"), upload("2"), upload("3"), upload("4"));
    try (RocksCatalog catalog = Catalogs.open(root.resolve("catalog"), scratch)) {
      catalog.announce(all.stream().map(Upload::filename).toList());
      catalog.background().accept(all);
      catalog.background().refuse("1", new Outcome.Refused("code", "why"));
      catalog.background().refuse("2", new Outcome.Refused("code", "why"));
    }
    Damage damage = new Damage(root, scratch);
    damage.garbleUpload("1");
    damage.garbleUpload("3");
    try (RocksCatalog catalog = Catalogs.open(root.resolve("catalog"), scratch)) {
      BackgroundUploads uploads = catalog.background();
      Instant later = Instant.now().plusSeconds(60);
      assertThat(uploads.unclaimed(later, 1)).extracting(Upload::id).containsExactly("2");
      assertThat(uploads.waiting("", 9)).extracting(Upload::id).containsExactly("4");
      catalog.expire("2");
      assertThat(uploads.unclaimed(later, 9)).isEmpty();
    }
  }
}
