package dev.pictj.http.dialect;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.pictj.media.Details;
import dev.pictj.media.Facts;
import dev.pictj.media.Preview;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How details are told: as a line of pict-rs tells them, and with facts behind that where they are
 * wanted.
 *
 * @param facts whether they are; 0.3 tells none all the same
 */
public record DetailsShape(Dialect dialect, boolean facts) {
  /** Details with facts, which are null where none could be made, like the blurhash. */
  private record WithFacts(
      @JsonUnwrapped Record details,
      @Nullable String thumbhash,
      @Nullable String dominantColor,
      @Nullable String phash) {}

  /** Whether details have a part of the preview. */
  public boolean tellsPreviews() {
    return dialect.tellsPreviews();
  }

  /** Whether details have facts. */
  public boolean tellsFacts() {
    return facts && tellsPreviews();
  }

  /**
   * Details as a part of a reply.
   *
   * @param preview of the media, also for a variant; left out where it is not {@linkplain
   *     #tellsPreviews told}
   */
  public Record details(Details details, Optional<Preview> preview) {
    return with(dialect.details(details, preview), preview);
  }

  /** The reply of the details routes. */
  public Record detailsReply(Details details, Optional<Preview> preview) {
    return with(dialect.detailsReply(details, preview), preview);
  }

  private Record with(Record details, Optional<Preview> preview) {
    if (!tellsFacts()) {
      return details;
    }
    Optional<Facts> known = preview.flatMap(Preview::facts);
    return new WithFacts(
        details,
        known.map(Facts::thumbhash).orElse(null),
        known.map(Facts::dominantColor).orElse(null),
        known.map(Facts::phash).orElse(null));
  }
}
