package dev.pictj.http;

import dev.pictj.http.MultipartReader.FilePart;
import dev.pictj.ingest.Downloads;
import dev.pictj.ingest.Ingest;
import dev.pictj.ingest.Received;
import dev.pictj.ingest.Stored;
import dev.pictj.ingest.fetch.LoopMark;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The routes by which pictures come in. */
final class Uploads {
  /** The most of a body that is read for nothing. */
  private static final long THROWN_AWAY = 1 << 20;

  /** Longer names help nobody and do not fit everywhere. */
  private static final int MAX_ALIAS = 255;

  private final MultipartReader multipart;
  private final Ingest ingest;
  private final Downloads downloads;
  private final boolean skipValidateImports;

  Uploads(
      MultipartReader multipart, Ingest ingest, Downloads downloads, boolean skipValidateImports) {
    this.multipart = multipart;
    this.ingest = ingest;
    this.downloads = downloads;
    this.skipValidateImports = skipValidateImports;
  }

  /** POST /image. */
  void upload(Context ctx) throws Exception {
    requireWritable(ctx);
    List<FilePart> parts = multipart.read(ctx.req());
    try {
      reply(
          ctx,
          ingest.store(
              parts.stream()
                  .map(part -> new Received(part.file().path(), Optional.empty()))
                  .toList(),
              Presence.of(ctx)));
    } finally {
      parts.forEach(part -> part.file().close());
    }
  }

  /**
   * Refuses before a large body is read for nothing. A small one is read and thrown away first:
   * most clients look for an answer only when they have sent all, and lose it when the connection
   * is closed before.
   */
  private void requireWritable(Context ctx) throws IOException {
    try {
      ingest.requireWritable();
    } catch (IOException full) {
      try {
        InputStream body = ctx.req().getInputStream();
        long left = THROWN_AWAY;
        for (long n = 1; n > 0 && left > 0; left -= n) {
          n = body.skip(left);
        }
      } catch (IOException unreadable) {
        full.addSuppressed(unreadable);
      }
      throw full;
    }
  }

  /** POST /internal/import: the client's file names become aliases. */
  void importNamed(Context ctx) throws Exception {
    requireWritable(ctx);
    List<FilePart> parts = multipart.read(ctx.req());
    try {
      List<Received> received =
          parts.stream()
              .map(part -> new Received(part.file().path(), Optional.of(alias(part.name()))))
              .toList();
      reply(
          ctx,
          skipValidateImports
              ? ingest.storeUnchecked(received)
              : ingest.store(received, Presence.of(ctx)));
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

  private static String alias(String name) {
    if (name.length() > MAX_ALIAS) {
      throw new ApiException(
          ErrorCode.FILE_UPLOAD_ERROR,
          "Couldn't upload file, the name has %d characters, over the limit of %d"
              .formatted(name.length(), MAX_ALIAS));
    }
    return name;
  }

  private static void reply(Context ctx, List<Stored> stored) {
    Json.send(ctx, 201, Json.uploaded(stored));
  }
}
