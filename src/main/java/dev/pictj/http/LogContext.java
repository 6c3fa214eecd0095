package dev.pictj.http;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.MDC;

/** Lets every line that is logged while a request is served tell its id and its client. */
final class LogContext extends Handler.Wrapper {
  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    try (var _ =
            MDC.putCloseable("request_id", String.valueOf(request.getAttribute(RequestId.NAME)));
        var _ = MDC.putCloseable("client", ClientAddress.of(request).text())) {
      return super.handle(request, response, callback);
    }
  }
}
