package dev.pictj.pictures;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Adds chunks to a WebP (RFC 9649), making it an extended one where it is not. */
public final class WebpChunks {
  private WebpChunks() {}

  /** EXIF with this orientation, a camera and a position. */
  public static byte[] withExif(byte[] webp, int width, int height, int orientation) {
    return append(extended(webp, width, height, 0x08), chunk("EXIF", Exif.tiff(orientation)));
  }

  /** An XMP packet. */
  public static byte[] withXmp(byte[] webp, int width, int height) {
    return append(extended(webp, width, height, 0x04), chunk("XMP ", JpegSegments.xmp()));
  }

  /** The JDK's sRGB profile. */
  public static byte[] withIcc(byte[] webp, int width, int height) {
    return withIcc(webp, width, height, JpegSegments.srgb());
  }

  /** Any profile. */
  public static byte[] withIcc(byte[] webp, int width, int height, byte[] profile) {
    byte[] base = extended(webp, width, height, 0x20);
    return sized(Bytes.join(Bytes.part(base, 0, 30), chunk("ICCP", profile), Bytes.from(base, 30)));
  }

  /** A chunk of any kind at the end. */
  public static byte[] withChunk(byte[] webp, int width, int height, String type, byte[] payload) {
    return append(extended(webp, width, height, 0), chunk(type, payload));
  }

  /** Bytes after the end of the RIFF. */
  public static byte[] withTrailing(byte[] webp, byte[] trailing) {
    return Bytes.join(webp, trailing);
  }

  /** The same picture with a VP8X that has this canvas and these flags added. */
  public static byte[] extended(byte[] webp, int width, int height, int flags) {
    byte[] out = webp.clone();
    if (Bytes.find(webp, "VP8X") != 12) {
      out =
          sized(
              Bytes.join(
                  Bytes.part(webp, 0, 12), chunk("VP8X", new byte[10]), Bytes.from(webp, 12)));
    }
    ByteBuffer header = ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN);
    out[20] |= (byte) flags;
    header.putShort(24, (short) (width - 1)).put(26, (byte) ((width - 1) >> 16));
    header.putShort(27, (short) (height - 1)).put(29, (byte) ((height - 1) >> 16));
    return out;
  }

  /** The same picture with a chunk of transparency that is empty, and that no flag speaks of. */
  public static byte[] withHiddenAlpha(byte[] webp, int width, int height) {
    byte[] whole = extended(webp, width, height, 0);
    return sized(
        Bytes.join(Bytes.part(whole, 0, 30), chunk("ALPH", new byte[0]), Bytes.from(whole, 30)));
  }

  /** A chunk with its length, padded to an even one. */
  public static byte[] chunk(String type, byte[] payload) {
    return Bytes.join(
        Bytes.ascii(type), Bytes.little32(payload.length), payload, new byte[payload.length & 1]);
  }

  private static byte[] append(byte[] webp, byte[] chunk) {
    return sized(Bytes.join(webp, chunk));
  }

  private static byte[] sized(byte[] webp) {
    ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN).putInt(4, webp.length - 8);
    return webp;
  }
}
