package dev.pictj.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads how a proxy is written: {@code http://[user:password@]host:port} (RFC 3986). */
final class ProxyUrl {
  private ProxyUrl() {}

  /** The proxy, or nothing when the text is not a proxy's URL. */
  static Optional<Settings.Proxy> parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
    boolean hasMore =
        !(uri.getRawPath() == null || uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
            || uri.getRawQuery() != null
            || uri.getRawFragment() != null;
    if (!"http".equalsIgnoreCase(uri.getScheme())
        || uri.getHost() == null
        || uri.getPort() < 1
        || uri.getPort() > 65_535
        || hasMore) {
      return Optional.empty();
    }
    String host = uri.getHost();
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    Optional<String> credentials = Optional.ofNullable(uri.getRawUserInfo()).map(ProxyUrl::decoded);
    if (credentials.isPresent() && !credentials.get().matches("[^:\\p{Cntrl}]+:\\P{Cntrl}*")) {
      return Optional.empty();
    }
    return Optional.of(new Settings.Proxy(host, uri.getPort(), credentials));
  }

  /** Percent-decoded; a plus sign stands for itself here. */
  private static String decoded(String userInfo) {
    return URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
