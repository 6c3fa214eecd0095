package dev.pictj.catalog;

/**
 * A media that an upload was to join has been deleted meanwhile, and its bytes may be on their way
 * out: they must be stored anew under another filename.
 */
public final class MediaVanishedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Names the content. */
  public MediaVanishedException(String hash) {
    super("media " + hash + " was deleted meanwhile");
  }
}
