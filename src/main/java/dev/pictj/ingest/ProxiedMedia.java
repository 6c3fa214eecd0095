package dev.pictj.ingest;

import dev.pictj.engine.Caller;
import java.util.Optional;

/** Pictures of other servers that are shown through this one, found by the URL they come from. */
public final class ProxiedMedia {
  /**
   * The alias under which the picture of a URL is stored; empty when it is not.
   *
   * @throws dev.pictj.ingest.fetch.FetchException when this is no URL that may be asked for
   */
  public Optional<String> known(String url) throws Exception {
    return Optional.empty();
  }

  /**
   * Fetches and stores the picture of a URL that is not known.
   *
   * @param caller asked from time to time whether he still wants it
   * @return its alias
   */
  public Optional<String> fetch(String url, Caller caller) throws Exception {
    return known(url);
  }
}
