package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.CatalogUnavailableException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Damage of an open catalog's files, which no reopening mends: told once a minute at most. */
final class KnownDamage {
  private static final Logger log = LoggerFactory.getLogger(KnownDamage.class);
  private static final long LOG_INTERVAL = Duration.ofMinutes(1).toNanos();
  private static final Pattern TABLE = Pattern.compile("[0-9]+\\.sst");

  private final CatalogFolder folder;
  private final AtomicReference<CatalogUnavailableException> first = new AtomicReference<>();
  private final AtomicLong nextLog = new AtomicLong(System.nanoTime());

  KnownDamage(CatalogFolder folder) {
    this.folder = folder;
  }

  /** Notes that something was found, and returns what is to be thrown. */
  CatalogUnavailableException found(@Nullable String said, RocksDBException cause) {
    Matcher table = TABLE.matcher(String.valueOf(said));
    CatalogException told =
        Loss.damage(
            folder,
            table.find()
                ? "its table " + table.group() + " cannot be read whole"
                : Loss.sentence(said),
            cause);
    CatalogUnavailableException thrown = new CatalogUnavailableException(told.getMessage(), cause);
    first.compareAndSet(null, thrown);
    long due = nextLog.get();
    long now = System.nanoTime();
    if (now - due >= 0 && nextLog.compareAndSet(due, now + LOG_INTERVAL)) {
      log.error("{} ({})", told.getMessage(), Loss.sentence(cause.getMessage()));
    }
    return thrown;
  }

  /**
   * Passes while no damage was found.
   *
   * @throws CatalogUnavailableException that says what was found first
   */
  void requireNone() {
    CatalogUnavailableException known = first.get();
    if (known != null) {
      throw new CatalogUnavailableException(known.getMessage(), known.getCause());
    }
  }
}
