package dev.pictj.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.media.MediaType.Trait;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MediaTypeTest {
  @Test
  void whatCanBeMadeIsFoundByEachOfItsExtensions() {
    assertThat(MediaType.byExtension())
        .containsExactly(
            Map.entry("apng", MediaType.APNG),
            Map.entry("avif", MediaType.AVIF),
            Map.entry("gif", MediaType.GIF),
            Map.entry("jpeg", MediaType.JPEG),
            Map.entry("jpg", MediaType.JPEG),
            Map.entry("jxl", MediaType.JXL),
            Map.entry("png", MediaType.PNG),
            Map.entry("webp", MediaType.WEBP));
  }

  @Test
  void whatIsMadeIsStored() {
    assertThat(MediaType.all(Trait.PRODUCED)).allMatch(type -> type.has(Trait.STORED));
  }

  @Test
  void framesAreKeptWhereBothSidesCan() {
    assertThat(MediaType.WEBP.keepsFramesIn(MediaType.WEBP)).isTrue();
    assertThat(MediaType.WEBP.keepsFramesIn(MediaType.PNG)).isFalse();
    assertThat(MediaType.PNG.keepsFramesIn(MediaType.PNG)).isFalse();
    assertThat(MediaType.GIF.keepsFramesIn(MediaType.APNG)).isTrue();
    assertThat(MediaType.APNG.keepsFramesIn(MediaType.PNG)).isFalse();
  }

  @Test
  void animationsStayWhatTheyAreOrBecomeWhatTheOldLineHas() {
    assertThat(MediaType.GIF.storedAs(true)).isEqualTo(MediaType.GIF);
    assertThat(MediaType.GIF.storedAs(false)).isEqualTo(MediaType.PNG);
    assertThat(MediaType.APNG.storedAs(true)).isEqualTo(MediaType.APNG);
    assertThat(MediaType.APNG.storedAs(false)).isEqualTo(MediaType.PNG);
    assertThat(MediaType.WEBP.storedAs(false)).isEqualTo(MediaType.WEBP);
  }

  @Test
  void aSideIsNoLongerThanItsEncoderCanWrite() throws Exception {
    MediaType.WEBP.requireHolds(new Dimensions(16_383, 1));
    MediaType.PNG.requireHolds(new Dimensions(100_000, 1));
    assertThatThrownBy(() -> MediaType.WEBP.requireHolds(new Dimensions(1, 16_384)))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("16383");
  }
}
