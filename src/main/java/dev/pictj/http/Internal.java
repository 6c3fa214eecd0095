package dev.pictj.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Denied;
import dev.pictj.catalog.Media;
import dev.pictj.http.dialect.Dialect;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.media.Excerpt;
import dev.pictj.observe.Metrics;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.upkeep.Backup;
import dev.pictj.upkeep.BackupRefusedException;
import dev.pictj.upkeep.Trash;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The administrator's routes and the key to them. */
final class Internal {
  private final Catalog catalog;
  private final BlobStore store;
  private final Sources sources;
  private final Trash trash;
  private final Backup backup;
  private final Metrics metrics;
  private final Optional<String> apiKey;
  private final int maxMediaPerPage;
  private final Dialect dialect;

  Internal(
      Catalog catalog,
      BlobStore store,
      Sources sources,
      Trash trash,
      Backup backup,
      Metrics metrics,
      Optional<String> apiKey,
      int maxMediaPerPage,
      Dialect dialect) {
    this.catalog = catalog;
    this.store = store;
    this.sources = sources;
    this.trash = trash;
    this.backup = backup;
    this.metrics = metrics;
    this.apiKey = apiKey;
    this.maxMediaPerPage = maxMediaPerPage;
    this.dialect = dialect;
  }

  /** Media of a page where a request does not say how many, unless fewer are permitted. */
  private static final int DEFAULT_MEDIA_PER_PAGE = 100;

  /** What {@link Media#place} writes. */
  private static final Pattern PLACE = Pattern.compile("[0-9a-f]{16}-.+");

  /**
   * A page of uploads.
   *
   * @param next what {@code after} is for the next page; empty on the last one
   */
  private record Uploads(List<Upload> media, String next, String msg) {}

  /** A media as lists of them tell it. */
  record Upload(
      String filename,
      String contentType,
      long size,
      int width,
      int height,
      String createdAt,
      List<String> aliases) {
    static Upload of(Media media, List<String> aliases) {
      return new Upload(
          media.filename(),
          media.details().type().contentType(),
          media.size(),
          media.details().dimensions().width(),
          media.details().dimensions().height(),
          media.details().createdAt().toString(),
          aliases);
    }
  }

  private record Aliases(List<String> aliases, String msg) {}

  private record Ok(String msg) {}

  private record Identifier(String identifier, String msg) {}

  private record Filename(String filename, String msg) {}

  private record BackedUp(@JsonUnwrapped Backup.Report report, String msg) {}

  /** Lets a request pass that carries the key; without a configured key none does. */
  void authorise(Context ctx) {
    if (ReplyHeaders.isAllowedPreflight(ctx)) {
      return;
    }
    String given = ctx.header("X-Api-Token");
    boolean right =
        apiKey.isPresent()
            && given != null
            // Takes the same time however much of the key is right.
            && MessageDigest.isEqual(
                apiKey.get().getBytes(StandardCharsets.UTF_8),
                given.getBytes(StandardCharsets.UTF_8));
    if (!right) {
      throw new ApiException(ErrorCode.INVALID_API_TOKEN, "Invalid API Key");
    }
  }

  /** Takes all aliases of a media away, and denies these. */
  List<String> purge(Media media, List<Denied> denied) throws Exception {
    return sources.purge(media, denied);
  }

  /** POST /internal/delete: one alias, without its token. */
  void delete(Context ctx) throws Exception {
    Sources.Named source = Sources.named(QueryString.parse(ctx.queryString()), Sources.STORED);
    switch (sources.unlink(sources.alias(source), Optional.empty(), Presence.of(ctx))) {
      case UNKNOWN_ALIAS, WRONG_TOKEN -> throw Errors.aliasNotFound();
      case ALIAS_REMOVED -> {}
      case MEDIA_REMOVED -> trash.emptySoon();
    }
    Json.send(ctx, 200, new Ok("ok"));
  }

  /** GET /internal/identifier: where the bytes are in the store. */
  void identifier(Context ctx) throws Exception {
    String place = store.place(BlobName.original(find(ctx).filename()));
    Json.send(ctx, 200, new Identifier(place, "ok"));
  }

  /** GET /internal/aliases. */
  void aliases(Context ctx) throws Exception {
    Json.send(ctx, 200, new Aliases(catalog.aliases(find(ctx).hash()), "ok"));
  }

  /** GET /internal/media. */
  void media(Context ctx) {
    QueryString query = QueryString.parse(ctx.queryString());
    int limit = limit(query.last("limit"));
    // One more than the page has tells whether there is another one.
    List<Media> found = catalog.uploads(after(query, PLACE), limit + 1);
    List<Media> page = found.subList(0, Math.min(limit, found.size()));
    List<Upload> uploads =
        page.stream().map(one -> Upload.of(one, catalog.aliases(one.hash()))).toList();
    String next = found.size() > limit ? page.getLast().place() : "";
    Json.send(ctx, 200, new Uploads(uploads, next, "ok"));
  }

  /**
   * The place after which a page begins; empty for the first one.
   *
   * @param form that of {@code next} of other pages
   */
  static String after(QueryString query, Pattern form) {
    String after = query.last("after").orElse("");
    if (!after.isEmpty() && !form.matcher(after).matches()) {
      throw new ApiException(
          ErrorCode.INVALID_QUERY,
          "after must be what next of another page says, not " + Excerpt.ofLine(after));
    }
    return after;
  }

  /** The number of media of a page, as a request says it. */
  int limit(Optional<String> given) {
    try {
      int limit =
          given.map(Integer::parseInt).orElse(Math.min(DEFAULT_MEDIA_PER_PAGE, maxMediaPerPage));
      if (limit >= 1 && limit <= maxMediaPerPage) {
        return limit;
      }
    } catch (NumberFormatException _) {
      // Told below, as one out of bounds is.
    }
    throw new ApiException(
        ErrorCode.INVALID_QUERY,
        "limit must be a number from 1 to %d (--max-media-per-page), not %s"
            .formatted(maxMediaPerPage, Excerpt.ofLine(given.orElse(""))));
  }

  /** GET /internal/filename. */
  void filename(Context ctx) {
    String alias = QueryString.parse(ctx.queryString()).required("alias");
    Media media = catalog.find(alias).orElseThrow(Errors::aliasNotFound);
    Json.send(ctx, 200, new Filename(media.filename(), "ok"));
  }

  /** GET /internal/stats: what Prometheus is told, for people. */
  void stats(Context ctx) {
    Map<String, Object> figures = metrics.figures();
    if (dialect.saysOkEverywhere()) {
      figures.put("msg", "ok");
    }
    Json.send(ctx, 200, figures);
  }

  /** POST /internal/backup: into a folder on the server's own machine. */
  void backup(Context ctx) throws Exception {
    QueryString query = QueryString.parse(ctx.queryString());
    String target = query.required("path");
    boolean links = query.last("copy").filter("true"::equals).isEmpty();
    try {
      Json.send(ctx, 200, new BackedUp(backup.run(Path.of(target), links), "ok"));
    } catch (BackupRefusedException | InvalidPathException e) {
      throw new ApiException(ErrorCode.INVALID_QUERY, String.valueOf(e.getMessage()));
    }
  }

  /** The source, by its filename or as on other routes; if both are given, the filename wins. */
  Media find(Context ctx) throws Exception {
    QueryString query = QueryString.parse(ctx.queryString());
    Optional<String> file = query.last("file");
    return (file.isPresent()
            ? catalog.findByFilename(file.get())
            : sources
                .stored(Sources.named(query, Sources.STORED), Presence.of(ctx))
                .map(Sources.Found::media))
        .orElseThrow(Errors::aliasNotFound);
  }
}
