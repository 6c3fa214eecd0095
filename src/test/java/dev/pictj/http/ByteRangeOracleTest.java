package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Ranges of every kind against the sentences of RFC 9110, section 14.1.2, said byte by byte. */
class ByteRangeOracleTest {
  @Test
  void firstAndLastAgreeWithCountingBytes() {
    Random random = new Random(31);
    for (int i = 0; i < 20_000; i++) {
      int length = random.nextInt(40);
      int first = random.nextInt(50);
      int last = first + random.nextInt(50);
      assertThat(ByteRange.parse("bytes=" + first + "-" + last, length, true))
          .isEqualTo(counted(length, index -> index >= first && index <= last));
    }
  }

  @Test
  void openRangesAgreeWithCountingBytes() {
    for (int length = 0; length < 30; length++) {
      for (int first = 0; first < 40; first++) {
        int from = first;
        assertThat(ByteRange.parse("bytes=" + first + "-", length, true))
            .isEqualTo(counted(length, index -> index >= from));
      }
    }
  }

  @Test
  void suffixesAgreeWithCountingBytes() {
    for (int length = 0; length < 30; length++) {
      for (int suffix = 0; suffix < 40; suffix++) {
        int bytes = suffix;
        int size = length;
        assertThat(ByteRange.parse("bytes=-" + suffix, length, true))
            .isEqualTo(counted(length, index -> size - index <= bytes));
      }
    }
  }

  @Test
  void lengthsBeyondAnIntAreExact() {
    long length = 5_000_000_000L;
    assertThat(ByteRange.parse("bytes=4294967296-4294967297", length, true))
        .isEqualTo(new ByteRange.Part(4_294_967_296L, 4_294_967_297L));
    assertThat(ByteRange.parse("bytes=-1", length, true))
        .isEqualTo(new ByteRange.Part(length - 1, length - 1));
    assertThat(new ByteRange.Part(0, length - 1).length()).isEqualTo(length);
  }

  @Test
  void leadingZerosAreDigitsToo() {
    assertThat(ByteRange.parse("bytes=007-0" + "0".repeat(4000) + "8", 100, true))
        .isEqualTo(new ByteRange.Part(7, 8));
  }

  private static ByteRange counted(int length, java.util.function.IntPredicate wanted) {
    int first = -1;
    int last = -1;
    for (int index = 0; index < length; index++) {
      if (wanted.test(index)) {
        first = first < 0 ? index : first;
        last = index;
      }
    }
    return first < 0 ? new ByteRange.Unsatisfiable(true) : new ByteRange.Part(first, last);
  }
}
