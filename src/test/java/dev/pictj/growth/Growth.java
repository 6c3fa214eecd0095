package dev.pictj.growth;

import static dev.pictj.catalog.Unlinked.MEDIA_REMOVED;
import static java.util.stream.Collectors.joining;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.rocksdb.CatalogFolder;
import dev.pictj.catalog.rocksdb.RocksCatalog;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Fills the catalog of a data folder to some number of aliases, or measures single calls, synced as
 * the server makes them. Names follow from their number, so that none need be remembered. Needs
 * nothing but the jar: {@code java -cp pictj.jar Growth.java fill FOLDER CACHE_MIB FROM TO}, and
 * {@code measure FOLDER CACHE_MIB SIZE}.
 */
public final class Growth {
  /** Links of one transaction while filling; a sync each would take hours. */
  private static final int BATCH = 1000;

  /** Every so many-th upload is a duplicate of an earlier one. */
  private static final int DUPLICATES = 5;

  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private final Catalog catalog;
  private final FileChannel plain;
  private final Instant now = Instant.now();

  private Growth(Catalog catalog, FileChannel plain) {
    this.catalog = catalog;
    this.plain = plain;
  }

  /** Prints one line of JSON with times in microseconds. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[1]);
    long cache = Long.parseLong(arguments[2]) << 20;
    long first = Long.parseLong(arguments[3]);
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    try (Catalog catalog =
            RocksCatalog.open(
                new CatalogFolder(folder.resolve("catalog")),
                temporary,
                cache,
                4,
                Clock.systemUTC(),
                System::nanoTime,
                () -> {});
        FileChannel plain =
            FileChannel.open(
                temporary.resolve("plain"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      Growth growth = new Growth(catalog, plain);
      if (arguments[0].equals("fill")) {
        System.out.printf("{%s}%n", growth.fill(first, Long.parseLong(arguments[4])));
      } else {
        // Once for the compiler, once for the figures; the names are others each time.
        growth.measure(first, 300, 7);
        System.out.printf("{%s}%n", growth.measure(first, 2000, 8));
      }
    }
  }

  private String fill(long from, long to) throws Exception {
    long started = System.nanoTime();
    for (long first = from; first < to; first += BATCH) {
      List<Link> batch = new ArrayList<>();
      for (long number = first; number < Math.min(to, first + BATCH); number++) {
        batch.add(link(number));
      }
      announce(batch);
      catalog.link(batch);
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    return "\"aliases\": %d, \"filled_per_second\": %.0f".formatted(to, (to - from) / seconds);
  }

  private String measure(long size, int writes, int seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    Times lookup = new Times("lookup", 10 * writes);
    for (int i = 0; i < 10 * writes; i++) {
      lookup.take(() -> catalog.find(alias(random.nextLong(size))).isPresent());
    }
    Times miss = new Times("miss", writes);
    for (int i = 0; i < writes; i++) {
      miss.take(() -> catalog.find(alias(size + random.nextLong(1L << 40))).isEmpty());
    }
    List<Link> links = new ArrayList<>();
    for (int i = 0; i < writes; i++) {
      links.add(
          link(1_000_000_000_000_000L + (long) seed * writes * DUPLICATES + (long) i * DUPLICATES));
    }
    announce(links);
    // What the disk takes for as little, in turns with them: it is not the catalog's doing.
    Times plainly = new Times("sync", writes);
    Times linking = new Times("link", writes);
    for (Link link : links) {
      linking.take(() -> catalog.link(List.of(link)).size() == 1);
      plainly.take(this::sync);
    }
    Times unlinking = new Times("unlink", writes);
    for (Link link : links) {
      unlinking.take(() -> catalog.unlink(link.alias(), link.deleteToken()) == MEDIA_REMOVED);
    }
    return Stream.of(lookup, miss, plainly, linking, unlinking)
        .map(Times::json)
        .collect(joining(", "));
  }

  private boolean sync() throws IOException {
    plain.write(ByteBuffer.allocate(500));
    plain.force(/* metaData= */ false);
    return true;
  }

  /** How long calls of one sort took. Each must say that it worked. */
  private static final class Times {
    private final String name;
    private final long[] nanos;
    private int count;

    Times(String name, int most) {
      this.name = name;
      this.nanos = new long[most];
    }

    void take(Callable<Boolean> call) throws Exception {
      long started = System.nanoTime();
      boolean right = call.call();
      nanos[count++] = System.nanoTime() - started;
      if (!right) {
        throw new IllegalStateException(name + " gave a wrong answer");
      }
    }

    String json() {
      Arrays.sort(nanos, 0, count);
      return "\"%s\": {\"p50\": %.1f, \"p99\": %.1f}"
          .formatted(name, nanos[count / 2] / 1e3, nanos[count * 99 / 100] / 1e3);
    }
  }

  private void announce(List<Link> links) {
    catalog.announce(links.stream().map(link -> link.media().filename()).toList());
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
