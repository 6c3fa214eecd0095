package dev.pictj.http;

import dev.pictj.http.dialect.Dialect;
import dev.pictj.http.dialect.ErrorCode;
import java.util.Map;

/** An answer that is an error. The message goes to the client as it is. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final transient Map<String, String> headers;

  ApiException(ErrorCode code, String message) {
    this(code, message, Map.of());
  }

  ApiException(ErrorCode code, String message, Map<String, String> headers) {
    super(message);
    this.code = code;
    this.headers = Map.copyOf(headers);
  }

  ErrorCode code() {
    return code;
  }

  /** The body of the error's reply in this dialect. */
  ErrorBody body(Dialect dialect) {
    return new ErrorBody(code, String.valueOf(getMessage()), dialect);
  }

  Map<String, String> headers() {
    return headers;
  }
}
