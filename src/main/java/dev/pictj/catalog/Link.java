package dev.pictj.catalog;

import java.util.Optional;

/**
 * One upload to be named.
 *
 * @param alias public name
 * @param deleteToken secret that deletes it
 * @param media what it points to if the hash is new
 * @param fresh whether the media's bytes were stored for this upload, under a filename that was
 *     announced; else they belong to a media that is known already
 * @param instead the filename whose bytes are lost and in whose place the media's come, where the
 *     hash is known; empty where nothing is lost
 * @param purpose what else the name is for, noted in the same step
 * @param judged version of the deny list by which it may be uploaded; {@link #NOT_JUDGED} where
 *     that does not matter
 */
public record Link(
    String alias,
    String deleteToken,
    Media media,
    boolean fresh,
    Optional<String> instead,
    Optional<Purpose> purpose,
    long judged) {
  /** See {@link Link}. */
  public static final long NOT_JUDGED = -1;

  /** What a name is for beside being a name. */
  public sealed interface Purpose {
    /** It is the outcome of this upload in the background. */
    record Upload(String id) implements Purpose {}

    /** It is what this URL stands for from now on. */
    record Url(String url, ProxiedUrls.Origin origin) implements Purpose {}
  }

  /** One of a media whose bytes, if any, were not lost. */
  public Link(String alias, String deleteToken, Media media, boolean fresh) {
    this(alias, deleteToken, media, fresh, Optional.empty());
  }

  /** One that is for nothing else. */
  public Link(
      String alias, String deleteToken, Media media, boolean fresh, Optional<String> instead) {
    this(alias, deleteToken, media, fresh, instead, Optional.empty());
  }

  /** One whatever is denied. */
  public Link(
      String alias,
      String deleteToken,
      Media media,
      boolean fresh,
      Optional<String> instead,
      Optional<Purpose> purpose) {
    this(alias, deleteToken, media, fresh, instead, purpose, NOT_JUDGED);
  }

  /** Without the token, which is a secret. */
  @Override
  public String toString() {
    return "Link[" + alias + " -> " + media.filename() + "]";
  }
}
