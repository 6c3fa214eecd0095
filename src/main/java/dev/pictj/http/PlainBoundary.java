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
  /**
   * A quoted string, to be passed over even where it does not end, or the name of the parameter.
   * Possessive, because a loop that might go back takes stack for every character.
   */
  private static final Pattern NAME =
      Pattern.compile(
          "\"(?:[^\"\\\\]|\\\\.)*+\"?|(?<=[;\\s])boundary(?==)", Pattern.CASE_INSENSITIVE);

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
    String plain = plain(type);
    return plain.equals(type) ? request : new PlainBoundary(request, plain);
  }

  /** A Content-Type with the name of its boundary in lower case, and nothing else changed. */
  static String plain(String contentType) {
    return NAME.matcher(contentType)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    found.group().startsWith("\"") ? found.group() : "boundary"));
  }

  @Override
  public HttpFields getHeaders() {
    return headers;
  }
}
