package dev.pictj.http;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/** Gives every request an id of its own, and its reply the same, also where no handler sees it. */
final class RequestId implements HttpConfiguration.Customizer {
  /** The reply header and, as an attribute's name, where the id is kept. */
  static final String NAME = "X-Request-Id";

  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    // A client's own id is not taken over: it could be anything, and it would end up in the log.
    String id = next();
    request.setAttribute(NAME, id);
    responseHeaders.put(NAME, id);
    return request;
  }

  /** Version 4 (RFC 9562 section 5.4). It tells requests apart and keeps no secret. */
  private static String next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long high = (random.nextLong() & ~0xf000L) | 0x4000L;
    long low = (random.nextLong() & ~(3L << 62)) | (1L << 63);
    return new UUID(high, low).toString();
  }
}
