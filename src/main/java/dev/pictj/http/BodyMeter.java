package dev.pictj.http;

import dev.pictj.ingest.SpoolBudget;
import dev.pictj.ingest.SpoolFullException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * A request whose body is counted as it arrives: against the budget of all bodies together, and
 * against the slowest rate a client may have.
 *
 * <p>The rate is that of each stretch of waiting as long as the grace, not of the whole body: a
 * client must not earn hours of trickling by one fast megabyte. Only the time spent waiting for the
 * client counts, so a slow disk of ours is not held against it. A client that sends nothing at all
 * is left to the connection's idle limit.
 */
final class BodyMeter extends Request.Wrapper {
  private final SpoolBudget.Share share;
  private final double minPerNano;
  private final long graceNanos;

  private long waitedNanos;
  private long arrived;
  private Content.Chunk failure;

  /**
   * Meters a request.
   *
   * @param minRate in bytes a second; 0 for none
   */
  BodyMeter(Request request, SpoolBudget.Share share, long minRate, Duration grace) {
    super(request);
    this.share = share;
    this.minPerNano = minRate / 1e9;
    this.graceNanos = grace.toNanos();
  }

  @Override
  public Content.Chunk read() {
    if (failure != null) {
      return failure;
    }
    Content.Chunk chunk = super.read();
    if (chunk == null || Content.Chunk.isFailure(chunk)) {
      return chunk;
    }
    try {
      share.take(chunk.remaining());
      arrived += chunk.remaining();
      if (!chunk.isLast()) {
        checkRate();
      }
      return chunk;
    } catch (SpoolFullException | TimeoutException e) {
      chunk.release();
      failure = Content.Chunk.from(e, true);
      return failure;
    }
  }

  private void checkRate() throws TimeoutException {
    if (waitedNanos >= graceNanos) {
      if (arrived < minPerNano * waitedNanos) {
        throw new TimeoutException("the body arrives too slowly");
      }
      waitedNanos = 0;
      arrived = 0;
    }
  }

  @Override
  public void demand(Runnable whenAvailable) {
    long since = System.nanoTime();
    super.demand(
        () -> {
          waitedNanos += System.nanoTime() - since;
          whenAvailable.run();
        });
  }
}
