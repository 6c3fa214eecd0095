package dev.pictj.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CpuPoolTest {
  @Test
  void whatTheWorkThrowsIsThrown() throws Exception {
    LinkageError error = new LinkageError("broken");
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

  /** Else it would write a file that was deleted meanwhile, and nobody would delete it again. */
  @Test
  @Timeout(60)
  void whoIsInterruptedWaitsForWorkUnderWay() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicBoolean written = new AtomicBoolean();
    AtomicBoolean writtenWhenCallerWasBack = new AtomicBoolean();
    try (CpuPool pool = new CpuPool(1, 1)) {
      Thread caller =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      pool.call(
                          () -> {
                            begun.countDown();
                            try {
                              new CountDownLatch(1).await();
                            } catch (InterruptedException _) {
                              goOn.await();
                            }
                            written.set(true);
                            return 1;
                          });
                    } catch (Exception _) {
                      writtenWhenCallerWasBack.set(written.get());
                    }
                  });
      begun.await();
      caller.interrupt();
      assertThat(caller.join(Duration.ofMillis(100))).isFalse();
      goOn.countDown();
      caller.join();
    }
    assertThat(writtenWhenCallerWasBack).isTrue();
  }
}
