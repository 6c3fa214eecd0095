package dev.pictj.ingest.fetch;

import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.Call;
import okhttp3.Dns;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;

/**
 * Keeps a test's fetcher on this machine whatever it is made to try, and remembers what it tried: a
 * socket to elsewhere is not opened, a name is not asked for outside.
 */
final class LoopbackOnly extends EventListener implements Dns {
  private final List<String> strays = new CopyOnWriteArrayList<>();
  private final Set<Thread> callers = ConcurrentHashMap.newKeySet();

  /** What the program's own client is, but for this guard. */
  OkHttpClient client() {
    return new OkHttpClient.Builder().eventListener(this).build();
  }

  @Override
  public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
    callers.add(Thread.currentThread());
    if (address.getAddress() == null || !address.getAddress().isLoopbackAddress()) {
      strays.add("socket to " + address);
      LoopbackOnly.<RuntimeException>fail(new ConnectException("a test connects to loopback only"));
    }
  }

  /** OkHttp is written in Kotlin, where any method may throw what it likes. */
  @SuppressWarnings("unchecked")
  private static <X extends Exception> void fail(Exception e) throws X {
    throw (X) e;
  }

  /** The threads that have connected. */
  Set<Thread> callers() {
    return callers;
  }

  /** Reads literals, in every spelling the JDK knows; of names it knows only localhost. */
  @Override
  public List<InetAddress> lookup(String host) throws UnknownHostException {
    if (host.equalsIgnoreCase("localhost")) {
      return List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));
    }
    try {
      return List.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException notStandard) {
      try {
        return List.of(Inet4Address.ofPosixLiteral(host));
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
