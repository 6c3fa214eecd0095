package dev.pictj.catalog;

/**
 * One upload to be named.
 *
 * @param alias public name
 * @param deleteToken secret that deletes it
 * @param media what it points to if the hash is new
 * @param fresh whether the media's bytes were stored for this upload; else they belong to a media
 *     that is known already
 */
public record Link(String alias, String deleteToken, Media media, boolean fresh) {
  /** Without the token, which is a secret. */
  @Override
  public String toString() {
    return "Link[" + alias + " -> " + media.filename() + "]";
  }
}
