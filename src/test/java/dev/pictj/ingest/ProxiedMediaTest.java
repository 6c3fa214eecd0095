package dev.pictj.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.MemoryCatalog;
import dev.pictj.catalog.ProxiedUrls;
import dev.pictj.catalog.ProxiedUrls.Proxied;
import dev.pictj.catalog.Unlinked;
import dev.pictj.config.SettingsLoader;
import dev.pictj.engine.AbandonedWork;
import dev.pictj.engine.Caller;
import dev.pictj.engine.SingleFlight;
import dev.pictj.ingest.ProxiedMedia.Shown;
import dev.pictj.ingest.fetch.FetchLimits;
import dev.pictj.ingest.fetch.RemoteFetcher;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.KindLimits;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaType;
import dev.pictj.store.MemoryBlobStore;
import dev.pictj.store.TempFolder;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of other servers' pictures, and for how long. */
class ProxiedMediaTest {
  private static final ProxiedUrls.Origin KEPT =
      new ProxiedUrls.Origin(Optional.empty(), Optional.empty(), false);
  private static final ProxiedUrls.Origin FOR_ONCE =
      new ProxiedUrls.Origin(Optional.empty(), Optional.empty(), true);

  /** A clock that is set. */
  private static final class SetClock extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    /** What happens at the next look at it. */
    private Optional<Runnable> then = Optional.empty();

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      Optional<Runnable> once = then;
      then = Optional.empty();
      once.ifPresent(Runnable::run);
      return now;
    }
  }

  @TempDir private Path folder;
  private final SetClock clock = new SetClock();
  private final MemoryCatalog catalog = new MemoryCatalog(clock, System::nanoTime);
  private int trashed;

  private static ProxiedMedia.Rules rules(Optional<Long> budget) {
    return new ProxiedMedia.Rules(
        Duration.ofDays(7), budget, Duration.ofHours(1), Duration.ZERO, Duration.ofSeconds(9));
  }

  private ProxiedMedia proxied(Optional<Long> budget) {
    return new ProxiedMedia(
        rules(budget),
        Terms.NONE,
        catalog,
        null,
        null,
        null,
        null,
        new SingleFlight<>(Runnable::run, AbandonedWork.lasting(Duration.ZERO)),
        clock,
        () -> trashed++);
  }

  private static String url(String name) {
    return "http://origin.test/" + name;
  }

  private void stored(String name, ProxiedUrls.Origin origin) throws Exception {
    String filename = name + "000.png";
    catalog.announce(List.of(filename));
    Media media =
        new Media(
            "%064x".formatted(name.hashCode()),
            filename,
            100,
            new Details(new Dimensions(1, 1), MediaType.PNG, 1, clock.instant()));
    catalog.link(
        List.of(
            new Link(
                name + ".png",
                "t",
                media,
                true,
                Optional.empty(),
                Optional.of(new Link.Purpose.Url(url(name), origin)))));
  }

  private List<String> left() {
    return catalog.proxied().leastAsked(Optional.empty(), 999).stream()
        .map(ProxiedUrls.Proxied::url)
        .toList();
  }

  @Test
  void whatNobodyAsksForGoesAfterItsTime() throws Exception {
    ProxiedMedia proxied = proxied(Optional.empty());
    stored("aaaa", KEPT);
    stored("bbbb", KEPT);
    clock.now = clock.now.plus(Duration.ofDays(6));
    assertThat(proxied.known(url("bbbb"))).contains(new Shown("bbbb.png", false));
    proxied.run();
    assertThat(left()).containsExactly(url("aaaa"), url("bbbb"));
    clock.now = clock.now.plus(Duration.ofDays(1)).plusSeconds(1);
    proxied.run();
    assertThat(left()).containsExactly(url("bbbb"));
    assertThat(catalog.find("aaaa.png")).isEmpty();
    assertThat(catalog.discarded("", 9)).containsExactly("aaaa000.png");
    assertThat(proxied.known(url("aaaa"))).isEmpty();
    assertThat(catalog.find("bbbb.png")).isPresent();
    assertThat(trashed).isPositive();
  }

  @Test
  void whatNobodyMayKeepGoesSoonHoweverOftenItIsAskedFor() throws Exception {
    ProxiedMedia proxied = proxied(Optional.empty());
    stored("aaaa", FOR_ONCE);
    stored("bbbb", KEPT);
    assertThat(proxied.known(url("aaaa"))).contains(new Shown("aaaa.png", true));
    proxied.run();
    assertThat(left()).containsExactly(url("aaaa"), url("bbbb"));
    clock.now = clock.now.plusSeconds(10);
    proxied.run();
    assertThat(left()).containsExactly(url("bbbb"));
  }

  @Test
  void whatIsOverTheBudgetGoesInTheOrderInWhichItWasAskedFor() throws Exception {
    ProxiedMedia proxied = proxied(Optional.of(400L));
    for (String name : List.of("aaaa", "bbbb", "cccc", "dddd")) {
      stored(name, KEPT);
      clock.now = clock.now.plusSeconds(1);
    }
    proxied.run();
    assertThat(left()).hasSize(4);
    // It came past what counts it, and is found at the next sum.
    clock.now = clock.now.plus(Duration.ofHours(1));
    stored("eeee", KEPT);
    clock.now = clock.now.plusSeconds(1);
    assertThat(proxied.known(url("aaaa"))).isPresent();
    proxied.run();
    // 90 % of the budget are left.
    assertThat(left()).containsExactly(url("dddd"), url("eeee"), url("aaaa"));
  }

  /** What is noted of it while the others go is not written down yet. */
  @Test
  void whatSomebodyAsksForMeanwhileStays() throws Exception {
    ProxiedMedia proxied = proxied(Optional.of(400L));
    for (int i = 0; i < 5; i++) {
      stored("aaa" + i, KEPT);
      clock.now = clock.now.plusSeconds(1);
    }
    Runnable asks =
        () -> assertThatNoException().isThrownBy(() -> proxied.known(url("aaa0")).orElseThrow());
    clock.then = Optional.of(asks);
    proxied.run();
    assertThat(left()).containsExactly(url("aaa0"), url("aaa3"), url("aaa4"));
    clock.now = clock.now.plus(Duration.ofDays(8));
    clock.then = Optional.of(asks);
    proxied.run();
    assertThat(left()).containsExactly(url("aaa0"));
  }

  /** When it was asked for counts, not when that is written down. */
  @Test
  void whatWasAskedForEarlierGoesEarlier() throws Exception {
    ProxiedMedia proxied = proxied(Optional.of(150L));
    stored("aaaa", KEPT);
    clock.now = clock.now.plusSeconds(1);
    assertThat(proxied.known(url("aaaa"))).isPresent();
    clock.now = clock.now.plusSeconds(10);
    stored("bbbb", KEPT);
    clock.now = clock.now.plusSeconds(10);
    proxied.run();
    assertThat(left()).containsExactly(url("bbbb"));
  }

  @Test
  void aUrlWhosePictureWasDeletedIsForgotten() throws Exception {
    ProxiedMedia proxied = proxied(Optional.empty());
    stored("aaaa", KEPT);
    assertThat(catalog.unlink("aaaa.png", "t")).isNotNull();
    assertThat(proxied.known(url("aaaa"))).isEmpty();
    proxied.run();
    assertThat(left()).isEmpty();
  }

  /** All of the first page are to stay, and so is nothing decided for those behind it. */
  @Test
  void whatIsToGoIsFoundBehindManyThatStay() throws Exception {
    ProxiedMedia proxied = proxied(Optional.empty());
    stored("zzzz", FOR_ONCE);
    stored("yyyy", KEPT);
    clock.now = clock.now.plus(Duration.ofDays(8));
    for (int i = 100; i < 300; i++) {
      stored("a" + i, FOR_ONCE);
    }
    proxied.run();
    assertThat(left()).hasSize(200).doesNotContain(url("zzzz"), url("yyyy"));
    assertThat(catalog.find("zzzz.png")).isEmpty();
  }

  /** One to which any bytes are a picture, and an origin that answers as it is told. */
  private final class Fetching implements AutoCloseable {
    private final TempFolder temporary;
    private final CpuPool cpu = new CpuPool(1, 10);
    private final SharedResults shared;
    private final HttpServer origin = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    private final RemoteFetcher fetcher;
    private final ProxiedMedia proxied;
    private final Deque<HttpHandler> answers = new ArrayDeque<>();

    Fetching() throws Exception {
      this(Optional.empty());
    }

    Fetching(Optional<Long> budget) throws Exception {
      temporary = TempFolder.open(folder.resolve("tmp"));
      shared = Pipelines.shared(temporary);
      fetcher =
          new RemoteFetcher(
              FetchLimits.of(
                  new SettingsLoader(
                          Map.of(
                              "path",
                              List.of(folder.toString()),
                              "download-allow-private",
                              List.of("true")),
                          Map.of())
                      .load()),
              "1.2.3",
              Optional.empty());
      IngestRules rules =
          new IngestRules(
              KindLimits.all(new Limits(100, 100, 10_000, 10)),
              Optional.empty(),
              Optional.empty(),
              false,
              true,
              "",
              1,
              true,
              true);
      proxied =
          new ProxiedMedia(
              rules(budget),
              Terms.NONE,
              catalog,
              fetcher,
              temporary,
              new SpoolBudget(1 << 20, Duration.ofSeconds(1)),
              Pipelines.storing(
                  rules, catalog, new MemoryBlobStore(), temporary, cpu, shared, () -> {}),
              new SingleFlight<>(Runnable::run, AbandonedWork.lasting(Duration.ZERO)),
              clock,
              () -> trashed++);
      origin.createContext("/", exchange -> answers.removeFirst().handle(exchange));
      origin.start();
    }

    String url() {
      return "http://127.0.0.1:" + origin.getAddress().getPort() + "/a";
    }

    String url(int number) {
      return url() + number;
    }

    void gives(byte[] body) {
      answers.add(
          exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"1\"");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
    }

    /** Does something first. */
    void says(int status, Runnable before) {
      answers.add(
          exchange -> {
            before.run();
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
          });
    }

    @Override
    public void close() {
      origin.stop(0);
      fetcher.close();
      shared.close();
      cpu.close();
      assertThat(temporary.path()).isEmptyDirectory();
    }
  }

  /** Every row is read for it. */
  @Test
  void theSizeOfAllIsSummedUpWhereItMayBeTooMuchAlone() throws Exception {
    try (Fetching one = new Fetching(Optional.of(3500L))) {
      for (int i = 0; i < 3; i++) {
        byte[] body = new byte[1000];
        body[0] = (byte) i;
        one.gives(body);
        var _ = one.proxied.fetch(one.url(i), Caller.PATIENT);
        clock.now = clock.now.plusSeconds(30);
        one.proxied.run();
        assertThat(catalog.sums()).isEqualTo(1);
      }
      byte[] body = new byte[1000];
      body[0] = 9;
      one.gives(body);
      var _ = one.proxied.fetch(one.url(9), Caller.PATIENT);
      clock.now = clock.now.plusSeconds(30);
      one.proxied.run();
      assertThat(catalog.sums()).isEqualTo(2);
      assertThat(left()).containsExactly(one.url(1), one.url(2), one.url(9));
      clock.now = clock.now.plus(Duration.ofHours(1));
      one.proxied.run();
      assertThat(catalog.sums()).isEqualTo(3);
    }
  }

  /** Or one that answers nothing would be asked for every request, and after every start. */
  @Test
  void thatAnOriginIsAskedIsWrittenDownBeforeItIs() throws Exception {
    try (Fetching one = new Fetching()) {
      one.gives(new byte[] {1});
      String alias = one.proxied.fetch(one.url(), Caller.PATIENT).alias();
      clock.now = clock.now.plus(Duration.ofHours(2));
      List<Instant> seen = new ArrayList<>();
      one.says(500, () -> seen.add(catalog.proxied().find(one.url()).orElseThrow().checked()));
      assertThat(one.proxied.fetch(one.url(), Caller.PATIENT).alias()).isEqualTo(alias);
      assertThat(seen).containsExactly(clock.now);
      assertThat(one.proxied.fetch(one.url(), Caller.PATIENT).alias()).isEqualTo(alias);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {304, 500})
  void whatGoesWhileItsOriginIsAskedIsFetchedAnew(int status) throws Exception {
    try (Fetching one = new Fetching()) {
      one.gives(new byte[] {1});
      String first = one.proxied.fetch(one.url(), Caller.PATIENT).alias();
      clock.now = clock.now.plus(Duration.ofHours(2));
      one.says(
          status,
          () -> {
            Proxied known = catalog.proxied().find(one.url()).orElseThrow();
            assertThat(catalog.unlink(first)).isEqualTo(Unlinked.MEDIA_REMOVED);
            catalog.proxied().forget(known);
          });
      one.gives(new byte[] {2});
      String second = one.proxied.fetch(one.url(), Caller.PATIENT).alias();
      assertThat(second).isNotEqualTo(first);
      assertThat(catalog.find(second)).isPresent();
    }
  }
}
