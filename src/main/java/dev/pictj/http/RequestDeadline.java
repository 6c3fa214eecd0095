package dev.pictj.http;

import dev.pictj.engine.CallerGoneException;
import dev.pictj.http.dialect.ErrorCode;
import java.time.Instant;
import java.time.InstantSource;
import org.eclipse.jetty.server.Request;

/** The moment until when a client waits for the head of an answer. */
record RequestDeadline(Instant at, InstantSource clock) {
  static final String FIELD = "X-Request-Deadline";
  private static final String NAME = RequestDeadline.class.getName();
  private static final long NANOS = 1_000_000_000;

  /**
   * Reads what a client has sent.
   *
   * @param text nanoseconds since 1970
   */
  static RequestDeadline parse(String text, InstantSource clock) {
    try {
      long nanos = Long.parseLong(text);
      return new RequestDeadline(Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS), clock);
    } catch (NumberFormatException _) {
      throw new ApiException(
          ErrorCode.PARSE_DEADLINE, FIELD + " must be a number of nanoseconds since 1970");
    }
  }

  /** Sets the deadline of a request. */
  void attach(Request request) {
    request.setAttribute(NAME, this);
  }

  boolean isOver() {
    return clock.instant().isAfter(at);
  }

  /** Whether this request has a deadline that is over. */
  static boolean isOver(Request request) {
    return request.getAttribute(NAME) instanceof RequestDeadline deadline && deadline.isOver();
  }

  /** The error for a request whose work was called off because of its deadline. */
  static Exception reason(Exception thrown, Request request) {
    return thrown instanceof CallerGoneException && isOver(request) ? over() : thrown;
  }

  static ApiException over() {
    return new ApiException(ErrorCode.REQUEST_TIMEOUT, "The time in " + FIELD + " is over");
  }
}
