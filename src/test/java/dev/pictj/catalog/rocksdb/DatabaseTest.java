package dev.pictj.catalog.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
  private static final int MEBIBYTE = 1 << 20;

  @TempDir private Path folder;

  /** Each family had kept 16 MiB for itself, which a quiet server took a day to fill. */
  @Test
  void whatIsWrittenTakesNoMoreAndMoreMemory() {
    byte[] row = new byte[4096];
    Random random = new Random(1);
    long most = 0;
    try (Database database = new Database(folder.resolve("db"), folder, 32 * MEBIBYTE)) {
      for (int i = 0; i < 20_000; i++) {
        random.nextBytes(row);
        Family family = Family.values()[i % Family.values().length];
        String key = "row" + i;
        database.write(
            false,
            session -> {
              session.put(family, key, row);
              return true;
            });
        most = Math.max(most, database.unwrittenBytes());
      }
      assertThat(database.<byte[]>read(reader -> reader.get(Family.ALIAS, "row1"))).hasSize(4096);
    }
    assertThat(most).isBetween(2L * MEBIBYTE, 32L * MEBIBYTE);
  }
}
