package dev.pictj.http;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.MemoryCatalog;
import dev.pictj.catalog.Variant;
import dev.pictj.catalog.VariantKey;
import dev.pictj.config.Unsigned;
import dev.pictj.engine.AbandonedWork;
import dev.pictj.engine.SingleFlight;
import dev.pictj.engine.admission.FailureMemory;
import dev.pictj.ingest.ProxiedMedia;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.process.ChainParser;
import dev.pictj.process.ChainRules;
import dev.pictj.process.Engines;
import dev.pictj.process.Mezzanine;
import dev.pictj.process.Rounding;
import dev.pictj.process.Variants;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.ContentHash;
import dev.pictj.store.TempFolder;
import dev.pictj.store.file.FileBlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A catalog and a store with one picture of four bytes in them, and nothing that could render. */
final class StoredPicture implements AutoCloseable {
  static final String ALIAS = "alias.png";
  static final String TOKEN = "token";
  static final Signing UNSIGNED = new Signing(List.of(), Unsigned.ALL, InstantSource.system());
  static final byte[] BYTES = {1, 2, 3, 4};

  final TempFolder temporary;
  final Catalog catalog = new MemoryCatalog();
  final FileBlobStore files;
  final Media media;
  private final Path data;

  StoredPicture(Path data) throws Exception {
    this.data = data;
    temporary = TempFolder.open(data.resolve("tmp"));
    files = FileBlobStore.open(data, Files.createDirectories(data.resolve("staging")));
    Details details = new Details(new Dimensions(40, 40), MediaType.PNG, 1, Instant.now());
    media = new Media("ab".repeat(32), "abcdefghij.png", BYTES.length, details);
    put(BlobName.original(media.filename()));
    catalog.announce(List.of(media.filename()));
    catalog.link(List.of(new Link(ALIAS, TOKEN, media, true)));
  }

  /** Pictures of other servers, of which there are none. */
  ProxiedMedia nothingProxied() {
    return new ProxiedMedia(
        null, null, catalog, null, null, null, null, null, Clock.systemUTC(), () -> {});
  }

  /** Stores the same bytes as a variant of it too. */
  void addVariant(String key, String name) throws Exception {
    put(BlobName.variant(media.filename(), name));
    catalog.addVariant(
        VariantKey.of(media, key),
        new Variant(name, ContentHash.of(BYTES), BYTES.length, media.details()),
        10);
  }

  private void put(BlobName name) throws IOException {
    files.put(name, Files.write(data.resolve("source"), BYTES));
  }

  /**
   * What finds its variants.
   *
   * @param store where their bytes are, which may be one around that of this
   */
  Variants variants(BlobStore store) {
    return new Variants(
        new Engines(null, Set.of(), null, null),
        new FailureMemory(10, Duration.ofSeconds(1)),
        catalog,
        store,
        temporary,
        new SingleFlight<>(Runnable::run, AbandonedWork.lasting(Duration.ZERO)),
        new Random(1),
        Clock.systemUTC(),
        new Mezzanine(0, 95),
        10,
        () -> {});
  }

  static ChainParser parser() {
    return new ChainParser(
        new ChainRules(100, 10, 20, 100, Rounding.DOWN, false, Optional.empty()));
  }

  @Override
  public void close() {
    catalog.close();
  }
}
