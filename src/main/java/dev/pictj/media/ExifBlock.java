package dev.pictj.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads the orientation in an EXIF block (TIFF 6.0 structure, CIPA DC-008). Only the first
 * directory is read and no pointer but the one to it is followed, so blocks that point to
 * themselves cannot hold us.
 */
final class ExifBlock {
  /** Longer blocks than this carry something else; the tag stands at the beginning. */
  static final int MAX_LENGTH = 65_536;

  private static final int ORIENTATION = 0x0112;
  private static final int BYTE = 1;
  private static final int SHORT = 3;
  private static final int LONG = 4;

  private ExifBlock() {}

  /**
   * The orientation a block names.
   *
   * @param block a TIFF header and what follows, with or without "Exif\0\0" before it
   * @return upright where the block is damaged or silent
   */
  static Orientation orientation(byte[] block) {
    int start = block.length > 6 && block[0] == 'E' && block[1] == 'x' ? 6 : 0;
    ByteBuffer tiff = ByteBuffer.wrap(block, start, block.length - start).slice();
    if (tiff.limit() < 8) {
      return Orientation.UPRIGHT;
    }
    int mark = tiff.getShort(0);
    if (mark == 0x4949) {
      tiff.order(ByteOrder.LITTLE_ENDIAN);
    } else if (mark != 0x4D4D) {
      return Orientation.UPRIGHT;
    }
    long directory = tiff.getInt(4) & 0xFFFF_FFFFL;
    if (tiff.getShort(2) != 42 || directory > tiff.limit() - 2L) {
      return Orientation.UPRIGHT;
    }
    int first = (int) directory + 2;
    int count = Math.min(tiff.getShort((int) directory) & 0xFFFF, (tiff.limit() - first) / 12);
    for (int i = 0; i < count; i++) {
      int entry = first + 12 * i;
      if ((tiff.getShort(entry) & 0xFFFF) == ORIENTATION) {
        return switch (tiff.getShort(entry + 2) & 0xFFFF) {
          case BYTE -> Orientation.ofTag(tiff.get(entry + 8));
          case SHORT -> Orientation.ofTag(tiff.getShort(entry + 8));
          case LONG -> Orientation.ofTag(tiff.getInt(entry + 8));
          default -> Orientation.UPRIGHT;
        };
      }
    }
    return Orientation.UPRIGHT;
  }
}
