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
   * A media that looks alike.
   *
   * @param distance bits in which its hash differs
   */
  public record Match(Media media, Phash phash, int distance) {
    /** A key for the order of matches, the nearest first; no other match has the same. */
    public String place() {
      return place(distance, phash) + "-" + media.hash();
    }

    /** The beginning of the keys of all matches at a distance, which has one digit. */
    public static String place(int distance, Phash phash) {
      return distance + "-" + phash;
    }
  }
}
