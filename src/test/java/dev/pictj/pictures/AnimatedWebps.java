package dev.pictj.pictures;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes animated WebPs of any frames, and reads them: a compositor that shares nothing with what is
 * tested but the decoder of stills. RFC 9649, 2.7.1.1.
 */
public final class AnimatedWebps {
  private AnimatedWebps() {}

  /**
   * A frame.
   *
   * @param still a WebP of it
   * @param x even
   * @param y even
   * @param overwrites rather than being blended
   * @param clears its rectangle when its time is over
   */
  public record Frame(
      byte[] still,
      int width,
      int height,
      int x,
      int y,
      int milliseconds,
      boolean overwrites,
      boolean clears) {}

  /** A frame of one colour, with alpha, that lies on the canvas' upper left and stays. */
  public static Frame plain(int argb, int width, int height, int milliseconds) {
    return frame(argb, width, height, 0, 0, milliseconds, true, false);
  }

  /** A frame of one colour, without loss. */
  public static Frame frame(
      int argb,
      int width,
      int height,
      int x,
      int y,
      int milliseconds,
      boolean overwrites,
      boolean clears) {
    return new Frame(
        still(argb, width, height, true), width, height, x, y, milliseconds, overwrites, clears);
  }

  /** A still of one colour. */
  public static byte[] still(int argb, int width, int height, boolean lossless) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, argb);
      }
    }
    return Pictures.webpOf(Pictures.written(image, "png"), "webp:lossless=" + lossless);
  }

  /** Puts them together. */
  public static byte[] of(int width, int height, int loops, int background, List<Frame> frames) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(Bytes.ascii("WEBP"));
    body.writeBytes(
        WebpChunks.chunk(
            "VP8X",
            Bytes.join(new byte[] {0x12, 0, 0, 0}, little24(width - 1), little24(height - 1))));
    body.writeBytes(
        WebpChunks.chunk(
            "ANIM",
            Bytes.join(
                Bytes.little32(background), new byte[] {(byte) loops, (byte) (loops >> 8)})));
    for (Frame frame : frames) {
      byte flags = (byte) ((frame.overwrites() ? 2 : 0) | (frame.clears() ? 1 : 0));
      body.writeBytes(
          WebpChunks.chunk(
              "ANMF",
              Bytes.join(
                  little24(frame.x() / 2),
                  little24(frame.y() / 2),
                  little24(frame.width() - 1),
                  little24(frame.height() - 1),
                  little24(frame.milliseconds()),
                  new byte[] {flags},
                  pixels(frame.still()))));
    }
    return Bytes.join(Bytes.ascii("RIFF"), Bytes.little32(body.size()), body.toByteArray());
  }

  private static byte[] pixels(byte[] still) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    for (Chunk chunk : chunks(still, 12)) {
      if (List.of("ALPH", "VP8 ", "VP8L").contains(chunk.code())) {
        kept.writeBytes(WebpChunks.chunk(chunk.code(), chunk.payload()));
      }
    }
    return kept.toByteArray();
  }

  private record Chunk(String code, byte[] payload) {
    int little24(int at) {
      return (payload[at] & 0xFF) | (payload[at + 1] & 0xFF) << 8 | (payload[at + 2] & 0xFF) << 16;
    }
  }

  private static List<Chunk> chunks(byte[] webp, int from) {
    ByteBuffer in = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN);
    List<Chunk> chunks = new ArrayList<>();
    for (int at = from; at < webp.length; ) {
      int length = in.getInt(at + 4);
      chunks.add(
          new Chunk(
              new String(webp, at, 4, StandardCharsets.US_ASCII),
              Arrays.copyOfRange(webp, at + 8, at + 8 + length)));
      at += 8 + length + (length & 1);
    }
    return chunks;
  }

  private static List<Chunk> frames(byte[] webp) {
    return chunks(webp, 12).stream().filter(chunk -> chunk.code().equals("ANMF")).toList();
  }

  private static Chunk only(byte[] webp, String code) {
    return chunks(webp, 12).stream().filter(chunk -> chunk.code().equals(code)).findFirst().get();
  }

  /** Milliseconds of each frame. */
  public static List<Integer> times(byte[] webp) {
    return frames(webp).stream().map(chunk -> chunk.little24(12)).toList();
  }

  /** How often it plays, 0 for ever. */
  public static int loops(byte[] webp) {
    byte[] control = only(webp, "ANIM").payload();
    return (control[4] & 0xFF) | (control[5] & 0xFF) << 8;
  }

  /** The colour around it. */
  public static int background(byte[] webp) {
    return ByteBuffer.wrap(only(webp, "ANIM").payload()).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  /** The canvas when each frame has been laid on it, as ARGB; what is invisible is 0. */
  public static List<BufferedImage> canvases(byte[] webp) {
    Chunk extended = only(webp, "VP8X");
    BufferedImage canvas =
        new BufferedImage(
            1 + extended.little24(4), 1 + extended.little24(7), BufferedImage.TYPE_INT_ARGB);
    List<BufferedImage> seen = new ArrayList<>();
    for (Chunk frame : frames(webp)) {
      int left = 2 * frame.little24(0);
      int top = 2 * frame.little24(3);
      int width = 1 + frame.little24(6);
      int height = 1 + frame.little24(9);
      byte[] pixels = Pictures.pixelsOfWebp(still(frame, width, height));
      int flags = frame.payload()[15];
      for (int i = 0; i < width * height; i++) {
        int argb = Integer.rotateRight(ByteBuffer.wrap(pixels).getInt(4 * i), 8);
        int x = left + i % width;
        int y = top + i / width;
        canvas.setRGB(x, y, (flags & 2) != 0 ? visible(argb) : over(argb, canvas.getRGB(x, y)));
      }
      BufferedImage copy =
          new BufferedImage(canvas.getWidth(), canvas.getHeight(), BufferedImage.TYPE_INT_ARGB);
      copy.setData(canvas.getData());
      seen.add(copy);
      if ((flags & 1) != 0) {
        canvas.setRGB(left, top, width, height, new int[width * height], 0, width);
      }
    }
    return seen;
  }

  private static byte[] still(Chunk frame, int width, int height) {
    byte[] parts = Arrays.copyOfRange(frame.payload(), 16, frame.payload().length);
    boolean alpha = chunks(parts, 0).getFirst().code().equals("ALPH");
    byte[] still =
        Bytes.join(
            Bytes.ascii("RIFF"), Bytes.little32(4 + parts.length), Bytes.ascii("WEBP"), parts);
    return alpha ? WebpChunks.extended(still, width, height, 0x10) : still;
  }

  private static int visible(int argb) {
    return argb >>> 24 == 0 ? 0 : argb;
  }

  private static int over(int top, int below) {
    double a = (top >>> 24) / 255.0;
    double b = (below >>> 24) / 255.0 * (1 - a);
    if (a + b == 0) {
      return 0;
    }
    int result = (int) Math.round(255 * (a + b)) << 24;
    for (int shift = 0; shift <= 16; shift += 8) {
      double mixed = ((top >> shift & 0xFF) * a + (below >> shift & 0xFF) * b) / (a + b);
      result |= (int) Math.round(mixed) << shift;
    }
    return visible(result);
  }

  private static byte[] little24(int number) {
    return new byte[] {(byte) number, (byte) (number >> 8), (byte) (number >> 16)};
  }
}
