package dev.pictj.http;

import dev.pictj.engine.Caller;
import dev.pictj.engine.Party;
import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;

/**
 * Whether the client of a request is still there while its handler works.
 *
 * <p>A client that has closed its side of the connection has most often gone, but may also have
 * said all it wanted and wait for the answer (a half-closed connection). TCP tells the two apart
 * only when something is sent: the host of one that has gone refuses it. So it is sent an interim
 * response, {@code 102 Processing}, which every client has to skip (RFC 9110, section 15.2), until
 * the sending fails. HTTP/1.0 knows no interim responses; there, closing is going.
 */
final class Presence implements Caller {
  private static final String NAME = Presence.class.getName();
  private static final int PROCESSING = 102;

  private final WatchedEndPoint endPoint;
  private final HttpServletResponse response;
  private final boolean interim;
  private final Optional<Party> party;

  private Presence(
      WatchedEndPoint endPoint,
      HttpServletResponse response,
      boolean interim,
      Optional<Party> party) {
    this.endPoint = endPoint;
    this.response = response;
    this.interim = interim;
    this.party = party;
  }

  /** Keeps a request's connection where its handler finds it. */
  static Request remember(Request request, HttpFields.Mutable responseHeaders) {
    request.setAttribute(NAME, request.getConnectionMetaData().getConnection().getEndPoint());
    return request;
  }

  /** The client of a request. */
  static Caller of(Context ctx) {
    return ctx.req().getAttribute(NAME) instanceof WatchedEndPoint endPoint
        ? new Presence(
            endPoint,
            ctx.res(),
            !ctx.req().getProtocol().equals("HTTP/1.0"),
            ClientAddress.of(ctx).party())
        : Caller.PATIENT;
  }

  @Override
  public Optional<Party> party() {
    return party;
  }

  @Override
  public boolean gone() {
    if (!endPoint.ended()) {
      return false;
    }
    if (!interim || !endPoint.isOpen()) {
      return true;
    }
    try {
      response.sendError(PROCESSING);
      return false;
    } catch (IOException _) {
      return true;
    }
  }
}
