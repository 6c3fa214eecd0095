package dev.pictj.catalog;

import dev.pictj.media.Phash;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An entry of the deny list: content that may not be uploaded.
 *
 * @param hash as its kind writes it, in lower case
 * @param distance bits of a perceptual hash that may differ; 0 for exact bytes
 * @param added when it was put on the list
 * @param note what an administrator wrote beside it
 */
public record Denied(Kind kind, String hash, int distance, Instant added, String note) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-fA-F]{64}");

  /** By what an upload is recognised. */
  public enum Kind {
    /** SHA-256 of the bytes, as they are received or as they are stored. */
    SHA256,
    /** Perceptual hash of what is stored. */
    PHASH;

    /** What ids of this kind begin with. */
    public String prefix() {
      return name().toLowerCase(Locale.ROOT) + ":";
    }
  }

  /** An entry for exact bytes; empty where the hash is not 64 hexadecimal digits. */
  public static Optional<Denied> bytes(String hash, Instant added, String note) {
    return SHA256.matcher(hash).matches()
        ? Optional.of(new Denied(Kind.SHA256, hash.toLowerCase(Locale.ROOT), 0, added, note))
        : Optional.empty();
  }

  /** An entry for everything that looks like this. */
  public static Denied look(Phash phash, int distance, Instant added, String note) {
    return new Denied(Kind.PHASH, phash.toString(), distance, added, note);
  }

  /** The id of the entry: its kind, a colon and the hash. */
  public String id() {
    return kind.prefix() + hash;
  }

  /** Whether it denies this look. */
  public boolean covers(Phash phash) {
    return kind == Kind.PHASH
        && phash.isComparable()
        && Phash.parse(hash).filter(one -> one.distance(phash) <= distance).isPresent();
  }
}
