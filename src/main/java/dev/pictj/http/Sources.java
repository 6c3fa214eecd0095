package dev.pictj.http;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Denied;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Unlinked;
import dev.pictj.engine.Caller;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.ingest.Fallback;
import dev.pictj.ingest.ProxiedMedia;
import dev.pictj.ingest.ProxiedMedia.Shown;
import dev.pictj.ingest.fetch.FetchException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Finds the media that a request is about: the one reader of the parameters that name a source. A
 * value need not be encoded. A URL that is not encoded ends at its first {@code &}: the rest are
 * unknown parameters of the request, which are ignored.
 *
 * @param readOnly whether nothing may be fetched
 * @param fallback where names are that are not here yet
 */
record Sources(
    Catalog catalog, ProxiedMedia proxied, boolean readOnly, Optional<Fallback> fallback) {
  /** The parameter that names a URL elsewhere. */
  static final String PROXY = "proxy";

  /** Parameters that name the source on routes about a stored picture; the first of these wins. */
  static final List<String> STORED = List.of(PROXY, "alias");

  /** Parameters that name the source on routes about variants; {@code src} is the oldest one. */
  static final List<String> PROCESSED = List.of("src", "alias", PROXY);

  /**
   * A source as a request names it.
   *
   * @param value an alias, or a URL where it is a proxied one
   */
  record Named(boolean isProxied, String value) {}

  /**
   * A source that is stored.
   *
   * @param isForOnce whether nobody may keep it
   */
  record Found(Media media, boolean isForOnce) {
    /** How long it may be kept at most. */
    Optional<Duration> keepable() {
      return isForOnce ? Optional.of(Duration.ZERO) : Optional.empty();
    }
  }

  /**
   * Reads the source that a query names.
   *
   * @throws ApiException when it names nothing
   */
  static Named named(QueryString query, List<String> parameters) {
    for (String parameter : parameters) {
      // In 0.3, which only has src, an empty parameter counts as missing. In later dialects an
      // empty alias is one that does not exist.
      Optional<String> value =
          parameter.equals("src") ? query.last(parameter) : query.given(parameter);
      if (value.isPresent()) {
        return new Named(parameter.equals(PROXY), value.get());
      }
    }
    throw new ApiException(
        ErrorCode.INVALID_QUERY,
        "The query must name a source, by one of " + String.join(", ", parameters));
  }

  /**
   * The alias of a source that is stored already.
   *
   * @throws ApiException when the URL of a proxied one was never fetched
   */
  String alias(Named source) throws Exception {
    return shown(source).alias();
  }

  private Shown shown(Named source) throws Exception {
    return source.isProxied()
        ? asUrl(() -> proxied.known(source.value())).orElseThrow(Sources::proxyNotFound)
        : new Shown(source.value(), proxied.isForOnce(source.value()));
  }

  /** Whether a source is known, be its alias or not: whether, of a URL, it was ever fetched. */
  boolean isStored(Named source) throws Exception {
    return !source.isProxied() || asUrl(() -> proxied.known(source.value())).isPresent();
  }

  /**
   * A source that is stored already, or is to be taken over; empty when its alias is unknown.
   *
   * @param caller asked from time to time whether he still wants it
   */
  Optional<Found> stored(Named source, Caller caller) throws Exception {
    if (!source.isProxied() && !isLoop(caller) && mayTakeOver()) {
      fallback.orElseThrow().bring(source.value(), caller);
    }
    return found(shown(source));
  }

  private boolean mayTakeOver() {
    return fallback.isPresent() && !readOnly;
  }

  private static boolean isLoop(Caller caller) {
    return caller instanceof Presence client && client.isFetch();
  }

  /**
   * Takes an alias away.
   *
   * @param deleteToken empty for an administrator, who needs none
   */
  Unlinked unlink(String alias, Optional<String> deleteToken, Caller caller) throws Exception {
    if (isLoop(caller) || !mayTakeOver()) {
      return deleteToken.isPresent()
          ? catalog.unlink(alias, deleteToken.get())
          : catalog.unlink(alias);
    }
    return deleteToken.isPresent()
        ? fallback.orElseThrow().unlink(alias, deleteToken.get(), caller)
        : fallback.orElseThrow().unlink(alias, caller);
  }

  /** Takes all aliases of a media away, and denies these. */
  List<String> purge(Media media, List<Denied> denied) throws Exception {
    return mayTakeOver()
        ? fallback.orElseThrow().purge(media, denied)
        : catalog.purge(media.hash(), denied);
  }

  private Optional<Found> found(Shown shown) {
    return catalog.find(shown.alias()).map(media -> new Found(media, shown.isForOnce()));
  }

  /**
   * A source. A proxied one is fetched and stored now where it is not yet, or is asked for at its
   * origin where that is due.
   */
  Optional<Found> fetched(Named source, Caller caller) throws Exception {
    boolean isLoop = isLoop(caller);
    if (source.isProxied() && isLoop && asUrl(() -> proxied.known(source.value())).isEmpty()) {
      throw new ApiException(
          ErrorCode.DOWNLOAD_FORBIDDEN,
          "Unable to download image, the request comes from a download itself: that is a loop");
    }
    if (source.isProxied() && !readOnly && !isLoop) {
      return found(asUrl(() -> proxied.fetch(source.value(), caller)));
    }
    if (source.isProxied() && asUrl(() -> proxied.known(source.value())).isEmpty()) {
      throw Errors.readOnlyMode();
    }
    return stored(source, caller);
  }

  /** Refuses a value that is not a URL. */
  private static <T> T asUrl(Callable<T> work) throws Exception {
    try {
      return work.call();
    } catch (FetchException e) {
      throw e.reason() == FetchException.Reason.INVALID_URL
          ? new ApiException(ErrorCode.INVALID_QUERY, e.getMessage())
          : e;
    }
  }

  /** The picture that an administrator has chosen to stand for those that are not there. */
  Optional<Found> placeholder() {
    return catalog.notFound().flatMap(catalog::find).map(media -> new Found(media, false));
  }

  private static ApiException proxyNotFound() {
    return new ApiException(ErrorCode.PROXY_NOT_FOUND, "Nothing was fetched from this URL");
  }
}
