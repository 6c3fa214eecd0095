package dev.pictj.ingest.fetch;

import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Keeps a test's fetcher on this machine whatever it is made to try, and remembers what it tried: a
 * socket to elsewhere is not opened, a name is not asked for outside.
 */
final class LoopbackOnly implements DialGuard, HostResolver {
  private final List<String> strays = new CopyOnWriteArrayList<>();

  @Override
  public void check(SocketAddress address) throws ConnectException {
    if (!(address instanceof InetSocketAddress internet)
        || internet.getAddress() == null
        || !internet.getAddress().isLoopbackAddress()) {
      strays.add("socket to " + address);
      throw new ConnectException("a test may connect to loopback only");
    }
  }

  /** Reads literals, in every spelling the JDK knows; of names it knows only localhost. */
  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    if (host.equalsIgnoreCase("localhost")) {
      return new InetAddress[] {InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1")};
    }
    try {
      return new InetAddress[] {InetAddress.ofLiteral(host)};
    } catch (IllegalArgumentException notStandard) {
      try {
        return new InetAddress[] {Inet4Address.ofPosixLiteral(host)};
      } catch (IllegalArgumentException notALiteral) {
        strays.add("lookup of " + host);
        throw new UnknownHostException(host);
      }
    }
  }

  /** What was tried beyond loopback; empty at the end of every test but this class's own. */
  List<String> strays() {
    return strays;
  }
}
