package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValidatorsTest {
  private final Validators validators =
      Validators.of("0123456789abcdef".repeat(4), Instant.parse("2021-02-10T22:57:43.5Z"));
  private static final String TAG = "\"0123456789abcdef0123456789abcdef\"";

  @Test
  void writesHttpDates() {
    assertThat(validators.httpDate()).isEqualTo("Wed, 10 Feb 2021 22:57:43 GMT");
    assertThat(validators.etag()).isEqualTo(TAG);
  }

  @Test
  void anEntityTagDecidesBeforeADate() {
    assertThat(validators.notModified(TAG, null)).isTrue();
    assertThat(validators.notModified("\"x\", W/" + TAG, null)).isTrue();
    assertThat(validators.notModified("*", null)).isTrue();
    assertThat(validators.notModified("\"x\"", "Wed, 10 Feb 2021 22:57:43 GMT")).isFalse();
    assertThat(validators.notModified(null, "Wed, 10 Feb 2021 22:57:43 GMT")).isTrue();
    assertThat(validators.notModified(null, "Wed, 10 Feb 2021 22:57:42 GMT")).isFalse();
    assertThat(validators.notModified(null, "Wednesday, 10-Feb-21 22:57:43 GMT")).isTrue();
    assertThat(validators.notModified(null, "Wed Feb 10 22:57:42 2021")).isFalse();
    assertThat(validators.notModified(null, "yesterday")).isFalse();
    assertThat(validators.notModified(null, null)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "1994-11-06T08:49:37Z",
        "784111777",
        "Sun, 06 Nov 2094",
        "Sun, 32 Nov 2094 08:49:37 GMT",
        "Sunday, 99-Nov-94 08:49:37 GMT",
        "Sun Nov  6 25:49:37 2094",
        "Sun, 06 Nov 99999999999 08:49:37 GMT"
      })
  void whatIsNoDateCountsAsAbsent(String text) {
    assertThat(validators.notModified(null, text)).isFalse();
    assertThat(validators.rangeApplies(text)).isFalse();
  }

  @Test
  void ifRangeComparesStrongly() {
    assertThat(validators.rangeApplies(null)).isTrue();
    assertThat(validators.rangeApplies(TAG)).isTrue();
    assertThat(validators.rangeApplies("W/" + TAG)).isFalse();
    assertThat(validators.rangeApplies("\"x\"")).isFalse();
    assertThat(validators.rangeApplies("Wed, 10 Feb 2021 22:57:43 GMT")).isTrue();
    assertThat(validators.rangeApplies("Wed, 10 Feb 2021 22:57:44 GMT")).isFalse();
    assertThat(validators.rangeApplies("Wednesday, 10-Feb-21 22:57:43 GMT")).isTrue();
    assertThat(validators.rangeApplies("Wed Feb 10 22:57:43 2021")).isTrue();
    assertThat(validators.rangeApplies("nonsense")).isFalse();
  }
}
