package dev.pictj.hostile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** All hostile files there are, or a few of each kind. */
final class Corpus {
  private Corpus() {}

  /** Every file; its bytes depend on the seed and on the tools that make the sound ones. */
  static List<HostileFile> all(long seed) {
    List<HostileFile> all = new ArrayList<>();
    all.addAll(HostileJpegs.files(seed));
    all.addAll(HostilePngs.files(seed));
    all.addAll(HostileGifs.files(seed));
    all.addAll(HostileWebps.files(seed));
    all.addAll(HostileStills.heif(seed));
    all.addAll(HostileStills.sequences(seed));
    all.addAll(HostileStills.jxl(seed));
    all.addAll(HostileMovies.files(seed));
    all.addAll(HostileWebms.files(seed));
    all.addAll(Polyglots.files(seed));
    return all;
  }

  /** At most that many of each kind of each format, and at least one: the same ones every time. */
  static List<HostileFile> sample(long seed, int each) {
    Map<String, List<HostileFile>> families = new LinkedHashMap<>();
    for (HostileFile file : all(seed)) {
      families.computeIfAbsent(file.family(), family -> new ArrayList<>()).add(file);
    }
    List<HostileFile> sample = new ArrayList<>();
    families.forEach(
        (family, files) -> {
          Random random = new Random(seed + family.hashCode());
          for (int i = 0; i < each && !files.isEmpty(); i++) {
            sample.add(files.remove(random.nextInt(files.size())));
          }
        });
    return sample;
  }
}
