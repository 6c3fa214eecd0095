package dev.pictj.codec.png;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.pictures.Bytes;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.Adler32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

class LibDeflateTest {
  private static byte[] inflated(byte[] stream) throws DataFormatException {
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(stream);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[65_536];
      while (!inflater.finished()) {
        int some = inflater.inflate(buffer);
        assertThat(some > 0 || inflater.finished()).isTrue();
        out.write(buffer, 0, some);
      }
      assertThat(inflater.getRemaining()).isZero();
      return out.toByteArray();
    }
  }

  /**
   * Why verifiers do without: RFC 1951, 3.2.6, has no use for the distance code 30, zlib refuses
   * it, and libdeflate takes it for another.
   */
  @Test
  void libdeflateTakesWhatZlibRefuses() {
    byte[] literal = new byte[30_000];
    new Random(2).nextBytes(literal);
    byte[] all = Bytes.join(literal, Bytes.part(literal, 30_000 - 24_577, 30_000 - 24_574));
    Adler32 sum = new Adler32();
    sum.update(all);
    byte[] stream =
        Bytes.join(
            new byte[] {0x78, 1, 0},
            Bytes.part(Bytes.little32(30_000), 0, 2),
            Bytes.part(Bytes.little32(~30_000), 0, 2),
            literal,
            // The last block, fixed codes: length 3, distance code 30 with 13 bits, end.
            HexFormat.of().parseHex("033e000000"),
            Bytes.big32((int) sum.getValue()));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment found = arena.allocate(all.length);
      boolean taken =
          LibDeflate.installed()
              .orElseThrow()
              .inflate(arena.allocateFrom(ValueLayout.JAVA_BYTE, stream), found);
      assertThat(taken).isTrue();
      assertThat(found.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(all);
    }
    assertThatThrownBy(() -> inflated(stream))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("invalid distance code");
  }
}
