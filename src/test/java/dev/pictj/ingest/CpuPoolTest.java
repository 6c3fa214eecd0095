package dev.pictj.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class CpuPoolTest {
  @Test
  void whatTheWorkThrowsIsThrown() throws Exception {
    OutOfMemoryError error = new OutOfMemoryError("none left");
    IOException exception = new IOException("full");
    try (CpuPool pool = new CpuPool(1, 1)) {
      assertThatThrownBy(
              () ->
                  pool.call(
                      () -> {
                        throw error;
                      }))
          .isSameAs(error);
      assertThatThrownBy(
              () ->
                  pool.call(
                      () -> {
                        throw exception;
                      }))
          .isSameAs(exception);
      assertThat(pool.call(() -> 7)).isEqualTo(7);
    }
  }
}
