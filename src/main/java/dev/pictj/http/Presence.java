package dev.pictj.http;

import dev.pictj.engine.Caller;
import dev.pictj.engine.Party;
import dev.pictj.http.jetty.WatchedEndPoint;
import dev.pictj.ingest.fetch.LoopMark;
import io.javalin.http.Context;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Request;

/**
 * Whether the client of a request is still there while its handler works.
 *
 * <p>A client that has closed its side of the connection may only have said all it wanted (a
 * half-closed connection), but nearly always it has gone. TCP tells the two apart only when
 * something is sent, and there is nothing to send: some clients take an interim response that they
 * have not asked for (RFC 9110, section 15.2) for the answer. So it counts as gone, as with nginx
 * and with Go's server.
 *
 * @param isFetch whether the client is itself a server that fetches something
 */
record Presence(Request request, WatchedEndPoint endPoint, Optional<Party> party, boolean isFetch)
    implements Caller {
  /** The client of a request that Javalin handles. */
  static Caller of(Context ctx) {
    return of(ServletContextRequest.getServletContextRequest(ctx.req()));
  }

  /** The client of a request. */
  static Caller of(Request request) {
    return WatchedEndPoint.ofSocket(request.getConnectionMetaData().getConnection().getEndPoint())
            instanceof WatchedEndPoint endPoint
        ? new Presence(
            request,
            endPoint,
            ClientAddress.of(request).party(),
            LoopMark.isIn(request.getHeaders().getValuesList(LoopMark.HEADER)))
        : Caller.PATIENT;
  }

  @Override
  public boolean gone() {
    return endPoint.ended() || RequestDeadline.isOver(request);
  }
}
