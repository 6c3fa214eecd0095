package dev.pictj.http;

import dev.pictj.catalog.Catalog;
import dev.pictj.media.Details;
import dev.pictj.store.Blob;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.MissingBlobException;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Map;

/** Sends stored bytes: the one owner of ranges, validators and caching on the media routes. */
final class MediaResponder {
  /** Seven days, exactly as pict-rs writes it. Content under a name never changes. */
  private static final String CACHE_CONTROL = "public, max-age=604800, immutable";

  /** Up to this size one read and one write are fastest; above, a buffer of it goes round. */
  private static final int SMALL = 256 * 1024;

  private static final int BUFFER = 64 * 1024;

  private final BlobStore store;
  private final Catalog catalog;

  MediaResponder(BlobStore store, Catalog catalog) {
    this.store = store;
    this.catalog = catalog;
  }

  /**
   * Answers GET or HEAD with a blob.
   *
   * @param hash of its bytes
   * @param size its length when it was stored; a blob of another length is damaged
   * @throws MissingBlobException before anything is sent
   */
  void respond(Context ctx, BlobName name, String hash, long size, Details details)
      throws IOException {
    Validators validators = Validators.of(hash, details.createdAt());
    boolean isGet = ctx.req().getMethod().equals("GET");
    if (validators.notModified(ctx.header("If-None-Match"), ctx.header("If-Modified-Since"))) {
      describe(ctx, validators);
      ctx.status(304);
      return;
    }
    try (Blob blob = open(name)) {
      if (blob.size() != size) {
        throw new MissingBlobException(name);
      }
      describe(ctx, validators);
      // A Range on HEAD has no meaning (RFC 9110, section 14.2).
      ByteRange range =
          isGet && validators.rangeApplies(ctx.header("If-Range"))
              ? ByteRange.parse(ctx.header("Range"), size)
              : new ByteRange.Whole();
      switch (range) {
        case ByteRange.Unsatisfiable _ ->
            throw new ApiException(
                ErrorCode.RANGE_NOT_SATISFIABLE,
                "Range header not satisfiable",
                Map.of("Content-Range", "bytes */" + size));
        case ByteRange.Whole _ -> send(ctx, blob, details, 0, size, isGet);
        case ByteRange.Part part -> {
          ctx.status(206);
          ctx.header("Content-Range", "bytes %d-%d/%d".formatted(part.first(), part.last(), size));
          send(ctx, blob, details, part.first(), part.length(), true);
        }
      }
    }
  }

  private static void describe(Context ctx, Validators validators) {
    ctx.header("ETag", validators.etag());
    ctx.header("Last-Modified", validators.httpDate());
    ctx.header("Cache-Control", CACHE_CONTROL);
    ctx.header("Accept-Ranges", "bytes");
  }

  /** Between the look-up and here the media may have been deleted, and then nothing is lost. */
  private Blob open(BlobName name) throws IOException {
    try {
      return store.open(name);
    } catch (MissingBlobException e) {
      if (catalog.findByFilename(name.filename()).isEmpty()) {
        throw Errors.aliasNotFound();
      }
      throw e;
    }
  }

  private static void send(
      Context ctx, Blob blob, Details details, long offset, long length, boolean body)
      throws IOException {
    ctx.contentType(details.type().contentType());
    ctx.res().setContentLengthLong(length);
    if (!body) {
      return;
    }
    OutputStream out = ctx.res().getOutputStream();
    byte[] buffer = new byte[(int) Math.min(length, length <= SMALL ? SMALL : BUFFER)];
    long sent = 0;
    while (sent < length) {
      int wanted = (int) Math.min(buffer.length, length - sent);
      ByteBuffer window = ByteBuffer.wrap(buffer, 0, wanted);
      while (window.hasRemaining()) {
        if (blob.read(window, offset + sent + window.position()) < 0) {
          throw new IOException("stored bytes end early");
        }
      }
      out.write(buffer, 0, wanted);
      sent += wanted;
    }
  }
}
