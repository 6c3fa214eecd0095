package dev.pictj.http;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.http.DateGenerator;
import org.eclipse.jetty.http.HttpDateTime;

/**
 * The validators of one representation and the conditions a request puts on them: RFC 9110,
 * sections 8.8 and 13.
 *
 * @param etag strong, with its quotes
 * @param lastModified whole seconds
 */
record Validators(String etag, Instant lastModified) {
  /** Validators of content with this hash, created at this moment. */
  static Validators of(String hash, Instant created) {
    // 128 bits are enough to tell pictures apart.
    return new Validators(
        '"' + hash.substring(0, 32) + '"', created.truncatedTo(ChronoUnit.SECONDS));
  }

  String httpDate() {
    return DateGenerator.formatDate(lastModified);
  }

  /**
   * Whether 412 is the answer: the content is none of those that the client names. If-Match rules
   * out If-Unmodified-Since.
   */
  boolean failed(String ifMatch, String ifUnmodifiedSince) {
    if (ifMatch == null) {
      return date(ifUnmodifiedSince).map(lastModified::isAfter).orElse(false);
    }
    // Strong comparison, section 8.8.3.2.
    return !ifMatch.strip().equals("*")
        && Stream.of(ifMatch.split(",", -1)).map(String::strip).noneMatch(etag::equals);
  }

  /** Whether 304 is the answer; If-None-Match rules out If-Modified-Since (section 13.2.2). */
  boolean notModified(String ifNoneMatch, String ifModifiedSince) {
    if (ifNoneMatch != null) {
      return matchesAny(ifNoneMatch);
    }
    return date(ifModifiedSince).map(date -> !lastModified.isAfter(date)).orElse(false);
  }

  private boolean matchesAny(String list) {
    if (list.strip().equals("*")) {
      return true;
    }
    for (String tag : list.split(",", -1)) {
      String bare = tag.strip();
      // Weak comparison, section 8.8.3.2.
      if ((bare.startsWith("W/") ? bare.substring(2) : bare).equals(etag)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a Range header counts: strong comparison, section 13.1.5. */
  boolean rangeApplies(String ifRange) {
    if (ifRange == null) {
      return true;
    }
    String bare = ifRange.strip();
    if (bare.startsWith("\"") || bare.startsWith("W/")) {
      return bare.equals(etag);
    }
    return date(bare).map(lastModified::equals).orElse(false);
  }

  /** Reads a date in any form that RFC 9110 requires (section 5.6.7); another text is ignored. */
  private static Optional<Instant> date(String text) {
    try {
      return Optional.ofNullable(text).map(field -> HttpDateTime.parse(field).toInstant());
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
