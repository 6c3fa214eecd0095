package dev.pictj.http;

import dev.pictj.http.MediaReply.Representation;
import dev.pictj.http.Sources.Found;
import dev.pictj.http.Sources.Named;
import dev.pictj.http.dialect.DetailsShape;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.media.Preview;
import dev.pictj.process.Previews;
import dev.pictj.upkeep.Trash;
import io.javalin.http.Context;
import java.util.Optional;

/** The routes of stored pictures as they are: bytes, details, delete. */
record Originals(Sources sources, Previews previews, Trash trash, DetailsShape shape) {
  private record Blurhash(String blurhash, String msg) {}

  /** GET /image/original/{alias}. */
  void serve(MediaRequest request) throws Exception {
    serve(request, new Named(false, request.name()));
  }

  /** GET /image/original, by its query. */
  void serveNamed(MediaRequest request) throws Exception {
    serve(request, Sources.named(request.query(), Sources.STORED));
  }

  private void serve(MediaRequest request, Named source) throws Exception {
    Optional<Found> found =
        request.isGet()
            ? sources.fetched(source, request.caller())
            : sources.stored(source, request.caller());
    if (found.isPresent()) {
      request.send(Representation.of(found.get().media()), found.get().keepable());
      return;
    }
    // A HEAD tells only of what is stored, and fetches nothing.
    Optional<Found> shown = request.isGet() ? sources.placeholder() : Optional.empty();
    request.sendPlaceholder(Representation.of(shown.orElseThrow(Errors::aliasNotFound).media()));
  }

  /** GET /image/details/original/{alias}. */
  void details(Context ctx) throws Exception {
    details(ctx, new Named(false, ctx.pathParam("alias")));
  }

  /** GET /image/details/original, by its query. */
  void detailsNamed(Context ctx) throws Exception {
    details(ctx, Sources.named(QueryString.parse(ctx.queryString()), Sources.STORED));
  }

  private void details(Context ctx, Named source) throws Exception {
    Found found = sources.stored(source, Presence.of(ctx)).orElseThrow(Errors::aliasNotFound);
    Optional<Preview> preview =
        shape.tellsPreviews() ? previews.find(found.media(), Presence.of(ctx)) : Optional.empty();
    if (!found.isForOnce()) {
      ReplyHeaders.revalidated(ctx);
    }
    Json.send(ctx, 200, shape.detailsReply(found.media().details(), preview));
  }

  /** GET /image/blurhash, by its query. */
  void blurhash(Context ctx) throws Exception {
    Named source = Sources.named(QueryString.parse(ctx.queryString()), Sources.STORED);
    Found found = sources.fetched(source, Presence.of(ctx)).orElseThrow(Errors::aliasNotFound);
    Preview preview = previews.get(found.media(), Presence.of(ctx));
    if (!found.isForOnce()) {
      ReplyHeaders.revalidated(ctx);
    }
    Json.send(ctx, 200, new Blurhash(preview.blurhash(), "ok"));
  }

  /** GET or DELETE /image/delete/{token}/{alias}. */
  void delete(Context ctx) throws Exception {
    Optional<String> token = Optional.of(ctx.pathParam("token"));
    switch (sources.unlink(ctx.pathParam("alias"), token, Presence.of(ctx))) {
      case UNKNOWN_ALIAS -> {
        if (!shape.dialect().isGoneDeleted()) {
          throw Errors.aliasNotFound();
        }
      }
      case WRONG_TOKEN ->
          throw new ApiException(
              ErrorCode.INVALID_DELETE_TOKEN, "Provided token did not match expected token");
      case ALIAS_REMOVED -> {}
      case MEDIA_REMOVED -> trash.emptySoon();
    }
    ctx.status(204);
  }
}
