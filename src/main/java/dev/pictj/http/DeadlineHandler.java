package dev.pictj.http;

import dev.pictj.http.dialect.Dialect;
import java.time.InstantSource;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lets a client say until when it waits for the head of an answer, see {@link RequestDeadline}.
 * Past that it is told so, and what was begun for it alone is called off as if it had hung up.
 */
final class DeadlineHandler extends Handler.Wrapper {
  private final Dialect dialect;
  private final InstantSource clock;

  DeadlineHandler(Dialect dialect, InstantSource clock) {
    this.dialect = dialect;
    this.clock = clock;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String text = request.getHeaders().get(RequestDeadline.FIELD);
    if (text == null) {
      return super.handle(request, response, callback);
    }
    RequestDeadline deadline;
    try {
      deadline = RequestDeadline.parse(text, clock);
      if (deadline.isOver()) {
        throw RequestDeadline.over();
      }
    } catch (ApiException e) {
      Errors.answer(e, dialect, response, callback);
      return true;
    }
    deadline.attach(request);
    return super.handle(request, response, callback);
  }
}
