package dev.pictj.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentKeyTest {
  private static final String HASH = "0123456789abcdef".repeat(4);

  private static Details details(MediaType type, int frames) {
    return new Details(new Dimensions(1, 1), type, frames, Instant.EPOCH);
  }

  @ParameterizedTest
  @CsvSource({
    "PNG,1,07",
    "JPEG,1,05",
    "WEBP,1,08",
    "WEBP,3,03",
    "GIF,3,02",
    "GIF,1,02",
    "MP4,10,09",
    "JPEG,2,ff",
    "PNG,2,00",
    "APNG,1,ff",
    "APNG,2,00",
    "AVIF,1,04",
    "AVIF,2,01",
    "HEIC,1,ff",
    "HEIC,2,ff",
    "JXL,1,06",
    "JXL,2,ff",
    "MP4,1,09",
    "WEBM,1,0a",
    "WEBM,2,0a",
    "QUICKTIME,1,ff",
    "QUICKTIME,2,ff"
  })
  void hashSizeAndFormatStandSideBySide(MediaType type, int frames, String format) {
    String hex = ContentKey.hex(HASH, 0x0102_0304_0506L, details(type, frames));
    assertThat(hex).isEqualTo(HASH + "010203040506" + format);
  }

  /** A format that has the number of another one would be taken for it. */
  @Test
  void noNumberIsTwoFormats() {
    for (boolean moving : new boolean[] {false, true}) {
      assertThat(
              MediaType.all(MediaType.Trait.STORED)
                  .filter(type -> !moving || type != MediaType.PNG)
                  .map(type -> type.contentKey(moving))
                  .filter(key -> key != 255))
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void aSlugLeadsBackToItsHash() {
    String slug = ContentKey.slug(HASH, 7, details(MediaType.PNG, 1));
    assertThat(slug).matches("[A-Za-z0-9_-]{52}");
    assertThat(ContentKey.hashOf(slug)).contains(HASH);
    for (String other : new String[] {"", "AAAA", "!", slug + "AAAA", slug.substring(4)}) {
      assertThat(ContentKey.hashOf(other)).as(other).isEmpty();
    }
  }
}
