package dev.pictj.http.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;

/**
 * Makes connections that speak TLS, with one of HTTP on top of each. Jetty's own factory is not
 * used, because it has no moment at which another certificate takes the place of the first one as a
 * whole.
 */
public final class TlsConnections extends AbstractConnectionFactory {
  private final Tls tls;
  private final ConnectionMemory memory;

  /**
   * Connections.
   *
   * @param memory of all connections; one that has no room is closed before it has said anything
   */
  public TlsConnections(Tls tls, ConnectionMemory memory) {
    super("SSL");
    this.tls = tls;
    this.memory = memory;
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    Encrypted connection = configure(new Encrypted(connector, endPoint), connector, endPoint);
    EndPoint decrypted = connection.getSslEndPoint();
    decrypted.setConnection(
        connector
            .getConnectionFactory(HttpConnectionFactory.class)
            .newConnection(connector, decrypted));
    return connection;
  }

  /** One connection. A client may not have the keys changed anew by TLS 1.2. */
  private final class Encrypted extends SslConnection {
    private final ConnectionMemory.Share share = memory.open();

    Encrypted(Connector connector, EndPoint endPoint) {
      super(
          connector.getByteBufferPool(), connector.getExecutor(), null, endPoint, tls.newEngine());
      setRenegotiationAllowed(false);
    }

    /** What the client has said is heard only when it is decrypted, not with the first byte. */
    @Override
    protected SslEndPoint newSslEndPoint() {
      return new SslEndPoint() {
        @Override
        public int fill(ByteBuffer buffer) throws IOException {
          int filled = super.fill(buffer);
          if (filled > 0 && unwrap() instanceof TimedEndPoint timed) {
            timed.headArrives();
          }
          return filled;
        }
      };
    }

    @Override
    public void onOpen() {
      super.onOpen();
      if (!share.take(ConnectionMemory.TLS_CONNECTION)) {
        getEndPoint().close();
      }
    }

    @Override
    public void onClose(Throwable cause) {
      share.close();
      super.onClose(cause);
    }
  }
}
