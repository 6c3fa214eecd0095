package dev.pictj.ingest.fetch;

import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Stream;

/**
 * The header by which a download that leads to a download is seen: {@code CDN-Loop} (RFC 8586),
 * which proxies and content networks on the way have to pass on. Every request of a fetch carries
 * it, redirects included.
 *
 * <p>It names the program, not the instance: a download answers JSON and never a picture, so no
 * pictj has a reason to ask any pictj for one, and a circle over two servers ends as soon as one
 * over one.
 */
public final class LoopMark {
  /** The name of the header. */
  public static final String HEADER = "CDN-Loop";

  static final String PSEUDONYM = "pictj";

  private LoopMark() {}

  /**
   * Whether a request was sent by a fetch.
   *
   * @param values of all its headers of this name, each a list that others may have added to
   */
  public static boolean isIn(Collection<String> values) {
    return !values.isEmpty()
        && values.stream()
            .flatMap(value -> Arrays.stream(value.split(",", -1)))
            .flatMap(info -> Stream.of(info.split(";", 2)[0]))
            .anyMatch(id -> id.strip().equalsIgnoreCase(PSEUDONYM));
  }
}
