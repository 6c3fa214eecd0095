package dev.pictj.hostile;

import dev.pictj.pictures.PngChunks;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Very much of nothing in few bytes: packing it takes its time, so it is done once. */
final class Zeros {
  private static final Map<Integer, byte[]> PACKED = new ConcurrentHashMap<>();

  private Zeros() {}

  /** A zlib stream of that many zeros; not to be changed. */
  static byte[] packed(int count) {
    return PACKED.computeIfAbsent(count, wanted -> PngChunks.deflated(new byte[wanted]));
  }
}
