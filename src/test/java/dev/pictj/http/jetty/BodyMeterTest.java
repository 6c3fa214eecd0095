package dev.pictj.http.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.ingest.SpoolBudget;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By a clock that the test sets, what becomes of a body that arrives a little at a time. */
class BodyMeterTest {
  private static final long SECOND = 1_000_000_000;
  private static final Request NOTHING =
      (Request)
          Proxy.newProxyInstance(
              BodyMeterTest.class.getClassLoader(),
              new Class<?>[] {Request.class},
              (_, _, _) -> null);

  private final SpoolBudget spool = new SpoolBudget(1_000_000, Duration.ofSeconds(20));
  private long now;

  /** A client that is waited for a second before each piece, and never comes to its end. */
  private final class Client extends Request.Wrapper {
    private final int piece;
    private int next;
    private boolean there;

    Client(int first, int piece) {
      super(NOTHING);
      this.next = first;
      this.piece = piece;
    }

    @Override
    public Content.Chunk read() {
      if (!there) {
        return null;
      }
      Content.Chunk chunk = Content.Chunk.from(ByteBuffer.allocate(next), false);
      next = piece;
      there = false;
      return chunk;
    }

    @Override
    public void demand(Runnable whenAvailable) {
      now += SECOND;
      there = true;
      whenAvailable.run();
    }
  }

  /** Seconds until a body is refused. */
  private long lasts(Client client, long minRate, SpoolBudget.Share share) {
    BodyMeter meter =
        new BodyMeter(
            client,
            share,
            new BodyMeter.PaceLimits(minRate, Duration.ofSeconds(20), Duration.ofSeconds(3600)),
            () -> now);
    long start = now;
    for (int i = 0; i < 10_000; i++) {
      Content.Chunk chunk = meter.read();
      if (chunk == null) {
        meter.demand(() -> {});
      } else if (Content.Chunk.isFailure(chunk)) {
        assertThat(chunk.getFailure()).isInstanceOf(TimeoutException.class);
        assertThat(meter.read()).as("it stays refused").isSameAs(chunk);
        break;
      }
    }
    return (now - start) / SECOND;
  }

  @ParameterizedTest
  @CsvSource({"10, 100, 20", "100, 100, 3600", "1, 0, 3600"})
  void aBodyHasATimeForAllOfItHoweverFastItIs(int rate, int minRate, long lasts) {
    try (SpoolBudget.Share share = spool.open()) {
      assertThat(lasts(new Client(rate, rate), minRate, share)).isEqualTo(lasts);
      assertThat(spool.held()).isEqualTo(rate * lasts);
    }
    assertThat(spool.held()).isZero();
  }

  /** The first stretch is over the rate by far, the second is not. */
  @Test
  void aFastStartDoesNotEarnATrickle() {
    try (SpoolBudget.Share share = spool.open()) {
      assertThat(lasts(new Client(900_000, 10), 100, share)).isEqualTo(2 * 20);
    }
  }

  @Test
  void itCountsAgainstTheRoomForAll() {
    try (SpoolBudget.Share other = spool.open()) {
      other.take(999_995);
      BodyMeter meter =
          new BodyMeter(
              new Client(3, 3),
              spool.open(),
              new BodyMeter.PaceLimits(0, Duration.ofSeconds(20), Duration.ofSeconds(3600)),
              () -> now);
      meter.demand(() -> {});
      assertThat(Content.Chunk.isFailure(meter.read())).isFalse();
      meter.demand(() -> {});
      assertThat(Content.Chunk.isFailure(meter.read())).isTrue();
    }
  }
}
