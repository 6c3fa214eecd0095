package dev.pictj.http;

import dev.pictj.catalog.Media;
import dev.pictj.catalog.Variant;
import dev.pictj.engine.Caller;
import dev.pictj.engine.OverloadedException;
import dev.pictj.http.MediaReply.Representation;
import dev.pictj.http.dialect.Dialect;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.media.Details;
import dev.pictj.media.MediaType;
import dev.pictj.media.Preview;
import dev.pictj.process.Chain;
import dev.pictj.process.ChainParser;
import dev.pictj.process.Previews;
import dev.pictj.process.Variants;
import dev.pictj.store.MissingBlobException;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The routes of pictures made on request. */
record Processing(
    Sources sources, ChainParser parser, Variants variants, Previews previews, Dialect dialect) {
  /** How often a variant may vanish between its making and its opening in one request. */
  private static final int MAX_ATTEMPTS = 5;

  private record Wanted(Media media, Chain chain, MediaType target) {
    boolean changesNothing() {
      return Variants.changesNothing(media, chain, target);
    }
  }

  /** GET /image/process.{ext}. */
  void serve(MediaRequest request) throws Exception {
    boolean makes = request.isGet() || !dialect.makesVariantsForGetOnly();
    Wanted wanted =
        makes
            ? fetched(request.query(), request.name(), request.caller())
            : stored(request.query(), request.name());
    if (wanted.changesNothing()) {
      request.send(Representation.of(wanted.media()));
      return;
    }
    Caller caller = request.caller();
    if (!makes || sources.readOnly()) {
      sendKnown(request, wanted);
      return;
    }
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

  /** Sends a variant that is there already. */
  private void sendKnown(MediaRequest request, Wanted wanted) throws IOException {
    Optional<Variant> variant = known(wanted);
    if (variant.isEmpty() || !sent(request, wanted.media(), variant.get())) {
      throw request.isGet() ? Errors.readOnlyMode() : Errors.aliasNotFound();
    }
  }

  private Optional<Variant> known(Wanted wanted) throws IOException {
    return variants.find(wanted.media(), wanted.chain(), wanted.target());
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
    Wanted wanted = stored(QueryString.parse(ctx.queryString()), ctx.pathParam("ext"));
    Details details =
        wanted.changesNothing()
            ? wanted.media().details()
            : variant(wanted, Presence.of(ctx)).details();
    Optional<Preview> preview =
        dialect.tellsPreviews()
            ? previews.find(wanted.media(), Presence.of(ctx))
            : Optional.empty();
    ReplyHeaders.revalidated(ctx);
    Json.send(ctx, 200, dialect.detailsReply(details, preview));
  }

  private Variant variant(Wanted wanted, Caller caller) throws Exception {
    return dialect.makesVariantsForGetOnly() || sources.readOnly()
        ? known(wanted).orElseThrow(Errors::aliasNotFound)
        : variants.findOrMake(wanted.media(), wanted.chain(), wanted.target(), caller);
  }

  private Wanted stored(QueryString query, String extension) throws Exception {
    return wanted(sources.stored(Sources.named(query, Sources.PROCESSED)), query, extension);
  }

  private Wanted fetched(QueryString query, String extension, Caller caller) throws Exception {
    return wanted(
        sources.fetched(Sources.named(query, Sources.PROCESSED), caller), query, extension);
  }

  /** In the order of pict-rs: an unknown alias is told before a bad extension. */
  private Wanted wanted(Optional<Media> media, QueryString query, String extension)
      throws Exception {
    Media found = media.orElseThrow(Errors::aliasNotFound);
    MediaType target = target(extension);
    return new Wanted(found, parser.parse(query.parameters()), target);
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
