package dev.pictj.http.dialect;

import dev.pictj.config.DialectName;
import dev.pictj.media.Details;
import dev.pictj.media.MediaType;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a line of pict-rs answers. */
public enum Dialect {
  /** pict-rs 0.3. */
  V0_3 {
    @Override
    public Record details(Details details) {
      ZonedDateTime utc = details.createdAt().atZone(ZoneOffset.UTC);
      return new Details03(
          details.dimensions().width(),
          details.dimensions().height(),
          details.type().contentType(),
          List.of(
              utc.getYear(), utc.getDayOfYear(), utc.toLocalTime().toSecondOfDay(), utc.getNano()));
    }
  },

  /** pict-rs 0.5, as 0.5.23 was recorded. The blurhash is unknown, which it allows to be said. */
  V0_5 {
    @Override
    public Record details(Details details) {
      boolean isVideo = details.type().has(MediaType.Trait.VIDEO);
      boolean moves = isVideo || details.frames() > 1;
      return new Details05(
          null,
          details.dimensions().width(),
          details.dimensions().height(),
          moves ? (Integer) details.frames() : null,
          details.type().contentType(),
          details.createdAt().toString(),
          isVideo ? "Video" : moves ? "Animation" : "Image");
    }
  };

  /**
   * Details as 0.3 tells them.
   *
   * @param createdAt year, day of the year, second of the day, nanosecond; UTC
   */
  private record Details03(int width, int height, String contentType, List<Integer> createdAt) {}

  /**
   * Details as 0.5 tells them.
   *
   * @param frames null for a still
   * @param createdAt as RFC 3339 writes it, UTC, with as many digits behind the second as there are
   */
  private record Details05(
      @Nullable String blurhash,
      int width,
      int height,
      @Nullable Integer frames,
      String contentType,
      String createdAt,
      String format) {}

  /** The one of this name. */
  public static Dialect of(DialectName name) {
    return valueOf(name.name());
  }

  /** The reply of the details routes. */
  public abstract Record details(Details details);

  /** Whether deleting what is not there succeeds, be it deleted before or never stored. */
  public boolean isGoneDeleted() {
    return this == V0_5;
  }
}
