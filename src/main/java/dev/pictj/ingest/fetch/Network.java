package dev.pictj.ingest.fetch;

import java.net.InetAddress;

/**
 * A block of addresses in CIDR notation (RFC 4632 for IPv4, RFC 4291 section 2.3 for IPv6).
 *
 * <p>It works on the bytes of an address, so an IPv4 block never contains an IPv6 address.
 */
final class Network {
  private final byte[] prefix;
  private final int bits;

  private Network(byte[] prefix, int bits) {
    this.prefix = prefix;
    this.bits = bits;
  }

  /**
   * Reads a block like {@code 10.0.0.0/8} or {@code 2001:db8::/32}.
   *
   * @throws IllegalArgumentException if the text is no such block
   */
  static Network of(String cidr) {
    int slash = cidr.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("no prefix length in " + cidr);
    }
    byte[] prefix = InetAddress.ofLiteral(cidr.substring(0, slash)).getAddress();
    int bits = Integer.parseInt(cidr.substring(slash + 1));
    if (bits < 0 || bits > prefix.length * 8) {
      throw new IllegalArgumentException("prefix length out of range in " + cidr);
    }
    return new Network(prefix, bits);
  }

  /** Whether the address, given in network byte order, lies in this block. */
  boolean contains(byte[] address) {
    if (address.length != prefix.length) {
      return false;
    }
    int whole = bits / 8;
    for (int i = 0; i < whole; i++) {
      if (address[i] != prefix[i]) {
        return false;
      }
    }
    int rest = bits % 8;
    if (rest == 0) {
      return true;
    }
    int mask = 0xff << (8 - rest) & 0xff;
    return (address[whole] & mask) == (prefix[whole] & mask);
  }
}
