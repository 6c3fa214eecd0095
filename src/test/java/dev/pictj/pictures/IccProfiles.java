package dev.pictj.pictures;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Colour profiles of a matrix and a curve (ICC.1:2001-04, version 2.4), written by hand. */
public final class IccProfiles {
  private static final double[] D50 = {0.9642, 1, 0.8249};

  private IccProfiles() {}

  private record Tag(String name, byte[] data) {}

  /** Display P3's primaries with a gamma of 2.2. */
  public static byte[] displayP3() {
    return rgb(
        2.2,
        new double[] {0.51512, 0.24120, -0.00105},
        new double[] {0.29198, 0.69225, 0.04189},
        new double[] {0.15710, 0.06657, 0.78407});
  }

  /** sRGB's primaries with red and blue exchanged: whoever leaves it out is found out. */
  public static byte[] swapped() {
    return rgb(
        2.2,
        new double[] {0.14307, 0.06061, 0.71417},
        new double[] {0.38515, 0.71688, 0.09708},
        new double[] {0.43607, 0.22249, 0.01392});
  }

  /** Grey with this gamma. */
  public static byte[] grey(double gamma) {
    List<Tag> tags = new ArrayList<>(common("Grey"));
    tags.add(new Tag("kTRC", curve(gamma)));
    return file("GRAY", tags);
  }

  private static byte[] rgb(double gamma, double[] red, double[] green, double[] blue) {
    List<Tag> tags = new ArrayList<>(common("RGB"));
    tags.add(new Tag("rXYZ", xyz(red)));
    tags.add(new Tag("gXYZ", xyz(green)));
    tags.add(new Tag("bXYZ", xyz(blue)));
    for (String channel : List.of("rTRC", "gTRC", "bTRC")) {
      tags.add(new Tag(channel, curve(gamma)));
    }
    return file("RGB ", tags);
  }

  private static List<Tag> common(String name) {
    byte[] text = Bytes.ascii(name + "\0");
    byte[] description =
        Bytes.join(Bytes.ascii("desc\0\0\0\0"), Bytes.big32(text.length), text, new byte[78]);
    return List.of(
        new Tag("desc", padded(description)),
        new Tag("cprt", padded(Bytes.ascii("text\0\0\0\0none\0"))),
        new Tag("wtpt", xyz(D50)));
  }

  private static byte[] file(String space, List<Tag> tags) {
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    int start = 128 + 4 + 12 * tags.size();
    for (Tag tag : tags) {
      table.writeBytes(
          Bytes.join(
              Bytes.ascii(tag.name),
              Bytes.big32(start + data.size()),
              Bytes.big32(tag.data.length)));
      data.writeBytes(tag.data);
    }
    byte[] header =
        Bytes.join(
            Bytes.big32(start + data.size()),
            new byte[4],
            Bytes.big32(0x02400000),
            Bytes.ascii("mntr" + space + "XYZ "),
            Bytes.big16(2020),
            Bytes.big16(1),
            Bytes.big16(1),
            new byte[6],
            Bytes.ascii("acsp"),
            new byte[28],
            fixed(D50[0]),
            fixed(D50[1]),
            fixed(D50[2]),
            new byte[48]);
    return Bytes.join(header, Bytes.big32(tags.size()), table.toByteArray(), data.toByteArray());
  }

  private static byte[] xyz(double[] value) {
    return Bytes.join(
        Bytes.ascii("XYZ \0\0\0\0"), fixed(value[0]), fixed(value[1]), fixed(value[2]));
  }

  private static byte[] curve(double gamma) {
    return padded(
        Bytes.join(
            Bytes.ascii("curv\0\0\0\0"),
            Bytes.big32(1),
            Bytes.big16((int) Math.round(gamma * 256))));
  }

  private static byte[] fixed(double value) {
    return Bytes.big32((int) Math.round(value * 65536));
  }

  private static byte[] padded(byte[] bytes) {
    return Bytes.join(bytes, new byte[-bytes.length & 3]);
  }
}
