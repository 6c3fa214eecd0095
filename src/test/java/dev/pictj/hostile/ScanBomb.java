package dev.pictj.hostile;

import dev.pictj.pictures.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Grey progressive JPEGs (ITU-T T.81, annex G) of any size and any number of scans. A scan in which
 * nothing happens takes a few bytes, and a decoder has to visit every block for it.
 */
final class ScanBomb {
  /** All bands at all precisions: more scans than these repeat what was sent already. */
  static final int MOST_ORDERLY_SCANS = 63 * 14;

  private static final int LONGEST_RUN = 32_767;

  private ScanBomb() {}

  static byte[] of(int width, int height, int scans) {
    int blocks = ((width + 7) / 8) * ((height + 7) / 8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD8});
    byte[] table = new byte[65];
    Arrays.fill(table, 1, 65, (byte) 1);
    segment(out, 0xDB, table);
    segment(
        out,
        0xC2,
        Bytes.join(
            new byte[] {8}, Bytes.big16(height), Bytes.big16(width), new byte[] {1, 1, 0x11, 0}));
    // One code of one bit: no difference to the block before.
    byte[] dc = new byte[18];
    dc[1] = 1;
    segment(out, 0xC4, dc);
    // Fifteen codes of four bits: the ends of bands for 1, 2, 4 ... 16384 blocks and more.
    byte[] ac = new byte[17 + 15];
    ac[0] = 0x10;
    ac[4] = 15;
    for (int i = 0; i < 15; i++) {
      ac[17 + i] = (byte) (i << 4);
    }
    segment(out, 0xC4, ac);
    scan(out, 0, 0, 0, 0);
    out.writeBytes(new byte[blocks / 8]);
    if (blocks % 8 != 0) {
      out.write(0xFF >> blocks % 8);
    }
    byte[] nothing = endOfBands(blocks);
    for (int i = 0; i < scans; i++) {
      int band = 1 + i % 63;
      int level = i / 63 % 14;
      scan(out, band, band, level == 0 ? 0 : 14 - level, 13 - level);
      out.writeBytes(nothing);
    }
    out.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD9});
    return out.toByteArray();
  }

  private static void scan(ByteArrayOutputStream out, int first, int last, int high, int low) {
    segment(out, 0xDA, new byte[] {1, 1, 0, (byte) first, (byte) last, (byte) (high << 4 | low)});
  }

  private static byte[] endOfBands(int blocks) {
    StringBuilder bits = new StringBuilder();
    for (int left = blocks; left > 0; ) {
      int run = Math.min(left, LONGEST_RUN);
      int power = 31 - Integer.numberOfLeadingZeros(run);
      appendBits(bits, power, 4);
      appendBits(bits, run - (1 << power), power);
      left -= run;
    }
    while (bits.length() % 8 != 0) {
      bits.append('1');
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < bits.length(); i += 8) {
      int value = Integer.parseInt(bits, i, i + 8, 2);
      out.write(value);
      if (value == 0xFF) {
        out.write(0);
      }
    }
    return out.toByteArray();
  }

  private static void appendBits(StringBuilder bits, int value, int count) {
    for (int i = count - 1; i >= 0; i--) {
      bits.append(value >> i & 1);
    }
  }

  private static void segment(ByteArrayOutputStream out, int marker, byte[] payload) {
    out.write(0xFF);
    out.write(marker);
    out.writeBytes(Bytes.big16(payload.length + 2));
    out.writeBytes(payload);
  }
}
