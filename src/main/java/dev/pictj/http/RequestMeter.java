package dev.pictj.http;

import dev.pictj.observe.Metrics;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;

/** Measures every request that is answered, by its route: what clients make up is "other". */
record RequestMeter(Metrics metrics, RoutingTable table) implements RequestLog {
  private static final String OTHER = "other";

  @Override
  public void log(Request request, Response response) {
    String method = request.getMethod();
    metrics.answered(
        RoutingTable.knows(method) ? method : OTHER,
        table.routeOf(request.getHttpURI().getPath()).orElse(OTHER),
        response.getStatus(),
        System.nanoTime() - request.getBeginNanoTime());
  }
}
