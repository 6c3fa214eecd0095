package dev.pictj.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.store.BlobName;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NamesTest {
  private final Names names = new Names(new SecureRandom());

  @Test
  void filenamesOfTheSameTimeLieTogetherAndNoFolderGrowsForEver() {
    Map<String, Integer> folders = new HashMap<>();
    Set<String> rest = new HashSet<>();
    for (int i = 0; i < 5000; i++) {
      String name = names.filename();
      assertThat(BlobName.original(name + ".png").filename()).startsWith(name);
      folders.merge(name.substring(0, BlobName.FOLDER_LENGTH), 1, Integer::sum);
      rest.add(name.substring(BlobName.FOLDER_LENGTH));
    }
    assertThat(folders.size()).isBetween(2, 5);
    assertThat(folders.values())
        .allSatisfy(files -> assertThat(files).isGreaterThanOrEqualTo(1000));
    // The rest alone is as hard to guess as any other name.
    assertThat(rest).hasSize(5000).allSatisfy(part -> assertThat(part).hasSize(10));
  }

  @Test
  void aliasesAndTokensHaveNothingInCommon() {
    Set<String> beginnings = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      String name = names.next(0);
      assertThat(name).matches("[A-Za-z0-9]{10}");
      beginnings.add(name.substring(0, BlobName.FOLDER_LENGTH));
    }
    assertThat(beginnings).hasSizeGreaterThan(990);
    assertThat(names.next(3)).hasSize(13);
  }
}
