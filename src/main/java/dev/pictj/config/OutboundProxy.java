package dev.pictj.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * An HTTP proxy through which every download goes, by {@code CONNECT} (RFC 9110 section 9.3.6). It
 * is the administrator's, so its own address may be private.
 *
 * @param host name or address literal, IPv6 without brackets
 * @param port 1 to 65535
 * @param credentials {@code user:password} for Basic authentication (RFC 7617), decoded; only the
 *     proxy gets to see them
 */
public record OutboundProxy(String host, int port, Optional<String> credentials) {
  /**
   * The proxy of {@code http://[user:password@]host:port}, or nothing when that is not its shape.
   */
  static Optional<OutboundProxy> parse(String text) {
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
    Optional<String> credentials =
        Optional.ofNullable(uri.getRawUserInfo()).map(OutboundProxy::decoded);
    if (credentials.isPresent() && !credentials.get().matches("[^:\\p{Cntrl}]+:\\P{Cntrl}*")) {
      return Optional.empty();
    }
    return Optional.of(new OutboundProxy(host, uri.getPort(), credentials));
  }

  /** Decodes percent signs; a plus sign stands for itself here. */
  private static String decoded(String userInfo) {
    return URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** The value of {@code Proxy-Authorization}, where there are credentials. */
  public Optional<String> authorization() {
    return credentials.map(
        secret ->
            "Basic " + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
  }

  /** Writes the proxy without its credentials, for logs. */
  @Override
  public String toString() {
    return "OutboundProxy[host=%s, port=%d, credentials=%s]"
        .formatted(host, port, credentials.isPresent() ? "set" : "none");
  }
}
