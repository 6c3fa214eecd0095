package dev.pictj.ingest.fetch;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/**
 * An HTTP proxy through which every download goes, by {@code CONNECT} (RFC 9110 section 9.3.6). It
 * is the administrator's, so its own address may be private.
 *
 * @param host name or address literal, IPv6 without brackets
 * @param port 1 to 65535
 * @param credentials {@code user:password} for Basic authentication (RFC 7617), which only the
 *     proxy gets to see
 */
public record OutboundProxy(String host, int port, Optional<String> credentials) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the port is out of range or the host empty
   */
  public OutboundProxy {
    Objects.requireNonNull(credentials);
    if (host.isEmpty()) {
      throw new IllegalArgumentException("a proxy has a host");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("a proxy's port is from 1 to 65535");
    }
  }

  /** The value of {@code Proxy-Authorization}, where there are credentials. */
  Optional<String> authorization() {
    return credentials.map(
        secret ->
            "Basic " + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
  }

  /** Without the credentials, for logs. */
  @Override
  public String toString() {
    return "OutboundProxy[host=%s, port=%d, credentials=%s]"
        .formatted(host, port, credentials.isPresent() ? "set" : "none");
  }
}
