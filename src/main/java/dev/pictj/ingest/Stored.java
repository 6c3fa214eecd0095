package dev.pictj.ingest;

import dev.pictj.media.Details;
import dev.pictj.media.Preview;
import java.util.Optional;

/**
 * One file as it was stored.
 *
 * @param alias its public name
 * @param deleteToken the secret that deletes it
 * @param details what is told about it
 * @param preview empty where none could be made
 */
public record Stored(String alias, String deleteToken, Details details, Optional<Preview> preview) {
  /** Leaves out the token, which is a secret. */
  @Override
  public String toString() {
    return "Stored[" + alias + "]";
  }
}
