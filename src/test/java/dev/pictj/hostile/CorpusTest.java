package dev.pictj.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class CorpusTest {
  private static final long SEED = 3;

  @Test
  void thereAreThousandsAndEachHasItsName() {
    List<HostileFile> all = Corpus.all(SEED);
    assertThat(all).hasSizeGreaterThan(2000);
    assertThat(all.stream().map(HostileFile::name)).doesNotHaveDuplicates();
    Map<String, Long> formats =
        all.stream().collect(Collectors.groupingBy(HostileFile::format, Collectors.counting()));
    assertThat(formats)
        .containsOnlyKeys(
            "avis", "gif", "heif", "jpeg", "jxl", "movie", "png", "polyglot", "webm", "webp");
    assertThat(formats.values()).allMatch(count -> count > 100);
  }

  @Test
  void theSameSeedMakesTheSameBytes() {
    List<HostileFile> once = Corpus.sample(SEED, 2);
    List<HostileFile> again = Corpus.sample(SEED, 2);
    for (int i = 0; i < once.size(); i++) {
      assertThat(once.get(i).name()).isEqualTo(again.get(i).name());
      assertThat(once.get(i).bytes()).as(once.get(i).name()).isEqualTo(again.get(i).bytes());
    }
  }

  @Test
  void aSampleHasSomethingOfEveryKind() {
    Set<String> families =
        Corpus.all(SEED).stream().map(HostileFile::family).collect(Collectors.toSet());
    assertThat(Corpus.sample(SEED, 1).stream().map(HostileFile::family).toList())
        .containsExactlyInAnyOrderElementsOf(families);
  }

  @Test
  void hardlyAnyTwoFilesAreAlike() {
    Set<Integer> contents = new HashSet<>();
    List<HostileFile> all = Corpus.all(SEED);
    for (HostileFile file : all) {
      byte[] bytes = file.bytes();
      // No larger than an upload may be by default.
      assertThat(bytes.length).as(file.name()).isLessThanOrEqualTo(40 << 20);
      contents.add(java.util.Arrays.hashCode(bytes));
    }
    assertThat(contents).hasSizeGreaterThan(Math.max(2000, all.size() * 9 / 10));
  }
}
