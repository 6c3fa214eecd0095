package dev.pictj.http;

import dev.pictj.http.dialect.Dialect;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.http.jetty.Exchange;
import dev.pictj.http.jetty.TimedEndPoint;
import dev.pictj.http.jetty.WatchedEndPoint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * JSON for the errors that the server finds before any handler does: bad requests, over-long heads,
 * a stop under way.
 */
final class ProtocolErrors extends ErrorHandler {
  private final ReplyHeaders replyHeaders;
  private final Dialect dialect;

  ProtocolErrors(ReplyHeaders replyHeaders, Dialect dialect) {
    this.replyHeaders = replyHeaders;
    this.dialect = dialect;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (request.getAttribute(ERROR_EXCEPTION) instanceof Throwable thrown) {
      OutOfMemory.endIfCause(thrown);
    }
    int status = response.getStatus();
    if (request.getAttribute(ERROR_STATUS) instanceof Integer told) {
      status = told;
    }
    status = meant(status, request);
    HttpFields.Mutable headers = response.getHeaders();
    if (status == 503) {
      headers.put(HttpHeader.RETRY_AFTER, "5");
    }
    if (status == 405) {
      headers.put(HttpHeader.ALLOW, "DELETE, GET, HEAD, OPTIONS, POST");
    }
    headers.put(HttpFields.CONNECTION_CLOSE);
    if (request.getAttribute(RequestId.NAME) instanceof String id) {
      headers.put(RequestId.NAME, id);
      replyHeaders.put(request, headers);
    } else {
      // The request head could not be parsed.
      ReplyHeaders.put(headers);
    }
    if (request.getAttribute(Exchange.NAME) == null
        && WatchedEndPoint.ofSocket(request.getConnectionMetaData().getConnection().getEndPoint())
            instanceof TimedEndPoint endPoint) {
      // The head could not be read, so no later request of the connection can be either.
      endPoint.answeredEarly();
    }
    Json.send(response, callback, status, of(status).body(dialect));
    return true;
  }

  /** A whole answer for a client whose request head has not come to its end in time. */
  ByteBuffer lateHead() {
    byte[] body = Json.bytes(of(408).body(dialect));
    HttpFields.Mutable headers = HttpFields.build();
    headers.put(HttpHeader.CONTENT_TYPE, "application/json");
    headers.put(HttpHeader.CONTENT_LENGTH, body.length);
    headers.put(HttpHeader.CONNECTION, "close");
    ReplyHeaders.put(headers);
    byte[] head =
        ("HTTP/1.1 408 Request Timeout\r\n" + headers.asString())
            .getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(head.length + body.length).put(head).put(body).flip();
  }

  /**
   * The status that fits better than Jetty's. A request line without a version is malformed or
   * HTTP/0.9, which Jetty tells by its message alone: 400. HTTP/2 is not supported, and no upgrade
   * would help: 505 (RFC 9110, section 15.5.22 and 15.6.6).
   */
  private static int meant(int status, Request request) {
    boolean isOld =
        request.getAttribute(ERROR_MESSAGE) instanceof String message && message.contains("/0.9");
    return switch (status) {
      case 426 -> 505;
      case 505 -> isOld ? 400 : 505;
      default -> status;
    };
  }

  /** Code and message for a status that Jetty or Javalin has chosen. */
  static ApiException of(int status) {
    return switch (status) {
      case 404 -> new ApiException(ErrorCode.NOT_FOUND, "No such route");
      case 405 -> new ApiException(ErrorCode.METHOD_NOT_ALLOWED, "No such method");
      case 408 -> new ApiException(ErrorCode.STREAM_TOO_SLOW, "The request arrived too slowly");
      case 413 -> new ApiException(ErrorCode.VALIDATE_FILE_SIZE, "Bad request");
      case 414 -> new ApiException(ErrorCode.INVALID_REQUEST, "The URL is too long");
      case 431 ->
          new ApiException(
              ErrorCode.INVALID_REQUEST, "The request head is too large or has too many fields");
      case 503 ->
          new ApiException(
              ErrorCode.OVERLOADED,
              "The server is stopping or has too much to do, try again later");
      case 505 ->
          new ApiException(
              ErrorCode.INVALID_REQUEST, "This HTTP version is not supported, 1.1 and 1.0 are");
      default ->
          status < 500
              ? new ApiException(ErrorCode.INVALID_REQUEST, "Bad request")
              : new ApiException(ErrorCode.INTERNAL_ERROR, "Internal server error");
    };
  }
}
