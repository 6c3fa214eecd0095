package dev.pictj.pictures;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A PNG of any type of colour that is put together by hand (W3C PNG third edition, 11.2 and 11.3).
 *
 * @param scanlines a filter byte and the packed pixels of each row, as they are before deflating
 */
public record RawPng(
    int width,
    int height,
    int depth,
    int colour,
    byte[] scanlines,
    List<byte[]> before,
    List<byte[]> after) {
  /** Types of colour (table 12). */
  public static final int GREY = 0;

  public static final int RGB = 2;
  public static final int PALETTE = 3;
  public static final int GREY_ALPHA = 4;
  public static final int RGBA = 6;

  /** Noise, with every filter in use, and a palette where there must be one. */
  public static RawPng noise(int width, int height, int depth, int colour, long seed) {
    Random random = new Random(seed);
    int row = 1 + (width * depth * channels(colour) + 7) / 8;
    byte[] scanlines = new byte[row * height];
    random.nextBytes(scanlines);
    for (int y = 0; y < height; y++) {
      scanlines[y * row] = (byte) random.nextInt(5);
    }
    List<byte[]> before = new ArrayList<>();
    if (colour == PALETTE) {
      byte[] palette = new byte[3 << depth];
      random.nextBytes(palette);
      before.add(PngChunks.chunk("PLTE", palette));
    }
    return new RawPng(width, height, depth, colour, scanlines, before, List.of());
  }

  private static int channels(int colour) {
    return switch (colour) {
      case GREY, PALETTE -> 1;
      case GREY_ALPHA -> 2;
      case RGB -> 3;
      case RGBA -> 4;
      default -> throw new IllegalArgumentException("no such colours");
    };
  }

  /** The same with one more chunk before the pixels. */
  public RawPng withBefore(String type, byte[] payload) {
    return new RawPng(width, height, depth, colour, scanlines, added(before, type, payload), after);
  }

  /** The same with one more chunk behind the pixels. */
  public RawPng withAfter(String type, byte[] payload) {
    return new RawPng(width, height, depth, colour, scanlines, before, added(after, type, payload));
  }

  private static List<byte[]> added(List<byte[]> chunks, String type, byte[] payload) {
    List<byte[]> more = new ArrayList<>(chunks);
    more.add(PngChunks.chunk(type, payload));
    return more;
  }

  /** The zlib stream of it. */
  public byte[] deflated() {
    return PngChunks.deflated(scanlines);
  }

  /** The file with its pixels in one chunk. */
  public byte[] file() {
    return file(deflated());
  }

  /** The file with these in a chunk each instead of its pixels. */
  public byte[] file(byte[]... data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(PngChunks.SIGNATURE);
    byte[] kind = {(byte) depth, (byte) colour, 0, 0, 0};
    out.writeBytes(
        PngChunks.chunk("IHDR", Bytes.join(Bytes.big32(width), Bytes.big32(height), kind)));
    before.forEach(out::writeBytes);
    for (byte[] part : data) {
      out.writeBytes(PngChunks.chunk("IDAT", part));
    }
    after.forEach(out::writeBytes);
    out.writeBytes(PngChunks.chunk("IEND", new byte[0]));
    return out.toByteArray();
  }

  @Override
  public String toString() {
    return "%dx%d, %d bits of colour type %d".formatted(width, height, depth, colour);
  }
}
