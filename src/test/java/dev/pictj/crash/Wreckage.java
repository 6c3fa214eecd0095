package dev.pictj.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.stream.Stream;

/** Damages a data folder between a kill and the next start, as a power cut may. */
final class Wreckage {
  private static final int LONGEST_TEAR = 200;

  private final Path data;
  private final Random random;

  Wreckage(Path data, Random random) {
    this.data = data;
    this.random = random;
  }

  /** Something that costs nothing acknowledged, whatever it is. */
  void strike() throws IOException {
    // A kill alone is to be tried as well.
    if (random.nextBoolean()) {
      tearLog();
    }
  }

  /** The catalog's log ends in a write that was cut off: the head of a record and a part of it. */
  private void tearLog() throws IOException {
    byte[] torn = new byte[7 + random.nextInt(LONGEST_TEAR)];
    random.nextBytes(torn);
    // Longer than what follows, and whole.
    torn[4] = (byte) 0xff;
    torn[5] = 0x10;
    torn[6] = 1;
    Files.write(newestLog(data), torn, StandardOpenOption.APPEND);
  }

  static Path newestLog(Path data) throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("catalog"))) {
      return files
          .filter(file -> file.toString().endsWith(".log"))
          .max(Path::compareTo)
          .orElseThrow();
    }
  }
}
