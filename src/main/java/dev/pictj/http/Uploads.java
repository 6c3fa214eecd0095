package dev.pictj.http;

import dev.pictj.catalog.BackgroundUploads.Outcome;
import dev.pictj.catalog.Media;
import dev.pictj.engine.Caller;
import dev.pictj.http.FormParts.FilePart;
import dev.pictj.http.dialect.DetailsShape;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.ingest.Background;
import dev.pictj.ingest.Background.Claim;
import dev.pictj.ingest.Downloads;
import dev.pictj.ingest.Ingest;
import dev.pictj.ingest.Received;
import dev.pictj.ingest.Stored;
import dev.pictj.ingest.Terms;
import dev.pictj.ingest.fetch.LoopMark;
import dev.pictj.media.Excerpt;
import dev.pictj.process.Previews;
import io.javalin.http.Context;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The routes by which pictures come in. */
record Uploads(
    MultipartReader multipart,
    Ingest ingest,
    Downloads downloads,
    Background background,
    UploadQuery query,
    Previews previews,
    boolean skipValidateImports,
    DetailsShape shape) {
  /** The longest alias, in characters. */
  private static final int MAX_ALIAS = 255;

  private static final Pattern UUID_TEXT =
      Pattern.compile("([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})");

  private record Uploaded(List<UploadedFile> files, String msg) {}

  private record Accepted(String msg, List<AcceptedUpload> uploads) {}

  private record AcceptedUpload(String uploadId) {}

  /** The failure of an upload in the background, whose request is long over. */
  private record Failed(String code, String msg) {}

  /** A file of the reply; its details have another order of keys than the details routes. */
  private record UploadedFile(String deleteToken, SortedMap<String, Object> details, String file) {}

  /** The reply of later dialects, with everything under both of its names. */
  private record UploadedTwice(String msg, List<FileTwice> files, List<FileTwice> uploads) {}

  private record FileTwice(String file, String alias, String deleteToken, Record details) {}

  /** POST /image. */
  void upload(Context ctx) throws Exception {
    store(ctx, _ -> Optional.empty(), false);
  }

  /** POST /internal/import: the client's file names become aliases. */
  void importNamed(Context ctx) throws Exception {
    store(ctx, part -> Optional.of(alias(part)), skipValidateImports);
  }

  private void store(Context ctx, Function<FilePart, Optional<String>> alias, boolean unchecked)
      throws Exception {
    Terms terms = query.terms(ctx.queryString());
    ingest.requireWritable();
    List<FilePart> parts = multipart.read(ctx.req());
    try {
      List<Received> received =
          parts.stream().map(part -> received(part, alias.apply(part), parts.size() > 1)).toList();
      reply(
          ctx,
          201,
          unchecked
              ? ingest.storeUnchecked(received)
              : ingest.store(received, terms, Presence.of(ctx)));
    } finally {
      parts.forEach(part -> part.file().close());
    }
  }

  /** POST /image/backgrounded: answered as soon as the bytes are safe. */
  void uploadBehind(Context ctx) throws Exception {
    // A bad query is refused now; the query is read again when the upload is worked on.
    var _ = query.terms(ctx.queryString());
    ingest.requireWritable();
    List<FilePart> parts = multipart.read(ctx.req());
    try {
      accepted(ctx, accept(ctx, parts.stream().map(part -> part.file().path()).toList()));
    } finally {
      parts.forEach(part -> part.file().close());
    }
  }

  private List<String> accept(Context ctx, List<Path> files) throws Exception {
    String written = ctx.queryString();
    return background.accept(files, written == null ? "" : written, Presence.of(ctx).party());
  }

  private static void accepted(Context ctx, List<String> ids) {
    Json.send(ctx, 202, new Accepted("ok", ids.stream().map(AcceptedUpload::new).toList()));
  }

  /** GET /image/backgrounded/claim. */
  void claim(Context ctx) throws Exception {
    String id = uuid(QueryString.parse(ctx.queryString()).required("upload_id"));
    switch (background.claim(id, Presence.of(ctx))) {
      case Claim.Waiting _ -> ctx.status(204);
      case Claim.Unknown _ ->
          throw new ApiException(ErrorCode.ALREADY_CLAIMED, "Upload was already claimed");
      case Claim.Failed(Outcome.Refused(String code, String message)) ->
          Json.send(ctx, 422, new Failed(code, message));
      case Claim.Done(Stored stored, Media media) ->
          reply(ctx, 200, List.of(withPreview(stored, media)));
    }
  }

  /** Makes the preview that is missing where a server of the dialect 0.3 stored the upload. */
  private Stored withPreview(Stored stored, Media media) throws InterruptedException {
    return shape.tellsPreviews()
        ? new Stored(
            stored.alias(),
            stored.deleteToken(),
            stored.details(),
            previews.find(media, Caller.PATIENT))
        : stored;
  }

  /** Reads a UUID with or without hyphens, and writes it with them. */
  private static String uuid(String text) {
    Matcher digits = UUID_TEXT.matcher(text.toLowerCase(Locale.ROOT));
    if (!digits.matches()) {
      throw new ApiException(ErrorCode.INVALID_QUERY, "Query parameter `upload_id` must be a UUID");
    }
    return digits.replaceFirst("$1-$2-$3-$4-$5");
  }

  /** GET /image/download. */
  void download(Context ctx) throws Exception {
    QueryString parsed = QueryString.parse(ctx.queryString());
    String url = parsed.required("url");
    if (LoopMark.isIn(Collections.list(ctx.req().getHeaders(LoopMark.HEADER)))) {
      throw new ApiException(
          ErrorCode.DOWNLOAD_FORBIDDEN,
          "Unable to download image, the request comes from a download itself: that is a loop");
    }
    boolean behind = query.isRead() && parsed.flag("backgrounded", false);
    Terms terms = query.terms(parsed);
    ingest.requireWritable();
    if (behind) {
      accepted(ctx, downloads.fetch(url, Presence.of(ctx), file -> accept(ctx, List.of(file))));
    } else {
      reply(ctx, 201, downloads.store(url, terms, Presence.of(ctx)));
    }
  }

  private static Received received(FilePart part, Optional<String> alias, boolean oneOfSeveral) {
    return new Received(
        part.file().path(),
        alias,
        oneOfSeveral ? Optional.of(Excerpt.ofLine(part.name())) : Optional.empty());
  }

  private static String alias(FilePart part) {
    if (part.nameLength() > MAX_ALIAS) {
      throw new ApiException(
          ErrorCode.FILE_UPLOAD_ERROR,
          "Couldn't upload file, the name has %d characters, over the limit of %d (file \"%s\")"
              .formatted(part.nameLength(), MAX_ALIAS, Excerpt.ofLine(part.name())));
    }
    return part.name();
  }

  private void reply(Context ctx, int status, List<Stored> stored) {
    if (shape.dialect().namesUploadsTwice()) {
      List<FileTwice> files = stored.stream().map(this::twice).toList();
      Json.send(ctx, status, new UploadedTwice("ok", files, files));
    } else {
      List<UploadedFile> files = stored.stream().map(this::uploaded).toList();
      Json.send(ctx, status, new Uploaded(files, "ok"));
    }
  }

  private FileTwice twice(Stored stored) {
    return new FileTwice(
        stored.alias(),
        stored.alias(),
        stored.deleteToken(),
        shape.details(stored.details(), stored.preview()));
  }

  private UploadedFile uploaded(Stored stored) {
    return new UploadedFile(
        stored.deleteToken(),
        Json.alphabetical(shape.details(stored.details(), stored.preview())),
        stored.alias());
  }
}
