package dev.pictj.catalog.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.CatalogContract;
import dev.pictj.catalog.CatalogException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksCatalogTest extends CatalogContract {
  @TempDir private Path folder;
  @TempDir private Path temporary;

  @Override
  protected Catalog open() {
    return RocksCatalog.open(folder.resolve("catalog"), temporary, 1 << 20, 4, Clock.systemUTC());
  }

  /** A virtual thread that waits in native code would keep its carrier, and others from sharing. */
  @Test
  void transactionsRunOnPlatformThreadsWhoeverAsksForThem() throws Exception {
    AtomicBoolean virtual = new AtomicBoolean(true);
    try (Database database = new Database(folder.resolve("another"), temporary, 1 << 20);
        Writers writers = new Writers(database, 2)) {
      Thread.ofVirtual()
          .start(() -> virtual.set(writers.write(true, _ -> Thread.currentThread().isVirtual())))
          .join();
    }
    assertThat(virtual.get()).isFalse();
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
    try (Database database = new Database(folder.resolve("catalog"), temporary, 1 << 20)) {
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
}
