package dev.pictj.http;

import dev.pictj.http.FormParts.FilePart;
import dev.pictj.http.dialect.Dialect;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.ingest.Downloads;
import dev.pictj.ingest.Ingest;
import dev.pictj.ingest.Received;
import dev.pictj.ingest.Stored;
import dev.pictj.ingest.fetch.LoopMark;
import dev.pictj.media.Excerpt;
import io.javalin.http.Context;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;

/** The routes by which pictures come in. */
record Uploads(
    MultipartReader multipart,
    Ingest ingest,
    Downloads downloads,
    boolean skipValidateImports,
    Dialect dialect) {
  /** Longer names help nobody and do not fit everywhere. */
  private static final int MAX_ALIAS = 255;

  private record Uploaded(List<UploadedFile> files, String msg) {}

  /** Its details have their keys in another order than the details routes, as in pict-rs. */
  private record UploadedFile(String deleteToken, SortedMap<String, Object> details, String file) {}

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
    ingest.requireWritable();
    List<FilePart> parts = multipart.read(ctx.req());
    try {
      List<Received> received =
          parts.stream().map(part -> received(part, alias.apply(part), parts.size() > 1)).toList();
      reply(
          ctx,
          unchecked ? ingest.storeUnchecked(received) : ingest.store(received, Presence.of(ctx)));
    } finally {
      parts.forEach(part -> part.file().close());
    }
  }

  /** GET /image/download. */
  void download(Context ctx) throws Exception {
    String url = QueryString.parse(ctx.queryString()).required("url");
    if (LoopMark.isIn(Collections.list(ctx.req().getHeaders(LoopMark.HEADER)))) {
      throw new ApiException(
          ErrorCode.DOWNLOAD_FORBIDDEN,
          "Unable to download image, the request comes from a download itself: that is a loop");
    }
    ingest.requireWritable();
    reply(ctx, downloads.store(url, Presence.of(ctx)));
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

  private void reply(Context ctx, List<Stored> stored) {
    List<UploadedFile> files = stored.stream().map(this::uploaded).toList();
    Json.send(ctx, 201, new Uploaded(files, "ok"));
  }

  private UploadedFile uploaded(Stored stored) {
    return new UploadedFile(
        stored.deleteToken(),
        Json.alphabetical(dialect.details(stored.details(), stored.preview())),
        stored.alias());
  }
}
