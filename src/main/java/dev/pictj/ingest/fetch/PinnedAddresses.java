package dev.pictj.ingest.fetch;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * The checked addresses of one hop. As the tag of a request it gives that request a destination of
 * its own, so it is compared by identity: two hops never share a connection.
 */
final class PinnedAddresses {
  private final List<InetSocketAddress> addresses;

  PinnedAddresses(List<InetSocketAddress> addresses) {
    this.addresses = List.copyOf(addresses);
  }

  List<InetSocketAddress> addresses() {
    return addresses;
  }
}
