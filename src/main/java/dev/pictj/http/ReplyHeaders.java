package dev.pictj.http;

import dev.pictj.http.dialect.Dialect;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * What replies tell browsers and caches: the one owner of Cache-Control, of what documents may do,
 * and of which other origins may read (CORS, https://fetch.spec.whatwg.org/#http-cors-protocol).
 *
 * <p>Before any handler is asked, every reply has {@code no-store} and the strictest policy, so
 * that no route and no error can forget them. Replies with media replace them.
 */
final class ReplyHeaders implements HttpConfiguration.Customizer {
  private static final HttpField NO_SNIFFING =
      new PreEncodedHttpField("X-Content-Type-Options", "nosniff");

  private static final HttpField NO_STORE =
      new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-store");

  private static final Map<Dialect, HttpField> CACHEABLE =
      Stream.of(Dialect.values())
          .collect(
              Collectors.toUnmodifiableMap(
                  dialect -> dialect,
                  dialect ->
                      new PreEncodedHttpField(
                          HttpHeader.CACHE_CONTROL, dialect.mediaCacheControl())));

  /** Fields that describe the content of media. No error has them. */
  private static final EnumSet<HttpHeader> OF_CONTENT =
      EnumSet.of(
          HttpHeader.ETAG,
          HttpHeader.LAST_MODIFIED,
          HttpHeader.ACCEPT_RANGES,
          HttpHeader.CONTENT_RANGE);

  private static final String POLICY = "Content-Security-Policy";
  private static final String STRICT_POLICY =
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";
  private static final HttpField STRICT_POLICY_FIELD =
      new PreEncodedHttpField(POLICY, STRICT_POLICY);

  /**
   * The policy of the document that a browser makes around a picture or a video in a tab of its
   * own. {@code default-src} lets no script run. There is no {@code sandbox}, which would give the
   * document an origin of its own, from which Chromium may not load the very video it shows. Other
   * pages may frame it.
   */
  private static final HttpField MEDIA_SHOW =
      new PreEncodedHttpField(
          POLICY,
          "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline';"
              + " base-uri 'none'; form-action 'none'");

  private static final String ANY = "*";
  private static final String ALLOWED_ORIGIN = "Access-Control-Allow-Origin";
  private static final HttpField ANY_ORIGIN = new PreEncodedHttpField(ALLOWED_ORIGIN, ANY);
  private static final HttpField VARY_ACCEPT =
      new PreEncodedHttpField(HttpHeader.VARY, HttpHeader.ACCEPT.asString());
  private static final HttpField VARY_ORIGIN =
      new PreEncodedHttpField(HttpHeader.VARY, HttpHeader.ORIGIN.asString());

  /**
   * Headers that scripts may read beside the safelisted ones (https://fetch.spec.whatwg.org/
   * 2.2.2).
   */
  private static final HttpField READABLE =
      new PreEncodedHttpField(
          "Access-Control-Expose-Headers",
          "Accept-Ranges, Content-Range, ETag, Retry-After, X-Request-Id");

  /** Lets pages of other sites show media where they require each resource to agree. */
  private static final HttpField EMBEDDABLE =
      new PreEncodedHttpField("Cross-Origin-Resource-Policy", "cross-origin");

  private static final String WANTED_METHOD = "Access-Control-Request-Method";
  private static final HttpField METHODS =
      new PreEncodedHttpField("Access-Control-Allow-Methods", "GET, HEAD, POST, DELETE");
  private static final String CONDITIONS =
      "If-Match, If-Modified-Since, If-None-Match, If-Range, Range";
  private static final HttpField CONDITIONS_SENT =
      new PreEncodedHttpField("Access-Control-Allow-Headers", CONDITIONS);
  private static final HttpField KEY_SENT =
      new PreEncodedHttpField(
          "Access-Control-Allow-Headers", CONDITIONS + ", Content-Type, X-Api-Token");

  /** Time that a preflight is valid: a day; browsers have lower limits of their own. */
  private static final HttpField PREFLIGHT_KEPT =
      new PreEncodedHttpField("Access-Control-Max-Age", "86400");

  private final boolean anyOrigin;
  private final Set<String> origins;

  /**
   * Prepares the headers of a server.
   *
   * @param origins that may read what is no media, as browsers write them; {@code *} for all
   */
  ReplyHeaders(List<String> origins) {
    this.anyOrigin = origins.contains(ANY);
    this.origins =
        origins.stream().filter(origin -> !origin.equals(ANY)).collect(Collectors.toSet());
  }

  @Override
  public Request customize(Request request, HttpFields.Mutable headers) {
    put(request, headers);
    return request;
  }

  /** Sets all that can be said before a handler has been asked. */
  void put(Request request, HttpFields.Mutable headers) {
    put(headers);
    String path = request.getHttpURI().getCanonicalPath();
    boolean internal = path != null && path.startsWith("/internal");
    if (path != null && isNegotiated(path)) {
      headers.put(VARY_ACCEPT);
    }
    if (path != null && isMedia(path)) {
      headers.put(EMBEDDABLE);
      headers.put(ANY_ORIGIN);
    } else if (anyOrigin && !internal) {
      headers.put(ANY_ORIGIN);
    } else if (!origins.isEmpty()) {
      headers.put(VARY_ORIGIN);
      String origin = request.getHeaders().get(HttpHeader.ORIGIN);
      if (origin == null || !origins.contains(origin)) {
        return;
      }
      headers.put(ALLOWED_ORIGIN, origin);
    } else {
      return;
    }
    headers.put(READABLE);
    if (request.getMethod().equals("OPTIONS") && request.getHeaders().contains(WANTED_METHOD)) {
      headers.put(METHODS);
      headers.put(internal ? KEY_SENT : CONDITIONS_SENT);
      headers.put(PREFLIGHT_KEPT);
    }
  }

  /** Sets the fields that every reply has at first. */
  static void put(HttpFields.Mutable headers) {
    headers.put(NO_SNIFFING);
    headers.put(STRICT_POLICY_FIELD);
    headers.put(NO_STORE);
  }

  /** Whether the format of a reply hangs on what its client can show. */
  private static boolean isNegotiated(String path) {
    return path.equals("/image/auto") || path.equals("/image/process." + Negotiation.AUTO);
  }

  /** Whether a path is a route of media, whatever the reply will be. */
  private static boolean isMedia(String path) {
    return path.equals("/image/auto")
        || path.equals("/image/original")
        || path.startsWith("/image/original/")
        || path.startsWith("/image/process.");
  }

  /** Allows caches to keep media, and browsers to show them. */
  static void media(HttpFields.Mutable headers, Dialect dialect) {
    headers.put(Objects.requireNonNull(CACHEABLE.get(dialect)));
    headers.put(MEDIA_SHOW);
  }

  /** Allows browsers to show media that stand for what is not there, which nobody may keep. */
  static void placeholder(HttpFields.Mutable headers) {
    headers.put(MEDIA_SHOW);
  }

  /** Says of media how long they may be kept at most; zero for not at all. */
  static void keepable(HttpFields.Mutable headers, Dialect dialect, Duration most) {
    if (most.isZero()) {
      headers.put(NO_STORE);
    } else {
      headers.put(HttpHeader.CACHE_CONTROL, dialect.mediaCacheControl(most));
    }
  }

  /** Removes the fields of media from a reply that has become an error. */
  static void error(HttpFields.Mutable headers) {
    headers.remove(OF_CONTENT);
    headers.put(NO_STORE);
    headers.put(STRICT_POLICY_FIELD);
  }

  /** Lets caches keep a reply if they ask each time whether it is still valid. */
  static void revalidated(Context ctx) {
    ctx.header("Cache-Control", "no-cache");
  }

  /** Whether this is a preflight request (CORS) of an allowed origin; such a request has no key. */
  static boolean isAllowedPreflight(Context ctx) {
    return ctx.req().getMethod().equals("OPTIONS")
        && ctx.header(WANTED_METHOD) != null
        && ctx.res().containsHeader(ALLOWED_ORIGIN);
  }
}
