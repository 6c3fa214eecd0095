package dev.pictj.http.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pictj.media.Details;
import dev.pictj.media.MediaType;

/**
 * pict-rs 0.5, as 0.5.23 was recorded. The blurhash is unknown yet, which is allowed to be said.
 */
final class Dialect05 implements Dialect {
  @Override
  public ObjectNode details(Details details) {
    boolean isVideo = isVideo(details.type());
    boolean moves = isVideo || details.frames() > 1;
    ObjectNode body = Dialect.object();
    body.putNull("blurhash");
    body.put("width", details.dimensions().width());
    body.put("height", details.dimensions().height());
    body.put("frames", moves ? (Integer) details.frames() : null);
    body.put("content_type", details.type().contentType());
    // RFC 3339, UTC, with as many digits behind the second as there are.
    body.put("created_at", details.createdAt().toString());
    body.put("format", isVideo ? "Video" : moves ? "Animation" : "Image");
    return body;
  }

  private static boolean isVideo(MediaType type) {
    return type.has(MediaType.Trait.VIDEO);
  }

  @Override
  public boolean isGoneDeleted() {
    return true;
  }
}
