package dev.pictj.hostile;

import dev.pictj.pictures.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/** Damage that any file can take, whatever its format. */
final class Spoiling {
  /** The signature stays whole in most damaged files: without it nothing looks any further. */
  private static final int SIGNATURE = 12;

  private static final long[] WRONG_LENGTHS = {
    0, 1, 2, 3, 7, 8, 0x7FFF, 0xFFFF, 0xFF_FFFF, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL
  };

  private Spoiling() {}

  /**
   * A piece of a file that says its own length.
   *
   * @param lengthAt where the length stands
   */
  record Part(int at, int lengthAt, int end) {}

  /** Cuts, flipped bits, overwritten and doubled stretches of a sound file: count of each. */
  static void damage(Batch batch, byte[] sound, int count) {
    damage(batch, sound, count, UnaryOperator.identity());
  }

  /** The same; what is spoiled is then mended, to bring the damage past a first check. */
  static void damage(Batch batch, byte[] sound, int count, UnaryOperator<byte[]> mend) {
    batch.many(
        "truncated", count, (i, random) -> Arrays.copyOf(sound, cut(sound.length, i, count)));
    batch.many("bit-flips", count, (i, random) -> mend.apply(flipped(sound, random, 1 + i % 12)));
    batch.many("overwritten", count / 3, (i, random) -> mend.apply(overwritten(sound, random)));
    batch.many("stretch-doubled-or-lost", count / 3, (i, random) -> spliced(sound, random));
  }

  /** Every part of a file, taken away, doubled, moved to the end, and with wrong lengths. */
  static void disorder(Batch batch, byte[] sound, List<Part> parts, int lengthBytes, boolean big) {
    for (Part part : parts) {
      byte[] before = Bytes.part(sound, 0, part.at());
      byte[] itself = Bytes.part(sound, part.at(), part.end());
      byte[] after = Bytes.from(sound, part.end());
      batch.one("part-missing", () -> Bytes.join(before, after));
      batch.one("part-twice", () -> Bytes.join(before, itself, itself, after));
      batch.one("part-last", () -> Bytes.join(before, after, itself));
    }
    batch.many(
        "wrong-length",
        parts.size() * WRONG_LENGTHS.length,
        (i, random) -> {
          Part part = parts.get(i / WRONG_LENGTHS.length);
          return withNumber(
              sound, part.lengthAt(), lengthBytes, big, WRONG_LENGTHS[i % WRONG_LENGTHS.length]);
        });
    batch.many(
        "length-nearly-right",
        parts.size() * 2,
        (i, random) -> {
          Part part = parts.get(i / 2);
          long length = number(sound, part.lengthAt(), lengthBytes, big);
          return withNumber(sound, part.lengthAt(), lengthBytes, big, length + (i % 2) * 2 - 1);
        });
  }

  /** A copy with another number at a place. */
  static byte[] withNumber(byte[] bytes, int at, int length, boolean big, long value) {
    byte[] out = bytes.clone();
    for (int i = 0; i < length; i++) {
      out[at + i] = (byte) (value >> 8 * (big ? length - 1 - i : i));
    }
    return out;
  }

  static long number(byte[] bytes, int at, int length, boolean big) {
    ByteBuffer buffer = ByteBuffer.allocate(8);
    for (int i = 0; i < length; i++) {
      buffer.put(big ? 8 - length + i : i, bytes[at + i]);
    }
    return buffer.order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN).getLong(0);
  }

  /** Turns bits over. */
  static byte[] flipped(byte[] sound, Random random, int bits) {
    byte[] out = sound.clone();
    for (int i = 0; i < bits; i++) {
      out[SIGNATURE + random.nextInt(out.length - SIGNATURE)] ^= (byte) (1 << random.nextInt(8));
    }
    return out;
  }

  /** That many pieces one after another. */
  static byte[] repeated(int count, IntFunction<byte[]> piece) {
    List<byte[]> all = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      all.add(piece.apply(i));
    }
    return Bytes.join(all.toArray(byte[][]::new));
  }

  private static int cut(int length, int index, int count) {
    // Every byte of the head, then evenly to the last byte.
    return index < count / 4
        ? 1 + index * 2
        : (int) ((long) (length - 1) * (index + 1 - count / 4) / (count - count / 4));
  }

  private static byte[] overwritten(byte[] sound, Random random) {
    byte[] out = sound.clone();
    int from = SIGNATURE + random.nextInt(out.length - SIGNATURE);
    int to = Math.min(out.length, from + 1 + random.nextInt(64));
    byte[] noise = new byte[to - from];
    switch (random.nextInt(3)) {
      case 0 -> Arrays.fill(noise, (byte) 0xFF);
      case 1 -> random.nextBytes(noise);
      default -> Arrays.fill(noise, (byte) 0);
    }
    System.arraycopy(noise, 0, out, from, noise.length);
    return out;
  }

  private static byte[] spliced(byte[] sound, Random random) {
    int from = SIGNATURE + random.nextInt(sound.length - SIGNATURE);
    int to = from + random.nextInt(sound.length - from);
    return random.nextBoolean()
        ? Bytes.join(Bytes.part(sound, 0, from), Bytes.from(sound, to))
        : Bytes.join(Bytes.part(sound, 0, to), Bytes.from(sound, from));
  }
}
