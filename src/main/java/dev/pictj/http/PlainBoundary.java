package dev.pictj.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * A request whose Content-Type names its boundary in lower case. Names of parameters are the same
 * in any case (RFC 9110, section 5.6.6), but the form parser knows them in lower case only.
 */
final class PlainBoundary extends Request.Wrapper {
  /** A quoted string, to be passed over, or the name of the parameter. */
  private static final Pattern NAME =
      Pattern.compile(
          "\"(?:[^\"\\\\]|\\\\.)*\"|(?<=[;\\s])boundary(?==)", Pattern.CASE_INSENSITIVE);

  private final HttpFields headers;

  private PlainBoundary(Request request, String contentType) {
    super(request);
    this.headers =
        HttpFields.build(request.getHeaders())
            .put(HttpHeader.CONTENT_TYPE, contentType)
            .asImmutable();
  }

  /** The request itself where there is nothing to change. */
  static Request of(Request request) {
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    if (type == null) {
      return request;
    }
    String plain =
        NAME.matcher(type)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        found.group().startsWith("\"") ? found.group() : "boundary"));
    return plain.equals(type) ? request : new PlainBoundary(request, plain);
  }

  @Override
  public HttpFields getHeaders() {
    return headers;
  }
}
