package dev.pictj.growth;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Similar;
import dev.pictj.catalog.rocksdb.CatalogFolder;
import dev.pictj.catalog.rocksdb.RocksCatalog;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.Facts;
import dev.pictj.media.MediaType;
import dev.pictj.media.Phash;
import dev.pictj.media.Preview;
import dev.pictj.media.VerifiedBy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Fills a new catalog with media that have perceptual hashes, and measures how fast those that look
 * alike are found. Every tenth hash is a copy of an earlier one with up to eight bits turned. Needs
 * nothing but the jar: {@code java -cp pictj.jar Lookalikes.java FOLDER CACHE_MIB MEDIA}.
 */
public final class Lookalikes {
  private static final int BATCH = 1000;
  private static final int COPIES = 10;
  private static final int WARMING_UP = 2_000;
  private static final int LOOK_UPS = 20_000;
  private static final int PAGE = 100;

  private final Catalog catalog;
  private final Instant now = Instant.now();

  private Lookalikes(Catalog catalog) {
    this.catalog = catalog;
  }

  /** Prints one line of JSON. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    long cache = Long.parseLong(arguments[1]) << 20;
    long media = Long.parseLong(arguments[2]);
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    try (Catalog catalog = open(folder, temporary, cache)) {
      new Lookalikes(catalog).fill(media);
    }
    // Opened anew, so that the first look-up has all to do.
    try (Catalog catalog = open(folder, temporary, cache)) {
      System.out.printf("{%s}%n", new Lookalikes(catalog).measure(media));
    }
  }

  private static Catalog open(Path folder, Path temporary, long cache) throws Exception {
    return RocksCatalog.open(
        new CatalogFolder(folder.resolve("catalog")),
        temporary,
        cache,
        4,
        Clock.systemUTC(),
        System::nanoTime,
        () -> {});
  }

  private void fill(long media) throws Exception {
    for (long first = 0; first < media; first += BATCH) {
      List<Link> batch = new ArrayList<>();
      for (long number = first; number < Math.min(media, first + BATCH); number++) {
        batch.add(link(number));
      }
      catalog.announce(batch.stream().map(link -> link.media().filename()).toList());
      catalog.link(batch);
    }
  }

  private Link link(long number) {
    SplittableRandom random = new SplittableRandom(number);
    StringBuilder hash = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      hash.append("%016x".formatted(random.nextLong()));
    }
    String name = "%010d.jpg".formatted(number);
    Facts facts =
        new Facts("AAgCBwAAAAAAAAAAAAAAAAAAAAAAAAAA", "#000000", phash(number).toString());
    return new Link(
        name,
        "token",
        new Media(
            hash.toString(),
            name,
            3_000_000,
            new Details(new Dimensions(4000, 3000), MediaType.JPEG, 1, now),
            VerifiedBy.WORKER,
            Optional.of(new Preview("LEHV6nWB2yk8pyo0adR*.7kCMdnj", Optional.of(facts)))),
        true);
  }

  /** With about half of its bits set, as those of pictures have. */
  private static Phash phash(long number) {
    SplittableRandom random = new SplittableRandom(~number);
    if (number % COPIES != COPIES - 1) {
      return new Phash(random.nextLong());
    }
    long bits = phash(random.nextLong(number / COPIES + 1) * COPIES).bits();
    for (int i = random.nextInt(Phash.MAX_DISTANCE + 1); i > 0; i--) {
      bits ^= 1L << random.nextInt(Phash.BITS);
    }
    return new Phash(bits);
  }

  private String measure(long media) {
    long started = System.nanoTime();
    lookUp(1, media, new SplittableRandom(1));
    final double first = (System.nanoTime() - started) / 1e9;
    lookUp(WARMING_UP, media, new SplittableRandom(2));
    System.gc();
    final long heap = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    started = System.nanoTime();
    long[] compared = lookUp(LOOK_UPS, media, new SplittableRandom(3));
    double seconds = (System.nanoTime() - started) / 1e9;
    return ("\"media\": %d, \"first_seconds\": %.2f, \"lookups_per_second\": %.0f, "
            + "\"candidates\": %.0f, \"found\": %.2f, \"heap_mib\": %d")
        .formatted(
            media,
            first,
            LOOK_UPS / seconds,
            (double) compared[0] / LOOK_UPS,
            (double) compared[1] / LOOK_UPS,
            heap >> 20);
  }

  /** Of hashes that are there; how many were compared, and how many media found. */
  private long[] lookUp(int times, long media, SplittableRandom random) {
    long[] sums = new long[2];
    for (int i = 0; i < times; i++) {
      Phash wanted = phash(random.nextLong(media));
      Similar found = catalog.similar(wanted, Phash.MAX_DISTANCE, "", PAGE);
      if (wanted.isComparable() && found.media().isEmpty()) {
        throw new IllegalStateException(wanted + " was not found");
      }
      sums[0] += found.candidates();
      sums[1] += found.media().size();
    }
    return sums;
  }
}
