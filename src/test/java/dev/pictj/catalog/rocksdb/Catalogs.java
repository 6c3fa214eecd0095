package dev.pictj.catalog.rocksdb;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.LongSupplier;

/** Opens catalogs for tests, where a new one is welcome. */
public final class Catalogs {
  private static final long CACHE = 1 << 20;
  private static final int WRITERS = 4;

  private Catalogs() {}

  /** Opens one in a folder, by the clocks of the system. */
  public static RocksCatalog open(Path folder, Path temporary) {
    return open(folder, temporary, Clock.systemUTC(), System::nanoTime);
  }

  /** Opens one in a folder, by these clocks. */
  public static RocksCatalog open(Path folder, Path temporary, Clock clock, LongSupplier ticker) {
    try {
      return RocksCatalog.open(
          new CatalogFolder(folder), temporary, CACHE, WRITERS, clock, ticker, () -> {});
    } catch (IOException e) {
      throw new IllegalStateException("nobody objects", e);
    }
  }
}
