package dev.pictj.ingest.fetch;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.Promise;

/**
 * HTTP/1.1 whose every socket and every tunnel passes the {@link DialGuard} first. With a proxy,
 * the socket goes to the proxy and the protocol, TLS included, runs in a tunnel to the pinned
 * address.
 */
final class PinnedTransport extends HttpClientTransportOverHTTP {
  private final DialGuard dial;
  private final Optional<String> proxyAuthorization;
  private final Duration tunnelTimeout;

  PinnedTransport(
      ClientConnector connector,
      DialGuard dial,
      Optional<String> proxyAuthorization,
      Duration tunnelTimeout) {
    super(connector);
    this.dial = dial;
    this.proxyAuthorization = proxyAuthorization;
    this.tunnelTimeout = tunnelTimeout;
  }

  @Override
  public void connect(SocketAddress address, Map<String, Object> context) {
    Optional<InetSocketAddress> proxy = proxy(context);
    try {
      dial.check(address);
      if (proxy.isPresent()) {
        dial.check(proxy.get());
      }
    } catch (ConnectException e) {
      @SuppressWarnings("unchecked")
      Promise<Connection> promise =
          (Promise<Connection>) Objects.requireNonNull(context.get(Connection.PROMISE_CONTEXT_KEY));
      promise.failed(e);
      return;
    }
    if (proxy.isEmpty()) {
      super.connect(address, context);
      return;
    }
    // Jetty puts the decorator around everything else, so the tunnel is there before TLS is.
    ClientConnectionFactory.Decorator tunnel =
        through ->
            (endPoint, c) ->
                new TunnelConnection(
                    endPoint,
                    getHttpClient().getExecutor(),
                    getHttpClient().getScheduler(),
                    tunnelTimeout,
                    (InetSocketAddress) address,
                    proxyAuthorization,
                    through,
                    c);
    context.put(ClientConnectionFactory.Decorator.CONTEXT_KEY, tunnel);
    super.connect(proxy.get(), context);
  }

  private static Optional<InetSocketAddress> proxy(Map<String, Object> context) {
    return context.get(Destination.CONTEXT_KEY) instanceof Destination destination
            && destination.getOrigin().getTag() instanceof PinnedAddresses pins
        ? pins.proxy()
        : Optional.empty();
  }
}
