package dev.pictj.catalog;

/** What became of a request to take an alias away. */
public enum Unlinked {
  /** It is gone; other aliases keep the media. */
  ALIAS_REMOVED,
  /** It was the last one: the media is gone too. */
  MEDIA_REMOVED,
  /** There is no such alias. */
  UNKNOWN_ALIAS,
  /** The token is not the alias's. Nothing changed. */
  WRONG_TOKEN
}
