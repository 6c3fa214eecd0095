package dev.pictj.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Damages a data folder between a kill and the next start, as a power cut may. */
final class Wreckage {
  private static final int LONGEST_TEAR = 200;

  private final Path data;
  private final Random random;
  private final List<byte[]> strays = new ArrayList<>();

  Wreckage(Path data, Random random) {
    this.data = data;
    this.random = random;
  }

  /** Something that costs nothing acknowledged, whatever it is. */
  void strike() throws IOException {
    switch (random.nextInt(4)) {
      case 0 -> tearLog();
      case 1 -> tearVariant();
      case 2 -> addStray();
      default -> {
        // A kill alone is to be tried as well.
      }
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

  private void tearVariant() throws IOException {
    List<Path> variants = files("variants");
    if (!variants.isEmpty()) {
      Path variant = variants.get(random.nextInt(variants.size()));
      byte[] bytes = Files.readAllBytes(variant);
      // As long as before, for that alone would show it.
      Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 0);
      Files.write(variant, bytes);
    }
  }

  private void addStray() throws IOException {
    byte[] bytes = ("stray " + strays.size()).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    String name = "zz9%011d.png".formatted(strays.size());
    Path folder = data.resolve("files").resolve("zz").resolve("9" + name.charAt(3));
    Files.write(Files.createDirectories(folder).resolve(name), bytes);
    strays.add(bytes);
  }

  /** Takes away what was added, wherever it lies now. Returns how many are not there any more. */
  int strayed() throws IOException {
    int lost = strays.size();
    for (Path file : files("")) {
      byte[] bytes = Files.size(file) < 20 ? Files.readAllBytes(file) : new byte[0];
      if (strays.stream().anyMatch(stray -> Arrays.equals(stray, bytes))) {
        Files.delete(file);
        lost--;
      }
    }
    return lost;
  }

  private List<Path> files(String place) throws IOException {
    try (Stream<Path> walk = Files.walk(data.resolve(place))) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
