package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.ProxiedUrls;
import dev.pictj.catalog.rocksdb.Database.Reader;
import dev.pictj.catalog.rocksdb.Database.Session;
import dev.pictj.catalog.rocksdb.Rows.ProxiedRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * URLs that stand for an alias, on RocksDB. In {@link Family#PROXIED} lie the {@link ProxiedRow} of
 * each, and the moment at which it was last asked for, before the URL. What a crash takes back is
 * asked at the origin once more.
 */
final class RocksProxiedUrls implements ProxiedUrls {
  /** Prefix of the key of a URL's row. */
  static final String URL = "url/";

  private static final String ASKED = "asked/";

  private final Database database;

  RocksProxiedUrls(Database database) {
    this.database = database;
  }

  @Override
  public Optional<Proxied> find(String url) {
    return database.read(reader -> Optional.ofNullable(row(reader, url)).map(r -> r.proxied(url)));
  }

  private static @Nullable ProxiedRow row(Reader reader, String url) throws RocksDBException {
    return reader.row(Family.PROXIED, URL + url, ProxiedRow.class);
  }

  private static String askedKey(long micros, String url) {
    return ASKED + "%016x/".formatted(micros) + url;
  }

  /** Writes a row in place of another, or of none. */
  private static void replace(
      Session session, String url, @Nullable ProxiedRow before, @Nullable ProxiedRow after)
      throws RocksDBException {
    if (before != null && (after == null || before.asked() != after.asked())) {
      session.delete(Family.PROXIED, askedKey(before.asked(), url));
    }
    if (after == null) {
      session.delete(Family.PROXIED, URL + url);
      return;
    }
    session.put(Family.PROXIED, URL + url, after);
    if (before == null || before.asked() != after.asked()) {
      session.put(Family.PROXIED, askedKey(after.asked(), url), "");
    }
  }

  /** Has a URL stand for an alias, in the transaction that gives the alias its media. */
  static void put(Session session, String url, Name name, long size, Origin origin, Instant now)
      throws RocksDBException {
    ProxiedRow before = row(session, url);
    List<Name> replaced =
        before == null
            ? List.of()
            : Stream.concat(
                    before.replacedNames().stream(),
                    Stream.of(new Name(before.alias(), before.deleteToken())))
                .toList();
    replace(
        session, url, before, ProxiedRow.of(name, size, origin, now, Rows.micros(now), replaced));
  }

  @Override
  public void checked(Proxied seen, Origin origin, Instant when) {
    change(
        seen,
        (row, proxied) ->
            ProxiedRow.of(
                proxied.name(), row.size(), origin, when, row.asked(), proxied.replaced()));
  }

  @Override
  public void forgetReplaced(Proxied seen) {
    change(
        seen,
        (row, proxied) -> {
          List<Name> left = new ArrayList<>(proxied.replaced());
          left.removeAll(seen.replaced());
          return ProxiedRow.of(
              proxied.name(), row.size(), proxied.origin(), row.checked(), row.asked(), left);
        });
  }

  @Override
  public void forget(Proxied seen) {
    change(seen, (_, _) -> null);
  }

  /** Makes a new row of the old one; null where the row is to be deleted. */
  @FunctionalInterface
  private interface RowChange {
    @Nullable ProxiedRow of(ProxiedRow row, Proxied proxied);
  }

  private void change(Proxied seen, RowChange change) {
    database.change(
        false,
        session -> {
          ProxiedRow row = row(session, seen.url());
          if (row != null && row.alias().equals(seen.name().alias())) {
            replace(session, seen.url(), row, change.of(row, row.proxied(seen.url())));
          }
        });
  }

  @Override
  public void asked(Map<String, Instant> urls) {
    urls.forEach(
        (url, when) -> database.change(false, session -> asked(session, url, Rows.micros(when))));
  }

  private static void asked(Session session, String url, long when) throws RocksDBException {
    ProxiedRow row = row(session, url);
    if (row != null && row.asked() < when) {
      Proxied known = row.proxied(url);
      replace(
          session,
          url,
          row,
          ProxiedRow.of(
              known.name(), row.size(), known.origin(), row.checked(), when, known.replaced()));
    }
  }

  @Override
  public List<Proxied> leastAsked(Optional<Proxied> after, int most) {
    String from =
        after
            .map(
                one ->
                    askedKey(Rows.micros(one.asked()), one.url()).substring(ASKED.length()) + "\0")
            .orElse("");
    return database.read(
        reader -> {
          List<Proxied> found = new ArrayList<>();
          for (Map.Entry<String, byte[]> one : reader.scan(Family.PROXIED, ASKED, from, most)) {
            String url = one.getKey().substring(one.getKey().indexOf('/') + 1);
            ProxiedRow row = row(reader, url);
            if (row != null) {
              found.add(row.proxied(url));
            }
          }
          return found;
        });
  }

  @Override
  public long bytes() {
    return database.read(
        reader -> {
          long[] bytes = new long[1];
          reader.each(
              Family.PROXIED,
              URL,
              (key, value) -> {
                if (!key.startsWith(URL)) {
                  return false;
                }
                bytes[0] += Rows.read(value, ProxiedRow.class).size();
                return true;
              });
          return bytes[0];
        });
  }
}
