package dev.pictj.http.dialect;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.pictj.config.DialectName;
import dev.pictj.media.Details;
import dev.pictj.media.MediaType;
import dev.pictj.media.Preview;
import dev.pictj.process.Rounding;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a line of pict-rs answers. */
public enum Dialect {
  /** pict-rs 0.3. */
  V0_3 {
    @Override
    Record details(Details details, Optional<Preview> preview) {
      ZonedDateTime utc = details.createdAt().atZone(ZoneOffset.UTC);
      return new Details03(
          details.dimensions().width(),
          details.dimensions().height(),
          details.type().contentType(),
          List.of(
              utc.getYear(), utc.getDayOfYear(), utc.toLocalTime().toSecondOfDay(), utc.getNano()));
    }
  },

  /** pict-rs 0.5, as 0.5.23 was recorded. */
  V0_5 {
    @Override
    Record details(Details details, Optional<Preview> preview) {
      return laterDetails(details, preview);
    }
  },

  /** pict-rs 0.6, as its sixth release candidate was recorded. */
  V0_6 {
    @Override
    Record details(Details details, Optional<Preview> preview) {
      return laterDetails(details, preview);
    }

    @Override
    Record detailsReply(Details details, Optional<Preview> preview) {
      return new DetailsReply06(details(details, preview), "ok");
    }
  };

  private static Details05 laterDetails(Details details, Optional<Preview> preview) {
    boolean isVideo = details.type().has(MediaType.Trait.VIDEO);
    boolean moves = details.frames() > 1 || details.type().has(MediaType.Trait.MOVING);
    return new Details05(
        preview.map(Preview::blurhash).orElse(null),
        details.dimensions().width(),
        details.dimensions().height(),
        details.frames() > 1 ? (Integer) details.frames() : null,
        details.type().contentType(),
        details.createdAt().toString(),
        isVideo ? "Video" : moves ? "Animation" : "Image");
  }

  /**
   * Details as 0.3 tells them.
   *
   * @param createdAt year, day of the year, second of the day, nanosecond; UTC
   */
  private record Details03(int width, int height, String contentType, List<Integer> createdAt) {}

  /**
   * Details as 0.5 tells them.
   *
   * @param blurhash null where none could be made, which clients allow
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

  private record DetailsReply06(@JsonUnwrapped Record details, String msg) {}

  /** The dialect of this name. */
  public static Dialect of(DialectName name) {
    return valueOf(name.name());
  }

  /** The shape of {@link DetailsShape#details}, without facts. */
  abstract Record details(Details details, Optional<Preview> preview);

  /** The shape of {@link DetailsShape#detailsReply}, without facts. */
  Record detailsReply(Details details, Optional<Preview> preview) {
    return details(details, preview);
  }

  /** Whether an upload is told as {@code uploads} and {@code alias}, too. */
  public boolean namesUploadsTwice() {
    return this == V0_6;
  }

  /** Whether aliases and delete tokens are UUIDs. */
  public boolean namesAreUuids() {
    return this != V0_3;
  }

  /** Whether the query of an upload may limit it, and ask for operations. */
  public boolean readsUploadQueries() {
    return this != V0_3;
  }

  /** Whether details have a part of the preview. */
  public boolean tellsPreviews() {
    return this != V0_3;
  }

  /** Whether every reply in JSON says {@code ok}. */
  public boolean saysOkEverywhere() {
    return this == V0_6;
  }

  /** Whether deleting what is not there succeeds, be it deleted before or never stored. */
  public boolean isGoneDeleted() {
    return this != V0_3;
  }

  /**
   * What media tell caches. In 0.3 they may keep content under a name, which never changes, for
   * seven days. Later lines have them ask each time, so that what is deleted is gone everywhere.
   */
  public String mediaCacheControl() {
    return switch (this) {
      case V0_3 -> "public, max-age=604800, immutable";
      case V0_5 -> "public, max-age=0, immutable, stale-while-revalidate=604800";
      case V0_6 -> "public, max-age=5, immutable, stale-while-revalidate=604800";
    };
  }

  /** The {@code Cache-Control} of media that caches may keep for this time at most. */
  public String mediaCacheControl(Duration most) {
    long usual =
        switch (this) {
          case V0_3 -> 604_800;
          case V0_5 -> 0;
          case V0_6 -> 5;
        };
    return "public, max-age=%d, must-revalidate".formatted(Math.min(usual, most.toSeconds()));
  }

  /** How the sides of variants are rounded. */
  public Rounding rounding() {
    return this == V0_3 ? Rounding.DOWN : Rounding.NEAREST;
  }

  /** Whether operations are read as leniently as pict-rs reads them since 0.5. */
  public boolean readsOperationsLeniently() {
    return this != V0_3;
  }

  /**
   * Whether a still whose file was cut short is stored as far as it goes; since 0.5 it is refused.
   */
  public boolean repairsCutPictures() {
    return this == V0_3;
  }

  /** Whether the unit of a range may be written in capitals; since 0.5 that is an unknown unit. */
  public boolean readsRangeUnitsInAnyCase() {
    return this == V0_3;
  }

  /** Whether HEAD is answered with the part that a range asks for, as GET would be. */
  public boolean hasRangesOfHead() {
    return this != V0_3;
  }

  /**
   * Whether one range beyond the end is answered with what is said of the content, and no words.
   */
  public boolean describesWhatRangesMiss() {
    return this != V0_3;
  }

  /** Whether only GET of a variant makes it, and neither HEAD nor a question for its details. */
  public boolean makesVariantsForGetOnly() {
    return this != V0_3;
  }

  /** Whether every GET has its HEAD, and every path an OPTIONS; else media alone have a HEAD. */
  public boolean hasHeadAndOptions() {
    return this == V0_3;
  }
}
