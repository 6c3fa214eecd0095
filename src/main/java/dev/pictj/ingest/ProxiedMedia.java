package dev.pictj.ingest;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.ProxiedUrls.Name;
import dev.pictj.catalog.ProxiedUrls.Origin;
import dev.pictj.catalog.ProxiedUrls.Proxied;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.engine.Caller;
import dev.pictj.engine.CallerGoneException;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.OverloadedException;
import dev.pictj.engine.Party;
import dev.pictj.engine.SingleFlight;
import dev.pictj.ingest.fetch.FetchException;
import dev.pictj.ingest.fetch.FetchException.Reason;
import dev.pictj.ingest.fetch.Fetched;
import dev.pictj.ingest.fetch.RemoteFetcher;
import dev.pictj.media.MediaException;
import dev.pictj.store.TempFile;
import dev.pictj.store.TempFolder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pictures of other servers that are shown through this one, found by the URL they come from.
 *
 * <p>What was fetched is stored like an upload and kept for as long as somebody asks for its URL.
 * From time to time its origin is asked whether it has changed. Where the origin says that it no
 * longer has the media, it is deleted here; where the origin cannot be reached or fails, it stays.
 * A media whose origin says no-store is fetched for each request, and deleted soon after.
 */
public final class ProxiedMedia {
  private static final Logger log = LoggerFactory.getLogger(ProxiedMedia.class);

  /** The most URLs whose last use is not written down yet; for more it is forgotten. */
  private static final int MAX_NOTED_URLS = 10_000;

  private static final int URLS_PER_PAGE = 100;

  /** Names of what nobody may keep; of more it is told by their URLs alone. */
  private static final int MAX_FOR_ONCE = 10_000;

  private final Rules rules;
  private final Terms terms;
  private final Catalog catalog;
  private final RemoteFetcher fetcher;
  private final TempFolder temporary;
  private final SpoolBudget spool;
  private final Ingest ingest;
  private final SingleFlight<String, Proxied> underWay;
  private final InstantSource clock;
  private final Runnable whenTrashed;

  /** Bytes of all proxied media: those of the last sum over all rows, and those added since. */
  private final AtomicLong mostBytes = new AtomicLong();

  /** When all rows are summed up again, because media may have been added or removed elsewhere. */
  private volatile Instant sumAgain = Instant.MIN;

  /** When URLs were asked for, to be written down. */
  private final Map<String, Instant> asked = new ConcurrentHashMap<>();

  /** The aliases of what nobody may keep. */
  private final Set<String> forOnce = ConcurrentHashMap.newKeySet();

  /**
   * What an administrator decides.
   *
   * @param retention of what nobody asks for
   * @param budget most bytes of all of it; empty for any
   * @param checkInterval after which an origin is asked
   * @param checkWait for its answer, before what is known is given
   * @param noStoreTime how long what nobody may keep is there to be sent, and to be asked about
   */
  public record Rules(
      Duration retention,
      Optional<Long> budget,
      Duration checkInterval,
      Duration checkWait,
      Duration noStoreTime) {
    /** The rules that an administrator has set. */
    public static Rules of(Settings settings) {
      return new Rules(
          settings.get(SettingsCatalogue.PROXY_RETENTION),
          settings.get(SettingsCatalogue.PROXY_BUDGET),
          settings.get(SettingsCatalogue.PROXY_CHECK_INTERVAL),
          settings.get(SettingsCatalogue.PROXY_CHECK_WAIT),
          settings.get(SettingsCatalogue.PROXY_NO_STORE_TIME));
    }
  }

  /**
   * Keeps the proxied media of this catalog.
   *
   * @param terms of all of them
   * @param underWay fetches each URL once for all who ask for it at the same time
   * @param whenTrashed is run when bytes have entered the trash journal
   */
  public ProxiedMedia(
      Rules rules,
      Terms terms,
      Catalog catalog,
      RemoteFetcher fetcher,
      TempFolder temporary,
      SpoolBudget spool,
      Ingest ingest,
      SingleFlight<String, Proxied> underWay,
      InstantSource clock,
      Runnable whenTrashed) {
    this.rules = rules;
    this.terms = terms;
    this.catalog = catalog;
    this.fetcher = fetcher;
    this.temporary = temporary;
    this.spool = spool;
    this.ingest = ingest;
    this.underWay = underWay;
    this.clock = clock;
    this.whenTrashed = whenTrashed;
  }

  /**
   * The media that a URL stands for.
   *
   * @param isForOnce whether its origin says that nobody may keep it
   */
  public record Shown(String alias, boolean isForOnce) {
    private static Shown of(Proxied one) {
      return new Shown(one.name().alias(), one.origin().noStore());
    }
  }

  /** Learns what earlier servers have left that nobody may keep. */
  public void start() {
    Optional<Proxied> last = Optional.empty();
    do {
      List<Proxied> page = catalog.proxied().leastAsked(last, URLS_PER_PAGE);
      page.forEach(this::learn);
      last = page.stream().reduce((_, next) -> next);
    } while (last.filter(one -> one.origin().noStore()).isPresent());
  }

  private void learn(Proxied one) {
    if (one.origin().noStore() && forOnce.size() < MAX_FOR_ONCE) {
      forOnce.add(one.name().alias());
      one.replaced().forEach(name -> forOnce.add(name.alias()));
    }
  }

  /** Whether an alias is that of a URL of which its origin says that nobody may keep it. */
  public boolean isForOnce(String alias) {
    return forOnce.contains(alias);
  }

  /**
   * The picture of a URL where it is stored; empty when it is not.
   *
   * @throws FetchException when this is no URL that may be asked for
   */
  public Optional<Shown> known(String url) throws FetchException {
    RemoteFetcher.requireUrl(url);
    Optional<Proxied> found = find(url);
    found.ifPresent(this::noteAsked);
    return found.map(Shown::of);
  }

  /** The media of a URL, unless its alias was deleted. */
  private Optional<Proxied> find(String url) {
    return catalog.proxied().find(url).filter(one -> catalog.find(one.name().alias()).isPresent());
  }

  private void noteAsked(Proxied one) {
    Instant now = clock.instant();
    if (asked.replace(one.url(), now) == null && asked.size() < MAX_NOTED_URLS) {
      asked.put(one.url(), now);
    }
  }

  /**
   * The picture of a URL, which is fetched and stored where it is not known. Where its origin is to
   * be asked again, that is waited for a short time.
   *
   * @param caller asked from time to time whether he still wants it
   * @throws FetchException when it cannot be had, or its origin has it no more
   * @throws CallerGoneException when nobody wants it any more; it is fetched all the same for a
   *     while
   */
  public Shown fetch(String url, Caller caller) throws Exception {
    RemoteFetcher.requireUrl(url);
    Optional<Proxied> known = find(url).filter(one -> !one.origin().noStore());
    known.ifPresent(this::noteAsked);
    if (known.filter(this::isFresh).isPresent()) {
      return Shown.of(known.get());
    }
    try {
      return Shown.of(
          underWay
              .join(url, caller.party().orElseGet(() -> Party.ofPicture(url)), _ -> work(url))
              .await(
                  known.isPresent()
                      ? new Hasty(caller, rules.checkWait(), System::nanoTime)
                      : caller));
    } catch (CallerGoneException e) {
      if (known.isEmpty() || caller.gone()) {
        throw e;
      }
      // The answer will be there for the next request.
      return Shown.of(known.get());
    } catch (EngineException e) {
      throw e.getCause() instanceof ExecutionException failed
              && failed.getCause() instanceof Exception cause
          ? cause
          : e;
    }
  }

  private boolean isFresh(Proxied one) {
    return clock.instant().isBefore(one.checked().plus(rules.checkInterval()));
  }

  /** A caller that leaves after some time, although its client is still there. */
  private static final class Hasty implements Caller {
    private final Caller caller;
    private final LongSupplier nanoTime;
    private final long deadline;

    Hasty(Caller caller, Duration wait, LongSupplier nanoTime) {
      this.caller = caller;
      this.nanoTime = nanoTime;
      this.deadline = nanoTime.getAsLong() + wait.toNanos();
    }

    @Override
    public boolean gone() {
      return nanoTime.getAsLong() - deadline >= 0 || caller.gone();
    }
  }

  private Proxied work(String url) throws Exception {
    Optional<Proxied> known = find(url).filter(one -> !one.origin().noStore());
    // Another request may have fetched it meanwhile.
    if (known.filter(this::isFresh).isPresent()) {
      return known.get();
    }
    Optional<Proxied> now = known.isPresent() ? check(known.get()) : Optional.empty();
    if (now.isEmpty()) {
      now = ask(url, Optional.empty());
    }
    return now.orElseThrow(
        () ->
            new OverloadedException(
                "what is fetched goes as fast as it comes", Duration.ofSeconds(1)));
  }

  /** Empty where what was known has gone meanwhile. */
  private Optional<Proxied> check(Proxied known) throws Exception {
    // Noted before the origin is asked: otherwise an origin that never answers in time would be
    // asked
    // for every request, and after every start.
    catalog.proxied().checked(known, known.origin(), clock.instant());
    try {
      return ask(known.url(), Optional.of(known));
    } catch (FetchException e) {
      if (e.reason() == Reason.GONE) {
        drop(known);
        throw e;
      }
      if (e.reason() == Reason.BUSY) {
        // The origin was not asked.
        catalog.proxied().checked(known, known.origin(), known.checked());
        return find(known.url());
      }
      return stale(known, e);
    } catch (MediaException | ValidationException e) {
      return stale(known, e);
    } catch (OverloadedException | SpoolFullException e) {
      log.debug("what its origin sends is not taken, for want of room", e);
      return find(known.url());
    }
  }

  /** Keeps the stored media, as if its origin had said that it has not changed. */
  private Optional<Proxied> stale(Proxied known, Exception why) {
    log.info("what is known of {} is shown, for {}", known.name(), why.getMessage());
    return find(known.url());
  }

  /** Asks the origin, and stores what it sends; empty where that was deleted meanwhile. */
  private Optional<Proxied> ask(String url, Optional<Proxied> known) throws Exception {
    try (SpoolBudget.Share share = spool.open();
        TempFile file = temporary.next("proxied")) {
      Origin before = known.map(Proxied::origin).orElse(Origin.UNKNOWN);
      Fetched fetched = fetcher.fetch(url, before, file.path(), share::take);
      if (fetched.size().isEmpty()) {
        catalog.proxied().checked(known.orElseThrow(), fetched.origin(), clock.instant());
      } else if (fetched.size().get() == 0) {
        throw new FetchException(
            Reason.BAD_STATUS, "Unable to download image, the response is empty");
      } else {
        var _ =
            ingest.store(
                List.of(new Received(file.path(), new Link.Purpose.Url(url, fetched.origin()))),
                terms,
                new OfParty(Party.current()));
      }
    }
    Optional<Proxied> now = find(url);
    now.ifPresent(this::learn);
    now.ifPresent(one -> mostBytes.addAndGet(one.size()));
    now.ifPresent(this::dropReplaced);
    return now;
  }

  /** Who waits is known to those who wait for the flight. */
  private record OfParty(Party current) implements Caller {
    @Override
    public boolean gone() {
      return false;
    }

    @Override
    public Optional<Party> party() {
      return Optional.of(current);
    }
  }

  /**
   * Deletes the media that a URL had before. Where the origin says no-store the last of them stays
   * for now: it may still be on its way to a client.
   */
  private void dropReplaced(Proxied now) {
    List<Name> replaced = now.replaced();
    List<Name> gone =
        now.origin().noStore() && !replaced.isEmpty()
            ? replaced.subList(0, replaced.size() - 1)
            : replaced;
    if (gone.isEmpty()) {
      return;
    }
    unlink(gone);
    catalog
        .proxied()
        .forgetReplaced(
            new Proxied(
                now.url(), now.name(), now.size(), now.origin(), now.checked(), now.asked(), gone));
  }

  private void unlink(List<Name> names) {
    for (Name name : names) {
      var _ = catalog.unlink(name.alias(), name.deleteToken());
      forOnce.remove(name.alias());
    }
    whenTrashed.run();
  }

  /** The names go first, so that a crash leaves a URL by which they are found. */
  private void drop(Proxied one) {
    List<Name> names = new ArrayList<>(one.replaced());
    names.add(one.name());
    unlink(names);
    catalog.proxied().forget(one);
  }

  /** Writes down what was asked for since the last time. */
  public void writeAsked() {
    Map<String, Instant> since = Map.copyOf(asked);
    // A URL that was asked for again meanwhile stays, with its later time.
    since.forEach(asked::remove);
    catalog.proxied().asked(since);
  }

  /** Writes times of use down, and drops media that were not asked for or are too many. */
  public void run() {
    writeAsked();
    Instant now = clock.instant();
    int dropped = 0;
    Optional<Proxied> last = Optional.empty();
    do {
      List<Proxied> page = catalog.proxied().leastAsked(last, URLS_PER_PAGE);
      for (Proxied one : page) {
        if (isDue(one, now)) {
          drop(one);
          dropped++;
        }
      }
      last = page.stream().reduce((_, next) -> next);
      // They are in order of age: behind one that is not too old, none is.
    } while (last.filter(one -> one.origin().noStore() || isOld(one, now)).isPresent());
    if (rules.budget().isPresent()) {
      dropped += shrink(rules.budget().get());
    }
    if (dropped > 0) {
      log.info("{} URLs of other servers were forgotten with their pictures", dropped);
    }
  }

  private boolean isDue(Proxied one, Instant now) {
    return one.origin().noStore()
        ? now.isAfter(one.checked().plus(rules.noStoreTime()))
        : (isOld(one, now) && !isAskedFor(one)) || catalog.find(one.name().alias()).isEmpty();
  }

  private boolean isOld(Proxied one, Instant now) {
    return now.isAfter(one.asked().plus(rules.retention()));
  }

  /** Whether the URL was asked for since its last use was written down. */
  private boolean isAskedFor(Proxied one) {
    return asked.containsKey(one.url());
  }

  private int shrink(long budget) {
    Instant now = clock.instant();
    if (mostBytes.get() <= budget && now.isBefore(sumAgain)) {
      return 0;
    }
    sumAgain = now.plus(rules.checkInterval());
    // What is stored from here on may be counted twice, and never not at all.
    mostBytes.set(0);
    long bytes = catalog.proxied().bytes();
    mostBytes.addAndGet(bytes);
    int dropped = 0;
    if (bytes > budget) {
      for (List<Proxied> page = catalog.proxied().leastAsked(Optional.empty(), URLS_PER_PAGE);
          !page.isEmpty() && bytes > budget / 10 * 9;
          page = catalog.proxied().leastAsked(Optional.of(page.getLast()), URLS_PER_PAGE)) {
        for (Proxied one : page) {
          if (bytes > budget / 10 * 9 && !isAskedFor(one)) {
            drop(one);
            dropped++;
            bytes -= one.size();
          }
        }
      }
    }
    return dropped;
  }
}
