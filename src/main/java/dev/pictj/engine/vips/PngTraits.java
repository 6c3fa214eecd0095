package dev.pictj.engine.vips;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What stands before the pixels of a PNG (W3C PNG third edition, 11.2 and 11.3).
 *
 * @param eightBitDirect whether pixels are 8 bits a channel and no palette
 * @param usualGamma whether its numbers are meant as sRGB's, as far as {@code gAMA} tells
 * @param ownPrimaries whether it says what its colours are, but for an ICC profile
 */
record PngTraits(boolean eightBitDirect, boolean usualGamma, boolean ownPrimaries) {
  private static final int PALETTE = 3;
  private static final int SRGB_GAMMA = 45_455;
  private static final int GAMMA_SLACK = 500;

  static PngTraits of(Path png) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(png.toFile(), "r")) {
      file.seek(24);
      int depth = file.readUnsignedByte();
      int colour = file.readUnsignedByte();
      boolean usualGamma = true;
      boolean ownPrimaries = false;
      file.seek(33);
      try {
        while (true) {
          long length = Integer.toUnsignedLong(file.readInt());
          byte[] code = new byte[4];
          file.readFully(code);
          final long next = file.getFilePointer() + length + 4;
          switch (new String(code, StandardCharsets.ISO_8859_1)) {
            case "gAMA" -> usualGamma = Math.abs(file.readInt() - SRGB_GAMMA) <= GAMMA_SLACK;
            case "cHRM" -> ownPrimaries = true;
            case "IDAT", "IEND" -> {
              return new PngTraits(depth == 8 && colour != PALETTE, usualGamma, ownPrimaries);
            }
            default -> {}
          }
          file.seek(next);
        }
      } catch (EOFException end) {
        return new PngTraits(false, false, true);
      }
    }
  }
}
