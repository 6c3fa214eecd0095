package dev.pictj.process;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Variant;
import dev.pictj.catalog.VariantKey;
import dev.pictj.store.Blob;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.ContentHash;
import dev.pictj.store.Durability;
import dev.pictj.store.MissingBlobException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The variants that are recorded in the catalog and have their bytes in the store. */
final class StoredVariants {
  private static final Logger log = LoggerFactory.getLogger(StoredVariants.class);

  private final Catalog catalog;
  private final BlobStore store;
  private final int mostPerMedia;
  private final Runnable afterEviction;
  private final Verified verified = new Verified();

  /**
   * Keeps the variants of this catalog and store.
   *
   * @param mostPerMedia variants of one media that are kept
   * @param afterEviction is run when there were more, and their blobs are in the trash journal
   */
  StoredVariants(Catalog catalog, BlobStore store, int mostPerMedia, Runnable afterEviction) {
    this.catalog = catalog;
    this.store = store;
    this.mostPerMedia = mostPerMedia;
    this.afterEviction = afterEviction;
  }

  static BlobName blobName(VariantKey key, Variant variant) {
    return BlobName.variant(key.filename(), variant.blob());
  }

  /** A variant as the catalog has it; its bytes may be missing. */
  Optional<Variant> recorded(VariantKey key) {
    return catalog.variant(key);
  }

  /**
   * A variant that was whole when it was last looked at. Whether its bytes are still there is seen
   * when they are opened.
   */
  Optional<Variant> known(VariantKey key) throws IOException {
    Optional<Variant> known = catalog.variant(key);
    return known.isEmpty() || verified.has(key, known.get()) ? known : find(key);
  }

  /** A variant whose bytes are there and whole; one whose bytes are not is forgotten. */
  Optional<Variant> find(VariantKey key) throws IOException {
    Optional<Variant> known = catalog.variant(key);
    if (known.isPresent() && !isWhole(key, known.get())) {
      log.warn("variant {} is lost or damaged and will be made again", key);
      catalog.removeVariant(key, known.get());
      return Optional.empty();
    }
    return known;
  }

  /** A power cut may leave other bytes of the same length, so hashes are compared once a run. */
  private boolean isWhole(VariantKey key, Variant variant) throws IOException {
    BlobName name = blobName(key, variant);
    if (verified.has(key, variant)) {
      return store.size(name).orElse(-1) == variant.size();
    }
    try (Blob blob = store.open(name, variant.size())) {
      if (!ContentHash.of(blob).equals(variant.hash())) {
        return false;
      }
    } catch (MissingBlobException _) {
      return false;
    }
    verified.add(key, variant);
    return true;
  }

  /** Forgets a variant, unless another one has taken its place. */
  void remove(VariantKey key, Variant variant) {
    catalog.removeVariant(key, variant);
  }

  /**
   * Stores a variant.
   *
   * @param intermediate whether others are made from it
   * @param file taken away
   * @return what the key stands for from now on: another server may have made it at the same time
   * @throws MediaGoneException when the media was deleted meanwhile
   */
  Variant add(VariantKey key, Variant variant, boolean intermediate, Path file) throws IOException {
    BlobName name = blobName(key, variant);
    store.put(Map.of(name, file), Durability.REMADE_IF_LOST);
    Optional<Catalog.Added> added =
        catalog.addVariant(key, variant, intermediate ? Catalog.NOT_COUNTED : mostPerMedia);
    if (added.isEmpty()) {
      store.delete(name);
      throw new MediaGoneException();
    }
    if (!added.get().evicted().isEmpty()) {
      // Otherwise clients that have variants made faster than the trash is emptied fill the disk.
      afterEviction.run();
    }
    Variant winner = added.get().winner();
    if (winner.equals(variant)) {
      verified.add(key, variant);
    }
    return winner;
  }

  /** A picture deleted while a tool reads it fails in many ways; none of them is its own fault. */
  void requireStillThere(VariantKey key, Exception failure) {
    if (catalog.findByFilename(key.filename()).isEmpty()) {
      MediaGoneException gone = new MediaGoneException();
      gone.addSuppressed(failure);
      throw gone;
    }
  }
}
