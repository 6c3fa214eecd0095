package dev.pictj.ingest.fetch;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * The checked addresses of one hop, and the proxy's where one stands in between. As the tag of a
 * request it gives that request a destination of its own, so it is compared by identity: two hops
 * never share a connection.
 */
final class PinnedAddresses {
  private final List<InetSocketAddress> addresses;
  private final Optional<InetSocketAddress> proxy;

  PinnedAddresses(List<InetSocketAddress> addresses, Optional<InetSocketAddress> proxy) {
    this.addresses = List.copyOf(addresses);
    this.proxy = proxy;
  }

  List<InetSocketAddress> addresses() {
    return addresses;
  }

  /** Where the socket goes instead, to ask for a tunnel to one of the addresses. */
  Optional<InetSocketAddress> proxy() {
    return proxy;
  }
}
