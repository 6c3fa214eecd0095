package dev.pictj.http;

import dev.pictj.http.jetty.BodyMeter;
import dev.pictj.http.jetty.CountedHeads;
import dev.pictj.http.jetty.Exchange;
import dev.pictj.http.jetty.TimedEndPoint;
import dev.pictj.http.jetty.WatchedEndPoint;
import dev.pictj.ingest.SpoolBudget;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Takes in every request, before any handler: refuses what no handler should see, stops its
 * connection's clock and meters its body.
 */
record RequestIntake(BodyMeter.PaceLimits pace, SpoolBudget spool)
    implements HttpConfiguration.Customizer {
  private static final String METHOD_OVERRIDE = "X-HTTP-Method-Override";

  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    // Both kinds of connection that HttpServer's one connector makes implement this.
    CountedHeads.Counted connection =
        (CountedHeads.Counted) request.getConnectionMetaData().getConnection();
    TimedEndPoint endPoint = (TimedEndPoint) WatchedEndPoint.ofSocket(connection.getEndPoint());
    endPoint.requestBegins();
    boolean hasBody =
        request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    SpoolBudget.Share share = spool.open();
    request.addHttpStreamWrapper(
        stream -> {
          Exchange exchange = new Exchange(stream, hasBody, share, connection, endPoint);
          request.setAttribute(Exchange.NAME, exchange);
          return exchange;
        });
    String path = request.getHttpURI().getPath();
    if (path != null && !isEscapedWell(path)) {
      // No resource has such a target.
      throw new HttpException.RuntimeException(404, "a percent sign without two hex digits");
    }
    if (!RoutingTable.knows(request.getMethod())) {
      throw new HttpException.RuntimeException(405, "no method of ours");
    }
    Request plain =
        request.getHeaders().contains(METHOD_OVERRIDE) ? new WithoutOverride(request) : request;
    return hasBody ? new BodyMeter(plain, share, pace, System::nanoTime) : plain;
  }

  /** Jetty lets {@code %u0041} pass, and Javalin then fails on it. */
  private static boolean isEscapedWell(String path) {
    for (int at = path.indexOf('%'); at >= 0; at = path.indexOf('%', at + 1)) {
      boolean isByte =
          at + 2 < path.length()
              && Character.digit(path.charAt(at + 1), 16) >= 0
              && Character.digit(path.charAt(at + 2), 16) >= 0;
      if (!isByte) {
        return false;
      }
    }
    return true;
  }

  /** A request without the header by which Javalin would take it for one of another method. */
  private static final class WithoutOverride extends Request.Wrapper {
    private final HttpFields headers;

    WithoutOverride(Request request) {
      super(request);
      this.headers = HttpFields.build(request.getHeaders()).remove(METHOD_OVERRIDE).asImmutable();
    }

    @Override
    public HttpFields getHeaders() {
      return headers;
    }
  }
}
