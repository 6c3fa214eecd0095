package dev.pictj.pictures;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** ICC profiles (ICC.1:2001-04, version 2, unless it says otherwise) made from nothing. */
public final class Profiles {
  private static final double[] D50 = {0.9642, 1, 0.8249};
  private static final double[][] SRGB_COLUMNS = {
    {0.43607, 0.22249, 0.01392}, {0.38515, 0.71688, 0.09708}, {0.14307, 0.06061, 0.71417}
  };

  private Profiles() {}

  @SuppressWarnings("ArrayRecordComponent")
  private record Tag(String name, byte[] value) {}

  /** Display P3, with a plain power. */
  public static byte[] p3() {
    return rgb(
        2.2,
        new double[] {0.51512, 0.24120, -0.00105},
        new double[] {0.29198, 0.69225, 0.04189},
        new double[] {0.15710, 0.06657, 0.78407});
  }

  /** Adobe RGB (1998). */
  public static byte[] adobe() {
    return rgb(
        563 / 256.0,
        new double[] {0.60974, 0.31111, 0.01947},
        new double[] {0.20528, 0.62567, 0.06087},
        new double[] {0.14919, 0.06322, 0.74457});
  }

  /** Red and blue are exchanged, which nobody overlooks. */
  public static byte[] swapped() {
    return rgb(2.2, SRGB_COLUMNS[2], SRGB_COLUMNS[1], SRGB_COLUMNS[0]);
  }

  /** The colours of sRGB, with a power. */
  public static byte[] power(double gamma) {
    return rgb(gamma, SRGB_COLUMNS);
  }

  private static byte[] rgb(double gamma, double[]... columns) {
    List<Tag> tags = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      tags.add(new Tag("rgb".charAt(i) + "XYZ", xyz(columns[i])));
      tags.add(new Tag("rgb".charAt(i) + "TRC", curve(gamma)));
    }
    return file("mntr", "RGB ", "XYZ ", tags);
  }

  /** Of grey numbers. */
  public static byte[] grey(double gamma) {
    return file("mntr", "GRAY", "XYZ ", List.of(new Tag("kTRC", curve(gamma))));
  }

  /**
   * Of a printer whose paper is white and whose inks are those of no other: cyan prints green, and
   * magenta and yellow a dark red (lut8Type, two points a side).
   */
  public static byte[] cmyk() {
    ByteBuffer lut = ByteBuffer.allocate(48 + 4 * 256 + 16 * 3 + 3 * 256);
    lut.put(Bytes.ascii("mft1")).putInt(0).put(new byte[] {4, 3, 2, 0});
    for (int i = 0; i < 9; i++) {
      lut.putInt(i % 4 == 0 ? 0x10000 : 0);
    }
    for (int i = 0; i < 4 * 256; i++) {
      lut.put((byte) i);
    }
    for (int i = 0; i < 16; i++) {
      boolean cyan = (i & 8) != 0;
      boolean red = (i & 6) != 0;
      double lightness = (i & 1) != 0 ? 5 : 100 - (cyan ? 40 : 0) - (red ? 40 : 0);
      double a = (i & 1) != 0 ? 0 : (cyan ? -50 : 0) + (red ? 45 : 0);
      lut.put((byte) (255 * lightness / 100)).put((byte) (128 + a)).put((byte) 128);
    }
    for (int i = 0; i < 3 * 256; i++) {
      lut.put((byte) i);
    }
    return file("prtr", "CMYK", "Lab ", List.of(new Tag("A2B0", lut.array())));
  }

  /** The same with other letters in its header, such as of its class at 12. */
  public static byte[] with(byte[] profile, int at, String letters) {
    ByteBuffer copy = ByteBuffer.wrap(profile.clone());
    copy.position(at).put(Bytes.ascii(letters));
    return copy.array();
  }

  /** The same in version 4, where text is otherwise. */
  public static byte[] version4(byte[] profile) {
    byte[] copy = profile.clone();
    copy[8] = 4;
    int text = Bytes.find(copy, "desc\0\0\0\0");
    ByteBuffer.wrap(copy).position(text).put(Bytes.ascii("mluc")).putInt(0).putInt(0).putInt(12);
    text = Bytes.find(copy, "text\0\0\0\0");
    ByteBuffer.wrap(copy).position(text).put(Bytes.ascii("mluc")).putInt(0).putInt(0).putInt(12);
    return copy;
  }

  private static byte[] file(String kind, String space, String connection, List<Tag> special) {
    List<Tag> tags = new ArrayList<>(special);
    tags.add(
        new Tag(
            "desc",
            Bytes.join(
                Bytes.ascii("desc"),
                new byte[4],
                Bytes.big32(5),
                Bytes.ascii("made"),
                new byte[83])));
    tags.add(
        new Tag(
            "cprt",
            Bytes.join(Bytes.ascii("text"), new byte[4], Bytes.ascii("none"), new byte[4])));
    tags.add(new Tag("wtpt", xyz(D50)));
    int end = 132 + 12 * tags.size();
    byte[] table = Bytes.big32(tags.size());
    byte[] values = {};
    for (Tag tag : tags) {
      table =
          Bytes.join(
              table, Bytes.ascii(tag.name()), Bytes.big32(end), Bytes.big32(tag.value().length));
      // ICC.1:2022, 7.3.1: each begins at a multiple of four.
      byte[] padding = new byte[-tag.value().length & 3];
      values = Bytes.join(values, tag.value(), padding);
      end += tag.value().length + padding.length;
    }
    ByteBuffer header = ByteBuffer.allocate(128).putInt(end).putInt(0).putInt(0x02400000);
    header.put(Bytes.ascii(kind + space + connection));
    header.position(36).put(Bytes.ascii("acsp"));
    header.position(68).put(xyz(D50), 8, 12);
    return Bytes.join(header.array(), table, values);
  }

  private static byte[] xyz(double... values) {
    byte[] out = Bytes.join(Bytes.ascii("XYZ "), new byte[4]);
    for (double value : values) {
      out = Bytes.join(out, Bytes.big32((int) Math.round(65_536 * value)));
    }
    return out;
  }

  private static byte[] curve(double gamma) {
    DoubleUnaryOperator power = x -> Math.pow(x, gamma);
    byte[] out = Bytes.join(Bytes.ascii("curv"), new byte[4], Bytes.big32(256));
    for (int i = 0; i < 256; i++) {
      out = Bytes.join(out, Bytes.big16((int) Math.round(65_535 * power.applyAsDouble(i / 255.0))));
    }
    return out;
  }
}
