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
