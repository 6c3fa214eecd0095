package dev.pictj.network;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * A block of addresses in CIDR notation (RFC 4632 for IPv4, RFC 4291 section 2.3 for IPv6).
 *
 * <p>It works on the bytes of an address, so an IPv4 block never contains an IPv6 address. (The JDK
 * reads an IPv4 address inside an IPv6 one, {@code ::ffff:10.0.0.1}, as the IPv4 address.)
 */
public final class Network {
  private final byte[] prefix;
  private final int bits;

  private Network(byte[] prefix, int bits) {
    this.prefix = prefix;
    this.bits = bits;
    for (int bit = bits; bit < prefix.length * 8; bit++) {
      prefix[bit / 8] &= (byte) ~(0x80 >> bit % 8);
    }
  }

  /**
   * Reads a block like {@code 10.0.0.0/8} or {@code 2001:db8::/32}, or a single address. Bits after
   * the prefix do not matter.
   *
   * @throws IllegalArgumentException if the text is no such block
   */
  public static Network of(String cidr) {
    int slash = cidr.indexOf('/');
    byte[] prefix = literal(slash < 0 ? cidr : cidr.substring(0, slash)).getAddress();
    String length = slash < 0 ? Integer.toString(prefix.length * 8) : cidr.substring(slash + 1);
    if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > prefix.length * 8) {
      throw new IllegalArgumentException("prefix length out of range in " + cidr);
    }
    return new Network(prefix, Integer.parseInt(length));
  }

  /**
   * Reads an address: IPv4 of four decimal numbers, or IPv6 without brackets and without a zone.
   * The JDK reads more, such as {@code 10.1} and {@code fe80::1%eth0}.
   *
   * @throws IllegalArgumentException if the text is anything else, a host name for instance
   */
  public static InetAddress literal(String text) {
    boolean isPlain =
        text.indexOf(':') < 0
            ? text.matches("\\d{1,3}(\\.\\d{1,3}){3}")
            : text.matches("[0-9A-Fa-f:.]+");
    if (!isPlain) {
      throw new IllegalArgumentException("not an IP address: " + text);
    }
    return InetAddress.ofLiteral(text);
  }

  /** Whether an address lies in one of these blocks. */
  public static boolean anyContains(List<Network> blocks, InetAddress address) {
    byte[] bytes = address.getAddress();
    for (Network block : blocks) {
      if (block.contains(bytes)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the address, given in network byte order, lies in this block. */
  public boolean contains(byte[] address) {
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
    return (address[whole] & mask) == (prefix[whole] & 0xff);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Network that && bits == that.bits && Arrays.equals(prefix, that.prefix);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(prefix) * 31 + bits;
  }

  /** The spelling that {@link #of} reads. */
  @Override
  public String toString() {
    try {
      return InetAddress.getByAddress(prefix).getHostAddress() + "/" + bits;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }
}
