package dev.pictj.http;

import dev.pictj.engine.Party;
import dev.pictj.network.Network;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Who a request comes from.
 *
 * @param text the address in its usual form; where the client is not known, that of the peer, which
 *     is the other end of the connection
 * @param known whether it is the address of one client: that of a peer on the public internet, or
 *     one that a trusted proxy vouches for. A peer in a private network may be a proxy that nobody
 *     told us of, and a trusted proxy that names nobody stands for all its clients
 */
record ClientAddress(String text, boolean known) {
  private static final String NAME = ClientAddress.class.getName();

  /** Loopback, private and link-local addresses, and those of carrier-grade NAT. */
  private static final List<Network> SHARED =
      Stream.of(
              "127.0.0.0/8",
              "10.0.0.0/8",
              "172.16.0.0/12",
              "192.168.0.0/16",
              "169.254.0.0/16",
              "100.64.0.0/10",
              "::1",
              "fc00::/7",
              "fe80::/10")
          .map(Network::of)
          .toList();

  /** Where IPv6 tells one client from another; the rest of an address is the client's to choose. */
  private static final int CLIENT_BYTES = 8;

  /** The party that the work is done for, where the client is known. */
  Optional<Party> party() {
    if (!known) {
      return Optional.empty();
    }
    byte[] address = InetAddress.ofLiteral(text).getAddress();
    return Optional.of(
        Party.ofClient(
            HexFormat.of().formatHex(address, 0, Math.min(address.length, CLIENT_BYTES))));
  }

  /** The client of a request that has been through {@link #customizer}. */
  static ClientAddress of(Request request) {
    return request.getAttribute(NAME) instanceof ClientAddress found
        ? found
        : direct(request.getConnectionMetaData().getRemoteSocketAddress());
  }

  /**
   * Finds out for every request who it comes from.
   *
   * @param trusted proxies whose word is taken; only what such a peer sends is looked at
   */
  static HttpConfiguration.Customizer customizer(List<Network> trusted) {
    return (request, responseHeaders) -> {
      request.setAttribute(
          NAME,
          find(
              request.getConnectionMetaData().getRemoteSocketAddress(),
              request.getHeaders(),
              trusted));
      return request;
    };
  }

  private static ClientAddress find(SocketAddress peer, HttpFields headers, List<Network> trusted) {
    boolean vouches =
        !trusted.isEmpty()
            && peer instanceof InetSocketAddress internet
            && Network.anyContains(trusted, internet.getAddress());
    return vouches
        ? ForwardedFor.client(headers, trusted)
            .map(client -> new ClientAddress(client.getHostAddress(), true))
            .orElseGet(() -> new ClientAddress(text(peer), false))
        : direct(peer);
  }

  private static ClientAddress direct(SocketAddress peer) {
    return new ClientAddress(
        text(peer),
        peer instanceof InetSocketAddress internet
            && !Network.anyContains(SHARED, internet.getAddress()));
  }

  /** Writes an address without the zone of a link-local one. */
  private static String text(SocketAddress peer) {
    if (!(peer instanceof InetSocketAddress internet) || internet.getAddress() == null) {
      return "unknown";
    }
    InetAddress address = internet.getAddress();
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }
}
