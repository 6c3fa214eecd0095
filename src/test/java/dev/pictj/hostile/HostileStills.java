package dev.pictj.hostile;

import dev.pictj.hostile.Spoiling.Part;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Stills;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** AVIF, HEIC and JPEG XL files (ISO/IEC 23008-12, 18181). */
final class HostileStills {
  private static final Set<String> HOLDING = Set.of("meta", "iprp", "ipco", "iinf", "iref");

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
