package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDateTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Sun, 06 Nov 1994 08:49:37 GMT|1994-11-06T08:49:37Z",
        "' Sun, 06 Nov 1994 08:49:37 GMT '|1994-11-06T08:49:37Z",
        "Sunday, 06-Nov-94 08:49:37 GMT|1994-11-06T08:49:37Z",
        "Sun Nov  6 08:49:37 1994|1994-11-06T08:49:37Z",
        "Wed Nov 16 08:49:37 1994|1994-11-16T08:49:37Z",
        "Thursday, 29-Feb-24 00:00:00 GMT|2024-02-29T00:00:00Z",
        // Fifty years ahead and no more.
        "Monday, 23-Nov-76 12:00:00 GMT|2076-11-23T12:00:00Z",
        "Monday, 23-Nov-76 12:00:01 GMT|1976-11-23T12:00:01Z",
        "Tuesday, 01-Feb-77 00:00:00 GMT|1977-02-01T00:00:00Z",
        "Friday, 01-Jan-99 00:00:00 GMT|1999-01-01T00:00:00Z",
        "Saturday, 01-Jan-00 00:00:00 GMT|2000-01-01T00:00:00Z",
      })
  void theThreeFormsAreRead(String text, Instant moment) {
    assertThat(HttpDate.parse(text, NOW)).contains(moment);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "1994-11-06T08:49:37Z",
        "784111777",
        "Sun, 06 Nov 1994",
        "Sun, 32 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37",
        "Sunday, 99-Nov-94 08:49:37 GMT",
        "Someday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov 6 08:49:37 94",
        "Sun Nov  6 25:49:37 1994"
      })
  void whatIsNoDateIsNone(String text) {
    assertThat(HttpDate.parse(text, NOW)).isEmpty();
  }

  @Test
  void writesWhatAFormatterWrites() {
    DateTimeFormatter formatter =
        DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);
    long first = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
    long last = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
    Random random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      Instant moment = Instant.ofEpochSecond(random.nextLong(first, last + 1), i);
      assertThat(HttpDate.format(moment)).isEqualTo(formatter.format(moment));
    }
  }

  @Test
  void aMissingFieldIsNone() {
    assertThat(HttpDate.parse(null, NOW)).isEmpty();
  }

  @Test
  void thePreferredFormIsWritten() {
    assertThat(HttpDate.format(Instant.parse("1994-11-06T08:49:37Z")))
        .isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
  }
}
