package dev.pictj.pictures;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Adds chunks to a PNG (W3C PNG third edition, section 5) and spoils them. */
public final class PngChunks {
  /** The eight bytes every PNG begins with. */
  public static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};

  private PngChunks() {}

  /** Plain, compressed and international text, all with {@link JpegSegments#SECRET}. */
  public static byte[] withText(byte[] png) {
    byte[] key = Bytes.ascii("Author\0");
    byte[] text = Bytes.ascii(JpegSegments.SECRET);
    byte[] plain = withChunk(png, "tEXt", Bytes.join(key, text));
    byte[] packed = withChunk(plain, "zTXt", Bytes.join(key, new byte[1], deflated(text)));
    return withChunk(
        packed, "iTXt", Bytes.join(Bytes.ascii("XML:com.adobe.xmp\0\0\0\0\0"), JpegSegments.xmp()));
  }

  /** EXIF with this orientation, a camera and a position. */
  public static byte[] withExif(byte[] png, int orientation) {
    return withChunk(png, "eXIf", Exif.tiff(orientation));
  }

  /** The time of the last change. */
  public static byte[] withTime(byte[] png) {
    return withChunk(png, "tIME", new byte[] {7, (byte) 0xE0, 1, 2, 3, 4, 5});
  }

  /** The JDK's sRGB profile. */
  public static byte[] withIcc(byte[] png) {
    return withIcc(png, JpegSegments.srgb());
  }

  /** Any profile. */
  public static byte[] withIcc(byte[] png, byte[] profile) {
    return withChunk(
        png, "iCCP", Bytes.join(Bytes.ascii("sRGB\0"), new byte[1], deflated(profile)));
  }

  /** An animation control chunk that claims this many frames. */
  public static byte[] withFrameCount(byte[] png, int frames) {
    return withChunk(png, "acTL", Bytes.join(Bytes.big32(frames), Bytes.big32(0)));
  }

  /** A sound APNG of frames that all look like the one picture given. */
  public static byte[] animated(byte[] png, int frames) {
    ByteBuffer header = ByteBuffer.wrap(png);
    byte[] size = Bytes.part(png, 16, 24);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    ByteArrayOutputStream others = new ByteArrayOutputStream();
    int at = 8;
    while (at < png.length) {
      int length = header.getInt(at);
      if (header.getInt(at + 4) == 0x49444154) {
        data.write(png, at + 8, length);
      } else if (header.getInt(at + 4) != 0x49454E44) {
        others.write(png, at, length + 12);
      }
      at += length + 12;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(SIGNATURE);
    out.writeBytes(others.toByteArray());
    out.writeBytes(chunk("acTL", Bytes.join(Bytes.big32(frames), Bytes.big32(0))));
    int sequence = 0;
    for (int i = 0; i < frames; i++) {
      byte[] timing = {0, 1, 0, 10, 0, 0};
      out.writeBytes(chunk("fcTL", Bytes.join(Bytes.big32(sequence++), size, new byte[8], timing)));
      out.writeBytes(
          i == 0
              ? chunk("IDAT", data.toByteArray())
              : chunk("fdAT", Bytes.join(Bytes.big32(sequence++), data.toByteArray())));
    }
    out.writeBytes(chunk("IEND", new byte[0]));
    return out.toByteArray();
  }

  /** Any chunk, right after IHDR. */
  public static byte[] withChunk(byte[] png, String type, byte[] payload) {
    return Bytes.join(Bytes.part(png, 0, 33), chunk(type, payload), Bytes.from(png, 33));
  }

  /** Turns over a bit in the checksum of the first chunk of this type. */
  public static byte[] withWrongCrc(byte[] png, String type) {
    byte[] out = png.clone();
    int at = Bytes.find(png, type);
    int length = ByteBuffer.wrap(png).getInt(at - 4);
    out[at + 4 + length] ^= 1;
    return out;
  }

  /** Bytes after the end of the picture. */
  public static byte[] withTrailing(byte[] png, byte[] trailing) {
    return Bytes.join(png, trailing);
  }

  /** A chunk with its length and a right checksum. */
  public static byte[] chunk(String type, byte[] payload) {
    byte[] typed = Bytes.join(Bytes.ascii(type), payload);
    CRC32 crc = new CRC32();
    crc.update(typed);
    return Bytes.join(Bytes.big32(payload.length), typed, Bytes.big32((int) crc.getValue()));
  }

  /** A PNG of 8-bit RGB with this header and these pixel bytes, whatever they are. */
  public static byte[] of(int width, int height, byte[] deflated) {
    byte[] header = Bytes.join(Bytes.big32(width), Bytes.big32(height), new byte[] {8, 2, 0, 0, 0});
    return Bytes.join(
        SIGNATURE, chunk("IHDR", header), chunk("IDAT", deflated), chunk("IEND", new byte[0]));
  }

  /** A zlib stream of the bytes. */
  public static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater(9);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[8192];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }
}
