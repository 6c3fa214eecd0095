package dev.pictj.http;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Variant;
import dev.pictj.media.MediaType;
import dev.pictj.process.ChainParser;
import dev.pictj.process.Variants;
import io.javalin.http.Context;

/** The routes of pictures made on request. */
final class Processing {
  private final Catalog catalog;
  private final ChainParser parser;
  private final Variants variants;
  private final MediaResponder responder;

  Processing(Catalog catalog, ChainParser parser, Variants variants, MediaResponder responder) {
    this.catalog = catalog;
    this.parser = parser;
    this.variants = variants;
    this.responder = responder;
  }

  private record Found(Media media, Variant variant) {}

  /** GET /image/process.{ext}. */
  void serve(Context ctx) throws Exception {
    Found found = find(ctx);
    Variant variant = found.variant();
    responder.respond(
        ctx,
        Variants.blobName(found.media(), variant),
        variant.hash(),
        variant.size(),
        variant.details());
  }

  /** GET /image/details/process.{ext}. */
  void details(Context ctx) throws Exception {
    Json.send(ctx, 200, Json.details(find(ctx).variant().details()));
  }

  /** In the order of pict-rs 0.3: an unknown alias is told before a bad extension. */
  private Found find(Context ctx) throws Exception {
    QueryString query = QueryString.parse(ctx.queryString());
    Media media = catalog.find(query.required("src")).orElseThrow(Errors::aliasNotFound);
    MediaType target = target(ctx.pathParam("ext"));
    return new Found(
        media,
        variants.findOrMake(media, parser.parse(query.parameters()), target, Presence.of(ctx)));
  }

  private static MediaType target(String extension) {
    return switch (extension) {
      case "jpg", "jpeg" -> MediaType.JPEG;
      case "png" -> MediaType.PNG;
      case "webp" -> MediaType.WEBP;
      default ->
          throw new ApiException(
              ErrorCode.INVALID_FILE_EXTENSION,
              "Unsupported image format; process makes jpg, jpeg, png and webp");
    };
  }
}
