package dev.pictj.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.JarProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What fuzzing has found once, and a little of it again every time. */
@Tag("slow")
class FuzzRegressionTest {
  private static final int MUTATIONS = 1_500;

  /** What a request head may be long. */
  private static final int HEAD = 32 * 1024;

  @ParameterizedTest
  @EnumSource
  void whatBrokeItOnceDoesNotAnyMore(Target target) throws Exception {
    Path folder =
        JarProcess.baseFolder().resolve("src/test/resources/fuzz").resolve(target.folder());
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.sorted().toList()) {
          run(target, Files.readAllBytes(file));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void seedsAndTheirMutationsKeepThePromises(Target target) throws Exception {
    List<byte[]> seeds = target.seeds();
    assertThat(seeds).isNotEmpty();
    for (byte[] seed : seeds) {
      run(target, seed);
    }
    Random random = new Random(target.ordinal());
    for (int i = 0; i < MUTATIONS; i++) {
      run(target, mutated(seeds, random));
    }
  }

  /** PatternsTest counts the steps of all patterns over the same. */
  @ParameterizedTest
  @EnumSource(names = {"RANGE", "FORM_HEAD", "CHAIN", "ACCEPT", "SIGNED_TEXT", "URL"})
  void longMonotonyBreaksNothing(Target target) {
    Monotony.texts(HEAD).forEach(text -> run(target, text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void run(Target target, byte[] input) {
    try {
      target.run(input);
    } catch (Throwable e) {
      throw new AssertionError(
          target + " broke on " + HexFormat.of().formatHex(input, 0, Math.min(2000, input.length)),
          e);
    }
  }

  private static byte[] mutated(List<byte[]> seeds, Random random) throws IOException {
    byte[] out = seeds.get(random.nextInt(seeds.size())).clone();
    for (int n = 1 + random.nextInt(4); n > 0 && out.length > 0; n--) {
      int at = random.nextInt(out.length);
      switch (random.nextInt(6)) {
        case 0 -> out[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> out[at] = (byte) random.nextInt(256);
        case 2 -> out = Arrays.copyOf(out, at);
        case 3 -> Arrays.fill(out, at, Math.min(out.length, at + random.nextInt(8)), (byte) -1);
        case 4 -> {
          byte[] other = seeds.get(random.nextInt(seeds.size()));
          int length = Math.min(Math.min(out.length - at, other.length), random.nextInt(32));
          System.arraycopy(other, other.length - length, out, at, length);
        }
        default -> {
          int from = random.nextInt(out.length);
          int length = Math.min(out.length - Math.max(at, from), random.nextInt(32));
          System.arraycopy(out, from, out, at, length);
        }
      }
    }
    return out;
  }
}
