package dev.pictj.ingest.fetch;

import java.net.ConnectException;
import java.net.SocketAddress;
import java.util.Map;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.Promise;

/** HTTP/1.1 whose every socket passes the {@link DialGuard} first. */
final class PinnedTransport extends HttpClientTransportOverHTTP {
  private final DialGuard dial;

  PinnedTransport(ClientConnector connector, DialGuard dial) {
    super(connector);
    this.dial = dial;
  }

  @Override
  public void connect(SocketAddress address, Map<String, Object> context) {
    try {
      dial.check(address);
    } catch (ConnectException e) {
      @SuppressWarnings("unchecked")
      Promise<Connection> promise =
          (Promise<Connection>) context.get(ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY);
      promise.failed(e);
      return;
    }
    super.connect(address, context);
  }
}
