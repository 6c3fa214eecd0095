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
  /** The version of an upload that was not judged by the deny list. */
  public static final long NOT_JUDGED = -1;

  /** What a name is for beside being a name. */
  public sealed interface Purpose {
    /** The name is the outcome of this upload in the background. */
    record Upload(String id) implements Purpose {}

    /** The name stands for this URL from now on. */
    record Url(String url, ProxiedUrls.Origin origin) implements Purpose {}
  }

  /** A link to a media whose bytes are not lost. */
  public Link(String alias, String deleteToken, Media media, boolean fresh) {
    this(alias, deleteToken, media, fresh, Optional.empty());
  }

  /** A link without another purpose. */
  public Link(
      String alias, String deleteToken, Media media, boolean fresh, Optional<String> instead) {
    this(alias, deleteToken, media, fresh, instead, Optional.empty());
  }

  /** A link that the deny list does not stop. */
  public Link(
      String alias,
      String deleteToken,
      Media media,
      boolean fresh,
      Optional<String> instead,
      Optional<Purpose> purpose) {
    this(alias, deleteToken, media, fresh, instead, purpose, NOT_JUDGED);
  }

  /** Leaves out the token, which is a secret. */
  @Override
  public String toString() {
    return "Link[" + alias + " -> " + media.filename() + "]";
  }
}
