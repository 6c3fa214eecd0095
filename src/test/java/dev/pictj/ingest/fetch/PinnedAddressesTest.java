package dev.pictj.ingest.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.config.OutboundProxy;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP client connects to checked addresses only and looks up no name, whatever it wants. */
@Timeout(20)
final class PinnedAddressesTest {
  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

  @TempDir private Path folder;
  private final LoopbackOnly here = new LoopbackOnly();
  private HostileServer server;
  private ConnectProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = new HostileServer();
    server.on("/", "HTTP/1.1 200 OK\r\nContent-Length: 0", new byte[0]);
    proxy = new ConnectProxy();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    proxy.close();
    assertThat(here.strays()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSocketConnectsToNothingElse(boolean proxied) throws Exception {
    Optional<ProxyTunnel> tunnel =
        proxied
            ? Optional.of(
                new ProxyTunnel(
                    new InetSocketAddress(HERE, proxy.port()),
                    Optional.empty(),
                    Duration.ofSeconds(5)))
            : Optional.empty();
    PinnedAddresses addresses = new PinnedAddresses(List.of(HERE), tunnel);
    for (SocketAddress other :
        List.of(
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), server.port()),
            new InetSocketAddress(InetAddress.ofLiteral("::1"), server.port()),
            InetSocketAddress.createUnresolved("127.0.0.1", server.port()))) {
      try (Socket socket = addresses.createSocket()) {
        assertThatThrownBy(() -> socket.connect(other, 1000))
            .isInstanceOf(ConnectException.class)
            .hasMessage("an address that nobody checked");
        assertThat(socket.isConnected()).isFalse();
      }
    }
    assertThat(proxy.heads()).isEmpty();
    try (Socket socket = addresses.createSocket()) {
      socket.connect(new InetSocketAddress(HERE, server.port()), 1000);
      assertThat(socket.isConnected()).isTrue();
    }
    assertThat(proxy.heads()).hasSize(proxied ? 1 : 0);
  }

  /** OkHttp does not ask for what it takes for an address itself, so the socket has to refuse. */
  @Test
  void aLiteralIsNoWayAroundTheLookup() {
    InetAddress elsewhere = InetAddress.ofLiteral("127.0.0.2");
    try (RemoteFetcher fetcher = fetcher(Optional.empty(), List.of(elsewhere))) {
      assertThatThrownBy(() -> fetcher.fetch(server.url("127.0.0.1", "/"), target()))
          .isInstanceOf(FetchException.class)
          .hasRootCauseMessage("an address that nobody checked");
    }
    assertThat(server.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theSystemIsAskedForNoName(boolean proxied) throws Exception {
    Optional<OutboundProxy> through =
        proxied
            ? Optional.of(new OutboundProxy("proxy.test", proxy.port(), Optional.empty()))
            : Optional.empty();
    List<String> hosts =
        List.of("pinned.test", "my_pinned.test", "pinned.test.", "2130706433", "0x7f.1", "127.1");
    try (RemoteFetcher fetcher = fetcher(through, List.of(HERE))) {
      for (String host : hosts) {
        assertThat(fetcher.fetch(server.url(host, "/"), target())).isZero();
      }
      for (String host : List.of("1.2.3.4.5", "999999999999", "127.0.0.256")) {
        assertThatThrownBy(() -> fetcher.fetch(server.url(host, "/"), target()))
            .isInstanceOf(FetchException.class);
      }
    }
    assertThat(here.callers()).as("no thread of OkHttp's").containsOnly(Thread.currentThread());
    assertThat(server.requests()).hasSize(hosts.size());
    assertThat(proxy.heads()).hasSize(proxied ? hosts.size() : 0);
    assertThat(SystemLookups.names()).noneMatch(name -> name.matches(".*[.]test[.]?|[0-9x.]+"));
  }

  @Test
  void theProxiesThatTheJvmIsToldAreIgnored() throws Exception {
    System.setProperty("socksProxyHost", "127.0.0.2");
    System.setProperty("socksNonProxyHosts", "");
    System.setProperty("http.proxyHost", "127.0.0.2");
    System.setProperty("http.nonProxyHosts", "");
    try (RemoteFetcher fetcher = fetcher(Optional.empty(), List.of(HERE))) {
      assertThat(fetcher.fetch(server.url("pinned.test", "/"), target())).isZero();
    } finally {
      System.clearProperty("socksProxyHost");
      System.clearProperty("socksNonProxyHosts");
      System.clearProperty("http.proxyHost");
      System.clearProperty("http.nonProxyHosts");
    }
  }

  private Path target() {
    return folder.resolve("target");
  }

  private RemoteFetcher fetcher(Optional<OutboundProxy> through, List<InetAddress> found) {
    FetchLimits limits =
        new FetchLimits(1000, Duration.ofSeconds(5), Duration.ofSeconds(10), 5, 8, false);
    return new RemoteFetcher(limits, "1", through, _ -> found, _ -> true, here::client);
  }
}
