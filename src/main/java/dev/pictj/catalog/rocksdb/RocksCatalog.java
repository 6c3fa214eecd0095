package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.AliasTakenException;
import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.CatalogUnavailableException;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.MediaVanishedException;
import dev.pictj.catalog.Unlinked;
import dev.pictj.catalog.Variant;
import dev.pictj.catalog.rocksdb.Database.Reader;
import dev.pictj.catalog.rocksdb.Database.Session;
import dev.pictj.catalog.rocksdb.Rows.AliasRow;
import dev.pictj.catalog.rocksdb.Rows.MediaRow;
import dev.pictj.catalog.rocksdb.Rows.VariantRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.rocksdb.RocksDBException;

/**
 * The catalog on RocksDB.
 *
 * <p>Every step is an optimistic transaction. Steps that touch one media all read its row for
 * update and write it, so that of two at the same time one commits and the other runs again: a
 * media never loses its last alias while another is being given to it, and no variant is added to a
 * media that is going.
 */
public final class RocksCatalog implements Catalog {
  static final String SCHEMA_KEY = Opening.SCHEMA_KEY;
  private static final int SCHEMA = 1;

  private final Database database;
  private final Writers writers;
  private final Clock clock;
  private final AtomicLong lastOrder = new AtomicLong();

  private RocksCatalog(Database database, Writers writers, Clock clock) {
    this.writers = writers;
    this.database = database;
    this.clock = clock;
  }

  /**
   * As {@link #open(CatalogFolder, Path, long, int, Clock, BeforeFirstUse)} where a new one is
   * welcome.
   */
  public static RocksCatalog open(
      Path folder, Path temporary, long cacheBytes, int writers, Clock clock) {
    try {
      return open(new CatalogFolder(folder), temporary, cacheBytes, writers, clock, () -> {});
    } catch (IOException e) {
      throw new IllegalStateException("nobody objects", e);
    }
  }

  /** Is asked, with the catalog locked, before one that never named anything is used. */
  @FunctionalInterface
  public interface BeforeFirstUse {
    /** Lets it be used, or throws; then the next start asks again. */
    void run() throws IOException;
  }

  /** Whether there is a catalog, used or not. */
  public static boolean exists(Path folder) {
    // RocksDB keeps the name of its newest manifest there.
    return Files.isRegularFile(folder.resolve("CURRENT"));
  }

  /**
   * Opens the catalog, making it if there is none.
   *
   * @param folder of the database
   * @param temporary where the native library may be unpacked for a moment
   * @param cacheBytes for blocks read from disk
   * @param writers threads that write; as many commits at most share one sync of the disk
   * @throws CatalogException in words for the administrator: in use, too new, damaged
   * @throws IOException what {@code beforeFirstUse} threw
   */
  public static RocksCatalog open(
      CatalogFolder folder,
      Path temporary,
      long cacheBytes,
      int writers,
      Clock clock,
      BeforeFirstUse beforeFirstUse)
      throws IOException {
    Database database = Database.open(new Opening(folder, temporary, cacheBytes));
    try {
      if (database.read(reader -> reader.get(Family.META, SCHEMA_KEY)) == null) {
        beforeFirstUse.run();
      }
      database.<Void>write(
          true,
          session -> {
            byte[] found = session.get(Family.META, SCHEMA_KEY);
            if (found == null) {
              session.put(Family.META, SCHEMA_KEY, text(Integer.toString(SCHEMA)));
            } else if (!new String(found, StandardCharsets.UTF_8)
                .equals(Integer.toString(SCHEMA))) {
              throw new CatalogException(
                  "the catalog has schema %s, this version of pictj knows up to %d: use a newer pictj"
                      .formatted(new String(found, StandardCharsets.UTF_8), SCHEMA));
            }
            return null;
          });
    } catch (CatalogUnavailableException e) {
      database.close();
      throw Loss.refusal(folder, e.getCause().getMessage(), e);
    } catch (IOException | RuntimeException e) {
      database.close();
      throw e;
    }
    return new RocksCatalog(database, new Writers(database, writers), clock);
  }

  @Override
  public List<Media> link(List<Link> links) throws AliasTakenException, MediaVanishedException {
    record Outcome(List<Media> linked, String taken, String vanished) {}
    Outcome outcome =
        writers.write(
            true,
            session -> {
              List<Media> linked = new ArrayList<>();
              for (Link link : links) {
                if (session.get(Family.ALIAS, link.alias()) != null) {
                  session.rollback();
                  return new Outcome(linked, link.alias(), null);
                }
                Optional<Media> media = link(session, link);
                if (media.isEmpty()) {
                  session.rollback();
                  return new Outcome(linked, null, link.media().hash());
                }
                linked.add(media.get());
              }
              return new Outcome(linked, null, null);
            });
    if (outcome.taken() != null) {
      throw new AliasTakenException(outcome.taken());
    }
    if (outcome.vanished() != null) {
      throw new MediaVanishedException(outcome.vanished());
    }
    return outcome.linked();
  }

  private Optional<Media> link(Session session, Link link) throws RocksDBException {
    String hash = link.media().hash();
    byte[] known = session.get(Family.MEDIA, hash);
    if (known == null && !link.fresh()) {
      return Optional.empty();
    }
    MediaRow media = known == null ? MediaRow.of(link.media()) : Rows.read(known, MediaRow.class);
    if (known == null) {
      session.put(Family.FILENAME, media.filename(), text(hash));
    }
    session.put(Family.MEDIA, hash, Rows.write(media.withAliases(media.aliases() + 1)));
    session.put(
        Family.ALIAS,
        link.alias(),
        Rows.write(new AliasRow(hash, link.deleteToken(), clock.instant())));
    session.put(Family.MEDIA_ALIAS, hash + "/" + link.alias(), text(Long.toString(nextOrder())));
    return Optional.of(media.media(hash));
  }

  /** Microseconds since the epoch, or one more than the last where that is not later. */
  private long nextOrder() {
    Instant now = clock.instant();
    long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
    return lastOrder.updateAndGet(last -> Math.max(last + 1, micros));
  }

  @Override
  public Optional<Media> find(String alias) {
    return database.read(
        reader -> {
          byte[] row = reader.get(Family.ALIAS, alias);
          return row == null
              ? Optional.empty()
              : media(reader, Rows.read(row, AliasRow.class).hash());
        });
  }

  @Override
  public Optional<Media> findByFilename(String filename) {
    return database.read(
        reader -> {
          byte[] hash = reader.get(Family.FILENAME, filename);
          return hash == null
              ? Optional.empty()
              : media(reader, new String(hash, StandardCharsets.UTF_8));
        });
  }

  @Override
  public Optional<Media> findByHash(String hash) {
    return database.read(reader -> media(reader, hash));
  }

  private static Optional<Media> media(Reader reader, String hash) throws RocksDBException {
    byte[] row = reader.get(Family.MEDIA, hash);
    return Optional.ofNullable(row).map(bytes -> Rows.read(bytes, MediaRow.class).media(hash));
  }

  @Override
  public List<String> aliases(String hash) {
    return database.read(reader -> aliases(reader, hash));
  }

  private static List<String> aliases(Reader reader, String hash) throws RocksDBException {
    return reader.scan(Family.MEDIA_ALIAS, hash + "/").stream()
        .sorted(Comparator.comparingLong(RocksCatalog::order))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static long order(Map.Entry<String, byte[]> entry) {
    return Long.parseLong(new String(entry.getValue(), StandardCharsets.UTF_8));
  }

  @Override
  public Unlinked unlink(String alias, String deleteToken) {
    return writers.write(
        true,
        session -> {
          byte[] row = session.get(Family.ALIAS, alias);
          if (row == null) {
            return Unlinked.UNKNOWN_ALIAS;
          }
          AliasRow found = Rows.read(row, AliasRow.class);
          // Equal work for any wrong token, so that timing tells nothing about the right one.
          if (!MessageDigest.isEqual(text(found.deleteToken()), text(deleteToken))) {
            return Unlinked.WRONG_TOKEN;
          }
          byte[] mediaRow = session.get(Family.MEDIA, found.hash());
          if (mediaRow == null) {
            // Between the two reads somebody else took alias and media away.
            return Unlinked.UNKNOWN_ALIAS;
          }
          MediaRow media = Rows.read(mediaRow, MediaRow.class);
          session.delete(Family.ALIAS, alias);
          session.delete(Family.MEDIA_ALIAS, found.hash() + "/" + alias);
          if (media.aliases() > 1) {
            session.put(
                Family.MEDIA, found.hash(), Rows.write(media.withAliases(media.aliases() - 1)));
            return Unlinked.ALIAS_REMOVED;
          }
          removeMedia(session, found.hash(), media);
          return Unlinked.MEDIA_REMOVED;
        });
  }

  @Override
  public List<String> purge(String hash) {
    return writers.write(
        true,
        session -> {
          byte[] row = session.get(Family.MEDIA, hash);
          if (row == null) {
            return List.<String>of();
          }
          List<String> aliases = aliases(session, hash);
          for (String alias : aliases) {
            session.delete(Family.ALIAS, alias);
            session.delete(Family.MEDIA_ALIAS, hash + "/" + alias);
          }
          removeMedia(session, hash, Rows.read(row, MediaRow.class));
          return aliases;
        });
  }

  private void removeMedia(Session session, String hash, MediaRow media) throws RocksDBException {
    session.delete(Family.MEDIA, hash);
    session.delete(Family.FILENAME, media.filename());
    byte[] since = text(clock.instant().toString());
    session.put(Family.TRASH, media.filename(), since);
    for (Map.Entry<String, byte[]> entry : session.scan(Family.VARIANT, hash + "/")) {
      VariantRow variant = Rows.read(entry.getValue(), VariantRow.class);
      session.delete(Family.VARIANT, hash + "/" + entry.getKey());
      session.put(Family.TRASH, media.filename() + "/" + variant.blob(), since);
    }
  }

  @Override
  public Optional<Variant> variant(Media media, String key) {
    return database.read(
        reader ->
            Optional.ofNullable(reader.get(Family.VARIANT, media.hash() + "/" + key))
                .map(row -> Rows.read(row, VariantRow.class).variant()));
  }

  @Override
  public boolean addVariant(Media media, String key, Variant variant) {
    // Not synced: a variant lost in a crash is made again, and its bytes are swept at start.
    return writers.write(
        false,
        session -> {
          byte[] row = session.get(Family.MEDIA, media.hash());
          // The same content, deleted and uploaded again meanwhile, has another folder of variants.
          if (row == null || !Rows.read(row, MediaRow.class).filename().equals(media.filename())) {
            return false;
          }
          session.put(Family.MEDIA, media.hash(), row);
          session.put(Family.VARIANT, media.hash() + "/" + key, Rows.write(VariantRow.of(variant)));
          return true;
        });
  }

  @Override
  public void removeVariant(Media media, String key, Variant variant) {
    writers.<Void>write(
        false,
        session -> {
          byte[] row = session.get(Family.VARIANT, media.hash() + "/" + key);
          if (row != null && Rows.read(row, VariantRow.class).blob().equals(variant.blob())) {
            session.delete(Family.VARIANT, media.hash() + "/" + key);
            session.put(
                Family.TRASH,
                media.filename() + "/" + variant.blob(),
                text(clock.instant().toString()));
          }
          return null;
        });
  }

  @Override
  public boolean names(String filename, String variantBlob) {
    return database.read(reader -> names(reader, filename, variantBlob));
  }

  static boolean names(Reader reader, String filename, String variantBlob) throws RocksDBException {
    byte[] hash = reader.get(Family.FILENAME, filename);
    if (hash == null || variantBlob == null) {
      return hash != null;
    }
    return reader.scan(Family.VARIANT, new String(hash, StandardCharsets.UTF_8) + "/").stream()
        .anyMatch(
            entry -> Rows.read(entry.getValue(), VariantRow.class).blob().equals(variantBlob));
  }

  @Override
  public void discard(String blob) {
    writers.<Void>write(
        true,
        session -> {
          session.put(Family.TRASH, blob, text(clock.instant().toString()));
          return null;
        });
  }

  @Override
  public void forEachDiscarded(BiConsumer<String, Instant> action) {
    for (Map.Entry<String, byte[]> entry : database.read(reader -> reader.scan(Family.TRASH, ""))) {
      action.accept(
          entry.getKey(), Instant.parse(new String(entry.getValue(), StandardCharsets.UTF_8)));
    }
  }

  @Override
  public void forgetDiscarded(String blob) {
    writers.<Void>write(
        false,
        session -> {
          session.delete(Family.TRASH, blob);
          return null;
        });
  }

  @Override
  public void checkpoint(Path folder) {
    database.checkpoint(folder);
  }

  @Override
  public boolean maySweep() {
    if (database.loss().isPresent()) {
      return false;
    }
    database.verify();
    return true;
  }

  @Override
  public void check() {
    database.check();
    if (database.read(reader -> reader.get(Family.META, SCHEMA_KEY)) == null) {
      throw new CatalogException("the catalog has lost its schema");
    }
  }

  @Override
  public void close() {
    writers.close();
    database.close();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
