package dev.pictj.media;

import java.util.Locale;

/** Writes quantities for messages. */
public final class Quantity {
  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;
  private static final long MEGAPIXEL = 1_000_000;

  private Quantity() {}

  /** Bytes: "40 MiB", "1.5 MiB", "64 KiB", "17 bytes". */
  public static String bytes(long bytes) {
    return bytes >= MIB
        ? decimal((double) bytes / MIB) + " MiB"
        : bytes >= KIB ? decimal((double) bytes / KIB) + " KiB" : bytes + " bytes";
  }

  /** Pixels: "40 megapixels", "12.2 megapixels"; few of them as they are. */
  public static String pixels(long pixels) {
    return pixels >= MEGAPIXEL / 10
        ? decimal((double) pixels / MEGAPIXEL) + " megapixels"
        : pixels + " pixels";
  }

  /** Bytes, exactly enough to be different from another number of bytes. */
  public static String bytes(long bytes, long beside) {
    String text = bytes(bytes);
    return bytes != beside && text.equals(bytes(beside)) ? bytes + " bytes" : text;
  }

  /** Pixels, exactly enough to be different from another number of pixels. */
  public static String pixels(long pixels, long beside) {
    String text = pixels(pixels);
    return pixels != beside && text.equals(pixels(beside)) ? pixels + " pixels" : text;
  }

  private static String decimal(double number) {
    String text = String.format(Locale.ROOT, "%.1f", number);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
