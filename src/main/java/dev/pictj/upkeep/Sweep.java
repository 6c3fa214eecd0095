package dev.pictj.upkeep;

import dev.pictj.catalog.Catalog;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Puts bytes that nobody names into the trash: what a crash left between storing and naming. */
public final class Sweep {
  private static final Logger log = LoggerFactory.getLogger(Sweep.class);

  private final Catalog catalog;
  private final BlobStore store;

  /** A sweep over this catalog and store. */
  public Sweep(Catalog catalog, BlobStore store) {
    this.catalog = catalog;
    this.store = store;
  }

  /**
   * Looks at every blob.
   *
   * @param started blobs written since then belong to uploads under way and are left alone
   * @return how many were nobody's
   */
  public int run(Instant started) throws IOException {
    AtomicInteger found = new AtomicInteger();
    store.forEachOlderThan(
        started,
        (BlobName name) -> {
          if (!catalog.names(name.filename(), name.variant())) {
            catalog.discard(name.toString());
            found.incrementAndGet();
          }
        });
    log.atLevel(found.get() > 0 ? Level.INFO : Level.DEBUG)
        .log("looked for unnamed files: {} that no name points to go to the trash", found.get());
    return found.get();
  }
}
