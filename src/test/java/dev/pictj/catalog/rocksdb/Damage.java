package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.rocksdb.Rows.AliasRow;
import dev.pictj.catalog.rocksdb.Rows.MediaRow;
import dev.pictj.catalog.rocksdb.Rows.PreviewRow;
import dev.pictj.media.Facts;
import dev.pictj.media.Preview;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** Breaks single rows of a stopped server's catalog, as no server ever does. */
public final class Damage {
  private final Path catalog;
  private final Path scratch;

  /** Damage to the catalog in a data folder. */
  public Damage(Path root, Path scratch) {
    this.catalog = root.resolve("catalog");
    this.scratch = scratch;
  }

  private Database open() {
    return Database.open(new Opening(new CatalogFolder(catalog), scratch, 1 << 20), 1);
  }

  private void write(Database.Work<Void> work) {
    try (Database database = open()) {
      database.<Void>write(true, work);
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** An alias of a media that never was. */
  public void addDanglingAlias(String alias) {
    byte[] row = Rows.write(new AliasRow("ab".repeat(32), "token", Instant.EPOCH));
    put(Family.ALIAS, alias, row);
  }

  /** Makes the row of an upload in the background unreadable. */
  public void garbleUpload(String id) {
    put(Family.BACKGROUND, RocksBackgroundUploads.UPLOAD + id, text("{"));
  }

  /** Takes an alias off its media's list. */
  public void unlist(String hash, String alias) {
    delete(Family.MEDIA_ALIAS, hash + "/" + alias);
  }

  /** Puts an alias on a media's list that does not exist. */
  public void listUnknown(String hash, String alias) {
    put(Family.MEDIA_ALIAS, hash + "/" + alias, text("1"));
  }

  /** Writes a wrong count of aliases. */
  public void miscount(String hash) {
    write(
        session -> {
          MediaRow media = Rows.read(session.get(Family.MEDIA, hash), MediaRow.class);
          session.put(Family.MEDIA, hash, Rows.write(media.withAliases(17)));
          return null;
        });
  }

  /** Takes a media's only alias away and leaves the rest. */
  public void strand(String hash, String alias) {
    delete(Family.ALIAS, alias);
    delete(Family.MEDIA_ALIAS, hash + "/" + alias);
  }

  /** Forgets which media a filename belongs to. */
  public void loseFilename(String filename) {
    delete(Family.FILENAME, filename);
  }

  /** A filename of nothing. */
  public void addFilename(String filename) {
    put(Family.FILENAME, filename, text("cd".repeat(32)));
  }

  /** A variant of a media that never was. */
  public void addDanglingVariant() {
    put(Family.VARIANT, "nobody0000.png/identity.webp", copyOfAnyVariant());
  }

  private byte[] copyOfAnyVariant() {
    try (Database database = open()) {
      return database.read(reader -> reader.scan(Family.VARIANT, "").getFirst().getValue());
    }
  }

  /** Writes a wrong count of variants. */
  public void miscountVariants(String hash) {
    write(
        session -> {
          MediaRow media = Rows.read(session.get(Family.MEDIA, hash), MediaRow.class);
          session.put(
              Family.MEDIA, hash, Rows.write(media.withVariants(media.variants().withCount(17))));
          return null;
        });
  }

  /** Writes totals of nothing. */
  public void miscountAll() {
    write(
        session -> {
          new Tally().put(session);
          return null;
        });
  }

  /** A place of a variant that never was. */
  public void addPlace(String filename) {
    put(Family.VARIANT_ORDER, VariantRows.orderKey(filename, 7), text("blur-9.webp"));
  }

  /** Gives a media a perceptual hash by which it is not listed. */
  public void addPhash(String hash, String phash) {
    Preview preview = new Preview("L", Optional.of(new Facts("", "", phash)));
    write(
        session -> {
          MediaRow media = Rows.read(session.get(Family.MEDIA, hash), MediaRow.class);
          MediaRow known = media.withPreview(PreviewRow.of(preview));
          session.put(Family.MEDIA, hash, Rows.write(known));
          return null;
        });
  }

  /** Lists a media by a perceptual hash that it has not. */
  public void listByPhash(String phash, String hash) {
    put(Family.PHASH, phash + "/" + hash, text(""));
  }

  /** A row that is no JSON. */
  public void garble(String alias) {
    put(Family.ALIAS, alias, text("{not json"));
  }

  /** Puts bytes that are in use into the trash journal. */
  public void discard(String blob) {
    put(Family.TRASH, blob, text(Instant.EPOCH.toString()));
  }

  private void put(Family family, String key, byte[] value) {
    write(
        session -> {
          session.put(family, key, value);
          return null;
        });
  }

  private void delete(Family family, String key) {
    write(
        session -> {
          session.delete(family, key);
          return null;
        });
  }
}
