package dev.pictj.http;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Gives every request an id of its own and every reply the headers that all replies have, also the
 * ones that no handler ever sees.
 */
final class RequestId implements HttpConfiguration.Customizer {
  /** The reply header and, as an attribute's name, where the id is kept. */
  static final String NAME = "X-Request-Id";

  private static final HttpField NO_SNIFFING =
      new PreEncodedHttpField("X-Content-Type-Options", "nosniff");
  private static final HttpField NOTHING_RUNS =
      new PreEncodedHttpField(
          "Content-Security-Policy",
          "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline';"
              + " sandbox");

  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    // A client's own id is not taken over: it could be anything, and it would end up in the log.
    String id = next();
    request.setAttribute(NAME, id);
    responseHeaders.put(NAME, id);
    secure(responseHeaders);
    return request;
  }

  /** Version 4 (RFC 9562 section 5.4). It tells requests apart and keeps no secret. */
  private static String next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long high = (random.nextLong() & ~0xf000L) | 0x4000L;
    long low = (random.nextLong() & ~(3L << 62)) | (1L << 63);
    return new UUID(high, low).toString();
  }

  /** Browsers shall take bytes for what we call them, and run nothing in them. */
  static void secure(HttpFields.Mutable headers) {
    headers.put(NO_SNIFFING);
    headers.put(NOTHING_RUNS);
  }
}
