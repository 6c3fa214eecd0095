package dev.pictj.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.catalog.Variant;
import dev.pictj.catalog.VariantKey;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class VerifiedTest {
  private static final Details DETAILS =
      new Details(new Dimensions(1, 1), MediaType.PNG, 1, Instant.EPOCH);

  private final Verified verified = new Verified();

  private static VariantKey key(String filename) {
    return new VariantKey(filename, "k.png");
  }

  private static Variant variant(String blob, String hash) {
    return new Variant(blob, hash, 1, DETAILS);
  }

  /** The same content under another name may be torn, and other content is not known at all. */
  @Test
  void itKnowsWhatItWasToldAndNothingLikeIt() {
    String hash = "0123456789abcdef".repeat(4);
    verified.add(key("abcdefghij.png"), variant("k.1.png", hash));
    assertThat(verified.has(key("abcdefghij.png"), variant("k.1.png", hash))).isTrue();
    assertThat(verified.has(key("abcdefghik.png"), variant("k.1.png", hash))).isFalse();
    assertThat(verified.has(key("abcdefghij.png"), variant("k.2.png", hash))).isFalse();
    assertThat(verified.has(key("abcdefghij.png"), variant("k.1.png", "f" + hash.substring(1))))
        .isFalse();
  }

  @Test
  void ofManyItForgetsSomeAndTakesNoneForAnother() {
    for (int i = 0; i < 100_000; i++) {
      verified.add(key("abcdefghij.png"), variant("k." + i, "%064x".formatted(i * 0x9E3779B97L)));
    }
    int known = 0;
    for (int i = 0; i < 100_000; i++) {
      String hash = "%064x".formatted(i * 0x9E3779B97L);
      known += verified.has(key("abcdefghij.png"), variant("k." + i, hash)) ? 1 : 0;
      assertThat(verified.has(key("abcdefghij.png"), variant("n." + i, hash))).isFalse();
    }
    assertThat(known).isBetween(30_000, 65_536);
  }
}
