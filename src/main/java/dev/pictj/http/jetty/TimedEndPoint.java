package dev.pictj.http.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritePendingException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.io.CyclicTimeout;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection with a clock for the time between requests. The server's own idle limit starts again
 * with each byte, so that a head sent one byte at a time could take for ever; this clock does not.
 */
public final class TimedEndPoint extends WatchedEndPoint {
  private static final Logger log = LoggerFactory.getLogger(TimedEndPoint.class);

  /** Time that is added where a head has arrived, but the server has not read it in time. */
  private static final Duration LATE_READ_TIME = Duration.ofSeconds(1);

  private enum State {
    /** Nothing of the next request has arrived. */
    WAITING,
    /** A part of a request head has arrived. */
    HEAD,
    /** A request is being served; other limits hold. */
    REQUEST,
    /** The time is over, and the connection is being closed. */
    EXPIRED
  }

  /**
   * The times and rules of every connection.
   *
   * @param headTimeout the time a request head may take
   * @param keepAliveTimeout the time between two requests
   * @param stopGrace the time for a request that is on its way when the server stops
   * @param lingering closes what is answered before its request has come to its end
   * @param lateHead makes the whole answer for a client whose request head took too long
   */
  public record Rules(
      Duration headTimeout,
      Duration keepAliveTimeout,
      Duration stopGrace,
      LingeringClose lingering,
      Supplier<ByteBuffer> lateHead) {}

  private final Rules rules;
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
  private final SelectionKey key;
  private final LongSupplier nanoTime;
  private final CyclicTimeout clock;
  private volatile long deadline;
  private volatile boolean stopping;
  private volatile boolean answeredEarly;
  private volatile boolean handedOver;

  TimedEndPoint(
      SocketChannel channel,
      ManagedSelector selector,
      SelectionKey key,
      Scheduler scheduler,
      Rules rules,
      LongSupplier nanoTime) {
    super(channel, selector, key, scheduler);
    this.key = key;
    this.rules = rules;
    this.nanoTime = nanoTime;
    this.clock =
        new CyclicTimeout(scheduler) {
          @Override
          public void onTimeoutExpired() {
            expired();
          }
        };
  }

  @Override
  public void onOpen() {
    super.onOpen();
    within(rules.headTimeout());
  }

  @Override
  public void onClose(Throwable cause) {
    clock.destroy();
    super.onClose(cause);
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    int filled = super.fill(buffer);
    if (filled > 0 && !isEncrypted()) {
      headArrives();
    }
    return filled;
  }

  /** Notes that a part of a request head has arrived. */
  void headArrives() {
    if (state.compareAndSet(State.WAITING, State.HEAD)) {
      within(rules.headTimeout());
    }
  }

  /** Where plain bytes are written: here, or to TLS, which closes with an alert. */
  private EndPoint plain() {
    return getConnection() instanceof SslConnection tls ? tls.getSslEndPoint() : this;
  }

  /**
   * Notes that the client is answered while it may still be sending: closing must let it read the
   * answer.
   */
  public void answeredEarly() {
    answeredEarly = true;
  }

  @Override
  public void doClose() {
    if (answeredEarly) {
      handedOver = true;
      key.cancel();
      rules.lingering().close(getChannel());
    } else {
      super.doClose();
    }
  }

  @Override
  public boolean isOpen() {
    return !handedOver && super.isOpen();
  }

  /** Notes that a whole head has arrived. */
  public void requestBegins() {
    clock.cancel();
    state.set(State.REQUEST);
  }

  /** Notes that the answer is sent. */
  public void requestEnds() {
    if (state.compareAndSet(State.REQUEST, State.WAITING)) {
      within(stopping ? rules.stopGrace() : rules.keepAliveTimeout());
    }
  }

  /**
   * Notes that the server stops: a request that is on its way is refused, and the connection
   * closes.
   */
  void serverStops() {
    stopping = true;
    if (state.get() == State.WAITING) {
      within(rules.stopGrace());
    }
  }

  private void within(Duration time) {
    deadline = nanoTime.getAsLong() + time.toNanos();
    clock.schedule(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Called when the time set last has run out, or an earlier one that it replaced. */
  void expired() {
    long left = deadline - nanoTime.getAsLong();
    if (left > 0) {
      // The time was set again at the moment it ran out.
      clock.schedule(TimeUnit.NANOSECONDS.toMillis(left) + 1, TimeUnit.MILLISECONDS);
    } else if (state.get() == State.HEAD && !isFillInterested()) {
      // The server is late, and not the client: bytes have arrived and are not read yet.
      within(LATE_READ_TIME);
    } else if (state.compareAndSet(State.WAITING, State.EXPIRED)) {
      plain().close();
    } else if (state.compareAndSet(State.HEAD, State.EXPIRED)) {
      log.debug("{} took too long for a request head", getRemoteSocketAddress());
      refuse();
    }
  }

  /** Writes the refusal; nothing else is being written, as no request is being served. */
  private void refuse() {
    answeredEarly();
    try {
      plain().write(Callback.from(plain()::close), rules.lateHead().get());
    } catch (WritePendingException _) {
      plain().close();
    }
  }
}
