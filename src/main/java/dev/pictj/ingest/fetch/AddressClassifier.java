package dev.pictj.ingest.fetch;

import dev.pictj.network.Network;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Tells whether an address belongs to the public internet. Pure: it looks at the bytes only.
 *
 * <p>The tables follow the IANA special-purpose registries (RFC 6890, updated by RFC 8190). For
 * IPv4 everything is public but the blocks listed. For IPv6 nothing is public but the global
 * unicast space {@code 2000::/3} (RFC 4291 section 2.4) less the blocks listed; that leaves out the
 * unspecified address, loopback, unique local, link-local, site-local, multicast, discard-only (RFC
 * 6666) and IPv4-compatible addresses without naming them.
 *
 * <p>The registries call some blocks globally reachable that are answered by whatever node is
 * nearest (AS112, AMT). Such a node may be the administrator's own, and none holds pictures, so
 * they are refused as well.
 *
 * <p>An IPv6 address that carries an IPv4 address could lead a packet to that inner address. Mapped
 * and well-known NAT64 addresses are in daily use and are judged by the inner address; the tunnels
 * (6to4, Teredo, ISATAP) and local NAT64 are refused whatever they carry.
 */
final class AddressClassifier {
  private static final List<Network> IPV4_REFUSED =
      List.of(
          Network.of("0.0.0.0/8"), // this network, RFC 791
          Network.of("10.0.0.0/8"), // private use, RFC 1918
          Network.of("100.64.0.0/10"), // carrier-grade NAT, RFC 6598
          Network.of("127.0.0.0/8"), // loopback, RFC 1122
          Network.of("169.254.0.0/16"), // link-local, RFC 3927: cloud metadata lives here
          Network.of("172.16.0.0/12"), // private use, RFC 1918
          Network.of("192.0.0.0/24"), // IETF protocol assignments, RFC 6890
          Network.of("192.0.2.0/24"), // documentation, RFC 5737
          Network.of("192.31.196.0/24"), // AS112, RFC 7535
          Network.of("192.52.193.0/24"), // multicast tunnelling (AMT), RFC 7450
          Network.of("192.88.99.0/24"), // 6to4 relay anycast, RFC 7526
          Network.of("192.168.0.0/16"), // private use, RFC 1918
          Network.of("192.175.48.0/24"), // AS112, RFC 7534
          Network.of("198.18.0.0/15"), // benchmarking, RFC 2544
          Network.of("198.51.100.0/24"), // documentation, RFC 5737
          Network.of("203.0.113.0/24"), // documentation, RFC 5737
          Network.of("224.0.0.0/4"), // multicast, RFC 5771
          Network.of("240.0.0.0/4")); // reserved and limited broadcast, RFC 1112, RFC 919

  private static final Network IPV6_GLOBAL = Network.of("2000::/3");

  private static final List<Network> IPV6_REFUSED =
      List.of(
          Network.of(
              "2001::/23"), // IETF protocol assignments, RFC 2928: Teredo, ORCHID, benchmarks
          Network.of("2001:db8::/32"), // documentation, RFC 3849
          Network.of("2620:4f:8000::/48"), // AS112, RFC 7534
          Network.of("2002::/16"), // 6to4, RFC 3056
          Network.of("3fff::/20")); // documentation, RFC 9637

  /** NAT64 with the well-known prefix, RFC 6052. */
  private static final Network NAT64 = Network.of("64:ff9b::/96");

  /** Whether a stranger may make us connect to this address. */
  boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 4 ? isPublicIpv4(bytes) : isPublicIpv6(bytes);
  }

  private static boolean isPublicIpv4(byte[] address) {
    return IPV4_REFUSED.stream().noneMatch(block -> block.contains(address));
  }

  private static boolean isPublicIpv6(byte[] address) {
    if (isMapped(address) || NAT64.contains(address)) {
      return isPublicIpv4(Arrays.copyOfRange(address, 12, 16));
    }
    return IPV6_GLOBAL.contains(address)
        && !isIsatap(address)
        && IPV6_REFUSED.stream().noneMatch(block -> block.contains(address));
  }

  /**
   * IPv4-mapped, {@code ::ffff:0:0/96}, RFC 4291 section 2.5.5.2. Not in the table because the JDK
   * reads such a literal as an IPv4 address.
   */
  private static boolean isMapped(byte[] address) {
    for (int i = 0; i < 10; i++) {
      if (address[i] != 0) {
        return false;
      }
    }
    return address[10] == (byte) 0xff && address[11] == (byte) 0xff;
  }

  /** An ISATAP interface identifier: {@code [02]00:5efe} before the IPv4 part, RFC 5214 6.1. */
  private static boolean isIsatap(byte[] address) {
    return (address[8] & ~0x03) == 0
        && address[9] == 0
        && address[10] == 0x5e
        && address[11] == (byte) 0xfe;
  }
}
