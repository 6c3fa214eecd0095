package dev.pictj.http.jetty;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Accepts connections that have a clock each. */
public final class TimedConnector extends ServerConnector {
  private static final int UNBOUNDED_BUCKET = Integer.MAX_VALUE;
  private static final long DEFAULT_POOL_MEMORY = 0;

  private final TimedEndPoint.Rules rules;

  /**
   * A connector that does not listen yet.
   *
   * @param factories of HTTP alone, or of TLS first
   */
  public TimedConnector(Server server, TimedEndPoint.Rules rules, ConnectionFactory... factories) {
    // Jetty's own pool keeps none above 64 KB; each original would have one made and cleared anew.
    super(
        server,
        null,
        null,
        new ArrayByteBufferPool(
            -1,
            -1,
            ConnectionMemory.MAX_BUFFER,
            UNBOUNDED_BUCKET,
            DEFAULT_POOL_MEMORY,
            DEFAULT_POOL_MEMORY),
        -1,
        -1,
        factories);
    this.rules = rules;
    // A connection that is being served keeps all of its time when the server stops.
    setShutdownIdleTimeout(-1);
  }

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) {
    TimedEndPoint endPoint =
        new TimedEndPoint(channel, selector, key, getScheduler(), rules, System::nanoTime);
    endPoint.setIdleTimeout(getIdleTimeout());
    if (isShutdown()) {
      endPoint.serverStops();
    }
    return endPoint;
  }

  @Override
  public CompletableFuture<Void> shutdown() {
    CompletableFuture<Void> done = super.shutdown();
    for (EndPoint endPoint : getConnectedEndPoints()) {
      if (endPoint instanceof TimedEndPoint timed) {
        timed.serverStops();
      }
    }
    return done;
  }
}
