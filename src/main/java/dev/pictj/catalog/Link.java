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
 */
public record Link(
    String alias, String deleteToken, Media media, boolean fresh, Optional<String> instead) {
  /** One of a media whose bytes, if any, were not lost. */
  public Link(String alias, String deleteToken, Media media, boolean fresh) {
    this(alias, deleteToken, media, fresh, Optional.empty());
  }

  /** Without the token, which is a secret. */
  @Override
  public String toString() {
    return "Link[" + alias + " -> " + media.filename() + "]";
  }
}
