package dev.pictj.catalog.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.media.Phash;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PhashIndexTest {
  private final Random random = new Random(1);
  private final PhashIndex index = new PhashIndex();

  private long flipped(long hash, int bits) {
    long changed = hash;
    while (Long.bitCount(changed ^ hash) < bits) {
      changed ^= 1L << random.nextInt(64);
    }
    return changed;
  }

  private List<Phash> near(long hash, int distance) {
    List<Phash> found = new ArrayList<>();
    long compared =
        index.near(
            new Phash(hash),
            distance,
            (phash, bits) -> {
              assertThat(bits).isEqualTo(Long.bitCount(phash.bits() ^ hash));
              found.add(phash);
            });
    assertThat(compared).isGreaterThanOrEqualTo(found.size());
    return found;
  }

  private static List<Phash> scanned(Set<Long> all, long hash, int distance) {
    return all.stream()
        .filter(one -> Long.bitCount(one ^ hash) <= distance)
        .map(Phash::new)
        .toList();
  }

  /** In clusters, so that there is something at each distance, whichever parts it lies in. */
  @Test
  void itFindsWhatAScanFindsEachOnceAtEveryDistance() {
    Set<Long> all = new HashSet<>();
    List<Long> centres = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      long centre = random.nextLong();
      centres.add(centre);
      for (int j = 0; j < 100; j++) {
        all.add(flipped(centre, j % 12));
      }
    }
    all.forEach(one -> index.add(new Phash(one)));
    all.forEach(one -> index.add(new Phash(one)));
    found(all, centres);

    Set<Long> left = new HashSet<>();
    for (long one : all) {
      if (random.nextBoolean()) {
        left.add(one);
      } else {
        index.remove(new Phash(one));
        index.remove(new Phash(one));
      }
    }
    found(left, centres);
  }

  private void found(Set<Long> all, List<Long> centres) {
    int found = 0;
    for (long centre : centres) {
      for (int distance = 0; distance <= Phash.MAX_DISTANCE; distance++) {
        List<Phash> near = near(centre, distance);
        assertThat(near).containsExactlyInAnyOrderElementsOf(scanned(all, centre, distance));
        found += near.size();
      }
    }
    assertThat(found).isGreaterThan(5_000);
  }

  @Test
  void itComparesFewOfMany() {
    int many = 100_000;
    for (int i = 0; i < many; i++) {
      index.add(new Phash(random.nextLong()));
    }
    long compared = 0;
    for (int i = 0; i < 100; i++) {
      compared += index.near(new Phash(random.nextLong()), Phash.MAX_DISTANCE, (_, _) -> {});
    }
    assertThat(compared / 100).isLessThan(many / 300);
  }
}
