package dev.pictj.http;

import dev.pictj.config.Settings;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Accepts connections that have a clock each. */
final class TimedConnector extends ServerConnector {
  private final Settings.Clients limits;

  TimedConnector(Server server, HttpConnectionFactory factory, Settings.Clients limits) {
    super(server, factory);
    this.limits = limits;
  }

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) {
    TimedEndPoint endPoint =
        new TimedEndPoint(
            channel,
            selector,
            key,
            getScheduler(),
            limits.headTimeout(),
            limits.keepAliveTimeout());
    endPoint.setIdleTimeout(getIdleTimeout());
    return endPoint;
  }
}
