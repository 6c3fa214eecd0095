package dev.pictj.ingest.fetch;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Asks a proxy for a tunnel to one checked address ({@code CONNECT}, RFC 9110 section 9.3.6), then
 * gives the socket to the protocol that talks through it.
 *
 * <p>The proxy is told an address, never a name, so what it connects to is what was checked. The
 * whole exchange has one deadline, whoever is slow in it.
 */
final class TunnelConnection extends AbstractConnection {
  private static final int MAX_HEAD_BYTES = 16 * 1024;

  private final InetSocketAddress target;
  private final Optional<String> authorization;
  private final ClientConnectionFactory through;
  private final Map<String, Object> context;
  private final ProxyReply reply = new ProxyReply(MAX_HEAD_BYTES);
  private final AtomicBoolean over = new AtomicBoolean();
  private final Scheduler scheduler;
  private final Duration timeout;
  private Scheduler.Task deadline = () -> false;

  /**
   * A tunnel that is not asked for yet.
   *
   * @param target resolved, under the name that TLS is to verify
   * @param authorization for the proxy alone
   * @param through makes the connection that uses the tunnel
   * @param timeout for the whole exchange with the proxy
   */
  TunnelConnection(
      EndPoint endPoint,
      Executor executor,
      Scheduler scheduler,
      Duration timeout,
      InetSocketAddress target,
      Optional<String> authorization,
      ClientConnectionFactory through,
      Map<String, Object> context) {
    super(endPoint, executor);
    this.scheduler = scheduler;
    this.timeout = timeout;
    this.target = target;
    this.authorization = authorization;
    this.through = through;
    this.context = context;
  }

  @Override
  public void onOpen() {
    super.onOpen();
    deadline =
        scheduler.schedule(
            () -> fail(new TimeoutException("the proxy is too slow")),
            timeout.toMillis(),
            TimeUnit.MILLISECONDS);
    ByteBuffer request = ByteBuffer.wrap(request().getBytes(StandardCharsets.ISO_8859_1));
    getEndPoint().write(Callback.from(this::fillInterested, this::fail), request);
  }

  private String request() {
    String authority = authority();
    StringBuilder text = new StringBuilder();
    text.append("CONNECT ").append(authority).append(" HTTP/1.1\r\n");
    text.append("Host: ").append(authority).append("\r\n");
    authorization.ifPresent(
        value -> text.append("Proxy-Authorization: ").append(value).append("\r\n"));
    return text.append("\r\n").toString();
  }

  /** The target as RFC 3986 section 3.2 writes it, in digits. */
  private String authority() {
    String digits = target.getAddress().getHostAddress();
    boolean isIpv6 = target.getAddress() instanceof Inet6Address;
    return (isIpv6 ? "[" + digits + "]" : digits) + ":" + target.getPort();
  }

  @Override
  public void onFillable() {
    try {
      // One byte at a time: what follows the head belongs to whoever uses the tunnel.
      ByteBuffer buffer = BufferUtil.allocate(1);
      while (!over.get()) {
        BufferUtil.clear(buffer);
        int filled = getEndPoint().fill(buffer);
        if (filled < 0) {
          throw new IOException("the proxy hung up");
        }
        if (filled == 0) {
          fillInterested();
          return;
        }
        if (reply.isCompleteWith(buffer.get())) {
          open(reply.status());
          return;
        }
      }
    } catch (Throwable e) {
      fail(e);
    }
  }

  private void open(int status) throws IOException {
    if (status < 200 || status > 299) {
      throw new ProxyRefusalException(status);
    }
    if (!over.compareAndSet(false, true)) {
      return;
    }
    deadline.cancel();
    try {
      context.put(ClientConnector.REMOTE_SOCKET_ADDRESS_CONTEXT_KEY, target);
      getEndPoint().upgrade(through.newConnection(getEndPoint(), context));
    } catch (Throwable e) {
      giveUp(e);
    }
  }

  @Override
  public boolean onIdleExpired(TimeoutException timeout) {
    fail(timeout);
    return false;
  }

  @Override
  public void onFillInterestedFailed(Throwable cause) {
    fail(cause);
  }

  private void fail(Throwable cause) {
    if (over.compareAndSet(false, true)) {
      giveUp(cause);
    }
  }

  private void giveUp(Throwable cause) {
    deadline.cancel();
    getEndPoint().close(cause);
    @SuppressWarnings("unchecked")
    Promise<Connection> promise =
        (Promise<Connection>) Objects.requireNonNull(context.get(Connection.PROMISE_CONTEXT_KEY));
    promise.failed(cause);
  }
}
