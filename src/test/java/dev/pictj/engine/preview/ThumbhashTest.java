package dev.pictj.engine.preview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.media.Facts;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class ThumbhashTest {
  /** What the reference makes of the same pixels; ThumbhashReferenceIT compares many more. */
  @Test
  void theBytesAreThoseOfTheReference() {
    assertThat(TinyPictures.various().stream().limit(6).map(Thumbhash::of))
        .containsExactly(
            "qnRU2uJ3eAiIiAiIiIePePg=",
            "3/eFFQgKl5b3Z3pRlpf3iYuv8tmWmme4cw==",
            "YSgGI5JQiIdlmXiIYGQIVIY=",
            "Xvi9EQiICIeIeHgIhY0pCAj3iIeHiIg=",
            "n/cJNAhq93iIdWdndoiHw8/2NA==",
            "49aCCYIazyZqeWQgufq2U4/LYqlXhog=");
  }

  /** What Ingest tells of everything where nothing is looked at. */
  @Test
  void aBlackDotIsKnown() {
    assertThat(PreviewMaker.of(TinyPictures.of(1, 1, (_, _) -> 0xFF000000)).facts())
        .contains(new Facts("AAgCBwAAAAAAAAAAAAAAAAAAAAAAAAAA", "#000000", "0000000000000000"));
  }

  @Test
  void itTellsItsShapeAndWhetherItIsOpaque() {
    byte[] wide = bytes(TinyPictures.of(64, 32, (x, y) -> 0xFF000000 | x * 4 << 16 | y * 4));
    assertThat(wide[2] & 0x80).isZero();
    assertThat(wide[4] & 0x80).isNotZero();
    assertThat(wide[3] & 7).isEqualTo(4);
    byte[] high = bytes(TinyPictures.of(32, 64, (x, y) -> x * 8 << 24 | y * 4));
    assertThat(high[2] & 0x80).isNotZero();
    assertThat(high[4] & 0x80).isZero();
    assertThat(high[3] & 7).isEqualTo(3);
  }

  private static byte[] bytes(TinyPicture picture) {
    return Base64.getDecoder().decode(Thumbhash.of(picture));
  }
}
