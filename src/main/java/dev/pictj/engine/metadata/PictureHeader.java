package dev.pictj.engine.metadata;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What an encoder wants to know of a source and ImageMagick does not tell in time. */
public final class PictureHeader {
  private PictureHeader() {}

  /**
   * Whether a JPEG carries an ICC profile: an APP2 segment that begins with {@code ICC_PROFILE}
   * (ICC.1:2022, annex B.4) before the first scan.
   */
  public static boolean hasProfile(Path jpeg) throws IOException {
    try (JpegSegments segments = JpegSegments.of(jpeg)) {
      while (segments.next()) {
        if (segments.marker() == 0xFFE2
            && segments.length() >= 16
            && new String(segments.bytes(12), StandardCharsets.US_ASCII).equals("ICC_PROFILE\0")) {
          return true;
        }
      }
      return false;
    } catch (EOFException end) {
      return false;
    }
  }

  /**
   * Whether the first frame of a WebP is coded without loss: its bitstream is a {@code VP8L} chunk,
   * inside an {@code ANMF} chunk when animated (RFC 9649, 2.3 to 2.7).
   */
  public static boolean isLossless(Path webp) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(webp.toFile(), "r")) {
      file.seek(12);
      while (true) {
        String chunk = ascii(file, 4);
        long length = Integer.toUnsignedLong(Integer.reverseBytes(file.readInt()));
        switch (chunk) {
          case "VP8L" -> {
            return true;
          }
          case "VP8 " -> {
            return false;
          }
          // The frame's own chunks follow after 16 bytes about the frame.
          case "ANMF" -> file.seek(file.getFilePointer() + 16);
          default -> file.seek(file.getFilePointer() + length + (length & 1));
        }
      }
    } catch (EOFException end) {
      return false;
    }
  }

  private static String ascii(RandomAccessFile file, int count) throws IOException {
    byte[] bytes = new byte[count];
    file.readFully(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
