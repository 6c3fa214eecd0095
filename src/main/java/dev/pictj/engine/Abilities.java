package dev.pictj.engine;

import dev.pictj.media.MediaType;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the tools and libraries of this machine are able to do.
 *
 * @param read formats whose files can be read, be it their animations alone
 * @param made formats that can be made of them
 * @param frames whether animations can be made frame by frame, other than WebP of WebP
 * @param sequences whether animations can be made that are coded like videos
 */
public record Abilities(
    Set<MediaType> read, Set<MediaType> made, boolean frames, boolean sequences) {
  /** The abilities of a machine on which nothing is missing. */
  public static final Abilities ALL = of(_ -> true, _ -> true, true, true);

  /** Keeps unmodifiable copies of the sets. */
  public Abilities {
    read = Set.copyOf(read);
    made = Set.copyOf(made);
  }

  /**
   * The formats for which a condition holds.
   *
   * @param making asked only for those that are made at all
   */
  public static Abilities of(
      Predicate<MediaType> reading,
      Predicate<MediaType> making,
      boolean frames,
      boolean sequences) {
    Set<MediaType> read = EnumSet.allOf(MediaType.class);
    read.removeIf(reading.negate());
    Set<MediaType> made = EnumSet.allOf(MediaType.class);
    made.removeIf(type -> !type.has(MediaType.Trait.PRODUCED) || !making.test(type));
    return new Abilities(read, made, frames, sequences);
  }

  /** Whether an animation of one format can become one of another, or a smaller one of its own. */
  public boolean moves(MediaType from, MediaType to) {
    return to.has(MediaType.Trait.ANIMATION)
        && made.contains(to)
        && (frames || (from == MediaType.WEBP && to == MediaType.WEBP))
        && (sequences || !(to.has(MediaType.Trait.SEQUENCE) || from.has(MediaType.Trait.SEQUENCE)));
  }
}
