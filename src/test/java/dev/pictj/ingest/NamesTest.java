package dev.pictj.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.media.MediaType;
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

  /** RFC 9562, sections 4.1, 4.2 and 5.4; the extension of the later line is not shortened. */
  @Test
  void theLaterLineHasUuids() {
    Names later = new Names(new SecureRandom(), true);
    String uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
    Set<String> all = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      assertThat(later.alias(MediaType.JPEG, 0)).matches(uuid + "\\.jpeg");
      assertThat(later.token()).matches(uuid);
      all.add(later.uuid());
    }
    assertThat(all).hasSize(1000);
    assertThat(later.alias(MediaType.WEBP, 0)).endsWith(".webp");
    assertThat(names.alias(MediaType.JPEG, 1)).matches("[A-Za-z0-9]{11}\\.jpg");
    assertThat(names.token()).matches("[A-Za-z0-9]{10}");
  }
}
