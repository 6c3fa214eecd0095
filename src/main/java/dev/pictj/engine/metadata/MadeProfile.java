package dev.pictj.engine.metadata;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** ICC profiles (ICC.1:2022) that say what chunks of a PNG say. */
final class MadeProfile {
  private static final int HEADER = 128;
  private static final int D50_X = 0xF6D6;
  private static final int D50_Y = 0x10000;
  private static final int D50_Z = 0xD32D;

  private MadeProfile() {}

  @SuppressWarnings("ArrayRecordComponent")
  private record Tag(String name, byte[] value) {}

  /** A profile of grey. */
  static byte[] grey(Transfer transfer) {
    return file("GRAY", List.of(new Tag("kTRC", transfer.tag())));
  }

  /** A profile of red, green and blue. */
  static byte[] rgb(Primaries primaries, Transfer transfer) {
    List<Tag> tags = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String colour = "rgb".substring(i, i + 1);
      double[] xyz = primaries.column(i);
      tags.add(new Tag(colour + "XYZ", xyz(fixed(xyz[0]), fixed(xyz[1]), fixed(xyz[2]))));
      tags.add(new Tag(colour + "TRC", transfer.tag()));
    }
    return file("RGB ", tags);
  }

  private static byte[] file(String space, List<Tag> colours) {
    List<Tag> tags = new ArrayList<>(colours);
    tags.add(new Tag("desc", text("as the PNG says")));
    tags.add(new Tag("cprt", text("none")));
    tags.add(new Tag("wtpt", xyz(D50_X, D50_Y, D50_Z)));
    int table = 4 + 12 * tags.size();
    ByteBuffer entries = ByteBuffer.allocate(table).putInt(tags.size());
    List<byte[]> values = new ArrayList<>();
    int end = HEADER + table;
    for (int i = 0; i < tags.size(); i++) {
      Tag tag = tags.get(i);
      int same = first(tags, tag.value());
      // Tags with equal values share them.
      int at = same < i ? entries.getInt(4 + 12 * same + 4) : end;
      if (same == i) {
        values.add(tag.value());
        end += tag.value().length;
      }
      entries.put(ascii(tag.name())).putInt(at).putInt(tag.value().length);
    }
    ByteBuffer profile = ByteBuffer.allocate(end);
    profile.putInt(end).putInt(0).putInt(0x04200000).put(ascii("mntr" + space + "XYZ "));
    profile.position(36).put(ascii("acsp"));
    profile.position(68).putInt(D50_X).putInt(D50_Y).putInt(D50_Z);
    profile.position(HEADER).put(entries.array());
    values.forEach(profile::put);
    return profile.array();
  }

  private static int first(List<Tag> tags, byte[] value) {
    int i = 0;
    while (!Arrays.equals(tags.get(i).value(), value)) {
      i++;
    }
    return i;
  }

  private static byte[] xyz(int x, int y, int z) {
    return ByteBuffer.allocate(20)
        .put(ascii("XYZ "))
        .putInt(0)
        .putInt(x)
        .putInt(y)
        .putInt(z)
        .array();
  }

  private static int fixed(double value) {
    return (int) Math.round(65_536 * value);
  }

  /** A text in one language (10.15). */
  private static byte[] text(String text) {
    byte[] letters = text.getBytes(StandardCharsets.UTF_16BE);
    return ByteBuffer.allocate((28 + letters.length + 3) / 4 * 4)
        .put(ascii("mluc"))
        .putInt(0)
        .putInt(1)
        .putInt(12)
        .put(ascii("enUS"))
        .putInt(letters.length)
        .putInt(28)
        .put(letters)
        .array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
