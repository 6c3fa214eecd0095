package dev.pictj.hostile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Collects the files of one format and gives each its index and its own random numbers. */
final class Batch {
  private final String format;
  private final long seed;
  private final List<HostileFile> files = new ArrayList<>();
  private final Map<String, Integer> counts = new HashMap<>();

  Batch(String format, long seed) {
    this.format = format;
    this.seed = seed;
  }

  /** Makes the file with this index among those of one call. */
  @FunctionalInterface
  interface Maker {
    byte[] make(int index, Random random);
  }

  /** One file. */
  void one(String kind, Supplier<byte[]> content) {
    int index = counts.merge(kind, 1, Integer::sum) - 1;
    files.add(new HostileFile(format, kind, index, content));
  }

  /** That many; adding a kind elsewhere changes none of these. */
  void many(String kind, int count, Maker maker) {
    for (int i = 0; i < count; i++) {
      int index = i;
      long own = seed * 31 + (format + kind + counts.getOrDefault(kind, 0)).hashCode();
      one(kind, () -> maker.make(index, new Random(own)));
    }
  }

  List<HostileFile> files() {
    return List.copyOf(files);
  }
}
