package dev.pictj.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Denied;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Similar;
import dev.pictj.engine.EngineException;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.media.Excerpt;
import dev.pictj.media.MediaException;
import dev.pictj.media.Phash;
import dev.pictj.process.MissingPhashes;
import dev.pictj.process.Previews;
import dev.pictj.upkeep.Trash;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes by which moderators find pictures that look alike, purge them, and deny them. */
record Moderation(
    Internal internal,
    Catalog catalog,
    Previews previews,
    MissingPhashes missing,
    Trash trash,
    InstantSource clock) {
  private static final Logger log = LoggerFactory.getLogger(Moderation.class);
  private static final int MAX_NOTE = 500;

  /** What {@link Similar.Match#place} writes. */
  private static final Pattern PLACE = Pattern.compile("[0-9]-[0-9a-f]{16}-.+");

  /** What {@link Denied#id} writes. */
  private static final Pattern ID = Pattern.compile("sha256:[0-9a-f]{64}|phash:[0-9a-f]{16}");

  /**
   * Media that look alike.
   *
   * @param phash that they are compared with
   * @param comparable whether it says enough for that; else there are none
   * @param candidates hashes that were compared
   * @param lacking media that have no perceptual hash yet
   * @param next what {@code after} is for the next page; empty on the last one
   */
  private record SimilarReply(
      String phash,
      boolean comparable,
      List<Match> media,
      long candidates,
      long lacking,
      String next,
      String msg) {}

  private record Match(int distance, String phash, @JsonUnwrapped Internal.Upload media) {}

  /**
   * The reply about what was purged, or would be.
   *
   * @param denied ids of entries that were added to the deny list; null where none were asked for
   * @param comparable whether one of them is by its look; null likewise
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Purge(
      List<String> aliases,
      @Nullable List<String> denied,
      @Nullable Boolean comparable,
      String msg) {}

  /**
   * An entry of the deny list.
   *
   * @param distance null for one of exact bytes
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Entry(String id, @Nullable Integer distance, String added, String note) {
    static Entry of(Denied denied) {
      return new Entry(
          denied.id(),
          denied.kind() == Denied.Kind.PHASH ? (Integer) denied.distance() : null,
          denied.added().toString(),
          denied.note());
    }
  }

  /**
   * The reply about the entries that were added.
   *
   * @param comparable whether one of them is by the look of the stored picture; null where no such
   *     picture was named
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Added(List<Entry> denied, @Nullable Boolean comparable, String msg) {}

  private record Listed(List<Entry> denied, String next, String msg) {}

  private record Removed(boolean removed, String msg) {}

  private record Making(@JsonUnwrapped MissingPhashes.Progress progress, String msg) {}

  /** GET /internal/similar. */
  void similar(Context ctx) throws Exception {
    QueryString query = QueryString.parse(ctx.queryString());
    int limit = internal.limit(query.last("limit"));
    int distance = distance(query);
    Optional<String> written = query.last("phash");
    Phash wanted = written.isPresent() ? phash(written.get()) : look(ctx);
    String after = Internal.after(query, PLACE);
    // One more than the page has tells whether there is another one.
    Similar found = catalog.similar(wanted, distance, after, limit + 1);
    List<Similar.Match> page = found.media().subList(0, Math.min(limit, found.media().size()));
    Json.send(
        ctx,
        200,
        new SimilarReply(
            wanted.toString(),
            wanted.isComparable(),
            page.stream().map(this::match).toList(),
            found.candidates(),
            found.lacking(),
            found.media().size() > limit ? page.getLast().place() : "",
            "ok"));
  }

  private Match match(Similar.Match one) {
    return new Match(
        one.distance(),
        one.phash().toString(),
        Internal.Upload.of(one.media(), catalog.aliases(one.media().hash())));
  }

  private Phash look(Context ctx) throws Exception {
    return phash(internal.find(ctx), ctx);
  }

  private Phash phash(Media media, Context ctx) throws Exception {
    return previews
        .phash(media, Presence.of(ctx))
        .orElseThrow(() -> new IllegalStateException("a preview without perceptual hash"));
  }

  private static Phash phash(String written) {
    return Phash.parse(written)
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.INVALID_QUERY,
                    "phash must be 16 hexadecimal digits, not " + Excerpt.ofLine(written)));
  }

  private static int distance(QueryString query) {
    Optional<String> given = query.last("distance");
    try {
      int distance = given.map(Integer::parseInt).orElse(Phash.MAX_DISTANCE);
      if (distance >= 0 && distance <= Phash.MAX_DISTANCE) {
        return distance;
      }
    } catch (NumberFormatException _) {
      // Told below, as one out of bounds is.
    }
    throw new ApiException(
        ErrorCode.INVALID_QUERY,
        "distance must be a number from 0 to %d, not %s"
            .formatted(Phash.MAX_DISTANCE, Excerpt.ofLine(given.orElse(""))));
  }

  /** POST /internal/phashes. */
  void makePhashes(Context ctx) {
    boolean force = QueryString.parse(ctx.queryString()).flag("force", false);
    Json.send(ctx, 200, new Making(missing.begin(force), "ok"));
  }

  /** GET /internal/purge: what a purge would take away now. */
  void preview(Context ctx) throws Exception {
    List<String> aliases = catalog.aliases(internal.find(ctx).hash());
    Json.send(ctx, 200, new Purge(aliases, null, null, "ok"));
  }

  /** POST /internal/purge. */
  void purge(Context ctx) throws Exception {
    QueryString query = QueryString.parse(ctx.queryString());
    boolean denies = query.flag("deny", false);
    Media media = internal.find(ctx);
    List<Denied> denied = denies ? entries(media, query, ctx) : List.of();
    List<String> removed = internal.purge(media, denied);
    trash.emptySoon();
    List<String> ids = denies ? denied.stream().map(Denied::id).toList() : null;
    Json.send(ctx, 200, new Purge(removed, ids, denies ? hasLook(denied) : null, "ok"));
  }

  private static Boolean hasLook(List<Denied> entries) {
    return entries.stream().anyMatch(entry -> entry.kind() == Denied.Kind.PHASH);
  }

  /** Denies a media by its bytes, and by its look where the perceptual hash is comparable. */
  private List<Denied> entries(Media media, QueryString query, Context ctx) throws Exception {
    List<Denied> entries = new ArrayList<>();
    bytes(media.hash(), query).ifPresent(entries::add);
    try {
      Phash phash = phash(media, ctx);
      if (phash.isComparable()) {
        entries.add(look(phash, query));
      }
    } catch (IOException | MediaException | EngineException e) {
      // The bytes are lost, or no decoder reads them, so no picture was ever shown.
      log.info("{} is denied by its bytes alone: {}", media.filename(), e.getMessage());
    }
    return entries;
  }

  private Optional<Denied> bytes(String hash, QueryString query) {
    return Denied.bytes(hash, now(), note(query));
  }

  private Denied look(Phash phash, QueryString query) {
    return Denied.look(phash, distance(query), now(), note(query));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static String note(QueryString query) {
    String note = query.last("note").orElse("");
    if (note.codePointCount(0, note.length()) > MAX_NOTE) {
      throw new ApiException(
          ErrorCode.INVALID_QUERY,
          "note may have %d characters, not %d"
              .formatted(MAX_NOTE, note.codePointCount(0, note.length())));
    }
    if (note.chars().anyMatch(Character::isISOControl)) {
      throw new ApiException(
          ErrorCode.INVALID_QUERY,
          "note must have no control characters, not even line ends: " + Excerpt.ofLine(note));
    }
    return note;
  }

  /** POST /internal/deny. */
  void deny(Context ctx) throws Exception {
    QueryString query = QueryString.parse(ctx.queryString());
    List<Denied> entries = new ArrayList<>();
    query.last("sha256").ifPresent(hash -> entries.add(denied(hash, query)));
    query.last("phash").ifPresent(phash -> entries.add(denied(phash(phash), query)));
    boolean ofStored = entries.isEmpty();
    if (ofStored) {
      entries.addAll(entries(internal.find(ctx), query, ctx));
    }
    catalog.denied().add(entries);
    Json.send(
        ctx,
        200,
        new Added(
            entries.stream().map(Entry::of).toList(), ofStored ? hasLook(entries) : null, "ok"));
  }

  private Denied denied(String hash, QueryString query) {
    return bytes(hash, query)
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.INVALID_QUERY,
                    "sha256 must be 64 hexadecimal digits, not " + Excerpt.ofLine(hash)));
  }

  private Denied denied(Phash phash, QueryString query) {
    if (!phash.isComparable()) {
      throw new ApiException(
          ErrorCode.INVALID_QUERY, "phash is that of a plain picture, which would deny too much");
    }
    return look(phash, query);
  }

  /** GET /internal/deny. */
  void denied(Context ctx) {
    QueryString query = QueryString.parse(ctx.queryString());
    int limit = internal.limit(query.last("limit"));
    List<Denied> found = catalog.denied().list(Internal.after(query, ID), limit + 1);
    List<Denied> page = found.subList(0, Math.min(limit, found.size()));
    Json.send(
        ctx,
        200,
        new Listed(
            page.stream().map(Entry::of).toList(),
            found.size() > limit ? page.getLast().id() : "",
            "ok"));
  }

  /** DELETE /internal/deny. */
  void allow(Context ctx) {
    String id = QueryString.parse(ctx.queryString()).required("id");
    Json.send(ctx, 200, new Removed(catalog.denied().remove(id), "ok"));
  }
}
