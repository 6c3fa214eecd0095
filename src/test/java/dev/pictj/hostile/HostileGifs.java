package dev.pictj.hostile;

import static dev.pictj.hostile.Spoiling.repeated;
import static dev.pictj.hostile.Spoiling.withNumber;

import dev.pictj.pictures.Bombs;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Pictures;
import java.util.Arrays;
import java.util.List;

/** GIF files (GIF89a specification). */
final class HostileGifs {
  private static final int[] SIDES = {0, 1, 7, 9, 6_325, 10_000, 10_001, 32_768, 65_535};
  private static final byte[] END = {0x3B};

  private final Batch batch;
  private final byte[] still = Pictures.gif(32, 24, 1);
  private final byte[] film = Pictures.gif(32, 24, 5);

  private HostileGifs(Batch batch) {
    this.batch = batch;
  }

  static List<HostileFile> files(long seed) {
    Batch batch = new Batch("gif", seed);
    new HostileGifs(batch).addAll();
    return batch.files();
  }

  private void addAll() {
    Spoiling.damage(batch, still, 60);
    Spoiling.damage(batch, film, 60);
    sizes();
    pixels();
    crowds();
    oddities();
  }

  private static byte[] screen(int width, int height, int flags) {
    return Bytes.join(
        Bytes.ascii("GIF89a"),
        new byte[] {(byte) width, (byte) (width >> 8), (byte) height, (byte) (height >> 8)},
        new byte[] {(byte) flags, 0, 0});
  }

  /** Of 8 by 8 with two colours. */
  private static byte[] gif(byte[]... blocks) {
    return Bytes.join(
        screen(8, 8, 0x80), new byte[] {0, 0, 0, -1, -1, -1}, Bytes.join(blocks), END);
  }

  private static byte[] frame(int left, int top, int width, int height, byte[] pixels) {
    byte[] head = new byte[10];
    head[0] = 0x2C;
    int[] numbers = {left, top, width, height};
    for (int i = 0; i < 4; i++) {
      head[1 + 2 * i] = (byte) numbers[i];
      head[2 + 2 * i] = (byte) (numbers[i] >> 8);
    }
    return Bytes.join(head, pixels);
  }

  /** Clear, one pixel, end. */
  private static byte[] onePixel() {
    return new byte[] {2, 2, 0x44, 1, 0};
  }

  private static byte[] dot() {
    return frame(0, 0, 1, 1, onePixel());
  }

  private void sizes() {
    for (int side : SIDES) {
      for (byte[] gif : List.of(still, film)) {
        batch.one("lying-screen", () -> withNumber(gif, 6, 2, false, side));
        batch.one("lying-screen", () -> withNumber(gif, 8, 2, false, side));
        batch.one("lying-screen", () -> withNumber(gif, 6, 4, false, side * 0x1_0001L));
      }
      batch.one("lying-frame", () -> gif(frame(0, 0, side, 8, onePixel())));
      batch.one("lying-frame", () -> gif(frame(0, 0, 8, side, onePixel())));
      batch.one("lying-frame", () -> gif(frame(0, 0, side, side, onePixel())));
      batch.one("frames-beyond-the-canvas", () -> gif(frame(side, 0, 8, 8, onePixel())));
      batch.one("frames-beyond-the-canvas", () -> gif(dot(), frame(side, side, 8, 8, onePixel())));
      batch.one("frames-beyond-the-canvas", () -> gif(dot(), frame(0, 0, side, side, onePixel())));
    }
    batch.one("lying-screen", Bombs::gifHugeScreen);
    batch.one("lying-frame", Bombs::gifHugeFrame);
  }

  private void pixels() {
    for (int size : new int[] {0, 1, 2, 3, 8, 9, 11, 12, 13, 32, 255}) {
      batch.one("code-size", () -> gif(frame(0, 0, 8, 8, new byte[] {(byte) size, 2, 0x44, 1, 0})));
    }
    batch.many(
        "compressed-stream",
        30,
        (i, random) -> {
          byte[] noise = new byte[1 + random.nextInt(250)];
          random.nextBytes(noise);
          byte[] head = {(byte) (2 + i % 7), (byte) noise.length};
          return gif(frame(0, 0, 8, 8, Bytes.join(head, noise, new byte[1])));
        });
    for (int fill : new int[] {0x00, 0xFF, 0x24, 0x92}) {
      byte[] block = new byte[256];
      Arrays.fill(block, 1, 256, (byte) fill);
      block[0] = (byte) 255;
      batch.one(
          "pixels-long",
          () ->
              gif(
                  frame(
                      0,
                      0,
                      8,
                      8,
                      Bytes.join(new byte[] {2}, repeated(40_000, i -> block), new byte[1]))));
      batch.one(
          "pixels-without-end", () -> gif(frame(0, 0, 8, 8, Bytes.join(new byte[] {2}, block))));
    }
    batch.one("no-pixels", () -> gif(frame(0, 0, 8, 8, new byte[] {2, 0})));
    batch.one("no-pixels", () -> gif(frame(0, 0, 8, 8, new byte[0])));
    batch.one("no-frame", HostileGifs::gif);
    batch.one("large-from-nothing", () -> large(6_000));
    batch.one("large-from-nothing", () -> large(1_000));
  }

  /** A large canvas and frame with next to no data. */
  private static byte[] large(int side) {
    return Bytes.join(
        screen(side, side, 0x80),
        new byte[] {0, 0, 0, -1, -1, -1},
        frame(0, 0, side, side, onePixel()),
        frame(0, 0, side, side, onePixel()),
        END);
  }

  private void crowds() {
    for (int count : new int[] {1_000, 3_600, 3_601, 20_000, 100_001}) {
      byte[] one = dot();
      batch.one("thousands-of-frames", () -> gif(repeated(count, i -> one)));
    }
    byte[] control = {0x21, (byte) 0xF9, 4, 0, 0, 0, 0, 0};
    byte[] comment = {0x21, (byte) 0xFE, 1, 'x', 0};
    byte[] loop =
        Bytes.join(
            new byte[] {0x21, (byte) 0xFF, 11},
            Bytes.ascii("NETSCAPE2.0"),
            new byte[] {3, 1, 0, 0, 0});
    byte[] unknown = {0x21, 0x42, 0};
    for (byte[] extension : List.of(control, comment, loop, unknown)) {
      for (int count : new int[] {1, 5_000, 300_000}) {
        batch.one("crowd-of-extensions", () -> gif(repeated(count, i -> extension), dot(), dot()));
      }
    }
    byte[] block = new byte[256];
    block[0] = (byte) 255;
    batch.one(
        "large-comment",
        () ->
            gif(new byte[] {0x21, (byte) 0xFE}, repeated(100_000, i -> block), new byte[1], dot()));
  }

  private void oddities() {
    for (int flags : new int[] {0x00, 0x07, 0x87, 0xFF}) {
      batch.one("palette", () -> Bytes.join(screen(8, 8, flags), dot(), END));
      batch.one("palette", () -> withNumber(still, 10, 1, false, flags));
    }
    for (int disposal = 0; disposal < 8; disposal++) {
      byte[] control = {0x21, (byte) 0xF9, 4, (byte) (disposal << 2 | 1), -1, -1, -1, 0};
      batch.one("disposal", () -> gif(control, dot(), control, frame(4, 4, 1, 1, onePixel())));
    }
    for (int length : new int[] {0, 1, 3, 5, 255}) {
      byte[] control = new byte[] {0x21, (byte) 0xF9, (byte) length, 0, 0, 0, 0, 0};
      batch.one("odd-control", () -> gif(control, dot(), dot()));
    }
    for (int delay : new int[] {0, 1, 32_768, 65_535}) {
      byte[] control = {0x21, (byte) 0xF9, 4, 0, (byte) delay, (byte) (delay >> 8), 0, 0};
      batch.one("delay", () -> gif(control, dot(), control, dot(), control, dot()));
    }
    batch.one("no-trailer", () -> Bytes.part(film, 0, film.length - 1));
    batch.one("two-pictures", () -> Bytes.join(film, film));
    batch.one("frames-behind-the-end", () -> Bytes.join(gif(dot()), dot(), dot(), END));
    batch.one("picture-in-picture", () -> gif(new byte[] {0x21, (byte) 0xFE}, still, dot()));
    batch.one("version", () -> Bytes.join(Bytes.ascii("GIF87a"), Bytes.from(film, 6)));
    batch.one("version", () -> Bytes.join(Bytes.ascii("GIF90a"), Bytes.from(film, 6)));
    batch.one("signature-only", () -> Bytes.ascii("GIF89a"));
    batch.one("signature-only", () -> screen(8, 8, 0));
  }
}
