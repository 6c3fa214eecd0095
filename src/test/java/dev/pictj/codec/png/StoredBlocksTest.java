package dev.pictj.codec.png;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.Adler32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is stored is what zlib gets out of it, whatever its length. */
class StoredBlocksTest {
  @ParameterizedTest
  @ValueSource(
      ints = {1, 2, 65_534, 65_535, 65_536, 131_069, 131_070, 131_071, 196_604, 196_605, 196_606})
  void blocksEndWhereTheirLengthDoes(int length) throws Exception {
    assertThatZlibReads(length);
  }

  static IntStream lengths() {
    return new Random(11).ints(100, 1, 400_000);
  }

  @ParameterizedTest
  @MethodSource("lengths")
  void anyOtherLengthIsAsGood(int length) throws Exception {
    assertThatZlibReads(length);
  }

  private static void assertThatZlibReads(int length) throws DataFormatException {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    Adler32 sum = new Adler32();
    sum.update(bytes);
    try (Arena arena = Arena.ofConfined();
        Inflater inflater = new Inflater()) {
      MemorySegment stream = arena.allocate(StoredBlocks.length(length));
      StoredBlocks.room(stream, length).copyFrom(MemorySegment.ofArray(bytes));
      StoredBlocks.finish(stream, length, (int) sum.getValue());

      inflater.setInput(stream.toArray(ValueLayout.JAVA_BYTE));
      byte[] found = new byte[length + 1];
      assertThat(inflater.inflate(found)).isEqualTo(length);
      assertThat(inflater.finished()).isTrue();
      assertThat(inflater.getRemaining()).isZero();
      assertThat(MemorySegment.ofArray(found).asSlice(0, length).toArray(ValueLayout.JAVA_BYTE))
          .isEqualTo(bytes);
    }
  }
}
