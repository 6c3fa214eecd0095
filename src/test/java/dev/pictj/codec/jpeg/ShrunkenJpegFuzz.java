package dev.pictj.codec.jpeg;

import dev.pictj.media.Dimensions;
import dev.pictj.pictures.CodedJpeg;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.WrittenJpeg;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** JPEGs that are decoded at a fraction of their size. */
public final class ShrunkenJpegFuzz {
  /** More than that are not decoded anywhere without having been counted before. */
  private static final long MOST_PIXELS = 4_000_000;

  private ShrunkenJpegFuzz() {}

  /** It is given up on, or is a picture of the size that its first frame header has. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Dimensions stored = stored(input);
    if (stored.area() > MOST_PIXELS) {
      return;
    }
    for (int shrink : new int[] {4, 8}) {
      for (boolean wholeChroma : new boolean[] {false, true}) {
        Optional<Raster> found = Decoding.of(input, stored, shrink, wholeChroma);
        if (found.isPresent() && !isWhole(found.get(), stored, shrink)) {
          throw new AssertionError("a picture of another size");
        }
      }
    }
  }

  private static boolean isWhole(Raster raster, Dimensions stored, int shrink) {
    return raster.size().width() == Math.max(1, (stored.width() + shrink / 2) / shrink)
        && raster.size().height() == Math.max(1, (stored.height() + shrink / 2) / shrink)
        && (raster.bands() == 1 || raster.bands() == 3)
        && raster.samples().length == raster.size().area() * raster.bands();
  }

  /** Of what looks like a frame header that can be decoded; else anything. */
  private static Dimensions stored(byte[] input) {
    for (int i = 0; i + 8 < input.length; i++) {
      if (input[i] == -1 && input[i + 1] >= (byte) 0xC0 && input[i + 1] <= (byte) 0xC2) {
        int height = (input[i + 5] & 0xFF) << 8 | (input[i + 6] & 0xFF);
        int width = (input[i + 7] & 0xFF) << 8 | (input[i + 8] & 0xFF);
        if (width > 0 && height > 0) {
          return new Dimensions(width, height);
        }
      }
    }
    return new Dimensions(8, 8);
  }

  /** One of each kind. */
  public static List<byte[]> seeds() {
    BufferedImage image = Subject.DRAWING.image(19, 18);
    return List.of(
        CodedJpeg.grey(image, 9).bytes(),
        CodedJpeg.colour(image, 9, 1, 1, 1, 1, 1, 1).named(1, 2, 3).bytes(),
        CodedJpeg.colour(image, 9, 2, 2, 1, 1, 1, 1).restarts(1).filled(1).bytes(),
        CodedJpeg.colour(image, 9, 2, 1, 1, 1, 1, 1)
            .scans(new int[] {0}, new int[] {1, 2})
            .adobe(1)
            .wide()
            .bytes(),
        JpegSegments.withIcc(WrittenJpeg.of(image).optimised().bytes(), new byte[20]),
        WrittenJpeg.of(image).quality(0.3f).sampling(2, 2).progressive().bytes(),
        WrittenJpeg.of(image).quality(0.3f).sampling(1, 2).progressive().restarts(1).bytes());
  }
}
