package dev.pictj.hostile;

import static dev.pictj.hostile.Spoiling.repeated;
import static dev.pictj.hostile.Spoiling.withNumber;

import dev.pictj.hostile.Spoiling.Part;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Movies;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** WebM files (RFC 8794, RFC 9559). */
final class HostileWebms {
  private static final String MOVING = "-f lavfi -i testsrc2=s=32x24:r=10:d=0.4 ";

  private static final int SEGMENT = 0x18538067;
  private static final int CLUSTER = 0x1F43B675;
  private static final int BLOCK_GROUP = 0xA0;
  private static final int TRACKS = 0x1654AE6B;
  private static final int TRACK = 0xAE;
  private static final int VIDEO = 0xE0;
  private static final int COLOUR = 0x55B0;
  private static final int ENCODINGS = 0x6D80;
  private static final int VOID = 0xEC;

  private static final Set<Integer> HOLDING =
      Set.of(SEGMENT, CLUSTER, BLOCK_GROUP, TRACKS, TRACK, VIDEO);

  private static final long[] NUMBERS = {0, 1, 2, 3, 0x7F, 0x3FFF, 0xFFFF, 0x7FFF_FFFFL, -1};

  private final Batch batch;
  private final byte[] film =
      Movies.made("webm", MOVING + "-f lavfi -i sine=d=0.4 -c:v libvpx -c:a libvorbis");

  private HostileWebms(Batch batch) {
    this.batch = batch;
  }

  static List<HostileFile> files(long seed) {
    Batch batch = new Batch("webm", seed);
    new HostileWebms(batch).addAll();
    return batch.files();
  }

  private void addAll() {
    String vp9 = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 ";
    for (byte[] sound :
        List.of(
            film,
            Movies.made("webm", MOVING + vp9),
            Movies.made("webm", MOVING + vp9 + "-live 1"),
            Movies.made("webm", MOVING + vp9 + "-pix_fmt yuva420p -auto-alt-ref 0"))) {
      Spoiling.damage(batch, sound, 20);
    }
    List<Part> all = new ArrayList<>();
    elements(0, film.length, all);
    Spoiling.disorder(batch, film, all, 1, true);
    numbers(all);
    nested();
    sound();
  }

  private void elements(int from, int to, List<Part> found) {
    for (int at = from; at < to; ) {
      int idLength = width(at);
      int sizeLength = width(at + idLength);
      int id = (int) Spoiling.number(film, at, idLength, true);
      long size = Spoiling.number(film, at + idLength, sizeLength, true);
      int content = at + idLength + sizeLength;
      int end = content + (int) (size & ((1L << 7 * sizeLength) - 1));
      found.add(new Part(at, at + idLength, end));
      if (HOLDING.contains(id)) {
        elements(content, end, found);
      }
      at = end;
    }
  }

  private int width(int at) {
    return Integer.numberOfLeadingZeros(film[at] & 0xFF) - 23;
  }

  /** Whatever an element says, and how long it says that it is. */
  private void numbers(List<Part> all) {
    for (Part part : all) {
      int sizeLength = width(part.lengthAt());
      int content = part.lengthAt() + sizeLength;
      int length = part.end() - content;
      long marker = 1L << 7 * sizeLength;
      for (long number : NUMBERS) {
        if (length > 0 && length <= 8) {
          batch.one("lying-number", () -> withNumber(film, content, length, true, number));
        }
        long size = marker | (number & (marker - 1));
        batch.one("lying-length", () -> withNumber(film, part.lengthAt(), sizeLength, true, size));
      }
    }
  }

  private static byte[] head() {
    return element(0x1A45DFA3, element(0x4282, Bytes.ascii("webm")));
  }

  private static byte[] element(int id, byte[]... inside) {
    byte[] payload = Bytes.join(inside);
    return Bytes.join(name(id), size(payload.length), payload);
  }

  private static byte[] name(int id) {
    int length = (39 - Integer.numberOfLeadingZeros(id)) / 8;
    return Bytes.from(Bytes.big32(id), 4 - length);
  }

  private static byte[] size(int length) {
    return Bytes.join(Bytes.big32(0x0100_0000), Bytes.big32(length));
  }

  private static byte[] deep(int id, int depth) {
    byte[] name = name(id);
    int each = name.length + 8;
    return repeated(depth, i -> Bytes.join(name, size(each * (depth - 1 - i))));
  }

  private void nested() {
    for (int id : new int[] {SEGMENT, CLUSTER, BLOCK_GROUP, TRACKS, TRACK, VIDEO, COLOUR}) {
      for (int depth : new int[] {5, 100, 20_000}) {
        batch.one("element-in-element", () -> Bytes.join(head(), deep(id, depth)));
        batch.one("element-in-element", () -> Bytes.join(film, deep(id, depth)));
        batch.one(
            "element-in-element",
            () ->
                Bytes.join(
                    head(), element(SEGMENT, element(TRACKS, element(TRACK, deep(id, depth))))));
      }
    }
    byte[] nothing = {(byte) VOID, (byte) 0x80};
    for (int count : new int[] {2_000, 2_000_001}) {
      batch.one("crowd-of-elements", () -> Bytes.join(film, repeated(count, _ -> nothing)));
      batch.one("crowd-of-elements", () -> Bytes.join(head(), repeated(count, _ -> nothing)));
    }
    byte[] track = element(TRACK, element(0xD7, new byte[] {1}), element(0x83, new byte[] {2}));
    for (int count : new int[] {100, 50_000}) {
      batch.one(
          "crowd-of-tracks",
          () -> Bytes.join(head(), element(SEGMENT, element(TRACKS, repeated(count, _ -> track)))));
    }
    byte[] endless = Bytes.join(name(CLUSTER), new byte[] {(byte) 0xFF});
    for (int count : new int[] {100, 100_000}) {
      batch.one("clusters-without-length", () -> Bytes.join(film, repeated(count, _ -> endless)));
    }
    batch.one("file-twice", () -> Bytes.join(film, film));
    batch.one("packed", () -> Bytes.join(head(), element(SEGMENT, element(ENCODINGS))));
  }

  /** The headers of Vorbis, their lengths included. */
  private void sound() {
    int headers = Bytes.find(film, "\001vorbis") - 3;
    batch.many(
        "damaged-sound",
        40,
        (i, random) -> {
          byte[] out = film.clone();
          out[headers + i] ^= (byte) (1 << random.nextInt(8));
          return out;
        });
  }
}
