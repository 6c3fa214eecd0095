package dev.pictj.catalog.rocksdb;

import dev.pictj.catalog.Totals;
import dev.pictj.catalog.rocksdb.Rows.AliasRow;
import dev.pictj.catalog.rocksdb.Rows.MediaRow;
import dev.pictj.catalog.rocksdb.Rows.VariantRow;
import dev.pictj.store.ContentHash;
import dev.pictj.store.file.FileBlobStore;
import dev.pictj.upkeep.Suspicion;
import dev.pictj.upkeep.Sweep;
import dev.pictj.upkeep.Trash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Looks into a stopped server's data folder, row by row and file by file. */
public final class DataFolder {
  private final Path root;
  private final List<String> faults = new ArrayList<>();
  private Totals totals;

  private DataFolder(Path root) {
    this.root = root;
  }

  /**
   * Everything in a data folder that contradicts something else in it, in words; empty when all is
   * well.
   */
  public static List<String> faults(Path root, Path scratch) throws IOException {
    return new DataFolder(root).look(scratch);
  }

  /**
   * Does what a server does in the background in some hours: looks for unnamed files until they
   * have gone, and empties the trash. Even files that a server would keep for being new.
   */
  public static void tidy(Path root, Path scratch) throws IOException {
    FileBlobStore store = FileBlobStore.existing(root);
    try (Stream<Path> files = Files.walk(root.resolve("files"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
      }
    }
    Duration hour = Duration.ofHours(1);
    Suspicion none = new Suspicion(Integer.MAX_VALUE, 100);
    AtomicLong ticks = new AtomicLong();
    try (RocksCatalog catalog =
            Catalogs.open(root.resolve("catalog"), scratch, Clock.systemUTC(), ticks::get);
        Trash trash = new Trash(catalog, store)) {
      Sweep sweep =
          new Sweep(catalog, store, trash, new Sweep.Rules(hour, Duration.ofDays(7), none));
      for (int looks = 0; looks < 3; looks++) {
        sweep.run();
        ticks.addAndGet(hour.plusMinutes(2).toNanos());
      }
      trash.empty();
    }
  }

  private List<String> look(Path scratch) throws IOException {
    Map<Family, Map<String, byte[]>> rows = new HashMap<>();
    try (Database database =
        Database.open(
            new Opening(new CatalogFolder(root.resolve("catalog")), scratch, 1 << 20), 1)) {
      for (Family family : Family.values()) {
        Map<String, byte[]> all = new HashMap<>();
        database
            .read(reader -> reader.scan(family, ""))
            .forEach(row -> all.put(row.getKey(), row.getValue()));
        rows.put(family, all);
      }
      totals = database.read(Tally::read).totals();
    }
    Set<String> named = new HashSet<>();
    Map<String, Integer> aliases = new HashMap<>();
    rows.get(Family.ALIAS)
        .forEach(
            (alias, row) -> {
              String hash = Rows.read(row, AliasRow.class).hash();
              aliases.merge(hash, 1, Integer::sum);
              expect(rows.get(Family.MEDIA).containsKey(hash), "alias %s dangles", alias);
              expect(
                  rows.get(Family.MEDIA_ALIAS).containsKey(hash + "/" + alias),
                  "alias %s is not listed with its media",
                  alias);
            });
    expect(
        rows.get(Family.MEDIA_ALIAS).size() == rows.get(Family.ALIAS).size(),
        "media list %s aliases",
        rows.get(Family.MEDIA_ALIAS).size());
    for (Map.Entry<String, byte[]> entry : rows.get(Family.MEDIA).entrySet()) {
      String hash = entry.getKey();
      MediaRow media = Rows.read(entry.getValue(), MediaRow.class);
      String filename = media.filename();
      expect(
          media.aliases() == aliases.getOrDefault(hash, 0) && media.aliases() > 0,
          "media %s counts %s aliases",
          filename,
          media.aliases());
      byte[] back = rows.get(Family.FILENAME).get(filename);
      expect(
          back != null && new String(back, StandardCharsets.UTF_8).equals(hash),
          "filename %s does not lead to its media",
          filename);
      String place =
          "files/%s/%s/%s".formatted(filename.substring(0, 2), filename.substring(2, 4), filename);
      named.add(place);
      whole(place, media.size(), hash);
    }
    expect(
        rows.get(Family.FILENAME).size() == rows.get(Family.MEDIA).size(),
        "there are %s filenames",
        rows.get(Family.FILENAME).size());
    Map<String, Long> ordered = new HashMap<>();
    for (Map.Entry<String, byte[]> entry : rows.get(Family.VARIANT).entrySet()) {
      String filename = entry.getKey().substring(0, entry.getKey().indexOf('/'));
      VariantRow variant = Rows.read(entry.getValue(), VariantRow.class);
      expect(
          rows.get(Family.FILENAME).containsKey(filename),
          "variant %s has no media",
          entry.getKey());
      if (variant.order() > 0) {
        ordered.merge(filename, 1L, Long::sum);
        byte[] place =
            rows.get(Family.VARIANT_ORDER).get(VariantRows.orderKey(filename, variant.order()));
        expect(
            place != null
                && entry
                    .getKey()
                    .equals(filename + "/" + new String(place, StandardCharsets.UTF_8)),
            "variant %s has no place",
            entry.getKey());
      }
      String place =
          "variants/%s/%s/%s/%s"
              .formatted(
                  filename.substring(0, 2), filename.substring(2, 4), filename, variant.blob());
      named.add(place);
      whole(place, variant.size(), variant.hash());
    }
    long places = ordered.values().stream().mapToLong(Long::longValue).sum();
    expect(
        rows.get(Family.VARIANT_ORDER).size() == places,
        "there are %s places",
        rows.get(Family.VARIANT_ORDER).size());
    for (byte[] row : rows.get(Family.MEDIA).values()) {
      MediaRow media = Rows.read(row, MediaRow.class);
      expect(
          media.variants().count() == ordered.getOrDefault(media.filename(), 0L),
          "media %s counts %s variants",
          media.filename(),
          media.variants().count());
    }
    counted(rows);
    expect(
        rows.get(Family.REMOVED).isEmpty(), "left behind: %s", rows.get(Family.REMOVED).keySet());
    expect(rows.get(Family.TRASH).isEmpty(), "the trash holds %s", rows.get(Family.TRASH).keySet());
    Set<String> files = files("files", "variants");
    files.removeAll(named);
    expect(files.isEmpty(), "nobody names %s", files);
    Set<String> unfinished = files("tmp");
    expect(unfinished.isEmpty(), "unfinished files: %s", unfinished);
    return faults;
  }

  /** Totals and lists, against the rows that they are of. */
  private void counted(Map<Family, Map<String, byte[]>> rows) {
    Tally tally = new Tally();
    Set<String> uploads = new TreeSet<>();
    Set<String> asked = new TreeSet<>();
    rows.get(Family.MEDIA)
        .forEach(
            (hash, row) -> {
              MediaRow media = Rows.read(row, MediaRow.class);
              tally.media(media, 1);
              uploads.add(MediaRows.place(hash, media));
            });
    rows.get(Family.VARIANT)
        .forEach(
            (key, row) -> {
              VariantRow variant = Rows.read(row, VariantRow.class);
              tally.variant(variant, 1);
              asked.add(VariantRows.askedKey(variant.lastAsked(), key));
            });
    expect(totals.equals(tally.totals()), "totals are %s, not %s", totals, tally.totals());
    expect(rows.get(Family.UPLOAD).keySet().equals(uploads), "uploads are not %s", uploads);
    expect(
        rows.get(Family.VARIANT_ASKED).keySet().equals(asked), "variants asked are not %s", asked);
  }

  private void whole(String place, long size, String hash) throws IOException {
    Path file = root.resolve(place);
    if (!Files.exists(file)) {
      faults.add(place + " is missing");
    } else if (Files.size(file) != size || !ContentHash.of(file).equals(hash)) {
      faults.add(place + " holds other bytes than it should");
    }
  }

  private Set<String> files(String... folders) throws IOException {
    Set<String> found = new TreeSet<>();
    for (String folder : folders) {
      try (Stream<Path> walk = Files.walk(root.resolve(folder))) {
        walk.filter(Files::isRegularFile)
            .map(file -> root.relativize(file).toString())
            // The policy that ImageMagick's children read lies there while the server lives.
            .filter(name -> !name.startsWith("tmp/engine/magick/"))
            .forEach(found::add);
      }
    }
    return found;
  }

  private void expect(boolean holds, String otherwise, Object... details) {
    if (!holds) {
      faults.add(otherwise.formatted(details));
    }
  }
}
