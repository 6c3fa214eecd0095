package dev.pictj.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.media.Dimensions;
import dev.pictj.store.BlobName;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChainParserTest {
  private final ChainParser parser = parser(Optional.empty());

  private static ChainParser parser(Optional<Set<String>> whitelist) {
    return new ChainParser(new ChainRules(10_000, 10, 20, 100, Rounding.DOWN, false, whitelist));
  }

  private static List<Map.Entry<String, String>> query(String... words) {
    List<Map.Entry<String, String>> parameters = new ArrayList<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      parameters.add(Map.entry(word.substring(0, equals), word.substring(equals + 1)));
    }
    return parameters;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "thumbnail=0",
        "thumbnail=-1",
        "thumbnail=99999999999",
        "thumbnail=1e3",
        "thumbnail=abc",
        "thumbnail=",
        "thumbnail=10001",
        "thumbnail= 5",
        "resize=0",
        "resize=1.5",
        "crop=0x1",
        "crop=21x1",
        "crop=16x9x4",
        "crop=16",
        "crop=x",
        "crop=1x",
        "crop=-1x1",
        "crop=16X9",
        "blur=NaN",
        "blur=inf",
        "blur=1e9",
        "blur=0",
        "blur=-3",
        "blur=",
        "blur=100.01",
        "blur=1e99",
        "blur=0x3"
      })
  void refusesValuesOutOfBounds(String word) {
    assertThatThrownBy(() -> parser.parse(query(word)))
        .isInstanceOf(InvalidChainException.class)
        .hasMessageContaining(word.substring(0, word.indexOf('=')));
  }

  @Test
  void keepsRequestOrderAndRepetition() throws Exception {
    Chain chain =
        parser.parse(
            query("src=x", "blur=3.0", "w=9", "thumbnail=0256", "Crop=1x1", "crop=16x9", "blur=3"));
    assertThat(chain.operations())
        .containsExactly(
            new Operation.Blur(new BigDecimal("3")),
            new Operation.Thumbnail(256, Rounding.DOWN),
            new Operation.Crop(16, 9),
            new Operation.Blur(new BigDecimal("3")));
    assertThat(chain.plan(new Dimensions(640, 360)).key()).isEqualTo("blur-3_thumbnail-256_blur-3");
  }

  @Test
  void aPlusSignIsADigitStringToo() throws Exception {
    assertThat(parser.parse(query("thumbnail=+256")).operations())
        .containsExactly(new Operation.Thumbnail(256, Rounding.DOWN));
  }

  @Test
  void blurIsRoundedToHundredths() throws Exception {
    assertThat(parser.parse(query("blur=1e1")).plan(new Dimensions(9, 9)).key())
        .isEqualTo("blur-10");
    assertThat(parser.parse(query("blur=0.000001")).plan(new Dimensions(9, 9)).key())
        .isEqualTo("blur-0.01");
    assertThat(parser.parse(query("blur=2.504")).plan(new Dimensions(9, 9)).key())
        .isEqualTo("blur-2.5");
  }

  @Test
  void fiftyOperationsAreTooMany() {
    assertThatThrownBy(
            () -> parser.parse(query(Collections.nCopies(50, "identity=").toArray(String[]::new))))
        .isInstanceOf(InvalidChainException.class)
        .hasMessageContaining("10");
  }

  @Test
  void whatTheWhitelistLacksIsLeftOutUnread() throws Exception {
    ChainParser strict = parser(Optional.of(Set.of("thumbnail")));
    assertThat(strict.parse(query("blur=NaN", "thumbnail=9", "resize=3")).operations())
        .containsExactly(new Operation.Thumbnail(9, Rounding.DOWN));
    assertThat(parser(Optional.of(Set.of())).parse(query("thumbnail=9")).operations()).isEmpty();
  }

  @Test
  void whatChangesNothingIsNotInTheKey() throws Exception {
    Chain chain = parser.parse(query("identity=", "thumbnail=3000", "crop=16x9", "resize=640"));
    assertThat(chain.plan(new Dimensions(640, 360)).key()).isEqualTo("identity");
    assertThat(chain.plan(new Dimensions(640, 360)).steps()).isEmpty();
    assertThat(chain.plan(new Dimensions(5000, 5000)).key())
        .isEqualTo("thumbnail-3000_crop-16x9_resize-640");
  }

  @Test
  void everyKeyIsAFileName() throws Exception {
    Chain longest =
        parser.parse(query(Collections.nCopies(10, "blur=99.99").toArray(String[]::new)));
    String key = longest.plan(new Dimensions(10_000, 4_000)).key();
    assertThat(key).startsWith("chain-");
    assertThat(BlobName.variant("abcdefghij.jpg", key + ".0123abcd.webp").variant()).contains(key);
  }
}
