package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.media.MediaType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110, section 12.5.1. */
class AcceptableTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Accept | weight of WebP | where it has to be named
        "image/webp | 1000 | 1000",
        "IMAGE/WebP ; Q=0.5 | 500 | 500",
        "image/webp;q=0 | 0 | 0",
        "image/webp;q=0.000, */* | 0 | 0",
        "image/webp;q=0.001, */* | 1 | 1",
        "*/* | 1000 | 0",
        "image/* | 1000 | 0",
        "image/*;q=0.3, */*;q=0.8 | 300 | 0",
        "*/*;q=0.8, image/*;q=0.3, image/webp;q=0.6 | 600 | 600",
        "image/*;q=0, */* | 0 | 0",
        "text/html | 0 | 0",
        "text/*, image/png | 0 | 0",
        "image/webpx, image/web | 0 | 0",
        // A range with parameters is one of what has them.
        "image/webp;level=1, image/*;q=0.2 | 200 | 0",
        "image/webp;x=\"a,b;q=1\";q=0.4, image/webp;q=0.3 | 300 | 300",
        "image/webp;q=0.5;ext=1 | 500 | 500",
        // Java's HttpURLConnection has always sent this.
        "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2 | 200 | 0",
        // Damaged members are none.
        "image/webp;q=2, image/*;q=0.1 | 100 | 0",
        "image/webp;q=-1, */*;q=0.1 | 100 | 0",
        "image/webp;q=0.1234, */*;q=0.1 | 100 | 0",
        "image/webp;q=, */*;q=0.1 | 100 | 0",
        "image/webp;q=., */*;q=0.1 | 100 | 0",
        "image/webp;q=1.001, */*;q=0.1 | 100 | 0",
        "*/webp, image/png | 0 | 0",
        "webp, image/png | 0 | 0",
        "image / webp, image/png | 0 | 0",
        ",, image/webp ,, | 1000 | 1000",
        // Where nothing is left, anything goes.
        "'' | 1000 | 0",
        "webp | 1000 | 0",
        "image/webp;q=nonsense | 1000 | 0",
        "\"image/webp, image/png | 1000 | 0",
      })
  void weightsAreThoseOfTheRangeThatSaysMost(String field, int weight, int named) {
    Acceptable accept = Acceptable.of(List.of(field));
    assertThat(accept.weight(MediaType.WEBP)).isEqualTo(weight);
    assertThat(accept.weightByName(MediaType.WEBP)).isEqualTo(named);
  }

  @Test
  void severalFieldsAreOne() {
    Acceptable accept = Acceptable.of(List.of("image/*;q=0.5", "image/webp;q=0.7"));
    assertThat(accept.weight(MediaType.WEBP)).isEqualTo(700);
    assertThat(accept.weight(MediaType.PNG)).isEqualTo(500);
  }

  @Test
  void withoutTheFieldAnythingGoes() {
    Acceptable accept = Acceptable.of(List.of());
    assertThat(accept.weight(MediaType.JPEG)).isEqualTo(1000);
    assertThat(accept.weightByName(MediaType.AVIF)).isZero();
  }
}
