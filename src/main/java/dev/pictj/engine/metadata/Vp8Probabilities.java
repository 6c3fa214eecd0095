package dev.pictj.engine.metadata;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;

/** The constants of VP8's key frames (RFC 6386, sections 11.5, 13.4 and 13.5). */
final class Vp8Probabilities {
  /** Kinds of blocks, bands of positions, contexts, and decisions of a coefficient. */
  static final int COEFFICIENTS = 4 * 8 * 3 * 11;

  private static final int MODES = 10 * 10 * 9;
  private static final int[] ALL = read();

  /** That one of a coefficient's probabilities is replaced. */
  static final int[] REPLACED = Arrays.copyOfRange(ALL, 0, COEFFICIENTS);

  /** Those of coefficients where they are not. */
  static final int[] INITIAL = Arrays.copyOfRange(ALL, COEFFICIENTS, 2 * COEFFICIENTS);

  /** By the mode of the block above, that of the one to the left, and the decision. */
  static final int[] OF_MODES = Arrays.copyOfRange(ALL, 2 * COEFFICIENTS, ALL.length);

  private Vp8Probabilities() {}

  private static int[] read() {
    try (InputStream in = Vp8Probabilities.class.getResourceAsStream("vp8-probabilities.txt");
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      int[] all =
          lines
              .lines()
              .filter(line -> !line.startsWith("#"))
              .flatMap(line -> Stream.of(line.split(" ", -1)))
              .mapToInt(Integer::parseInt)
              .toArray();
      if (all.length != 2 * COEFFICIENTS + MODES) {
        throw new IllegalStateException("a table of VP8 is not whole");
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
