package dev.pictj.http;

import dev.pictj.config.LogFormat;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.http.jetty.Exchange;
import java.time.Duration;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One line for every request, without secrets; see {@link LoggedTarget}. A reply that was cut tells
 * how much of it was sent.
 *
 * @param structured whether the parts of a line are wanted one by one too
 * @param quietProbes whether requests of /healthz that are answered 200 have no line
 */
record AccessLog(boolean structured, boolean quietProbes) implements RequestLog {
  private static final Logger log = LoggerFactory.getLogger("dev.pictj.access");
  private static final int MAX_TEXT = 300;

  /** Makes the log that these settings describe. */
  static AccessLog of(Settings settings) {
    return new AccessLog(
        settings.get(SettingsCatalogue.LOG_FORMAT) == LogFormat.JSON,
        settings.get(SettingsCatalogue.QUIET_PROBES));
  }

  @Override
  public void log(Request request, Response response) {
    if (!log.isInfoEnabled() || (quietProbes && isGoodProbe(request, response))) {
      return;
    }
    String target = clean(LoggedTarget.of(request.getHttpURI()));
    long millis = Duration.ofNanos(System.nanoTime() - request.getBeginNanoTime()).toMillis();
    String agent = request.getHeaders().get(HttpHeader.USER_AGENT);
    // A head that nobody could read has none.
    Object id = request.getAttribute(RequestId.NAME);
    long bytes =
        request.getAttribute(Exchange.NAME) instanceof Exchange exchange
            ? exchange.sent()
            : Response.getContentBytesWritten(response);
    long promised = promised(request, response);
    boolean aborted = bytes < promised;
    String client = ClientAddress.of(request).text();
    String method = clean(request.getMethod());
    int status = response.getStatus();
    // One string: a message with arguments would cost more than everything above.
    String line =
        client
            + " \""
            + method
            + " "
            + target
            + "\" "
            + status
            + " "
            + bytes
            + (aborted ? " of " + promised + " B aborted " : " B ")
            + millis
            + " ms \""
            + (agent == null ? "-" : clean(agent))
            + "\" "
            + (id == null ? "-" : id);
    if (!structured) {
      log.info(line);
      return;
    }
    LoggingEventBuilder parts =
        log.atInfo()
            .addKeyValue("client", client)
            .addKeyValue("peer", Request.getRemoteAddr(request))
            .addKeyValue("method", method)
            .addKeyValue("target", target)
            .addKeyValue("status", status)
            .addKeyValue("bytes", bytes)
            .addKeyValue("aborted", aborted)
            .addKeyValue("millis", millis);
    if (id != null) {
      parts = parts.addKeyValue("request_id", id.toString());
    }
    (agent == null ? parts : parts.addKeyValue("user_agent", clean(agent))).log(line);
  }

  private static boolean isGoodProbe(Request request, Response response) {
    return response.getStatus() == 200 && "/healthz".equals(request.getHttpURI().getPath());
  }

  /** Bytes of content that the head of the answer has told of; 0 where there is to be none. */
  private static long promised(Request request, Response response) {
    boolean hasContent = !request.getMethod().equals("HEAD") && response.getStatus() != 304;
    long length = response.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
    return response.isCommitted() && hasContent ? length : 0;
  }

  /** Cleans a client's text, so that it cannot forge a line of the log. */
  static String clean(String text) {
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
