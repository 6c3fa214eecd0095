package dev.pictj.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Denied;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.ProxiedUrls.Origin;
import dev.pictj.catalog.Unlinked;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.engine.Caller;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.Party;
import dev.pictj.engine.SingleFlight;
import dev.pictj.ingest.fetch.FetchException;
import dev.pictj.ingest.fetch.FetchException.Reason;
import dev.pictj.ingest.fetch.FetchLimits;
import dev.pictj.ingest.fetch.Fetched;
import dev.pictj.ingest.fetch.RemoteFetcher;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import dev.pictj.media.Probed;
import dev.pictj.store.TempFile;
import dev.pictj.store.TempFolder;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pict-rs that had the names before. A picture that is asked for by a name that is not here is
 * fetched from it and taken over, once for all who ask at the same time. A name that was deleted
 * here does not come back from it.
 *
 * <p>Only the administrator names the server: clients choose nothing but a name below its address,
 * and no redirect is followed.
 */
public final class Fallback implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Fallback.class);

  private static final int MAX_ALIAS = 255;

  private final Rules rules;
  private final Adoption adoption;
  private final Catalog catalog;
  private final RemoteFetcher fetcher;
  private final TempFolder temporary;
  private final SpoolBudget spool;
  private final SingleFlight<String, Boolean> underWay;
  private final HttpClient http;

  /** Names that the other server does not have either. */
  private final Cache<String, Boolean> unknown;

  /**
   * What an administrator decides.
   *
   * @param address of the server
   * @param key to what its administrator may
   * @param timeout of one answer
   * @param unknownTime how long it is not asked again for a name that it has not
   * @param unknownNames most of those that are remembered
   */
  public record Rules(
      URI address, Optional<String> key, Duration timeout, Duration unknownTime, int unknownNames) {
    /** The rules that an administrator has set; empty where there is no such server. */
    public static Optional<Rules> of(Settings settings) {
      return settings
          .get(SettingsCatalogue.FALLBACK)
          .map(
              address ->
                  new Rules(
                      address,
                      settings
                          .get(SettingsCatalogue.FALLBACK_API_KEY)
                          .or(() -> settings.get(SettingsCatalogue.API_KEY)),
                      settings.get(SettingsCatalogue.FALLBACK_TIMEOUT),
                      settings.get(SettingsCatalogue.FALLBACK_UNKNOWN_TIME),
                      settings.get(SettingsCatalogue.FALLBACK_UNKNOWN_NAMES)));
    }
  }

  /** Limits of fetches from it: those of downloads, but for its address and the size of a file. */
  public static FetchLimits limits(Settings settings) {
    return new FetchLimits(
        settings.get(SettingsCatalogue.MAX_ADOPTED_SIZE),
        settings.get(SettingsCatalogue.DOWNLOAD_CONNECT_TIMEOUT),
        settings.get(SettingsCatalogue.FALLBACK_TIMEOUT),
        /* maxRedirects= */ 0,
        settings.get(SettingsCatalogue.MAX_FALLBACKS),
        /* allowPrivate= */ true);
  }

  /**
   * Makes a fallback to a server.
   *
   * @param underWay fetches each name once for all who ask for it at the same time
   * @param ticker nanoseconds that only grow
   */
  public Fallback(
      Rules rules,
      Adoption adoption,
      Catalog catalog,
      RemoteFetcher fetcher,
      TempFolder temporary,
      SpoolBudget spool,
      SingleFlight<String, Boolean> underWay,
      Ticker ticker) {
    this.rules = rules;
    this.adoption = adoption;
    this.catalog = catalog;
    this.fetcher = fetcher;
    this.temporary = temporary;
    this.spool = spool;
    this.underWay = underWay;
    this.unknown =
        Caffeine.newBuilder()
            .maximumSize(rules.unknownNames())
            .expireAfterWrite(rules.unknownTime())
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(rules.timeout())
            .build();
  }

  /**
   * Takes a name over that is not here, if that server has it.
   *
   * @param caller asked from time to time whether he still wants it
   * @throws FetchException when the server cannot be asked, or does not answer
   */
  public void bring(String alias, Caller caller) throws Exception {
    if (alias.isEmpty()
        || alias.length() > MAX_ALIAS
        || alias.chars().anyMatch(Character::isISOControl)
        || catalog.find(alias).isPresent()
        || unknown.getIfPresent(alias) != null
        || catalog.isKeptAway(alias)) {
      return;
    }
    try {
      var _ =
          underWay
              .join(
                  alias, caller.party().orElseGet(() -> Party.ofPicture(alias)), _ -> fetch(alias))
              .await(caller);
    } catch (EngineException e) {
      throw e.getCause() instanceof ExecutionException failed
              && failed.getCause() instanceof Exception cause
          ? cause
          : e;
    }
  }

  private boolean fetch(String alias) throws Exception {
    // Another request may have taken it over meanwhile.
    if (catalog.find(alias).isPresent()) {
      return true;
    }
    try (SpoolBudget.Share share = spool.open();
        TempFile file = temporary.next("fallback")) {
      Fetched fetched =
          fetcher.fetch(
              target("/image/original/" + encoded(alias)),
              Origin.UNKNOWN,
              file.path(),
              share::take);
      if (fetched.size().orElse(0L) == 0) {
        throw new FetchException(
            Reason.BAD_STATUS, "Unable to download image, the response is empty");
      }
      Optional<Instant> createdAt = fetched.origin().lastModified().flatMap(Fallback::time);
      adopt(alias, file.path(), createdAt);
      return true;
    } catch (FetchException e) {
      if (e.reason() == Reason.GONE) {
        unknown.put(alias, true);
        return false;
      }
      throw e;
    } catch (MediaException e) {
      if (e.reason() != MediaException.Reason.DENIED) {
        throw e;
      }
      unknown.put(alias, true);
      return false;
    }
  }

  private void adopt(String alias, Path file, Optional<Instant> createdAt) throws Exception {
    try {
      var _ =
          adoption.store(
              file,
              alias,
              Optional.empty(),
              new Past(Optional.empty(), createdAt, Optional.empty()));
    } catch (MediaException e) {
      boolean isDenied = e.reason() == MediaException.Reason.DENIED;
      Optional<Probed> told = isDenied ? Optional.empty() : told(alias);
      if (told.isEmpty()) {
        throw e;
      }
      var _ =
          adoption.store(
              file, alias, Optional.empty(), new Past(Optional.empty(), createdAt, told));
    }
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(
          ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /** The details that the other server tells of a picture whose header we cannot read. */
  private Optional<Probed> told(String alias) throws Exception {
    try (TempFile file = temporary.next("fallback")) {
      long _ = fetcher.fetch(target("/image/details/original/" + encoded(alias)), file.path());
      JsonNode details = new ObjectMapper().readTree(file.path().toFile());
      return MediaType.ofContentType(details.path("content_type").asText(""))
          .map(
              type ->
                  new Probed(
                      type,
                      new Dimensions(details.path("width").asInt(), details.path("height").asInt()),
                      Math.max(1, details.path("frames").asInt(1)),
                      Orientation.UPRIGHT,
                      false));
    } catch (IOException e) {
      log.debug("its details are none", e);
      return Optional.empty();
    }
  }

  /**
   * Takes an alias away, as {@link Catalog#unlink(String, String)} does, wherever it is. A token is
   * right that deletes it on that server: there is where it was given out.
   */
  public Unlinked unlink(String alias, String deleteToken, Caller caller) throws Exception {
    bring(alias, caller);
    Optional<String> right = catalog.deleteToken(alias);
    if (right.isEmpty()) {
      return Unlinked.UNKNOWN_ALIAS;
    }
    if (!MessageDigest.isEqual(right.get().getBytes(UTF_8), deleteToken.getBytes(UTF_8))
        && !deletesThere(alias, deleteToken)) {
      return Unlinked.WRONG_TOKEN;
    }
    catalog.keepAway(alias);
    return catalog.unlink(alias);
  }

  /** Takes an alias away for an administrator. */
  public Unlinked unlink(String alias, Caller caller) throws Exception {
    bring(alias, caller);
    if (catalog.find(alias).isPresent()) {
      catalog.keepAway(alias);
    }
    return catalog.unlink(alias);
  }

  /** Whether that server has a name and deletes it by this token. */
  private boolean deletesThere(String alias, String token) throws Exception {
    try (TempFile file = temporary.next("fallback")) {
      // pict-rs accepts any token for a name that does not exist.
      long _ = fetcher.fetch(target("/image/details/original/" + encoded(alias)), file.path());
      long _ =
          fetcher.fetch(
              target("/image/delete/%s/%s".formatted(encoded(token), encoded(alias))), file.path());
      return true;
    } catch (FetchException e) {
      if (e.reason() == Reason.GONE || e.reason() == Reason.BAD_STATUS) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Takes all aliases of a media away here, as {@link Catalog#purge(String, List)} does, and there.
   *
   * @return those of both
   * @throws FetchException when it is done here, and that server cannot be told
   */
  public List<String> purge(Media media, List<Denied> denied) throws Exception {
    List<String> removed = new ArrayList<>(catalog.aliases(media.hash()));
    removed.forEach(catalog::keepAway);
    for (String late : catalog.purge(media.hash(), denied)) {
      if (!removed.contains(late)) {
        catalog.keepAway(late);
        removed.add(late);
      }
    }
    for (String alias : List.copyOf(removed)) {
      List<String> there = purgeThere(alias);
      there.stream().filter(one -> !removed.contains(one)).forEach(removed::add);
      if (!there.isEmpty()) {
        break;
      }
    }
    return removed;
  }

  private List<String> purgeThere(String alias) throws FetchException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(target("/internal/purge?alias=" + encoded(alias))))
            .timeout(rules.timeout())
            .POST(BodyPublishers.noBody());
    rules.key().ifPresent(key -> request.header("X-Api-Token", key));
    try {
      HttpResponse<String> reply = http.send(request.build(), BodyHandlers.ofString());
      List<String> aliases = new ArrayList<>();
      if (reply.statusCode() == 200) {
        new ObjectMapper()
            .readTree(reply.body())
            .path("aliases")
            .forEach(one -> aliases.add(one.asText()));
      } else if (reply.statusCode() != 404) {
        throw unpurged("it answers " + reply.statusCode());
      }
      return aliases;
    } catch (IOException e) {
      log.warn("{} could not be told of a purge", rules.address(), e);
      throw unpurged("it does not answer");
    }
  }

  private static FetchException unpurged(String why) {
    return new FetchException(
        Reason.BAD_RESPONSE,
        "Purged here, but the server of --fallback may still have other names of it: " + why);
  }

  private String target(String path) {
    return rules.address().toString().replaceFirst("/+$", "") + path;
  }

  /** Escapes a text as one segment of a path, or as a value of a query. */
  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
