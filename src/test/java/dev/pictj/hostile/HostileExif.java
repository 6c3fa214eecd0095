package dev.pictj.hostile;

import dev.pictj.pictures.Exif;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** EXIF blocks (TIFF 6.0) that lead a reader in circles or out of the file. */
final class HostileExif {
  private static final int EXIF = 0x8769;
  private static final int GPS = 0x8825;
  private static final int NEXT_OF_NONE = 0;

  private HostileExif() {}

  static List<byte[]> all() {
    List<byte[]> all = new ArrayList<>();
    all.add(Exif.cyclic());
    // Two directories that name each other, as next and as sub-directory.
    all.add(circle(ByteOrder.LITTLE_ENDIAN, EXIF));
    all.add(circle(ByteOrder.BIG_ENDIAN, GPS));
    for (int first : new int[] {0, 1, 7, 26, 0xFFFF, Integer.MAX_VALUE, -1}) {
      all.add(block(first, 1, 0x0112, 3, 1, 6, NEXT_OF_NONE));
    }
    for (int entries : new int[] {0, 2, 1000, 0xFFFF}) {
      all.add(block(8, entries, 0x0112, 3, 1, 6, 8));
    }
    for (int count : new int[] {0, 2, 0x7FFF_FFFF, -1}) {
      all.add(block(8, 1, 0x010E, 2, count, 8, 8));
    }
    for (int orientation : new int[] {0, 9, 255, 65_535, -1}) {
      all.add(block(8, 1, 0x0112, 3, 1, orientation, NEXT_OF_NONE));
    }
    for (int type : new int[] {0, 2, 4, 12, 13, 255}) {
      all.add(block(8, 1, 0x0112, type, 1, 6, NEXT_OF_NONE));
    }
    all.add(chain(4000));
    all.add(new byte[] {'I', 'I'});
    all.add(new byte[] {'M', 'M', 0, 42, 0, 0, 0, 8});
    return all;
  }

  private static byte[] block(
      int first, int entries, int tag, int type, int count, int value, int next) {
    return ByteBuffer.allocate(26)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {'I', 'I', 42, 0})
        .putInt(first)
        .putShort((short) entries)
        .putShort((short) tag)
        .putShort((short) type)
        .putInt(count)
        .putInt(value)
        .putInt(next)
        .array();
  }

  private static byte[] circle(ByteOrder order, int tag) {
    ByteBuffer out = ByteBuffer.allocate(8 + 2 * 18).order(order);
    byte mark = (byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M');
    out.put(mark).put(mark).putShort((short) 42).putInt(8);
    for (int other : new int[] {26, 8}) {
      out.putShort((short) 1).putShort((short) tag).putShort((short) 4).putInt(1);
      out.putInt(other).putInt(other);
    }
    return out.array();
  }

  /** Directories that each name the next: as deep as one segment can hold. */
  private static byte[] chain(int length) {
    int size = 18;
    int count = Math.min(length, 65_000 / size);
    ByteBuffer out = ByteBuffer.allocate(8 + count * size).order(ByteOrder.LITTLE_ENDIAN);
    out.put(new byte[] {'I', 'I', 42, 0}).putInt(8);
    for (int i = 1; i <= count; i++) {
      int next = i == count ? 8 : 8 + i * size;
      out.putShort((short) 1).putShort((short) EXIF).putShort((short) 4).putInt(1);
      out.putInt(next).putInt(next);
    }
    return out.array();
  }
}
