package dev.pictj.http;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Media;
import dev.pictj.http.MediaReply.Representation;
import dev.pictj.http.dialect.Dialect;
import dev.pictj.media.Details;
import dev.pictj.upkeep.Trash;
import io.javalin.http.Context;
import java.io.IOException;

/** The routes of stored pictures as they are: bytes, details, delete. */
record Originals(Catalog catalog, Trash trash, Dialect dialect) {
  /** GET /image/original/{alias}. */
  void serve(MediaRequest request) throws IOException {
    request.send(Representation.of(find(request.name())));
  }

  /** GET /image/details/original/{alias}. */
  void details(Context ctx) {
    Details details = find(ctx.pathParam("alias")).details();
    ReplyHeaders.revalidated(ctx);
    Json.send(ctx, 200, dialect.details(details));
  }

  /** GET or DELETE /image/delete/{token}/{alias}. */
  void delete(Context ctx) {
    switch (catalog.unlink(ctx.pathParam("alias"), ctx.pathParam("token"))) {
      case UNKNOWN_ALIAS -> {
        if (!dialect.isGoneDeleted()) {
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

  private Media find(String alias) {
    return catalog.find(alias).orElseThrow(Errors::aliasNotFound);
  }
}
