package dev.pictj.catalog;

import dev.pictj.media.Phash;
import java.util.List;

/**
 * Media that look like something, the nearest first.
 *
 * @param media a page of them
 * @param candidates hashes that were compared for it, of all that there are
 * @param lacking media of which no perceptual hash was made yet, and which are not among them
 */
public record Similar(List<Match> media, long candidates, long lacking) {
  /** Keeps an unmodifiable copy of the list. */
  public Similar {
    media = List.copyOf(media);
  }

  /**
   * One of them.
   *
   * @param distance bits in which its hash differs
   */
  public record Match(Media media, Phash phash, int distance) {
    /** A text that is the greater, the later in the order this comes, and no other one's. */
    public String place() {
      return place(distance, phash) + "-" + media.hash();
    }

    /** What the places of all with this hash begin with; one digit is enough for a distance. */
    public static String place(int distance, Phash phash) {
      return distance + "-" + phash;
    }
  }
}
