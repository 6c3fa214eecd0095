package dev.pictj.hostile;

import static dev.pictj.hostile.Spoiling.repeated;
import static dev.pictj.hostile.Spoiling.withNumber;
import static dev.pictj.pictures.WebpChunks.chunk;

import dev.pictj.hostile.Spoiling.Part;
import dev.pictj.pictures.Bombs;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.WebpChunks;
import java.util.ArrayList;
import java.util.List;

/** WebP files (RFC 9649). */
final class HostileWebps {
  private static final int[] SIDES = {0, 1, 31, 33, 6_325, 10_000, 10_001, 16_383};

  private final Batch batch;
  private final byte[] lossy = Pictures.webp(32, 24);
  private final byte[] lossless = Pictures.webpLossless(32, 24);
  private final byte[] alpha = Pictures.webpAlpha(32, 24);
  private final byte[] film = Pictures.animatedWebp(32, 24, 4);

  private HostileWebps(Batch batch) {
    this.batch = batch;
  }

  static List<HostileFile> files(long seed) {
    Batch batch = new Batch("webp", seed);
    new HostileWebps(batch).addAll();
    return batch.files();
  }

  private void addAll() {
    for (byte[] webp : List.of(lossy, lossless, alpha, film)) {
      Spoiling.damage(batch, webp, 24);
      // As long as the file really is.
      batch.many(
          "truncated-with-right-length",
          12,
          (i, random) -> {
            byte[] cut = Bytes.part(webp, 0, 20 + random.nextInt(webp.length - 20));
            return withNumber(cut, 4, 4, false, cut.length - 8);
          });
      Spoiling.disorder(batch, webp, chunks(webp), 4, false);
      for (long length : new long[] {0, 4, 11, webp.length - 9, webp.length - 7, 0xFFFF_FFFFL}) {
        batch.one("riff-length", () -> withNumber(webp, 4, 4, false, length));
      }
    }
    sizes();
    flags();
    animations();
    metadata();
    nested();
  }

  private static List<Part> chunks(byte[] webp) {
    List<Part> parts = new ArrayList<>();
    for (int at = 12; at <= webp.length - 8; ) {
      long length = Spoiling.number(webp, at + 4, 4, false);
      int end = (int) Math.min(webp.length, at + 8 + length + (length & 1));
      parts.add(new Part(at, at + 4, end));
      at = end;
    }
    return parts;
  }

  private static byte[] riff(byte[]... chunks) {
    byte[] body = Bytes.join(chunks);
    return Bytes.join(
        Bytes.ascii("RIFF"), Bytes.little32(body.length + 4), Bytes.ascii("WEBP"), body);
  }

  private static byte[] extended(int flags, int width, int height) {
    byte[] payload = new byte[10];
    payload[0] = (byte) flags;
    return chunk(
        "VP8X", withNumber(withNumber(payload, 4, 3, false, width - 1L), 7, 3, false, height - 1L));
  }

  private static byte[] body(byte[] webp) {
    return Bytes.from(webp, 12);
  }

  private void sizes() {
    for (int side : SIDES) {
      // Frame header of VP8 (RFC 6386, 9.1), 14 bits a side, behind six bytes.
      batch.one("lying-pixels", () -> withNumber(lossy, 26, 2, false, side));
      batch.one("lying-pixels", () -> withNumber(lossy, 28, 2, false, side));
      batch.one("lying-pixels", () -> withNumber(lossy, 26, 4, false, side * 0x1_0001L));
      batch.one("lying-pixels", () -> withNumber(lossless, 21, 4, false, side | (long) side << 14));
      for (byte[] webp : List.of(lossy, lossless)) {
        batch.one("lying-canvas", () -> WebpChunks.extended(webp, Math.max(1, side), 24, 0));
        batch.one(
            "lying-canvas",
            () -> WebpChunks.extended(webp, Math.max(1, side), Math.max(1, side), 0x10));
      }
    }
    batch.one("lying-canvas", () -> riff(extended(0, 1 << 24, 1 << 24), body(lossy)));
    batch.one("lying-canvas", Bombs::webpHugeCanvas);
    batch.one("lying-canvas", Bombs::webpSmallCanvas);
    // Large and alike in canvas and pixels, with next to no data behind.
    for (int side : new int[] {1_000, 6_000, 16_383}) {
      byte[] large = withNumber(lossy, 26, 4, false, side * 0x1_0001L);
      batch.one("large-from-nothing", () -> large);
      batch.one("large-from-nothing", () -> WebpChunks.extended(large, side, side, 0));
      batch.one(
          "large-from-nothing",
          () -> withNumber(lossless, 21, 4, false, (side - 1) | (long) (side - 1) << 14));
    }
  }

  private void flags() {
    for (int flags = 0; flags < 64; flags += 2) {
      int own = flags;
      batch.one("flags", () -> riff(extended(own, 32, 24), body(lossy)));
      batch.one("flags", () -> withNumber(film, 20, 1, false, own));
    }
    for (int kind = 0; kind < 256; kind += 21) {
      byte[] plane = {(byte) kind, 1, 2, 3};
      batch.one(
          "transparency", () -> riff(extended(0x10, 32, 24), chunk("ALPH", plane), body(lossy)));
      batch.one(
          "transparency", () -> riff(extended(0x10, 32, 24), chunk("ALPH", plane), body(lossless)));
    }
  }

  private static byte[] frame(int left, int top, int width, int height, byte[] inside) {
    byte[] head = new byte[16];
    int[] numbers = {left, top, width - 1, height - 1, 100};
    for (int i = 0; i < numbers.length; i++) {
      head = withNumber(head, 3 * i, 3, false, numbers[i]);
    }
    return chunk("ANMF", Bytes.join(head, inside));
  }

  private static byte[] animation(int width, int height, byte[]... frames) {
    return riff(extended(0x02, width, height), chunk("ANIM", new byte[6]), Bytes.join(frames));
  }

  private void animations() {
    byte[] tiny = body(Pictures.webpLossless(1, 1));
    byte[] dot = frame(0, 0, 1, 1, tiny);
    for (int count : new int[] {1_000, 3_600, 3_601, 40_000}) {
      batch.one("thousands-of-frames", () -> animation(4, 4, repeated(count, i -> dot)));
    }
    for (int count : new int[] {100, 1_000}) {
      batch.one(
          "frames-on-a-large-canvas", () -> animation(6_000, 6_000, repeated(count, i -> dot)));
    }
    for (int offset : new int[] {1, 2, 16, 8_191, 0xFF_FFFF}) {
      batch.one(
          "frames-beyond-the-canvas", () -> animation(4, 4, dot, frame(offset, 0, 1, 1, tiny)));
      batch.one(
          "frames-beyond-the-canvas", () -> animation(4, 4, dot, frame(0, offset, 1, 1, tiny)));
    }
    for (int side : new int[] {2, 5, 16_384, 1 << 24}) {
      batch.one("lying-frame", () -> animation(4, 4, dot, frame(0, 0, side, 1, tiny)));
      batch.one("lying-frame", () -> animation(4, 4, dot, frame(0, 0, side, side, tiny)));
    }
    batch.one("frames-beyond-the-canvas", Bombs::webpFramesBeyondCanvas);
    batch.one("frame-without-pixels", () -> animation(4, 4, dot, frame(0, 0, 1, 1, new byte[0])));
    batch.one("frame-without-pixels", () -> animation(4, 4, chunk("ANMF", new byte[3])));
    batch.one(
        "frame-with-two-pictures",
        () -> animation(4, 4, frame(0, 0, 1, 1, Bytes.join(tiny, tiny))));
    batch.one("no-frames", () -> animation(4, 4));
    batch.one("no-timing", () -> riff(extended(0x02, 4, 4), dot, dot));
    batch.one("still-among-frames", () -> animation(4, 4, dot, tiny));
  }

  private void metadata() {
    for (byte[] tiff : HostileExif.all()) {
      batch.one("exif", () -> riff(extended(0x08, 32, 24), body(lossy), chunk("EXIF", tiff)));
    }
    for (int size : new int[] {0, 1, 127, 128, 1 << 20, (4 << 20) + 1, 30_000_000}) {
      byte[] zeros = new byte[size];
      batch.one("icc-bomb", () -> riff(extended(0x20, 32, 24), chunk("ICCP", zeros), body(lossy)));
      batch.one("xmp", () -> riff(extended(0x04, 32, 24), body(lossy), chunk("XMP ", zeros)));
    }
    byte[] lying = withNumber(JpegSegments.srgb(), 0, 4, true, -1);
    batch.one("icc-bomb", () -> riff(extended(0x20, 32, 24), chunk("ICCP", lying), body(lossy)));
  }

  private void nested() {
    for (int depth : new int[] {1, 10, 1_000, 20_000}) {
      batch.one("riff-in-riff", () -> nested("RIFF", depth));
      batch.one("riff-in-riff", () -> nested("LIST", depth));
      batch.one("frame-in-frame", () -> nested("ANMF", depth));
    }
    for (String code : List.of("abcd", "EXIF", "ICCP", "ALPH", "ANIM", "VP8X")) {
      byte[] one = chunk(code, new byte[0]);
      for (int count : new int[] {2, 5_000, 99_000, 100_001}) {
        batch.one(
            "crowd-of-chunks",
            () -> riff(extended(0, 32, 24), repeated(count, i -> one), body(lossy)));
      }
    }
    batch.one("two-pictures", () -> riff(extended(0, 32, 24), body(lossy), body(lossless)));
    batch.one("two-pictures", () -> riff(body(lossy), body(lossy)));
    batch.one("two-pictures", () -> Bytes.join(lossy, film));
    batch.one("signature-only", () -> riff());
    batch.one("signature-only", () -> Bytes.ascii("RIFF\4\0\0\0WEBP"));
    batch.one("other-riff", () -> Bytes.join(Bytes.ascii("RIFF\4\0\0\0WAVE"), new byte[100]));
  }

  /** Containers that each hold the next, all of the right length. */
  private byte[] nested(String code, int depth) {
    int inner = lossy.length - 12;
    byte[][] heads = new byte[depth][];
    for (int i = 0; i < depth; i++) {
      heads[i] = Bytes.join(Bytes.ascii(code), Bytes.little32(inner + 8 * (depth - 1 - i)));
    }
    return riff(extended(0x02, 32, 24), Bytes.join(heads), body(lossy));
  }
}
