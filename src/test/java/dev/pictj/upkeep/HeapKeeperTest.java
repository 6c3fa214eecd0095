package dev.pictj.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeapKeeperTest {
  private static final class Heap implements HeapKeeper.OldGeneration {
    private long used;
    private long live;
    private long reachable;

    @Override
    public long used() {
      return used;
    }

    @Override
    public long live() {
      return live;
    }

    @Override
    public void collect() {
      used = reachable;
      live = reachable;
    }
  }

  @Test
  void collectsWhenMoreThanTheSlackHasCome() {
    Heap heap = new Heap();
    HeapKeeper keeper = new HeapKeeper(heap, 100);
    heap.reachable = 70;
    heap.used = 100;
    assertThat(keeper.look()).isFalse();
    heap.used = 101;
    assertThat(keeper.look()).isTrue();
    assertThat(heap.used).isEqualTo(70);
    heap.used = 170;
    assertThat(keeper.look()).isFalse();
    heap.used = 171;
    assertThat(keeper.look()).isTrue();
  }

  @Test
  void theSerialCollectorsOldGenerationIsReallyCollected() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xms16m",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Garbage.class.getName())
            .inheritIO()
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  /** A heap with old garbage in it; the exit status says what was wrong. */
  static final class Garbage {
    private static final int MIB = 1 << 20;

    private Garbage() {}

    public static void main(String[] arguments) {
      HeapKeeper.OldGeneration old = HeapKeeper.serial().orElseThrow();
      List<byte[]> grown = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        // Too large for the young generation, which has five at first.
        grown.add(new byte[8 * MIB]);
      }
      int held = grown.size();
      grown.clear();
      HeapKeeper keeper = new HeapKeeper(old, 32L * MIB);
      boolean collected = old.used() > 40L * MIB && keeper.look() && !keeper.look();
      System.exit(held == 6 && collected && old.live() < 16L * MIB && old.live() > 0 ? 0 : 1);
    }
  }
}
