package dev.pictj.http;

import java.time.Duration;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for every request. Delete tokens and remote URLs, which may hold secrets, are left out.
 */
final class AccessLog implements RequestLog {
  private static final Logger log = LoggerFactory.getLogger("dev.pictj.access");
  private static final String DELETE = "/image/delete/";
  private static final int MAX_TEXT = 300;

  private final boolean structured;

  /**
   * A log of requests.
   *
   * @param structured whether the parts of a line are wanted one by one too
   */
  AccessLog(boolean structured) {
    this.structured = structured;
  }

  @Override
  public void log(Request request, Response response) {
    if (!log.isInfoEnabled()) {
      return;
    }
    String path = withoutToken(String.valueOf(request.getHttpURI().getPath()));
    String query = request.getHttpURI().getQuery();
    String target =
        query != null && path.contains("/process.") ? clean(path + "?" + query) : clean(path);
    long millis = Duration.ofNanos(System.nanoTime() - request.getBeginNanoTime()).toMillis();
    String agent = clean(String.valueOf(request.getHeaders().get(HttpHeader.USER_AGENT)));
    String id = String.valueOf(request.getAttribute(RequestId.NAME));
    long bytes = Response.getContentBytesWritten(response);
    String client = ClientAddress.of(request).text();
    String method = clean(request.getMethod());
    int status = response.getStatus();
    // One string, made once: a message with arguments costs more than all that is above.
    String line =
        client + " \"" + method + " " + target + "\" " + status + " " + bytes + " B " + millis
            + " ms \"" + agent + "\" " + id;
    if (!structured) {
      log.info(line);
      return;
    }
    log.atInfo()
        .addKeyValue("request_id", id)
        .addKeyValue("client", client)
        .addKeyValue("peer", Request.getRemoteAddr(request))
        .addKeyValue("method", method)
        .addKeyValue("target", target)
        .addKeyValue("status", status)
        .addKeyValue("bytes", bytes)
        .addKeyValue("millis", millis)
        .addKeyValue("user_agent", agent)
        .log(line);
  }

  private static String withoutToken(String path) {
    int start = path.indexOf(DELETE);
    if (start < 0) {
      return path;
    }
    int token = start + DELETE.length();
    int end = path.indexOf('/', token);
    return path.substring(0, token) + "***" + (end < 0 ? "" : path.substring(end));
  }

  /** What a client sent must not be able to forge a line of the log. */
  private static String clean(String text) {
    int length = Math.min(text.length(), MAX_TEXT);
    for (int i = 0; i < length; i++) {
      if (!isPlain(text.charAt(i))) {
        return cleaned(text, length);
      }
    }
    return length == text.length() ? text : text.substring(0, length) + "...";
  }

  private static String cleaned(String text, int length) {
    StringBuilder clean = new StringBuilder(length + 3);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      clean.append(isPlain(c) ? c : c == '"' ? '\'' : '?');
    }
    return clean.append(length < text.length() ? "..." : "").toString();
  }

  private static boolean isPlain(char c) {
    return c >= ' ' && c <= '~' && c != '"';
  }
}
