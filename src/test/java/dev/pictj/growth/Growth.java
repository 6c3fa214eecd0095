package dev.pictj.growth;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Unlinked;
import dev.pictj.catalog.rocksdb.RocksCatalog;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/**
 * Fills the catalog of a data folder to some number of aliases and measures single calls, synced as
 * the server makes them. Names follow from their number, so that none need be remembered. Needs
 * nothing but the jar: {@code java -cp pictj.jar Growth.java FOLDER FROM TO CACHE_MIB}.
 */
public final class Growth {
  /** Links of one transaction while filling; a sync each would take hours. */
  private static final int BATCH = 1000;

  /** Every so many-th upload is a duplicate of an earlier one. */
  private static final int DUPLICATES = 5;

  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private final Catalog catalog;
  private final Instant now = Instant.now();

  private Growth(Catalog catalog) {
    this.catalog = catalog;
  }

  /** Prints one line of JSON with times in microseconds. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    long from = Long.parseLong(arguments[1]);
    long to = Long.parseLong(arguments[2]);
    long cache = Long.parseLong(arguments[3]) << 20;
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    try (Catalog catalog =
        RocksCatalog.open(folder.resolve("catalog"), temporary, cache, Clock.systemUTC())) {
      new Growth(catalog).run(from, to, System.out);
    }
  }

  private void run(long from, long to, PrintStream out) throws Exception {
    long started = System.nanoTime();
    for (long first = from; first < to; first += BATCH) {
      List<Link> batch = new ArrayList<>();
      for (long number = first; number < Math.min(to, first + BATCH); number++) {
        batch.add(link(number));
      }
      catalog.link(batch);
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    // Once for the compiler, once for the figures; the names are others each time.
    measure(to, 300, 7);
    out.printf(
        "{\"aliases\": %d, \"filled_per_second\": %.0f, %s}%n",
        to, (to - from) / seconds, measure(to, 2000, 8));
  }

  private String measure(long size, int writes, int seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    String lookup =
        times("lookup", 10 * writes, () -> catalog.find(alias(random.nextLong(size))).isPresent());
    String miss =
        times(
            "miss", writes, () -> catalog.find(alias(size + random.nextLong(1L << 40))).isEmpty());
    List<Link> links = new ArrayList<>();
    for (int i = 0; i < writes; i++) {
      links.add(
          link(1_000_000_000_000_000L + (long) seed * writes * DUPLICATES + (long) i * DUPLICATES));
    }
    var linking = links.iterator();
    String link = times("link", writes, () -> catalog.link(List.of(linking.next())).size() == 1);
    var unlinking = links.iterator();
    String unlink =
        times(
            "unlink",
            writes,
            () -> {
              Link gone = unlinking.next();
              return catalog.unlink(gone.alias(), gone.deleteToken()) == Unlinked.MEDIA_REMOVED;
            });
    return String.join(", ", lookup, miss, link, unlink);
  }

  /** Every call must say that it worked. */
  private static String times(String name, int count, Callable<Boolean> call) throws Exception {
    long[] nanos = new long[count];
    for (int i = 0; i < count; i++) {
      long started = System.nanoTime();
      boolean right = call.call();
      nanos[i] = System.nanoTime() - started;
      if (!right) {
        throw new IllegalStateException(name + " gave a wrong answer");
      }
    }
    Arrays.sort(nanos);
    return "\"%s\": {\"p50\": %.1f, \"p99\": %.1f}"
        .formatted(name, nanos[count / 2] / 1e3, nanos[count * 99 / 100] / 1e3);
  }

  private Link link(long number) {
    long owner = number;
    if (number % DUPLICATES == DUPLICATES - 1) {
      owner = new SplittableRandom(number).nextLong(number / DUPLICATES + 1) * DUPLICATES;
    }
    SplittableRandom random = new SplittableRandom(~owner);
    StringBuilder hash = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      hash.append("%016x".formatted(random.nextLong()));
    }
    Details details = new Details(new Dimensions(4000, 3000), MediaType.JPEG, 1, now);
    Media media = new Media(hash.toString(), name(random) + ".jpg", 3_000_000, details);
    return new Link(alias(number), "t" + alias(number).substring(1, 10), media, true);
  }

  private static String alias(long number) {
    return name(new SplittableRandom(number)) + ".jpg";
  }

  private static String name(SplittableRandom random) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return name.toString();
  }
}
