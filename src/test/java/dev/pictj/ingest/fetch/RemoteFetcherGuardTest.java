package dev.pictj.ingest.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pictj.ingest.fetch.FetchException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
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

/** What a fetch refuses. The server listens on loopback and must not be reached. */
@Timeout(20)
@Tag("slow")
final class RemoteFetcherGuardTest {
  private static final byte[] NONE = {};
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0";
  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress ELSEWHERE = InetAddress.ofLiteral("127.0.0.2");

  @TempDir private Path folder;
  private Path target;
  private HostileServer server;
  private final LoopbackOnly here = new LoopbackOnly();

  @BeforeEach
  void start() throws IOException {
    target = folder.resolve("target");
    server = new HostileServer();
    server.on("/", OK, NONE);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    assertThat(here.strays()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "[::1]",
        "[::]",
        "0.0.0.0",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.1",
        "127.0.0.1.",
        "%31%32%37.0.0.1",
        "１２７.0.0.1",
        "127。0。0。1",
        "0",
        "0x"
      })
  void refusesEverySpellingOfLoopback(String host) {
    try (RemoteFetcher fetcher = strict()) {
      FetchException e = failure(fetcher, server.url(host, "/"));
      assertThat(e.reason()).isEqualTo(Reason.FORBIDDEN);
      assertThat(e).hasMessage("Unable to download image, address is not allowed");
    }
    assertThat(server.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://172.16.0.1/",
        "http://100.64.0.1/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fd00::1]/",
        "http://[fe80::1]/"
      })
  void refusesLocalNetworksAtOnce(String url) {
    try (RemoteFetcher fetcher = strict()) {
      assertThat(failure(fetcher, url).reason()).isEqualTo(Reason.FORBIDDEN);
    }
  }

  @Test
  void refusesCredentialsAndOtherSchemesEvenWherePrivateAddressesAreAllowed() {
    FetchLimits limits =
        new FetchLimits(1000, Duration.ofSeconds(5), Duration.ofSeconds(5), 5, 8, true);
    try (RemoteFetcher fetcher =
        new RemoteFetcher(limits, "1", Optional.empty(), here, address -> true, here::client)) {
      assertThat(failure(fetcher, server.url("me:secret@127.0.0.1", "/")).reason())
          .isEqualTo(Reason.FORBIDDEN);
      assertThat(failure(fetcher, "file:///etc/passwd").reason()).isEqualTo(Reason.FORBIDDEN);
    }
    assertThat(server.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.2:PORT/", "http://evil.test:PORT/", "//evil.test:PORT/"})
  void checksTheAddressARedirectLeadsTo(String location) {
    server.on(
        "/a",
        "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "
            + location.replace("PORT", Integer.toString(server.port())),
        NONE);
    Dns names =
        host ->
            switch (host) {
              case "good.test" -> List.of(HERE);
              case "evil.test" -> List.of(ELSEWHERE);
              default -> here.lookup(host);
            };
    try (RemoteFetcher fetcher = fetcher(names, HERE::equals)) {
      FetchException e = failure(fetcher, server.url("good.test", "/a"));
      assertThat(e.reason()).isEqualTo(Reason.FORBIDDEN);
    }
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void cannotLeaveTheMachineInATestEvenWithNoAddressCheck() {
    try (RemoteFetcher fetcher = fetcher(here, address -> true)) {
      for (String url : List.of("http://203.0.113.7/", "https://203.0.113.7/")) {
        assertThat(failure(fetcher, url).reason()).isEqualTo(Reason.BAD_RESPONSE);
      }
      assertThat(failure(fetcher, "http://name.test/").reason()).isEqualTo(Reason.BAD_RESPONSE);
    }
    assertThat(here.strays())
        .containsExactly(
            "socket to /203.0.113.7:80", "socket to /203.0.113.7:443", "lookup of name.test");
    here.strays().clear();
  }

  @Test
  void checksTheSchemeARedirectLeadsTo() {
    server.on(
        "/a", "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0", NONE);
    try (RemoteFetcher fetcher = fetcher(host -> List.of(HERE), HERE::equals)) {
      FetchException e = failure(fetcher, server.url("good.test", "/a"));
      assertThat(e.reason()).isEqualTo(Reason.FORBIDDEN);
    }
  }

  @Test
  void refusesAHostWithOneBadAddressAmongGoodOnes() {
    Dns both = host -> List.of(HERE, ELSEWHERE);
    try (RemoteFetcher fetcher = fetcher(both, HERE::equals)) {
      FetchException e = failure(fetcher, server.url("mixed.test", "/"));
      assertThat(e.reason()).isEqualTo(Reason.FORBIDDEN);
    }
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void connectsToTheAddressItCheckedAndAsksForItOnlyOnce() throws Exception {
    List<String> asked = new CopyOnWriteArrayList<>();
    Dns rebinding =
        host -> {
          asked.add(host);
          return List.of(asked.size() == 1 ? HERE : ELSEWHERE);
        };
    List<InetAddress> checked = new CopyOnWriteArrayList<>();
    Predicate<InetAddress> recording =
        address -> {
          checked.add(address);
          return address.equals(HERE);
        };
    try (RemoteFetcher fetcher = fetcher(rebinding, recording)) {
      // The name exists nowhere else, so reaching the server proves the pinned address was used.
      assertThat(fetcher.fetch(server.url("rebind.test", "/"), target)).isZero();
      assertThat(asked).containsExactly("rebind.test");
      assertThat(checked).containsExactly(HERE);
      assertThat(server.requests().getFirst()).contains("Host: rebind.test:" + server.port());

      // The next fetch looks again and reuses neither the address nor the connection.
      assertThat(failure(fetcher, server.url("rebind.test", "/")).reason())
          .isEqualTo(Reason.FORBIDDEN);
    }
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void resolvesEachHopOfARedirectAnew() {
    server.on("/a", "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0", NONE);
    List<String> asked = new CopyOnWriteArrayList<>();
    Dns rebinding =
        host -> {
          asked.add(host);
          return List.of(asked.size() == 1 ? HERE : ELSEWHERE);
        };
    try (RemoteFetcher fetcher = fetcher(rebinding, HERE::equals)) {
      assertThat(failure(fetcher, server.url("rebind.test", "/a")).reason())
          .isEqualTo(Reason.FORBIDDEN);
    }
    assertThat(asked).hasSize(2);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void reportsAnUnknownHost() {
    Dns nobody =
        host -> {
          throw new UnknownHostException(host);
        };
    try (RemoteFetcher fetcher = fetcher(nobody, HERE::equals)) {
      FetchException e = failure(fetcher, server.url("nobody.test", "/"));
      assertThat(e.reason()).isEqualTo(Reason.BAD_RESPONSE);
      assertThat(e).hasMessage("Unable to send request, host not found");
    }
  }

  @Test
  void anErrorIsNoFaultOfTheHost() {
    LinkageError error = new LinkageError("broken");
    Dns broken =
        host -> {
          throw error;
        };
    try (RemoteFetcher fetcher = fetcher(broken, HERE::equals)) {
      assertThatThrownBy(() -> fetcher.fetch(server.url("any.test", "/"), target)).isSameAs(error);
    }
  }

  @Test
  void doesNotWaitForASlowNameServer() {
    CountDownLatch end = new CountDownLatch(1);
    Dns slow =
        host -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            throw new UnknownHostException(host);
          }
          return List.of(HERE);
        };
    try (RemoteFetcher fetcher = fetcher(slow, HERE::equals)) {
      FetchException e = failure(fetcher, server.url("slow.test", "/"));
      assertThat(e.reason()).isEqualTo(Reason.TIMEOUT);
      assertThat(e).hasMessage("Unable to send request, Timeout while looking up the host: 1 s");
    }
    end.countDown();
  }

  @Test
  void replacesAnOldTargetAndRemovesItOnFailure() throws Exception {
    Files.writeString(target, "old");
    try (RemoteFetcher fetcher = fetcher(host -> List.of(HERE), HERE::equals)) {
      assertThat(fetcher.fetch(server.url("good.test", "/"), target)).isZero();
      assertThat(target).isEmptyFile();
      assertThat(failure(fetcher, "nonsense").reason()).isEqualTo(Reason.INVALID_URL);
    }
  }

  @Test
  void verifiesTheCertificateAgainstTheNameInTheUrl() throws Exception {
    Dns names = host -> List.of(HERE);
    try (TlsServer tls = TlsServer.start(folder, "good.test", Map.of("/x", "picture"));
        RemoteFetcher trusting = fetcher(names, HERE::equals, tls.trusting(here));
        RemoteFetcher standard = fetcher(names, HERE::equals)) {
      trusting.fetch("https://good.test:" + tls.port() + "/x", target);
      assertThat(target).hasContent("picture");
      assertThat(tls.names()).containsExactly("good.test");

      for (String host : List.of("other.test", "127.0.0.1")) {
        FetchException wrongName = failure(trusting, "https://" + host + ":" + tls.port() + "/x");
        assertThat(wrongName.reason()).isEqualTo(Reason.BAD_RESPONSE);
        assertThat(wrongName)
            .hasMessage("Unable to send request, secure connection to host failed");
      }
      FetchException unknownIssuer = failure(standard, "https://good.test:" + tls.port() + "/x");
      assertThat(unknownIssuer.reason()).isEqualTo(Reason.BAD_RESPONSE);
    }
  }

  @Test
  void hostsMayBeInternationalHaveAnUnderscoreOrEndInADot() throws Exception {
    try (TlsServer tls = TlsServer.start(folder, "*.good.test", Map.of("/x", "picture"));
        RemoteFetcher trusting = fetcher(host -> List.of(HERE), HERE::equals, tls.trusting(here))) {
      for (String host : List.of("my_cat.good.test", "cat.good.test.", "straße.good.test")) {
        assertThat(trusting.fetch(server.url(host, "/"), target)).isZero();
      }
      assertThat(server.requests())
          .extracting(head -> head.stream().filter(line -> line.startsWith("Host")).toList())
          .containsExactly(
              List.of("Host: my_cat.good.test:" + server.port()),
              List.of("Host: cat.good.test.:" + server.port()),
              List.of("Host: xn--strae-oqa.good.test:" + server.port()));
      for (String host : List.of("cat.good.test.", "straße.good.test")) {
        trusting.fetch("https://" + host + ":" + tls.port() + "/x", target);
        assertThat(target).hasContent("picture");
      }
      assertThat(tls.names()).containsExactly("cat.good.test", "xn--strae-oqa.good.test");
    }
  }

  /** Judges addresses as the program does. */
  private RemoteFetcher strict() {
    return fetcher(here, new AddressClassifier()::isPublic);
  }

  private RemoteFetcher fetcher(Dns resolver, Predicate<InetAddress> allowed) {
    return fetcher(resolver, allowed, here::client);
  }

  private RemoteFetcher fetcher(
      Dns resolver, Predicate<InetAddress> allowed, Supplier<OkHttpClient> client) {
    FetchLimits limits =
        new FetchLimits(1000, Duration.ofSeconds(1), Duration.ofSeconds(8), 5, 8, false);
    return new RemoteFetcher(limits, "1", Optional.empty(), resolver, allowed, client);
  }

  private FetchException failure(RemoteFetcher fetcher, String url) {
    FetchException e = catchThrowableOfType(FetchException.class, () -> fetcher.fetch(url, target));
    assertThat(e).as(url).isNotNull();
    assertThat(target).doesNotExist();
    return e;
  }
}
