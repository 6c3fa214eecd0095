package dev.pictj.ingest.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.pictj.catalog.ProxiedUrls.Origin;
import dev.pictj.ingest.fetch.FetchException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The mechanics of a fetch, with private addresses allowed so that loopback can serve. */
@Timeout(20)
@Tag("slow")
final class RemoteFetcherTest {
  private static final int LIMIT = 100_000;
  private static final byte[] NONE = {};
  private static final Charset UTF = StandardCharsets.UTF_8;

  @TempDir private Path folder;
  private Path target;
  private HostileServer server;
  private RemoteFetcher fetcher;
  private final LoopbackOnly here = new LoopbackOnly();

  @BeforeEach
  void start() throws IOException {
    target = folder.resolve("target");
    server = new HostileServer();
    fetcher = open(limits(Duration.ofSeconds(10)));
  }

  @AfterEach
  void stop() throws IOException {
    fetcher.close();
    server.close();
    assertThat(here.strays()).isEmpty();
  }

  private RemoteFetcher open(FetchLimits limits) {
    return new RemoteFetcher(
        limits, "1.2.3", Optional.empty(), here, address -> true, here::client);
  }

  @Test
  void savesTheBodyAsItCame() throws Exception {
    byte[] body = random(LIMIT);
    server.on("/a?b=c", "HTTP/1.1 200 OK\r\nContent-Length: " + body.length, body);

    long size = fetcher.fetch(server.url("/a?b=c#part"), target);

    assertThat(size).isEqualTo(LIMIT);
    assertThat(target).hasBinaryContent(body);
    assertNothingLeftOpen();
  }

  @Test
  void savesChunkedBodiesAndBodiesThatEndWithTheConnection() throws Exception {
    server.on(
        "/chunked",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked",
        "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n".getBytes(UTF));
    server.on("/eof", "HTTP/1.0 200 OK", "fgh".getBytes(UTF));

    fetcher.fetch(server.url("/chunked"), target);
    assertThat(target).hasContent("abcde");
    fetcher.fetch(server.url("/eof"), target);
    assertThat(target).hasContent("fgh");
  }

  @Test
  void sendsNoMoreThanItMust() throws Exception {
    server.on(
        "/a", "HTTP/1.1 302 Found\r\nSet-Cookie: a=b\r\nLocation: /b\r\nContent-Length: 0", NONE);
    server.on("/b", "HTTP/1.1 200 OK\r\nContent-Length: 0", NONE);

    fetcher.fetch(server.url("/a"), target);

    assertThat(server.requests()).hasSize(2);
    assertThat(server.requests().get(1))
        .containsExactlyInAnyOrder(
            "GET /b HTTP/1.1",
            "Host: 127.0.0.1:" + server.port(),
            "User-Agent: pictj/1.2.3",
            "Accept: image/*,video/*,*/*;q=0.8",
            "Accept-Encoding: identity",
            "CDN-Loop: pictj",
            "Connection: close");
  }

  @Test
  void leavesContentEncodingsAlone() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(new byte[LIMIT * 10]);
    }
    byte[] body = packed.toByteArray();
    String head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + body.length;
    server.on("/a", head, body);

    fetcher.fetch(server.url("/a"), target);

    assertThat(target).hasBinaryContent(body);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void followsRedirectsUpToTheLimit(int status) throws Exception {
    redirectChain(status, 3);
    server.on("/3", "HTTP/1.1 200 OK\r\nContent-Length: 2", new byte[2]);

    assertThat(fetcher.fetch(server.url("/0"), target)).isEqualTo(2);
    assertNothingLeftOpen();
  }

  @Test
  void givesUpAfterTooManyRedirects() {
    redirectChain(302, 4);
    server.on("/4", "HTTP/1.1 200 OK\r\nContent-Length: 2", new byte[2]);

    assertFails("/0", Reason.BAD_RESPONSE, "Unable to download image, more than 3 redirects");
    assertThat(server.requests()).hasSize(4);
  }

  @Test
  void givesUpOnARedirectLoop() {
    server.on("/a", "HTTP/1.1 302 Found\r\nLocation: /a\r\nContent-Length: 0", NONE);

    assertFails("/a", Reason.BAD_RESPONSE, "Unable to download image, more than 3 redirects");
  }

  @ParameterizedTest
  @CsvSource({
    "404 Gone fishing,404 Not Found",
    "410 X,410 Gone",
    "451 X,451 Unavailable for Legal Reason",
    "500 X,500 Server Error",
    "304 X,304 Not Modified",
    "302 No location,302 Found",
    "300 X,300 Multiple Choices",
    "401 X,401 Unauthorized",
    "503 X,503 Service Unavailable",
    "101 X,101 Switching Protocols",
    "599 secret,599"
  })
  void namesABadStatusInItsOwnWords(String sent, String named) {
    server.on(
        "/a",
        "HTTP/1.1 "
            + sent
            + "\r\nWWW-Authenticate: Basic realm=x\r\nRetry-After: 0"
            + "\r\nContent-Length: 0",
        NONE);

    boolean gone = List.of("404", "410", "451").contains(named.substring(0, 3));
    assertFails(
        "/a",
        gone ? Reason.GONE : Reason.BAD_STATUS,
        "Unable to download image, bad response " + named);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void asksWhetherBytesHaveChanged() throws Exception {
    server.on(
        "/a",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nETag: W/\"1\"\r\nCache-Control: No-Store, x"
            + "\r\nLast-Modified: Mon, 01 Jan 2024 00:00:00 GMT",
        new byte[2]);
    Fetched first = fetcher.fetch(server.url("/a"), Origin.UNKNOWN, target, _ -> {});
    assertThat(first)
        .isEqualTo(
            new Fetched(
                Optional.of(2L),
                new Origin(
                    Optional.of("W/\"1\""), Optional.of("Mon, 01 Jan 2024 00:00:00 GMT"), true)));
    assertThat(server.requests().getFirst()).noneMatch(line -> line.startsWith("If-"));
    Files.delete(target);

    server.on("/a", "HTTP/1.1 304 Not Modified\r\nETag: \"2\"", NONE);
    Fetched again = fetcher.fetch(server.url("/a"), first.origin(), target, _ -> {});
    assertThat(again)
        .isEqualTo(
            new Fetched(
                Optional.empty(),
                new Origin(Optional.of("\"2\""), first.origin().lastModified(), false)));
    assertThat(server.requests().getLast())
        .contains("If-None-Match: W/\"1\"", "If-Modified-Since: Mon, 01 Jan 2024 00:00:00 GMT");
    assertThat(target).doesNotExist();
    assertNothingLeftOpen();
  }

  /** What is too long to be kept, or is not there, is not sent back. */
  @Test
  void keepsNoEndlessValidator() throws Exception {
    server.on(
        "/a", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nETag: " + "x".repeat(513), new byte[2]);
    assertThat(fetcher.fetch(server.url("/a"), Origin.UNKNOWN, target, _ -> {}).origin())
        .isEqualTo(Origin.UNKNOWN);
  }

  @Test
  void refusesATooLargeContentLengthWithoutReadingOn() {
    server.stallAfter("/a", "HTTP/1.1 200 OK\r\nContent-Length: " + (LIMIT + 1) + "\r\n\r\n");

    assertFails("/a", Reason.TOO_LARGE, tooLarge());
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.0 200 OK", "HTTP/1.1 200 OK\r\nConnection: close"})
  void stopsABodyThatIsOneByteTooLarge(String head) {
    server.on("/a", head, new byte[LIMIT + 1]);

    assertFails("/a", Reason.TOO_LARGE, tooLarge());
  }

  @Test
  void stopsAnEndlessBody() {
    server.on(
        "/a",
        out -> {
          out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(UTF));
          byte[] chunk = ("1000\r\n" + "x".repeat(4096) + "\r\n").getBytes(UTF);
          while (true) {
            out.write(chunk);
          }
        });

    assertFails("/a", Reason.TOO_LARGE, tooLarge());
  }

  @Test
  void stopsABodyThatTricklesPastTheTotalTime() {
    server.trickleAfter("/a", "HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n", 20);

    assertTimesOut("/a");
  }

  @Test
  void stopsABodyThatStalls() {
    server.stallAfter("/a", "HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\nabc");

    assertTimesOut("/a");
  }

  @Test
  void stopsAHeadThatTrickles() {
    server.trickleAfter("/a", "HTTP/1.1 200 OK\r\nX: ", 20);

    assertTimesOut("/a");
  }

  @Test
  void countsAllHopsInTheTotalTime() {
    // Each hop is within the total time; all together are not.
    server.onLate("/a", 400, "HTTP/1.1 302 Found\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n");

    assertTimesOut("/a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n500\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "HTTP/1.1 200 OK\r\nContent-Length: 0x10\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\n",
        "SSH-2.0-OpenSSH_9\r\n",
        "\0\0\0\0",
        ""
      })
  void callsBrokenAnswersBad(String answer) {
    server.on("/a", out -> out.write(answer.getBytes(UTF)));

    assertFails("/a", Reason.BAD_RESPONSE, null);
  }

  /** What the remote sends beyond the length it gave is not read, and never part of the picture. */
  @Test
  void readsNoMoreThanTheLengthThatWasGiven() throws Exception {
    byte[] more = "x".repeat(1_000_000).getBytes(UTF);
    server.on(
        "/a",
        out -> {
          out.write("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc".getBytes(UTF));
          out.write(more);
        });

    fetcher.fetch(server.url("/a"), target);

    assertThat(target).hasContent("abc");
    assertNothingLeftOpen();
  }

  @Test
  void limitsTheHead() {
    server.on("/a", "HTTP/1.1 200 OK\r\nX: " + "x".repeat(300_000), NONE);

    assertFails("/a", Reason.BAD_RESPONSE, null);
  }

  /** A client of HTTP/2 would read ahead, on threads of its own. */
  @Test
  void offersNothingButHttp11() throws Exception {
    List<String> greetings = new CopyOnWriteArrayList<>();
    try (LoopbackListener silent =
        new LoopbackListener(
            client -> {
              byte[] some = new byte[1 << 14];
              int size = client.getInputStream().read(some);
              greetings.add(new String(some, 0, size, StandardCharsets.ISO_8859_1));
            })) {
      assertThat(failure("https://localhost:" + silent.port() + "/").reason())
          .isEqualTo(Reason.BAD_RESPONSE);
    }
    String onlyProtocol = "\0\u0009\u0008http/1.1";
    assertThat(greetings).isNotEmpty().allMatch(greeting -> greeting.contains(onlyProtocol));
  }

  @Test
  void aLargeBodyIsNotTakenForWhatIsNoBody() throws Exception {
    fetcher.close();
    fetcher =
        open(new FetchLimits(5_000_000, Duration.ofSeconds(5), Duration.ofSeconds(10), 3, 8, true));
    byte[] body = random(2_000_000);
    server.on("/a", "HTTP/1.1 200 OK\r\nContent-Length: " + body.length, body);

    fetcher.fetch(server.url("/a"), target);

    assertThat(target).hasBinaryContent(body);
  }

  /** OkHttp alone would gather any of these in the heap until the time is over. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3;|x",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc|x",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n|A: b\r\n",
        "|HTTP/1.1 103 Early Hints\r\n\r\n"
      })
  void holdsNoEndlessLine(String answer) {
    String[] parts = answer.split("[|]", -1);
    byte[] endlessly = parts[1].repeat(1000).getBytes(UTF);
    server.on(
        "/a",
        out -> {
          out.write(parts[0].getBytes(UTF));
          while (true) {
            out.write(endlessly);
          }
        });

    assertFails("/a", Reason.BAD_RESPONSE, null);
  }

  @Test
  void readsALocationAsUtf8() throws Exception {
    server.on(
        "/a",
        out ->
            out.write(
                "HTTP/1.1 302 Found\r\nLocation: /ä\r\nContent-Length: 0\r\n\r\n".getBytes(UTF)));
    server.on("/%C3%A4", "HTTP/1.1 200 OK\r\nContent-Length: 2", new byte[2]);

    assertThat(fetcher.fetch(server.url("/a"), target)).isEqualTo(2);
  }

  @Test
  void stopsAGreetingThatIsNotAnswered() throws Exception {
    try (LoopbackListener silent =
        new LoopbackListener(client -> client.getInputStream().skip(Long.MAX_VALUE))) {
      fetcher.close();
      fetcher = open(limits(Duration.ofMillis(900)));
      assertThat(failure("https://127.0.0.1:" + silent.port() + "/").reason())
          .isEqualTo(Reason.TIMEOUT);
    }
  }

  @Test
  void reportsARefusedConnection() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    var e = failure("http://127.0.0.1:" + port + "/");
    assertThat(e.reason()).isEqualTo(Reason.BAD_RESPONSE);
    assertThat(e.getMessage()).startsWith("Unable to send request, Failed to connect to host");
  }

  @Test
  void endsAtOnceWhenInterrupted() throws Exception {
    server.stallAfter("/a", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nabc");
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    long size = fetcher.fetch(server.url("/a"), target);
                    thrown.set(new AssertionError("fetched " + size));
                  } catch (FetchException | InterruptedException | RuntimeException e) {
                    thrown.set(e);
                  }
                });
    await().until(() -> Files.exists(target));
    thread.interrupt();

    assertThat(thread.join(Duration.ofSeconds(5))).isTrue();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(target).doesNotExist();
    assertNothingLeftOpen();
  }

  @Test
  void doesNotBlameTheRemoteForOurOwnDisk() {
    server.on("/a", "HTTP/1.1 200 OK\r\nContent-Length: 3", new byte[3]);
    Path nowhere = folder.resolve("missing/target");

    assertThat(
            catchThrowableOfType(
                UncheckedIOException.class, () -> fetcher.fetch(server.url("/a"), nowhere)))
        .isNotNull();
    assertNothingLeftOpen();
  }

  /** OkHttp's own threads are the JVM's, end a minute after the last fetch, and hold nothing up. */
  @Test
  void leavesNoThreadBehindOnceClosed() throws Exception {
    server.on("/a", "HTTP/1.1 200 OK\r\nContent-Length: 3", new byte[3]);
    for (int i = 0; i < 20; i++) {
      fetcher.fetch(server.url("/a"), target);
    }
    assertThat(threads("pictj-fetch")).isNotEmpty().hasSizeLessThan(16);

    fetcher.close();

    await().atMost(Duration.ofSeconds(5)).until(() -> threads("pictj-fetch").isEmpty());
    assertThat(threads("Ok")).hasSizeLessThan(4).allMatch(Thread::isDaemon);
  }

  @Test
  void closingEndsWhatStillRuns() throws Exception {
    server.stallAfter("/a", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nabc");
    Thread closer =
        Thread.ofVirtual()
            .start(
                () -> {
                  await().until(() -> Files.exists(target));
                  fetcher.close();
                });

    assertFails("/a", Reason.BAD_RESPONSE, null);
    closer.join();
  }

  private static FetchLimits limits(Duration total) {
    return new FetchLimits(LIMIT, Duration.ofSeconds(5), total, 3, 8, true);
  }

  private static String tooLarge() {
    return "Unable to download image, Payload reached size limit of 100000 bytes";
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private void redirectChain(int status, int hops) {
    for (int i = 0; i < hops; i++) {
      String head = "HTTP/1.1 " + status + " X\r\nContent-Length: 3\r\nLocation: " + (i + 1);
      server.on("/" + i, head, new byte[3]);
    }
  }

  private FetchException failure(String url) {
    return catchThrowableOfType(FetchException.class, () -> fetcher.fetch(url, target));
  }

  private void assertFails(String path, Reason reason, String message) {
    FetchException e = failure(server.url(path));
    assertThat(e).isNotNull();
    assertThat(e.reason()).isEqualTo(reason);
    if (message != null) {
      assertThat(e).hasMessage(message);
    }
    assertThat(e.getMessage()).doesNotContain("127.0.0.1").doesNotContain("okhttp");
    assertThat(target).doesNotExist();
    assertNothingLeftOpen();
  }

  private void assertTimesOut(String path) {
    fetcher.close();
    fetcher = open(limits(Duration.ofMillis(900)));
    assertFails(
        path,
        Reason.TIMEOUT,
        "Unable to send request, Timeout while waiting for response: 5 s to connect, 0 s in all");
  }

  private void assertNothingLeftOpen() {
    assertThat(fetcher.openConnections()).isZero();
    await().atMost(Duration.ofSeconds(5)).until(() -> server.openConnections() == 0);
  }

  private static List<Thread> threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .toList();
  }
}
