package dev.pictj.http;

import dev.pictj.http.jetty.LingeringClose;
import dev.pictj.http.jetty.TimedConnector;
import dev.pictj.http.jetty.TimedEndPoint;
import dev.pictj.observe.Metrics;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/**
 * Answers GET /metrics on an address of its own, which need not be open to everyone. It asks for no
 * key, as Prometheus's servers do not.
 */
public final class MetricsServer implements AutoCloseable {
  private static final byte[] LATE_HEAD =
      "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  /** Replies here are short, so connections never linger. */
  private static final LingeringClose NO_LINGERING = new LingeringClose(Duration.ZERO, 0, 0);

  private final Server server = new Server(new VirtualThreadPool());

  /**
   * Begins to listen.
   *
   * @param connections most of them at a time; more wait to be accepted
   * @param idle time that one may be silent, and that a request head may take to arrive
   * @throws BindException when the address cannot be had
   */
  public MetricsServer(InetSocketAddress address, int connections, Duration idle, Metrics metrics)
      throws BindException {
    HttpConnectionFactory http = new HttpConnectionFactory();
    http.getHttpConfiguration().setSendServerVersion(false);
    http.getHttpConfiguration().addCustomizer(MetricsServer::timed);
    ServerConnector connector =
        new TimedConnector(
            server,
            new TimedEndPoint.Rules(
                idle, idle, Duration.ZERO, NO_LINGERING, () -> ByteBuffer.wrap(LATE_HEAD)),
            http);
    connector.setHost(address.getAddress().getHostAddress());
    connector.setPort(address.getPort());
    connector.setIdleTimeout(idle.toMillis());
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(connections, server));
    server.setHandler(new Scrape(metrics));
    try {
      server.start();
    } catch (Exception e) {
      close();
      throw HttpServer.cannotListen(address, e);
    }
  }

  /** Stops the connection's clock, which is for request heads alone. */
  private static Request timed(Request request, HttpFields.Mutable headers) {
    if (request.getConnectionMetaData().getConnection().getEndPoint()
        instanceof TimedEndPoint timed) {
      timed.requestBegins();
      Request.addCompletionListener(request, _ -> timed.requestEnds());
    }
    return request;
  }

  /** Answers GET /metrics, and 404 for everything else. */
  private static final class Scrape extends Handler.Abstract {
    private final Metrics metrics;

    Scrape(Metrics metrics) {
      this.metrics = metrics;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      boolean known =
          "/metrics".equals(request.getHttpURI().getPath())
              && (request.getMethod().equals("GET") || request.getMethod().equals("HEAD"));
      response.setStatus(known ? 200 : 404);
      response
          .getHeaders()
          .put(HttpHeader.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
      String text = known ? metrics.prometheus() : "GET /metrics is all that is here\n";
      response.write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback);
      return true;
    }
  }

  /** The port that it listens on. */
  int port() {
    return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the address for metrics did not close", e);
    }
  }
}
