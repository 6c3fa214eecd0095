package dev.pictj.http;

import java.time.Duration;
import java.util.regex.Pattern;
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
  private static final Pattern TOKEN = Pattern.compile("(/image/delete/)[^/]*");
  private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7e]");
  private static final int MAX_TEXT = 300;

  @Override
  public void log(Request request, Response response) {
    String path = TOKEN.matcher(request.getHttpURI().getPath() + "").replaceFirst("$1***");
    String query = request.getHttpURI().getQuery();
    String target =
        query != null && path.contains("/process.") ? clean(path + "?" + query) : clean(path);
    long millis = Duration.ofNanos(System.nanoTime() - request.getBeginNanoTime()).toMillis();
    String agent = clean(String.valueOf(request.getHeaders().get(HttpHeader.USER_AGENT)));
    String id = String.valueOf(request.getAttribute(RequestId.NAME));
    long bytes = Response.getContentBytesWritten(response);
    String peer = clean(Request.getRemoteAddr(request));
    String method = clean(request.getMethod());
    int status = response.getStatus();
    log.atInfo()
        .addKeyValue("request_id", id)
        .addKeyValue("peer", peer)
        .addKeyValue("method", method)
        .addKeyValue("target", target)
        .addKeyValue("status", status)
        .addKeyValue("bytes", bytes)
        .addKeyValue("millis", millis)
        .addKeyValue("user_agent", agent)
        .setMessage("{} \"{} {}\" {} {} B {} ms \"{}\" {}")
        .addArgument(peer)
        .addArgument(method)
        .addArgument(target)
        .addArgument(status)
        .addArgument(bytes)
        .addArgument(millis)
        .addArgument(agent)
        .addArgument(id)
        .log();
  }

  /** What a client sent must not be able to forge a line of the log. */
  private static String clean(String text) {
    String printable = UNPRINTABLE.matcher(text).replaceAll("?").replace('"', '\'');
    return printable.length() > MAX_TEXT ? printable.substring(0, MAX_TEXT) + "..." : printable;
  }
}
