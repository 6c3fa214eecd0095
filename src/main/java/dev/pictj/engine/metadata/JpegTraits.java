package dev.pictj.engine.metadata;

import dev.pictj.media.ByteSource;
import dev.pictj.media.JpegSegments;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * How a JPEG was written, so that its children can be written likewise.
 *
 * @param quality in libjpeg's numbers: the one whose tables have, in all, steps as large as the
 *     file's
 * @param chroma the chroma subsampling
 */
public record JpegTraits(int quality, Chroma chroma) {
  /** The quality of a file whose tables say nothing. */
  private static final int DEFAULT_QUALITY = 92;

  /**
   * The least quality of a JPEG that is made of another. A second loss as large as that of a bad
   * source would make it far worse, and a thumbnail needs few bytes anyway.
   */
  private static final int MIN_QUALITY = 75;

  /** The quality of a JPEG that is made of a lossless picture. */
  private static final int LOSSLESS_QUALITY = 100;

  /** Below this quality chroma is subsampled 4:2:0 where nothing else is known. */
  private static final int MIN_WHOLE_CHROMA_QUALITY = 90;

  /** The traits for a source of which nothing is known. */
  public static final JpegTraits USUAL = new JpegTraits(DEFAULT_QUALITY, Chroma.USUAL);

  /** The chroma subsampling. */
  public enum Chroma {
    /** One sample for each square of four pixels: 4:2:0. */
    QUARTER,
    /** As many samples as luma has: 4:4:4. Also stands for 4:2:2 and 4:4:0, which are rare. */
    WHOLE,
    /** Not known: 4:2:0 below a quality of 90, else 4:4:4. */
    USUAL
  }

  /** Row by row (ITU-T T.81, table K.1). */
  private static final int[] LUMINANCE = {
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113,
    92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99
  };

  /** The upper left corner; all else is 99 (table K.2). */
  private static final int[] CHROMINANCE = {
    17, 18, 24, 47, 18, 21, 26, 66, 24, 26, 56, 99, 47, 66, 99, 99
  };

  private static final int TABLES = 4;

  /** The sum of all steps of a quantisation table, by quality. */
  private static final long[] LUMINANCE_SUMS = sums(LUMINANCE, 0);

  private static final long[] CHROMINANCE_SUMS = sums(CHROMINANCE, 48);

  /**
   * How to write a JPEG that is made of a picture: of a JPEG at its own quality, but at least at
   * 75; of a lossless picture at the highest quality; of any other at the default one.
   */
  public static JpegTraits forChildOf(Path source, MediaType type) throws IOException {
    if (type == MediaType.JPEG) {
      JpegTraits own = of(source);
      return new JpegTraits(Math.max(MIN_QUALITY, own.quality), own.chroma);
    }
    return PictureHeader.isLossless(source, type)
        ? new JpegTraits(LOSSLESS_QUALITY, Chroma.USUAL)
        : USUAL;
  }

  /** Whether chroma is subsampled 4:2:0. */
  public boolean quarterOfChroma() {
    return switch (chroma) {
      case QUARTER -> true;
      case WHOLE -> false;
      case USUAL -> quality < MIN_WHOLE_CHROMA_QUALITY;
    };
  }

  /** Estimates the traits of a file from its quantisation tables and its frame header. */
  public static JpegTraits of(Path jpeg) throws IOException {
    long[] sums = new long[TABLES];
    Chroma chroma = Chroma.USUAL;
    try (ByteSource in = ByteSource.ofHeader(jpeg)) {
      JpegSegments segments = new JpegSegments(in);
      while (segments.nextBeforeScan()) {
        if (segments.marker() == JpegSegments.DQT) {
          readTables(ByteBuffer.wrap(segments.payload()), sums);
        } else if (segments.isFrame()) {
          // T.81, B.2.2: behind the number of components, the first one and its sampling.
          boolean colours = in.u8(segments.at() + 5) == 3;
          boolean quarter = in.u8(segments.at() + 7) == 0x22;
          chroma = colours ? quarter ? Chroma.QUARTER : Chroma.WHOLE : Chroma.USUAL;
        }
      }
    } catch (MediaException | BufferUnderflowException _) {
      // The file ends early: what was read so far is used.
    }
    return new JpegTraits(nearest(sums[0], sums[1]), chroma);
  }

  /** T.81, B.2.4.1: precision and number of a table, then 64 steps of one or two bytes. */
  private static void readTables(ByteBuffer tables, long[] sums) {
    while (tables.hasRemaining()) {
      int kind = tables.get() & 0xFF;
      long sum = 0;
      for (int i = 0; i < 64; i++) {
        sum += kind >> 4 == 0 ? tables.get() & 0xFF : tables.getShort() & 0xFFFF;
      }
      if ((kind & 15) < TABLES) {
        sums[kind & 15] = sum;
      }
    }
  }

  private static int nearest(long luminance, long chrominance) {
    if (luminance == 0) {
      return DEFAULT_QUALITY;
    }
    int best = DEFAULT_QUALITY;
    long least = Long.MAX_VALUE;
    for (int quality = 1; quality <= 100; quality++) {
      long distance =
          Math.abs(LUMINANCE_SUMS[quality] - luminance)
              + (chrominance == 0 ? 0 : Math.abs(CHROMINANCE_SUMS[quality] - chrominance));
      if (distance <= least) {
        least = distance;
        best = quality;
      }
    }
    return best;
  }

  private static long[] sums(int[] table, int nineties) {
    long[] sums = new long[101];
    for (int quality = 1; quality <= 100; quality++) {
      sums[quality] = sum(table, nineties, quality);
    }
    return sums;
  }

  /** The sum of all steps of a table at a quality, as libjpeg scales them. */
  private static long sum(int[] table, int nineties, int quality) {
    int percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
    long sum = nineties * scaled(99, percent);
    for (int step : table) {
      sum += scaled(step, percent);
    }
    return sum;
  }

  private static long scaled(int step, int percent) {
    return Math.clamp((step * (long) percent + 50) / 100, 1, 255);
  }
}
