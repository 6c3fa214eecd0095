package dev.pictj.http;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Variant;
import dev.pictj.engine.Caller;
import dev.pictj.engine.OverloadedException;
import dev.pictj.http.MediaReply.Representation;
import dev.pictj.http.dialect.Dialect;
import dev.pictj.media.Details;
import dev.pictj.media.MediaType;
import dev.pictj.process.Chain;
import dev.pictj.process.ChainParser;
import dev.pictj.process.Variants;
import dev.pictj.store.MissingBlobException;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;

/** The routes of pictures made on request. */
record Processing(Catalog catalog, ChainParser parser, Variants variants, Dialect dialect) {
  /** How often a variant may vanish between its making and its opening in one request. */
  private static final int MAX_ATTEMPTS = 5;

  private record Wanted(Media media, Chain chain, MediaType target) {
    boolean changesNothing() {
      return Variants.changesNothing(media, chain, target);
    }
  }

  /** GET /image/process.{ext}. */
  void serve(MediaRequest request) throws Exception {
    Wanted wanted = wanted(request.query(), request.name());
    if (wanted.changesNothing()) {
      request.send(Representation.of(wanted.media()));
      return;
    }
    Caller caller = request.caller();
    Variant variant = variants.findOrMake(wanted.media(), wanted.chain(), wanted.target(), caller);
    for (int attempt = 1; !sent(request, wanted.media(), variant); attempt++) {
      if (attempt == MAX_ATTEMPTS) {
        throw new OverloadedException(
            "variants go as fast as they are made", Duration.ofSeconds(1));
      }
      // What is lost, or made room for others, can be had again.
      variant = variants.makeAgain(wanted.media(), wanted.chain(), wanted.target(), caller);
    }
  }

  /** False when the bytes are gone since they were found. */
  private static boolean sent(MediaRequest request, Media media, Variant variant)
      throws IOException {
    try {
      request.send(Representation.of(media, variant));
      return true;
    } catch (MissingBlobException _) {
      return false;
    }
  }

  /** GET /image/details/process.{ext}. */
  void details(Context ctx) throws Exception {
    Wanted wanted = wanted(QueryString.parse(ctx.queryString()), ctx.pathParam("ext"));
    Details details =
        wanted.changesNothing()
            ? wanted.media().details()
            : variants
                .findOrMake(wanted.media(), wanted.chain(), wanted.target(), Presence.of(ctx))
                .details();
    ReplyHeaders.revalidated(ctx);
    Json.send(ctx, 200, dialect.details(details));
  }

  /** In the order of pict-rs 0.3: an unknown alias is told before a bad extension. */
  private Wanted wanted(QueryString query, String extension) throws Exception {
    Media media = catalog.find(query.required("src")).orElseThrow(Errors::aliasNotFound);
    MediaType target = target(extension);
    return new Wanted(media, parser.parse(query.parameters()), target);
  }

  static MediaType target(String extension) {
    MediaType target = MediaType.byExtension().get(extension);
    if (target == null) {
      throw new ApiException(
          ErrorCode.INVALID_FILE_EXTENSION,
          "Unsupported image format; process makes "
              + String.join(", ", MediaType.byExtension().keySet()));
    }
    return target;
  }
}
