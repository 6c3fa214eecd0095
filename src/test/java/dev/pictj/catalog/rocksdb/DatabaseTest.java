package dev.pictj.catalog.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.catalog.CatalogException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
  private static final int MEBIBYTE = 1 << 20;

  private static final int ROW = 4096;

  /** So many make a memtable longer than the history by which conflicts are seen. */
  private static final int ROWS_OF_A_ROUND = 300;

  /** The history, the memtable that makes it long enough, and what memory is cut into. */
  private static final long MOST_KEPT_PER_FAMILY = 3 * MEBIBYTE;

  @TempDir private Path folder;

  private Database open(Path catalog, long cacheBytes) {
    return Database.open(new Opening(new CatalogFolder(catalog), folder, cacheBytes), 1);
  }

  /**
   * Each family had kept 16 MiB of what was written out long ago, which a quiet server took a day
   * to fill. On a busy machine memtables grow long before they are written out, and the last one is
   * kept; so the rounds after the load end with short ones.
   */
  @Test
  void whatIsWrittenOutDoesNotStayInMemory() throws Exception {
    Path path = Files.createDirectory(folder.resolve("db"));
    RocksLibrary.load(folder);
    try (NativeDatabase database = NativeDatabase.make(path, folder, 32 * MEBIBYTE)) {
      fill(database, "load", 1_000);
      for (int round = 0; round < 3; round++) {
        fill(database, "round" + round, ROWS_OF_A_ROUND);
        database.flush();
      }
      assertThat(database.db().getAggregatedLongProperty("rocksdb.size-all-mem-tables"))
          .isLessThanOrEqualTo(MOST_KEPT_PER_FAMILY * Family.values().length);
      assertThat(database.db().get(database.handle(Family.ALIAS), Rows.bytes("load1")))
          .hasSize(ROW);
    }
  }

  /** So many rows in each family. */
  private static void fill(NativeDatabase database, String name, int rows) throws Exception {
    Random random = new Random(1);
    byte[] row = new byte[ROW];
    for (int i = 0; i < rows; i++) {
      random.nextBytes(row);
      for (Family family : Family.values()) {
        database.db().put(database.handle(family), Rows.bytes(name + i), row);
      }
    }
  }

  /** Whatever the umask, and also where an older version has left it open. */
  @Test
  void othersCannotReadIt() throws Exception {
    Path catalog = folder.resolve("db");
    open(catalog, MEBIBYTE).close();
    assertThat(permissions(catalog)).isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(catalog)) {
      for (Path file : files.toList()) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      }
    }
    Files.setPosixFilePermissions(catalog, PosixFilePermissions.fromString("rwxr-xr-x"));
    Map<Boolean, String> expected = Map.of(false, "rw-------", true, "rw-r-----");
    for (boolean group : new boolean[] {true, false}) {
      CatalogFolder place = new CatalogFolder(catalog, false, group);
      try (Database database = Database.open(new Opening(place, folder, MEBIBYTE), 1)) {
        assertThat(permissions(catalog)).isEqualTo(group ? "rwxr-x---" : "rwx------");
        assertThat(permissions(catalog.resolve("CURRENT"))).isEqualTo(expected.get(group));
        Path copy = folder.resolve("copy-" + group);
        database.checkpoint(copy);
        assertThat(permissions(copy)).isEqualTo(permissions(catalog));
      }
    }
  }

  /** It was wrapped, and answered as any failure of the catalog is. */
  @Test
  void anErrorIsThrownAsItIs() throws Exception {
    LinkageError error = new LinkageError("broken");
    try (Database database = open(folder.resolve("db"), MEBIBYTE)) {
      assertThatThrownBy(
              () ->
                  database.change(
                      true,
                      _ -> {
                        throw error;
                      }))
          .isSameAs(error);
    }
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  /** A server whose catalog is gone has nothing to say but that. */
  @Test
  void aCheckNoticesWhatCannotBeRead() throws Exception {
    Path catalog = folder.resolve("db");
    try (Database database = open(catalog, MEBIBYTE)) {
      database.<Void>write(
          true,
          session -> {
            session.put(Family.ALIAS, "a", new byte[100]);
            return null;
          });
    }
    try (Stream<Path> files = Files.list(catalog)) {
      for (Path table : files.filter(file -> file.toString().endsWith(".sst")).toList()) {
        byte[] bytes = Files.readAllBytes(table);
        bytes[2] ^= 0x55;
        Files.write(table, bytes);
      }
    }
    try (Database database = open(catalog, MEBIBYTE)) {
      database.check();
      assertThatThrownBy(() -> database.read(reader -> reader.get(Family.ALIAS, "a")))
          .isInstanceOf(CatalogException.class);
      assertThatThrownBy(database::check).isInstanceOf(CatalogException.class);
      assertThatThrownBy(database::verify).isInstanceOf(CatalogException.class);
    }
  }

  @Test
  void itIsOpenedAgainEverLessOften() {
    assertThat(Stream.of(1, 2, 5, 6, 100).map(Database::pause).map(Duration::toSeconds))
        .containsExactly(1L, 2L, 16L, 30L, 30L);
  }
}
