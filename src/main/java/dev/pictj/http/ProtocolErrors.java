package dev.pictj.http;

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

  ProtocolErrors(ReplyHeaders replyHeaders) {
    this.replyHeaders = replyHeaders;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    if (request.getAttribute(ERROR_STATUS) instanceof Integer told) {
      status = told;
    }
    HttpFields.Mutable headers = response.getHeaders();
    ErrorCode code = code(status);
    if (status == 503) {
      headers.put(HttpHeader.RETRY_AFTER, "5");
    }
    headers.put(HttpHeader.CONTENT_TYPE, "application/json");
    if (request.getAttribute(RequestId.NAME) instanceof String id) {
      headers.put(RequestId.NAME, id);
      replyHeaders.put(request, headers);
    } else {
      // Not even its head was understood.
      ReplyHeaders.put(headers);
    }
    response.setStatus(status);
    byte[] body = Json.bytes(Json.error(code, message(status)));
    headers.put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }

  /** A whole answer for a client whose request head has not come to its end in time. */
  static ByteBuffer lateHead() {
    byte[] body = Json.bytes(Json.error(code(408), message(408)));
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

  private static ErrorCode code(int status) {
    return switch (status) {
      case 404 -> ErrorCode.NOT_FOUND;
      case 405 -> ErrorCode.METHOD_NOT_ALLOWED;
      case 408 -> ErrorCode.STREAM_TOO_SLOW;
      case 413 -> ErrorCode.VALIDATE_FILE_SIZE;
      case 503 -> ErrorCode.OVERLOADED;
      default -> status < 500 ? ErrorCode.INVALID_REQUEST : ErrorCode.INTERNAL_ERROR;
    };
  }

  private static String message(int status) {
    return switch (status) {
      case 408 -> "The request arrived too slowly";
      case 414 -> "The URL is too long";
      case 431 -> "The request head is too large or has too many fields";
      case 503 -> "The server is stopping or has too much to do, try again later";
      default -> status < 500 ? "Bad request" : "Internal server error";
    };
  }
}
