package dev.pictj.http.jetty;

import dev.pictj.ingest.GaveWayException;
import dev.pictj.ingest.SpoolBudget;
import dev.pictj.ingest.SpoolFullException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * A request whose body is counted as it arrives: against the budget of all bodies together, and
 * against the slowest rate a client may have.
 *
 * <p>The rate is that of each stretch of waiting as long as the grace, not of the whole body: a
 * client must not earn hours of trickling by one fast megabyte. Only the time spent waiting for the
 * client counts, so a slow disk of ours is not held against it. A client that sends nothing at all
 * is left to the connection's idle limit. One that is just fast enough has a time for all of it.
 */
public final class BodyMeter extends Request.Wrapper {
  /** The request's attribute that holds what its body takes of the disk. */
  public static final String SHARE = SpoolBudget.Share.class.getName();

  private final SpoolBudget.Share share;
  private final PaceLimits pace;
  private final LongSupplier nanoTime;
  private final long begun;

  private long waitedNanos;
  private long arrived;
  private Content.@Nullable Chunk failure;

  /**
   * Meters a request.
   *
   * @param pace how fast the body must arrive
   * @param nanoTime a clock that never goes back
   */
  public BodyMeter(
      Request request, SpoolBudget.Share share, PaceLimits pace, LongSupplier nanoTime) {
    super(request);
    this.share = share;
    request.setAttribute(SHARE, share);
    this.pace = pace;
    this.nanoTime = nanoTime;
    this.begun = nanoTime.getAsLong();
  }

  /**
   * How fast a body must arrive.
   *
   * @param minRate in bytes a second; 0 for any
   * @param grace the stretch of waiting that the rate is measured over
   * @param timeout from the end of the head to that of the body, whatever the rate
   */
  public record PaceLimits(long minRate, Duration grace, Duration timeout) {}

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
      if (chunk.isLast()) {
        share.arrived();
      } else {
        checkRate();
      }
      return chunk;
    } catch (SpoolFullException | GaveWayException | TimeoutException e) {
      chunk.release();
      failure = Content.Chunk.from(e, true);
      return failure;
    }
  }

  private void checkRate() throws TimeoutException {
    if (nanoTime.getAsLong() - begun >= pace.timeout().toNanos()) {
      throw new TimeoutException("the body has not arrived in time");
    }
    if (waitedNanos >= pace.grace().toNanos()) {
      if (arrived < pace.minRate() / 1e9 * waitedNanos) {
        throw new TimeoutException("the body arrives too slowly");
      }
      waitedNanos = 0;
      arrived = 0;
    }
  }

  @Override
  public void demand(Runnable whenAvailable) {
    long since = nanoTime.getAsLong();
    super.demand(
        () -> {
          waitedNanos += nanoTime.getAsLong() - since;
          whenAvailable.run();
        });
  }
}
