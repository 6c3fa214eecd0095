package dev.pictj.pictures;

import java.io.ByteArrayOutputStream;
import java.util.List;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;

/** The entropy-coded part of one scan of a {@link CodedJpeg} (annex F.1). */
final class CodedScan {
  private static final int[][] DC = words(JPEGHuffmanTable.StdDCLuminance);
  private static final int[][] AC = words(JPEGHuffmanTable.StdACLuminance);

  private final List<CodedPlane> planes;
  private final int interval;
  private final int fill;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final int[] last = new int[3];
  private int bits;
  private int count;

  /**
   * Nothing yet.
   *
   * @param interval MCUs between restarts, 0 for none
   * @param fill bytes of 255 before each of those
   */
  CodedScan(List<CodedPlane> planes, int interval, int fill) {
    this.planes = planes;
    this.fill = fill;
    this.interval = interval;
  }

  /** By symbol, its word and how long that is (C.2). */
  private static int[][] words(JPEGHuffmanTable table) {
    int[][] words = new int[256][];
    int word = 0;
    int index = 0;
    for (int length = 1; length <= table.getLengths().length; length++) {
      for (int i = 0; i < table.getLengths()[length - 1]; i++) {
        words[table.getValues()[index++]] = new int[] {word++, length};
      }
      word <<= 1;
    }
    return words;
  }

  /**
   * Codes it all.
   *
   * @param most sampling factors of the frame; zeros where a single plane is coded row by row
   */
  byte[] bytes(int width, int height, int[] most) {
    boolean single = most[0] == 0;
    CodedPlane first = planes.getFirst();
    int wide = single ? (first.width() + 7) / 8 : (width + 8 * most[0] - 1) / (8 * most[0]);
    int high = single ? (first.height() + 7) / 8 : (height + 8 * most[1] - 1) / (8 * most[1]);
    for (int mcu = 0; mcu < wide * high; mcu++) {
      if (interval > 0 && mcu > 0 && mcu % interval == 0) {
        pad();
        for (int i = 0; i < fill; i++) {
          out.write(0xFF);
        }
        out.writeBytes(new byte[] {-1, (byte) (0xD0 + (mcu / interval - 1) % 8)});
        java.util.Arrays.fill(last, 0);
      }
      for (int i = 0; i < planes.size(); i++) {
        CodedPlane plane = planes.get(i);
        int across = single ? 1 : plane.horizontal();
        int down = single ? 1 : plane.vertical();
        for (int j = 0; j < across * down; j++) {
          int row = mcu / wide * down + j / across;
          int column = mcu % wide * across + j % across;
          block(i, plane.blocks()[row * plane.wide() + column]);
        }
      }
    }
    pad();
    return out.toByteArray();
  }

  private void block(int plane, int[] numbers) {
    number(DC, 0, numbers[0] - last[plane]);
    last[plane] = numbers[0];
    int end = 63;
    while (end > 0 && numbers[end] == 0) {
      end--;
    }
    int zeros = 0;
    for (int i = 1; i <= end; i++) {
      if (numbers[i] == 0) {
        zeros++;
        continue;
      }
      for (; zeros > 15; zeros -= 16) {
        put(AC[0xF0][0], AC[0xF0][1]);
      }
      number(AC, zeros, numbers[i]);
      zeros = 0;
    }
    if (end < 63) {
      put(AC[0][0], AC[0][1]);
    }
  }

  private void number(int[][] code, int zeros, int number) {
    int size = 32 - Integer.numberOfLeadingZeros(Math.abs(number));
    int[] word = code[zeros << 4 | size];
    put(word[0], word[1]);
    put((number < 0 ? number - 1 : number) & (1 << size) - 1, size);
  }

  private void put(int value, int length) {
    for (int i = length - 1; i >= 0; i--) {
      bits = bits << 1 | (value >> i & 1);
      if (++count == 8) {
        out.write(bits);
        if ((bits & 255) == 255) {
          out.write(0);
        }
        count = 0;
      }
    }
  }

  private void pad() {
    while (count != 0) {
      put(1, 1);
    }
  }
}
