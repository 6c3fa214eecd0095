package dev.pictj.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.MemoryCatalog;
import dev.pictj.catalog.ProxiedUrls;
import dev.pictj.engine.AbandonedWork;
import dev.pictj.engine.SingleFlight;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is kept of other servers' pictures, and for how long. */
class ProxiedMediaTest {
  private static final ProxiedUrls.Origin KEPT =
      new ProxiedUrls.Origin(Optional.empty(), Optional.empty(), false);
  private static final ProxiedUrls.Origin FOR_ONCE =
      new ProxiedUrls.Origin(Optional.empty(), Optional.empty(), true);

  /** A clock that is set. */
  private static final class SetClock extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

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
      return now;
    }
  }

  private final SetClock clock = new SetClock();
  private final MemoryCatalog catalog = new MemoryCatalog(clock, System::nanoTime);
  private int trashed;

  private ProxiedMedia proxied(Optional<Long> budget) {
    return new ProxiedMedia(
        new ProxiedMedia.Rules(
            Duration.ofDays(7), budget, Duration.ofHours(1), Duration.ZERO, Duration.ofSeconds(9)),
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
    return catalog.proxied().leastAsked(99).stream().map(ProxiedUrls.Proxied::url).toList();
  }

  @Test
  void whatNobodyAsksForGoesAfterItsTime() throws Exception {
    ProxiedMedia proxied = proxied(Optional.empty());
    stored("aaaa", KEPT);
    stored("bbbb", KEPT);
    clock.now = clock.now.plus(Duration.ofDays(6));
    assertThat(proxied.known(url("bbbb"))).contains("bbbb.png");
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
    assertThat(proxied.known(url("aaaa"))).contains("aaaa.png");
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
    stored("eeee", KEPT);
    clock.now = clock.now.plusSeconds(1);
    assertThat(proxied.known(url("aaaa"))).isPresent();
    proxied.run();
    // 90 % of the budget are left.
    assertThat(left()).containsExactly(url("dddd"), url("eeee"), url("aaaa"));
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
}
