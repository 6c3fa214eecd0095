package dev.pictj.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Media;
import dev.pictj.engine.Caller;
import dev.pictj.engine.CallerGoneException;
import dev.pictj.http.dialect.DetailsShape;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.media.ContentKey;
import dev.pictj.media.Preview;
import dev.pictj.process.Previews;
import io.javalin.http.Context;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All media, the latest first, page by page, as pict-rs 0.5 lists them.
 *
 * @param most that a page has, however many are asked for
 * @param previews makes those that media of an older catalog lack
 * @param previewWait how long a page waits for them; those that are not there then are told as
 *     missing
 */
record Hashes(
    Catalog catalog, int most, DetailsShape shape, Previews previews, Duration previewWait) {
  private static final int DEFAULT_LIMIT = 20;

  /** A text that is sorted after all places of the same moment. */
  private static final String AFTER_LAST = "~";

  private record Reply(Page page, String msg) {}

  /**
   * A page.
   *
   * @param current its first entry, as {@code next} and {@code prev} are those of other pages
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Page(
      int limit,
      @Nullable String current,
      @Nullable String next,
      @Nullable String prev,
      List<Entry> hashes) {}

  private record Entry(String hex, List<String> aliases, Record details) {}

  /**
   * Where a page begins.
   *
   * @param first the media that it begins with, where one is named
   * @param place behind which the rest of it lies; empty for the very first page
   */
  private record Start(Optional<Media> first, String place) {}

  /** GET /internal/hashes. */
  void list(Context ctx) throws InterruptedException {
    QueryString query = QueryString.parse(ctx.queryString());
    int limit = limit(query.last("limit"));
    Start start = start(query);
    List<Media> found = new ArrayList<>();
    start.first().ifPresent(found::add);
    found.addAll(catalog.uploads(start.place(), limit + 1));
    List<Media> shown = found.subList(0, Math.min(limit, found.size()));
    Optional<Media> next = found.size() > limit ? Optional.of(found.get(limit)) : Optional.empty();
    List<Media> before =
        start.place().isEmpty() ? List.of() : catalog.uploadsBefore(start.place(), limit);
    Json.send(
        ctx,
        200,
        new Reply(
            new Page(
                limit,
                shown.isEmpty() ? null : slug(shown.getFirst()),
                next.map(Hashes::slug).orElse(null),
                before.isEmpty() ? null : slug(before.getLast()),
                entries(shown, Presence.of(ctx))),
            "ok"));
  }

  private List<Entry> entries(List<Media> shown, Caller caller) throws InterruptedException {
    long deadline = System.nanoTime() + previewWait.toNanos();
    Caller hasty = () -> caller.gone() || System.nanoTime() - deadline >= 0;
    List<Entry> entries = new ArrayList<>();
    for (Media media : shown) {
      entries.add(entry(media, preview(media, caller, hasty)));
    }
    return entries;
  }

  private Optional<Preview> preview(Media media, Caller caller, Caller hasty)
      throws InterruptedException {
    if (!shape.tellsPreviews() || hasty.gone()) {
      return media.preview();
    }
    try {
      return previews.find(media, hasty);
    } catch (CallerGoneException e) {
      if (caller.gone()) {
        throw e;
      }
      // The work goes on, and its result is there for the next request.
      return media.preview();
    }
  }

  /** Where a page begins: by a time, by its first entry, or at the start if that is unknown. */
  private Start start(QueryString query) {
    Optional<String> timestamp = query.last("timestamp");
    if (timestamp.isPresent()) {
      return new Start(Optional.empty(), Media.place(time(timestamp.get()), AFTER_LAST));
    }
    Optional<Media> first =
        query.last("slug").flatMap(ContentKey::hashOf).flatMap(catalog::findByHash);
    return new Start(first, first.map(Media::place).orElse(""));
  }

  private static Instant time(String text) {
    try {
      // A plus sign that is not encoded is a blank.
      return OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
    } catch (DateTimeException _) {
      throw new ApiException(
          ErrorCode.INVALID_QUERY, "timestamp must be a time as RFC 3339 writes it");
    }
  }

  private int limit(Optional<String> given) {
    try {
      int limit = given.map(Integer::parseInt).orElse(DEFAULT_LIMIT);
      if (limit >= 0) {
        return Math.min(most, limit);
      }
    } catch (NumberFormatException _) {
      // Told below, as one below 0 is.
    }
    throw new ApiException(ErrorCode.INVALID_QUERY, "limit must be a whole number");
  }

  private static String slug(Media media) {
    return ContentKey.slug(media.hash(), media.size(), media.details());
  }

  private Entry entry(Media media, Optional<Preview> preview) {
    return new Entry(
        ContentKey.hex(media.hash(), media.size(), media.details()),
        catalog.aliases(media.hash()),
        shape.details(media.details(), preview));
  }
}
