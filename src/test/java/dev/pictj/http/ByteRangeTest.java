package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
  @ParameterizedTest
  @CsvSource({
    "bytes=0-0,0,0",
    "bytes=0-1,0,1",
    "bytes=10-,10,99",
    "bytes=-10,90,99",
    "bytes=-1000,0,99",
    "bytes=0-1048575,0,99",
    "bytes=99-99,99,99",
    "BYTES=5-6,5,6",
    "bytes= 5 - 6 ,5,6",
    "bytes=5-99999999999999999999999,5,99",
    "bytes=-99999999999999999999999,0,99"
  })
  void servesOneRangeWithInclusiveEnds(String header, long first, long last) {
    assertThat(ByteRange.parse(header, 100, true)).isEqualTo(new ByteRange.Part(first, last));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999999-"})
  void refusesWhatLiesOutside(String header) {
    assertThat(ByteRange.parse(header, 100, true)).isEqualTo(new ByteRange.Unsatisfiable(true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=0-1,2-3", "items=0-1", "bytes=0-1,-5"})
  void refusesWhatIsNotServed(String header) {
    assertThat(ByteRange.parse(header, 100, true)).isEqualTo(new ByteRange.Unsatisfiable(false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5",
        "bytes=a-b",
        "bytes=6-5",
        "bytes=1-2-3",
        "bytes=0-1,",
        "bytes=0x1-2",
        "=0-1",
        "bytes=--1",
        "bytes=0-1,x"
      })
  void takesMalformedForAbsent(String header) {
    assertThat(ByteRange.parse(header, 100, true)).isEqualTo(new ByteRange.Whole());
  }

  @Test
  void aUnitInCapitalsIsAnotherWhereCaseCounts() {
    assertThat(ByteRange.parse("Bytes=0-9", 100, false))
        .isEqualTo(new ByteRange.Unsatisfiable(false));
    assertThat(ByteRange.parse("bytes=0-9", 100, false)).isEqualTo(new ByteRange.Part(0, 9));
  }

  @Test
  void takesNoneForWhole() {
    assertThat(ByteRange.parse(null, 100, true)).isEqualTo(new ByteRange.Whole());
  }

  @Test
  void nothingOfAnEmptyFileCanBeServed() {
    assertThat(ByteRange.parse("bytes=0-", 0, true)).isEqualTo(new ByteRange.Unsatisfiable(true));
    assertThat(ByteRange.parse("bytes=-1", 0, true)).isEqualTo(new ByteRange.Unsatisfiable(true));
  }

  @Test
  void randomTextNeverLeadsOutside() {
    Random random = new Random(11);
    String letters = "bytes=-,0123456789 \t.x";
    for (int i = 0; i < 100_000; i++) {
      StringBuilder header = new StringBuilder(random.nextBoolean() ? "bytes=" : "");
      for (int n = random.nextInt(14); n > 0; n--) {
        header.append(letters.charAt(random.nextInt(letters.length())));
      }
      long length = random.nextInt(1000);
      if (ByteRange.parse(header.toString(), length, true) instanceof ByteRange.Part part) {
        assertThat(part.first()).isBetween(0L, part.last());
        assertThat(part.last()).isLessThan(length);
      }
    }
  }
}
