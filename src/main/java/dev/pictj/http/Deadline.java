package dev.pictj.http;

import dev.pictj.engine.CallerGoneException;
import dev.pictj.http.dialect.Dialect;
import dev.pictj.http.dialect.ErrorCode;
import java.time.Instant;
import java.time.InstantSource;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lets a client say until when it waits for the head of an answer: in {@code X-Request-Deadline}, a
 * moment in nanoseconds since 1970. Past that it is told so, and what was begun for it alone is
 * called off as if it had hung up.
 */
final class Deadline extends Handler.Wrapper {
  private static final String FIELD = "X-Request-Deadline";
  private static final String NAME = Deadline.class.getName();
  private static final long NANOS = 1_000_000_000;

  private final Dialect dialect;
  private final InstantSource clock;

  Deadline(Dialect dialect, InstantSource clock) {
    this.dialect = dialect;
    this.clock = clock;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String text = request.getHeaders().get(FIELD);
    if (text == null) {
      return super.handle(request, response, callback);
    }
    Moment moment;
    try {
      long nanos = Long.parseLong(text);
      moment = new Moment(Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS), clock);
    } catch (NumberFormatException _) {
      ApiException malformed =
          new ApiException(
              ErrorCode.PARSE_DEADLINE, FIELD + " must be a number of nanoseconds since 1970");
      Errors.answer(malformed, dialect, response, callback);
      return true;
    }
    if (moment.isOver()) {
      Errors.answer(over(), dialect, response, callback);
      return true;
    }
    request.setAttribute(NAME, moment);
    return super.handle(request, response, callback);
  }

  /** A moment that comes or is over. */
  private record Moment(Instant at, InstantSource clock) {
    boolean isOver() {
      return clock.instant().isAfter(at);
    }
  }

  /** Whether this request has a deadline that is over. */
  static boolean isOver(Request request) {
    return request.getAttribute(NAME) instanceof Moment moment && moment.isOver();
  }

  /** What a request is to be answered whose work was called off because of its deadline. */
  static Exception reason(Exception thrown, Request request) {
    return thrown instanceof CallerGoneException && isOver(request) ? over() : thrown;
  }

  private static ApiException over() {
    return new ApiException(ErrorCode.REQUEST_TIMEOUT, "The time in " + FIELD + " is over");
  }
}
