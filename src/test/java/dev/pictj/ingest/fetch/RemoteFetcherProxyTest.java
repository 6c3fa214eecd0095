package dev.pictj.ingest.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.pictj.config.OutboundProxy;
import dev.pictj.ingest.fetch.FetchException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.Supplier;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads through an outbound proxy: as guarded as without one. */
@Timeout(20)
@Tag("slow")
final class RemoteFetcherProxyTest {
  private static final byte[] NONE = {};
  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress HERE_6 = InetAddress.ofLiteral("::1");
  private static final InetAddress ELSEWHERE = InetAddress.ofLiteral("127.0.0.2");

  @TempDir private Path folder;
  private Path target;
  private HostileServer server;
  private final LoopbackOnly here = new LoopbackOnly();

  @BeforeEach
  void start() throws IOException {
    target = folder.resolve("target");
    server = new HostileServer();
    server.on("/", "HTTP/1.1 200 OK\r\nContent-Length: 7", "picture".getBytes(UTF_8));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    assertThat(here.strays()).isEmpty();
  }

  @Test
  void tellsTheProxyTheCheckedAddressAndTheServerItsName() throws Exception {
    try (ConnectProxy proxy = new ConnectProxy();
        RemoteFetcher fetcher = fetcher(proxy, host -> List.of(HERE), HERE::equals)) {
      fetcher.fetch(server.url("good.test", "/"), target);
      assertThat(target).hasContent("picture");
      assertThat(proxy.heads())
          .containsExactly(
              List.of(
                  "CONNECT 127.0.0.1:" + server.port() + " HTTP/1.1",
                  "Host: 127.0.0.1:" + server.port()));
      assertThat(server.requests()).hasSize(1);
      assertThat(server.requests().getFirst())
          .contains("GET / HTTP/1.1", "Host: good.test:" + server.port());
      assertNothingLeftOpen(fetcher, proxy);
    }
  }

  @Test
  void verifiesTheCertificateAgainstTheNameInTheUrlThroughTheTunnelToo() throws Exception {
    try (TlsServer tls = TlsServer.start(folder, "good.test", Map.of("/x", "picture"));
        ConnectProxy proxy = new ConnectProxy();
        RemoteFetcher fetcher =
            fetcher(
                Optional.of(at(proxy, Optional.empty())),
                host -> List.of(HERE),
                HERE::equals,
                tls.trusting(here))) {
      fetcher.fetch("https://good.test:" + tls.port() + "/x", target);
      assertThat(target).hasContent("picture");
      assertThat(tls.names()).containsExactly("good.test");
      assertThat(proxy.targets()).containsExactly("127.0.0.1:" + tls.port());

      for (String host : List.of("other.test", "127.0.0.1")) {
        FetchException e = failure(fetcher, "https://" + host + ":" + tls.port() + "/x");
        assertThat(e.reason()).isEqualTo(Reason.BAD_RESPONSE);
        assertThat(e).hasMessageContaining("secure connection to host failed");
      }
      assertNothingLeftOpen(fetcher, proxy);
    }
  }

  @Test
  void showsItsCredentialsToTheProxyOnly() throws Exception {
    OutboundProxy[] configured = new OutboundProxy[1];
    try (ConnectProxy proxy = new ConnectProxy()) {
      configured[0] = at(proxy, Optional.of("me:pässword"));
      try (RemoteFetcher fetcher =
          fetcher(Optional.of(configured[0]), host -> List.of(HERE), HERE::equals, here::client)) {
        fetcher.fetch(server.url("good.test", "/"), target);
        String expected = Base64.getEncoder().encodeToString("me:pässword".getBytes(UTF_8));
        assertThat(proxy.heads().getFirst()).contains("Proxy-Authorization: Basic " + expected);
        assertThat(String.join("\n", server.requests().getFirst()))
            .doesNotContainIgnoringCase("authorization")
            .doesNotContain(expected);
      }
    }
    assertThat(configured[0].toString()).doesNotContain("me").doesNotContain("pässword");
  }

  @Test
  void asksForNoTunnelToARefusedAddress() throws Exception {
    try (ConnectProxy proxy = new ConnectProxy();
        RemoteFetcher fetcher = fetcher(proxy, here, new AddressClassifier()::isPublic)) {
      for (String host : List.of("127.0.0.1", "localhost", "169.254.169.254", "[fd00::1]")) {
        FetchException e = failure(fetcher, "http://" + host + ":" + server.port() + "/");
        assertThat(e.reason()).as(host).isEqualTo(Reason.FORBIDDEN);
      }
      assertThat(proxy.heads()).isEmpty();
    }
  }

  @Test
  void asksForNoTunnelToWhereARedirectMustNotLead() throws Exception {
    server.on(
        "/a",
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2/\r\nContent-Length: 0\r\n"
            + "Connection: close",
        NONE);
    Dns names = host -> List.of(host.equals("127.0.0.2") ? ELSEWHERE : HERE);
    try (ConnectProxy proxy = new ConnectProxy();
        RemoteFetcher fetcher = fetcher(proxy, names, HERE::equals)) {
      FetchException e = failure(fetcher, server.url("good.test", "/a"));
      assertThat(e.reason()).isEqualTo(Reason.FORBIDDEN);
      assertThat(proxy.targets()).containsExactly("127.0.0.1:" + server.port());
    }
  }

  @Test
  void gainsARebindingNameServerNothing() throws Exception {
    List<String> asked = new CopyOnWriteArrayList<>();
    Dns rebinding =
        host -> {
          if (host.equals("127.0.0.1")) {
            return List.of(HERE); // the proxy's
          }
          asked.add(host);
          return List.of(asked.size() == 1 ? HERE : ELSEWHERE);
        };
    try (ConnectProxy proxy = new ConnectProxy();
        RemoteFetcher fetcher = fetcher(proxy, rebinding, HERE::equals)) {
      fetcher.fetch(server.url("rebind.test", "/"), target);
      assertThat(target).hasContent("picture");
      assertThat(asked).hasSize(1);
      assertThat(proxy.targets()).containsExactly("127.0.0.1:" + server.port());
      assertThat(failure(fetcher, server.url("rebind.test", "/")).reason())
          .isEqualTo(Reason.FORBIDDEN);
      assertThat(proxy.targets()).hasSize(1);
    }
  }

  @Test
  void asksForTheNextAddressWhenTheProxyCannotReachTheFirst() throws Exception {
    Dns two = host -> host.equals("127.0.0.1") ? List.of(HERE) : List.of(HERE_6, HERE);
    try (ConnectProxy proxy =
            new ConnectProxy(
                (head, out) -> {
                  boolean isIpv6 = head.getFirst().contains("[");
                  String status = isIpv6 ? "502 Bad Gateway" : "200 OK";
                  out.write(("HTTP/1.1 " + status + "\r\n\r\n").getBytes(UTF_8));
                  return !isIpv6;
                });
        RemoteFetcher fetcher = fetcher(proxy, two, InetAddress::isLoopbackAddress)) {
      fetcher.fetch(server.url("good.test", "/"), target);
      assertThat(target).hasContent("picture");
      assertThat(proxy.targets())
          .containsExactly("[0:0:0:0:0:0:0:1]:" + server.port(), "127.0.0.1:" + server.port());
      assertNothingLeftOpen(fetcher, proxy);
    }
  }

  @Test
  void takesAnInterimAnswerAndABareOne() throws Exception {
    try (ConnectProxy proxy =
            new ConnectProxy(
                (_, out) -> {
                  out.write(
                      "HTTP/1.1 100 Continue\r\nA: b\r\n\r\nHTTP/1.0 200\nC: d\n\n"
                          .getBytes(UTF_8));
                  return true;
                });
        RemoteFetcher fetcher = fetcher(proxy, host -> List.of(HERE), HERE::equals)) {
      fetcher.fetch(server.url("good.test", "/"), target);
      assertThat(target).hasContent("picture");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n",
        "HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\nsecret",
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2/\r\n\r\n",
        "HTTP/1.1 502 Bad Gateway\r\n\r\n",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/2 200 OK\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n"
      })
  void callsARefusalOrABrokenAnswerABadResponseAndRepeatsNothingOfIt(String answer)
      throws Exception {
    try (ConnectProxy proxy = ConnectProxy.saying(answer);
        RemoteFetcher fetcher = fetcher(proxy, host -> List.of(HERE), HERE::equals)) {
      FetchException e = failure(fetcher, server.url("good.test", "/"));
      assertThat(e.reason()).isEqualTo(Reason.BAD_RESPONSE);
      assertThat(e)
          .hasMessage("Unable to send request, Failed to connect to host or to read its answer");
      assertThat(proxy.heads()).hasSize(1);
      assertNothingLeftOpen(fetcher, proxy);
    }
    assertThat(server.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 200 OK\r\nA: b\r\n", "HTTP/1.1 100 Go on\r\n\r\n", "x"})
  void limitsTheHeadOfTheAnswer(String endlessly) throws Exception {
    byte[] part = endlessly.getBytes(StandardCharsets.ISO_8859_1);
    try (ConnectProxy proxy =
            new ConnectProxy(
                (_, out) -> {
                  while (true) {
                    out.write(part);
                  }
                });
        RemoteFetcher fetcher = fetcher(proxy, host -> List.of(HERE), HERE::equals)) {
      assertThat(failure(fetcher, server.url("good.test", "/")).reason())
          .isEqualTo(Reason.BAD_RESPONSE);
      assertNothingLeftOpen(fetcher, proxy);
    }
  }

  /** One whose proxy has 600 ms to open a tunnel. */
  private RemoteFetcher throughQuickly(ConnectProxy proxy, Duration totalTimeout) {
    return new RemoteFetcher(
        new FetchLimits(1000, Duration.ofMillis(600), totalTimeout, 5, 8, false),
        "1",
        Optional.of(at(proxy, Optional.empty())),
        host -> List.of(HERE),
        HERE::equals,
        here::client);
  }

  /** The total time is long here, so it is the connect timeout that ends these. */
  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nA: "})
  void doesNotWaitForASilentOrTricklingProxy(String start) throws Exception {
    try (ConnectProxy proxy =
            ConnectProxy.trickling(start, start.isEmpty() ? NONE : new byte[] {'b'}, 50);
        RemoteFetcher fetcher = throughQuickly(proxy, Duration.ofMinutes(10))) {
      FetchException e = failure(fetcher, server.url("good.test", "/"));
      assertThat(e.reason()).isEqualTo(Reason.TIMEOUT);
      assertThat(fetcher.openConnections()).isZero();
    }
  }

  /** The connect timeout is for the tunnel, not for what comes through it. */
  @Test
  void aServerMayTakeLongerThanTheTunnel() throws Exception {
    // Later than the tunnel may take to open.
    server.onLate("/slow", 900, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    try (ConnectProxy proxy = new ConnectProxy();
        RemoteFetcher fetcher = throughQuickly(proxy, Duration.ofSeconds(10))) {
      assertThat(fetcher.fetch(server.url("good.test", "/slow"), target)).isZero();
    }
  }

  @Test
  void reportsAProxyThatIsNotThere() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, HERE)) {
      port = free.getLocalPort();
    }
    OutboundProxy nobody = new OutboundProxy("127.0.0.1", port, Optional.of("me:secret"));
    try (RemoteFetcher fetcher =
        fetcher(Optional.of(nobody), host -> List.of(HERE), HERE::equals, here::client)) {
      FetchException e = failure(fetcher, server.url("good.test", "/"));
      assertThat(e.reason()).isEqualTo(Reason.BAD_RESPONSE);
      assertThat(e).hasMessageNotContaining("secret");
    }
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void sendsNothingAroundTheProxyWhenItsNameIsUnknown() throws Exception {
    OutboundProxy unknown = new OutboundProxy("proxy.test", 3128, Optional.empty());
    try (RemoteFetcher fetcher =
        fetcher(Optional.of(unknown), here, InetAddress::isLoopbackAddress, here::client)) {
      assertThat(failure(fetcher, server.url("127.0.0.1", "/")).reason())
          .isEqualTo(Reason.BAD_RESPONSE);
    }
    assertThat(here.strays()).containsExactly("lookup of proxy.test");
    here.strays().clear();
    assertThat(server.requests()).isEmpty();
  }

  /** The guard of last resort is asked for what the tunnel leads to, not only for the socket. */
  @Test
  void cannotTunnelAwayFromTheMachineInATestEvenWithNoAddressCheck() throws Exception {
    try (ConnectProxy proxy = new ConnectProxy();
        RemoteFetcher fetcher = fetcher(proxy, here, address -> true)) {
      assertThat(failure(fetcher, "http://203.0.113.7/").reason()).isEqualTo(Reason.BAD_RESPONSE);
      assertThat(proxy.heads()).isEmpty();
    }
    assertThat(here.strays()).containsExactly("socket to /203.0.113.7:80");
    here.strays().clear();
  }

  private static OutboundProxy at(ConnectProxy proxy, Optional<String> credentials) {
    return new OutboundProxy("127.0.0.1", proxy.port(), credentials);
  }

  private RemoteFetcher fetcher(ConnectProxy proxy, Dns resolver, Predicate<InetAddress> allowed) {
    return fetcher(Optional.of(at(proxy, Optional.empty())), resolver, allowed, here::client);
  }

  private RemoteFetcher fetcher(
      Optional<OutboundProxy> proxy,
      Dns resolver,
      Predicate<InetAddress> allowed,
      Supplier<OkHttpClient> client) {
    FetchLimits limits =
        new FetchLimits(1000, Duration.ofSeconds(5), Duration.ofSeconds(10), 5, 8, false);
    return new RemoteFetcher(limits, "1", proxy, resolver, allowed, client);
  }

  private FetchException failure(RemoteFetcher fetcher, String url) {
    FetchException e = catchThrowableOfType(FetchException.class, () -> fetcher.fetch(url, target));
    assertThat(e).as(url).isNotNull();
    assertThat(Files.exists(target)).isFalse();
    return e;
  }

  private void assertNothingLeftOpen(RemoteFetcher fetcher, ConnectProxy proxy) {
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () -> {
              assertThat(fetcher.openConnections()).isZero();
              assertThat(server.openConnections()).isZero();
              assertThat(proxy.openConnections()).isZero();
            });
  }
}
