package dev.pictj.pictures;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rectangles of one colour that are shown one after another on a canvas, to be written as GIF, WebP
 * or APNG. Nothing but this class has a part in the writing, so that a reader is compared with what
 * the formats say and not with another writer.
 *
 * @param loops how often it is played; 0 is for ever
 */
public record Animation(int width, int height, int loops, List<Frame> frames) {
  /** What is left of a frame when the next one comes. */
  public enum Disposal {
    /** It stays. */
    KEEP,
    /** Its place becomes transparent. */
    CLEAR,
    /** Its place becomes what it was before; WebP has no such thing. */
    RESTORE
  }

  /**
   * A frame.
   *
   * @param argb its colour, of eight bits a channel, alpha first
   * @param blended whether what is there shines through where it is transparent; in GIF always
   */
  public record Frame(
      int x,
      int y,
      int width,
      int height,
      int argb,
      int millis,
      boolean blended,
      Disposal disposal) {
    /** One that fills a canvas. */
    public static Frame whole(int width, int height, int argb, int millis) {
      return new Frame(0, 0, width, height, argb, millis, false, Disposal.KEEP);
    }
  }

  /** A canvas that is filled with one colour after another, for ever. */
  public static Animation ofColours(int width, int height, int[] millis, int... argb) {
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < millis.length; i++) {
      frames.add(Frame.whole(width, height, argb[i % argb.length], millis[i]));
    }
    return new Animation(width, height, 0, frames);
  }

  /** The same, played this often. */
  public Animation looping(int times) {
    return new Animation(width, height, times, frames);
  }

  /** What is on the canvas after each frame, by what the formats say. */
  public List<BufferedImage> canvases() {
    List<BufferedImage> shown = new ArrayList<>();
    int[] now = new int[width * height];
    for (Frame frame : frames) {
      final int[] before = now.clone();
      for (int y = frame.y; y < Math.min(height, frame.y + frame.height); y++) {
        for (int x = frame.x; x < Math.min(width, frame.x + frame.width); x++) {
          boolean seen = !frame.blended || frame.argb >>> 24 == 255;
          now[y * width + x] = seen ? frame.argb : now[y * width + x];
        }
      }
      BufferedImage canvas = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
      canvas.setRGB(0, 0, width, height, now, 0, width);
      shown.add(canvas);
      if (frame.disposal == Disposal.RESTORE) {
        now = before;
      } else if (frame.disposal == Disposal.CLEAR) {
        for (int y = frame.y; y < Math.min(height, frame.y + frame.height); y++) {
          Arrays.fill(
              now, y * width + frame.x, y * width + Math.min(width, frame.x + frame.width), 0);
        }
      }
    }
    return shown;
  }

  /**
   * A GIF (GIF89a). Each frame has a palette of its own with two entries, the second of which is
   * transparent. Times are in steps of 10 ms. Without {@code NETSCAPE2.0} it is played once; with
   * it, once more than that says.
   */
  public byte[] gif() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(Bytes.ascii("GIF89a"));
    out.writeBytes(Bytes.join(little16(width), little16(height), new byte[3]));
    if (loops != 1) {
      out.writeBytes(Bytes.join(new byte[] {0x21, (byte) 0xFF, 11}, Bytes.ascii("NETSCAPE2.0")));
      out.writeBytes(Bytes.join(new byte[] {3, 1}, little16(Math.max(0, loops - 1)), new byte[1]));
    }
    for (Frame frame : frames) {
      boolean transparent = frame.argb >>> 24 == 0;
      int disposal =
          switch (frame.disposal) {
            case KEEP -> 1;
            case CLEAR -> 2;
            case RESTORE -> 3;
          };
      out.writeBytes(new byte[] {0x21, (byte) 0xF9, 4, (byte) (disposal << 2 | 1)});
      out.writeBytes(Bytes.join(little16(frame.millis / 10), new byte[] {1, 0, 0x2C}));
      out.writeBytes(
          Bytes.join(
              little16(frame.x),
              little16(frame.y),
              little16(frame.width),
              little16(frame.height),
              new byte[] {(byte) 0x80}));
      out.writeBytes(rgb(frame.argb));
      out.writeBytes(new byte[3]);
      out.writeBytes(lzw(frame.width * frame.height, transparent ? 1 : 0));
    }
    out.write(0x3B);
    return out.toByteArray();
  }

  /**
   * LZW that compresses nothing (GIF89a, appendix F): all codes have three bits, as it is reset.
   */
  private static byte[] lzw(int pixels, int index) {
    Bits bits = new Bits();
    bits.put(4, 3);
    for (int i = 0; i < pixels; i++) {
      bits.put(index, 3);
      if (i % 2 == 1) {
        // Before the table is so full that codes would need four bits.
        bits.put(4, 3);
      }
    }
    bits.put(5, 3);
    byte[] coded = bits.bytes();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(2);
    for (int at = 0; at < coded.length; at += 255) {
      int length = Math.min(255, coded.length - at);
      out.write(length);
      out.write(coded, at, length);
    }
    out.write(0);
    return out.toByteArray();
  }

  /** An animated WebP (RFC 9649, 2.7.1.1) of lossless frames; offsets are even. */
  public byte[] webp() {
    ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    chunks.writeBytes(
        WebpChunks.chunk(
            "VP8X",
            Bytes.join(new byte[] {0x12, 0, 0, 0}, little24(width - 1), little24(height - 1))));
    chunks.writeBytes(WebpChunks.chunk("ANIM", Bytes.join(new byte[4], little16(loops))));
    for (Frame frame : frames) {
      int flags = (frame.blended ? 0 : 2) | (frame.disposal == Disposal.CLEAR ? 1 : 0);
      chunks.writeBytes(
          WebpChunks.chunk(
              "ANMF",
              Bytes.join(
                  little24(frame.x / 2),
                  little24(frame.y / 2),
                  little24(frame.width - 1),
                  little24(frame.height - 1),
                  little24(frame.millis),
                  new byte[] {(byte) flags},
                  WebpChunks.chunk("VP8L", vp8l(frame.width, frame.height, frame.argb)))));
    }
    byte[] body = Bytes.join(Bytes.ascii("WEBP"), chunks.toByteArray());
    return Bytes.join(Bytes.ascii("RIFF"), Bytes.little32(body.length), body);
  }

  /**
   * A lossless bitstream of one colour (RFC 9649, 3.8): each prefix code has a single symbol, which
   * takes no bits, so no pixel takes any.
   */
  static byte[] vp8l(int width, int height, int argb) {
    Bits bits = new Bits();
    bits.put(0x2F, 8);
    bits.put(width - 1, 14);
    bits.put(height - 1, 14);
    bits.put(1, 1);
    bits.put(0, 3);
    // No transform, no colour cache, no meta prefix codes.
    bits.put(0, 3);
    for (int shift : new int[] {8, 16, 0, 24}) {
      // Simple, one symbol, which has eight bits.
      bits.put(0b101, 3);
      bits.put(argb >>> shift & 0xFF, 8);
    }
    bits.put(0b001, 4);
    return bits.bytes();
  }

  /** An APNG (W3C PNG third edition, 11.3.6) of eight bits RGBA; the first frame is the still. */
  public byte[] png() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(PngChunks.SIGNATURE);
    byte[] kind = {8, 6, 0, 0, 0};
    out.writeBytes(
        PngChunks.chunk("IHDR", Bytes.join(Bytes.big32(width), Bytes.big32(height), kind)));
    out.writeBytes(
        PngChunks.chunk("acTL", Bytes.join(Bytes.big32(frames.size()), Bytes.big32(loops))));
    int sequence = 0;
    for (Frame frame : frames) {
      byte[] place =
          Bytes.join(
              Bytes.big32(frame.width),
              Bytes.big32(frame.height),
              Bytes.big32(frame.x),
              Bytes.big32(frame.y));
      byte[] ways = {(byte) frame.disposal.ordinal(), (byte) (frame.blended ? 1 : 0)};
      byte[] control =
          Bytes.join(
              Bytes.big32(sequence++), place, Bytes.big16(frame.millis), Bytes.big16(1000), ways);
      out.writeBytes(PngChunks.chunk("fcTL", control));
      byte[] pixels = deflated(frame);
      if (sequence == 1) {
        out.writeBytes(PngChunks.chunk("IDAT", pixels));
      } else {
        out.writeBytes(PngChunks.chunk("fdAT", Bytes.join(Bytes.big32(sequence++), pixels)));
      }
    }
    out.writeBytes(PngChunks.chunk("IEND", new byte[0]));
    return out.toByteArray();
  }

  private static byte[] deflated(Frame frame) {
    int row = 1 + 4 * frame.width;
    byte[] scanlines = new byte[row * frame.height];
    for (int y = 0; y < frame.height; y++) {
      for (int x = 0; x < frame.width; x++) {
        int at = y * row + 1 + 4 * x;
        System.arraycopy(rgb(frame.argb), 0, scanlines, at, 3);
        scanlines[at + 3] = (byte) (frame.argb >>> 24);
      }
    }
    return PngChunks.deflated(scanlines);
  }

  private static byte[] rgb(int argb) {
    return new byte[] {(byte) (argb >> 16), (byte) (argb >> 8), (byte) argb};
  }

  private static byte[] little16(int value) {
    return new byte[] {(byte) value, (byte) (value >> 8)};
  }

  private static byte[] little24(int value) {
    return new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16)};
  }

  /** Bits, the least significant first, as both LZW and VP8L want them. */
  private static final class Bits {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int held;
    private int count;

    void put(int value, int bits) {
      for (int i = 0; i < bits; i++) {
        held |= (value >> i & 1) << count;
        count++;
        if (count == 8) {
          flush();
        }
      }
    }

    private void flush() {
      out.write(held);
      held = 0;
      count = 0;
    }

    byte[] bytes() {
      if (count > 0) {
        flush();
      }
      return out.toByteArray();
    }
  }
}
