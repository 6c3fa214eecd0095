package dev.pictj.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.pictures.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ByteSourceTest {
  private static final int SIZE = 200_000;

  @TempDir private Path folder;
  private final Random random = new Random(1);
  private final byte[] all = bytes();

  private byte[] bytes() {
    byte[] bytes = new byte[SIZE];
    random.nextBytes(bytes);
    return bytes;
  }

  private Path file() throws Exception {
    return Files.write(folder.resolve("file"), all);
  }

  @Test
  void numbersAreTheSameThroughEveryWindow() throws Exception {
    try (ByteSource header = ByteSource.ofHeader(file());
        ByteSource whole = ByteSource.ofWhole(file(), "PNG")) {
      ByteSource memory = ByteSource.ofMemory(ByteBuffer.wrap(all), "PNG");
      for (int i = 0; i < 5_000; i++) {
        // Near the ends of windows, too.
        int at = i % 2 == 0 ? random.nextInt(SIZE - 8) : 8192 * (1 + random.nextInt(20)) - i % 9;
        for (ByteSource in : new ByteSource[] {header, whole, memory}) {
          assertThat(in.u8(at)).isEqualTo((int) big(at, 1)).isEqualTo(in.read(at));
          assertThat(in.u16(at)).isEqualTo((int) big(at, 2));
          assertThat(in.u32(at)).isEqualTo(big(at, 4));
          assertThat(in.u64(at)).isEqualTo(big(at, 8));
          assertThat(in.littleU16(at)).isEqualTo((int) little(at, 2));
          assertThat(in.littleU24(at)).isEqualTo((int) little(at, 3));
          assertThat(in.littleU32(at)).isEqualTo(little(at, 4));
          assertThat(in.bytes(at, 5)).isEqualTo(Bytes.part(all, at, at + 5));
        }
      }
    }
  }

  private long big(int at, int length) {
    return new BigInteger(all, at, length).longValue()
        & (length == 8 ? -1L : (1L << (8 * length)) - 1);
  }

  private long little(int at, int length) {
    byte[] turned = new byte[length];
    for (int i = 0; i < length; i++) {
      turned[i] = all[at + length - 1 - i];
    }
    return new BigInteger(1, turned).longValue();
  }

  @Test
  void copiesAreExact() throws Exception {
    try (ByteSource in = ByteSource.ofWhole(file(), "JPEG")) {
      for (int i = 0; i < 200; i++) {
        int at = random.nextInt(SIZE);
        int length = random.nextInt(SIZE - at);
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        in.copy(at, length, copy);
        assertThat(copy.toByteArray()).isEqualTo(in.bytes(at, length));
        assertThat(copy.toByteArray()).isEqualTo(Bytes.part(all, at, at + length));
      }
      assertThatThrownBy(() -> in.copy(5, SIZE, new ByteArrayOutputStream()))
          .isInstanceOf(EOFException.class);
    }
  }

  @Test
  void copiesUpToAByteOrToTheEnd() throws Exception {
    for (int i = 0; i < SIZE; i++) {
      if (all[i] == 77) {
        all[i] = 78;
      }
    }
    int[] places = {0, 65_535, 65_536, 65_537, 131_072, SIZE - 1};
    for (int place : places) {
      all[place] = 77;
    }
    try (ByteSource in = ByteSource.ofWhole(file(), "JPEG")) {
      long at = 0;
      for (int place : places) {
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        long end = in.copyUntil(at, (byte) 77, copy);
        assertThat(end).isEqualTo(place);
        assertThat(copy.toByteArray()).isEqualTo(Bytes.part(all, (int) at, place));
        at = end + 1;
      }
      assertThat(in.copyUntil(at, (byte) 77, new ByteArrayOutputStream())).isEqualTo(SIZE);
      assertThat(in.copyUntil(SIZE - 10, (byte) 79, new ByteArrayOutputStream())).isEqualTo(SIZE);
    }
  }

  @Test
  void whatIsBehindTheEndIsMissingFromThePicture() throws Exception {
    try (ByteSource in = ByteSource.ofWhole(file(), "PNG")) {
      assertThat(in.read(SIZE)).isNegative();
      assertThat(in.read(-1)).isNegative();
      assertThat(in.has(SIZE - 4, 4)).isTrue();
      assertThat(in.has(SIZE - 3, 4)).isFalse();
      assertThat(in.has(Long.MAX_VALUE, 4)).isFalse();
      assertThatThrownBy(() -> in.u32(SIZE - 3))
          .isInstanceOf(MediaException.class)
          .hasMessage("Invalid PNG: the file ends early");
      assertThatThrownBy(() -> in.bytes(1, SIZE)).isInstanceOf(MediaException.class);
      assertThatThrownBy(() -> in.u8(-1)).isInstanceOf(MediaException.class);
    }
  }
}
