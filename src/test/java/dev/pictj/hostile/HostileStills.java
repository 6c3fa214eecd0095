package dev.pictj.hostile;

import dev.pictj.hostile.Spoiling.Part;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Movies;
import dev.pictj.pictures.Stills;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** AVIF, HEIC and JPEG XL files (ISO/IEC 23008-12, 18181). */
final class HostileStills {
  private static final Set<String> HOLDING =
      Set.of(
          "meta", "iprp", "ipco", "iinf", "iref", "moov", "trak", "mdia", "minf", "stbl", "edts");

  private static final int[] COUNTS = {0, 1, 4, 1_000_000, Integer.MAX_VALUE, -1};

  private static final int[] SIDES = {0, 1, 95, 97, 10_001, 65_535};

  private HostileStills() {}

  static List<HostileFile> heif(long seed) {
    Batch batch = new Batch("heif", seed);
    for (byte[] still :
        List.of(
            Stills.avif(),
            Stills.avifAlpha(),
            Stills.avifTenBits(),
            Stills.avifWith(Stills.turned(1), Stills.cut(40, 20)),
            Stills.heic(),
            grid(2, 2, 2, 2))) {
      Spoiling.damage(batch, still, 24);
      List<Part> boxes = new ArrayList<>();
      boxes(still, 0, still.length, boxes);
      Spoiling.disorder(batch, still, boxes, 4, true);
    }
    for (int side : SIDES) {
      batch.one("size", () -> Stills.heif("avif").av1(1, side, Stills.HEIGHT).file());
      batch.one("turned", () -> Stills.avifWith(Stills.turned(side)));
      batch.one("cut", () -> Stills.avifWith(Stills.cut(side, side)));
      batch.one("grid", () -> grid(side, side, 2));
      batch.one("grid-of-itself", () -> grid(side, side, 1, 1));
    }
    batch.one("bomb", () -> grid(16_384, 16_384, new int[4096]));
    for (int count : new int[] {1, 100, 2500, 9000}) {
      batch.one("shared-data", () -> shared(count, Stills.size(Stills.WIDTH, Stills.HEIGHT)));
      batch.one("shared-data", () -> shared(count, Stills.box("colr", new byte[50_000])));
      batch.one("references", () -> references(count));
    }
    return batch.files();
  }

  /** Many tiles of one place in the file, each with these properties. */
  private static byte[] shared(int count, byte[]... more) {
    Stills stills =
        Stills.heif("avif")
            .item(1, "grid", Stills.grid(count / 50 + 1, 50, 4800, 4800), Stills.size(4800, 4800))
            .av1(2, Stills.WIDTH, Stills.HEIGHT, more);
    byte[] size = Stills.size(Stills.WIDTH, Stills.HEIGHT);
    byte[] configuration = Stills.box("av1C", new byte[] {(byte) 0x81, 0x20, 0, 0});
    int[] tiles = new int[count / 50 * 50 + 50];
    Arrays.fill(tiles, 2);
    byte[][] all = Arrays.copyOf(more, more.length + 2);
    all[more.length] = size;
    all[more.length + 1] = configuration;
    for (int i = 1; i < count; i++) {
      stills.shared(2 + i, 2, all);
      tiles[i] = 2 + i;
    }
    return stills.reference("dimg", 1, tiles).file();
  }

  private static byte[] references(int count) {
    Stills stills =
        Stills.heif("avif").av1(1, Stills.WIDTH, Stills.HEIGHT).item(2, "av01", new byte[1]);
    for (int i = 0; i < count; i++) {
      stills.reference(i % 2 == 0 ? "auxl" : "dimg", 2, 1, 1, 2);
    }
    return stills.file();
  }

  /** Animated AVIF. */
  static List<HostileFile> sequences(long seed) {
    Batch batch = new Batch("avis", seed);
    byte[] sound = Movies.avif(true);
    Spoiling.damage(batch, Movies.avif(false), 24);
    Spoiling.damage(batch, sound, 48);
    List<Part> boxes = new ArrayList<>();
    boxes(sound, 0, sound.length, boxes);
    Spoiling.disorder(batch, sound, boxes, 4, true);
    for (String table : List.of("stts", "stsz", "stsc", "stco", "stsd", "stss")) {
      for (int place : Movies.places(sound, table)) {
        for (int count : COUNTS) {
          for (int field = 12; field < 24; field += 4) {
            int at = place + field;
            batch.one("lying-table", () -> Spoiling.withNumber(sound, at, 4, true, count));
          }
        }
      }
    }
    for (int track : Movies.places(sound, "tkhd")) {
      for (int side : SIDES) {
        batch.one("size", () -> Spoiling.withNumber(sound, track + 84, 4, true, side << 16));
        batch.one("track", () -> Spoiling.withNumber(sound, track + 20, 4, true, side));
      }
    }
    int movie = Movies.places(sound, "moov").getFirst();
    int end = movie + (int) Spoiling.number(sound, movie, 4, true);
    for (int count : new int[] {2, 100, 3000}) {
      byte[] inside = Spoiling.repeated(count, _ -> Bytes.part(sound, movie + 8, end));
      batch.one(
          "crowd-of-tracks",
          () ->
              Bytes.join(
                  Bytes.part(sound, 0, movie), Stills.box("moov", inside), Bytes.from(sound, end)));
      batch.one(
          "crowd-of-movies",
          () -> Bytes.join(sound, Spoiling.repeated(count, _ -> Bytes.part(sound, movie, end))));
    }
    return batch.files();
  }

  static List<HostileFile> jxl(long seed) {
    Batch batch = new Batch("jxl", seed);
    for (byte[] still : List.of(Stills.jxl(), Stills.jxlTurned())) {
      Spoiling.damage(batch, still, 48);
    }
    List<Part> boxes = new ArrayList<>();
    boxes(Stills.jxlTurned(), 0, Stills.jxlTurned().length, boxes);
    Spoiling.disorder(batch, Stills.jxlTurned(), boxes, 4, true);
    for (int count : new int[] {1, 100, 50_000, 100_001}) {
      for (String code : List.of("free", "jxll", "jxlc", "jxlp", "JXL ", "brob")) {
        byte[] crowd = Spoiling.repeated(count, _ -> Stills.box(code));
        batch.one("crowd-of-boxes", () -> Bytes.join(Stills.jxlTurned(), crowd));
        batch.one("crowd-of-boxes", () -> Bytes.join(Bytes.part(Stills.jxlTurned(), 0, 32), crowd));
      }
      byte[] parts = Spoiling.repeated(count, i -> Stills.box("jxlp", Bytes.big32(i), new byte[1]));
      batch.one("crowd-of-parts", () -> Bytes.join(Bytes.part(Stills.jxlTurned(), 0, 32), parts));
    }
    return batch.files();
  }

  private static byte[] grid(int width, int height, int... tiles) {
    return Stills.heif("avif")
        .item(1, "grid", Stills.grid(2, 1, width, height), Stills.size(width, height))
        .av1(2, Stills.WIDTH, Stills.HEIGHT)
        .reference("dimg", 1, tiles)
        .file();
  }

  /** All of them, with those that are within others. */
  private static void boxes(byte[] file, int from, int to, List<Part> found) {
    for (int at = from; at <= to - 8; ) {
      int length = (int) Spoiling.number(file, at, 4, true);
      int end = length < 8 ? to : Math.min(to, at + length);
      found.add(new Part(at, at, end));
      String code = new String(Bytes.part(file, at + 4, at + 8), StandardCharsets.ISO_8859_1);
      if (HOLDING.contains(code)) {
        int behind = code.equals("meta") || code.equals("iref") ? 12 : code.equals("iinf") ? 14 : 8;
        boxes(file, Math.min(at + behind, end), end, found);
      }
      at = end;
    }
  }
}
