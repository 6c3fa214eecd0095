package dev.pictj.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class NativeMemoryTest {
  @Test
  void memoryLivesAsLongAsItsArena() {
    MemorySegment memory;
    try (Arena arena = Arena.ofConfined()) {
      memory = NativeMemory.allocate(100_000, arena).orElseThrow();
      memory.fill((byte) 7);
      assertThat(memory.byteSize()).isEqualTo(100_000);
      assertThat(memory.get(JAVA_BYTE, 99_999)).isEqualTo((byte) 7);
    }
    assertThatThrownBy(() -> memory.get(JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatCannotBeHadIsNotAnError() {
    try (Arena arena = Arena.ofConfined()) {
      assertThat(NativeMemory.allocate(Long.MAX_VALUE / 2, arena)).isEmpty();
    }
  }
}
