package dev.pictj.http.dialect;

import dev.pictj.media.Details;
import dev.pictj.media.MediaType;

/**
 * pict-rs 0.5, as 0.5.23 was recorded. The blurhash is unknown yet, which is allowed to be said.
 */
final class Dialect05 implements Dialect {
  /**
   * Details as 0.5 tells them.
   *
   * @param frames null for a still
   * @param createdAt as RFC 3339 writes it, UTC, with as many digits behind the second as there are
   */
  private record Reply(
      String blurhash,
      int width,
      int height,
      Integer frames,
      String contentType,
      String createdAt,
      String format) {}

  @Override
  public Record details(Details details) {
    boolean isVideo = isVideo(details.type());
    boolean moves = isVideo || details.frames() > 1;
    return new Reply(
        null,
        details.dimensions().width(),
        details.dimensions().height(),
        moves ? (Integer) details.frames() : null,
        details.type().contentType(),
        details.createdAt().toString(),
        isVideo ? "Video" : moves ? "Animation" : "Image");
  }

  private static boolean isVideo(MediaType type) {
    return type.has(MediaType.Trait.VIDEO);
  }

  @Override
  public boolean isGoneDeleted() {
    return true;
  }
}
