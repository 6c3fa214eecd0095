package dev.pictj.ingest;

import dev.pictj.media.Details;

/**
 * One file as it was stored.
 *
 * @param alias its public name
 * @param deleteToken the secret that deletes it
 * @param details what is told about it
 */
public record Stored(String alias, String deleteToken, Details details) {
  /** Without the token, which is a secret. */
  @Override
  public String toString() {
    return "Stored[" + alias + "]";
  }
}
