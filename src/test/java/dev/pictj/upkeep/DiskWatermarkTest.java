package dev.pictj.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.store.BlobName;
import dev.pictj.store.MemoryBlobStore;
import dev.pictj.store.StoreReadOnlyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskWatermarkTest {
  private static final Path DATA = Path.of("/data");
  private static final Path TEMP = Path.of("/temp");

  @TempDir private Path root;
  @TempDir private Path scratch;

  private final Map<Path, Long> free = new HashMap<>(Map.of(DATA, 1000L, TEMP, 1000L));
  private final DiskWatermark watermark = new DiskWatermark(List.of(DATA, TEMP), 500, free::get);

  @Test
  void everyDiskMustHaveRoomAndItMayComeBack() {
    assertThatCode(watermark::require).doesNotThrowAnyException();
    for (Path disk : List.of(DATA, TEMP)) {
      free.put(disk, 499L);
      assertThatThrownBy(watermark::require)
          .isInstanceOf(StoreReadOnlyException.class)
          .hasMessageContaining("499")
          .hasMessageContaining("500")
          .hasMessageContaining(disk.toString());
      free.put(disk, 500L);
      assertThatCode(watermark::require).doesNotThrowAnyException();
    }
  }

  @Test
  void zeroIsNoLimit() {
    free.put(DATA, 0L);
    assertThatCode(() -> new DiskWatermark(List.of(DATA), 0, free::get).require())
        .doesNotThrowAnyException();
  }

  @Test
  void theRealDiskIsLookedAt() {
    assertThatCode(() -> new DiskWatermark(List.of(root), 1).require()).doesNotThrowAnyException();
    assertThatThrownBy(() -> new DiskWatermark(List.of(root), Long.MAX_VALUE).require())
        .isInstanceOf(StoreReadOnlyException.class);
  }

  @Test
  void aStoreBelowItTakesNothingAndGivesEverything() throws Exception {
    BlobName name = BlobName.original("aB3dE6gH9k.jpg");
    WatermarkedStore store =
        new WatermarkedStore(new MemoryBlobStore(), DataFolders.of(List.of(root)), watermark);
    store.put(name, Files.writeString(scratch.resolve("in"), "x"));
    free.put(DATA, 0L);
    Path refused = Files.writeString(scratch.resolve("refused"), "y");
    assertThatThrownBy(store::requireWritable).isInstanceOf(StoreReadOnlyException.class);
    assertThatThrownBy(() -> store.put(name, refused)).isInstanceOf(StoreReadOnlyException.class);
    assertThat(refused).hasContent("y");
    store.withFile(name, file -> assertThat(file).hasContent("x"));
    assertThat(store.size(name)).hasValue(1);
    store.delete(name);
    assertThat(store.size(name)).isEmpty();
  }
}
