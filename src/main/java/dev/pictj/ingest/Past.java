package dev.pictj.ingest;

import dev.pictj.media.Probed;
import java.time.Instant;
import java.util.Optional;

/**
 * What another server tells of a file that comes from it.
 *
 * @param deleteToken what deletes it there, and so here; empty for a fresh one
 * @param createdAt when it was stored there; empty for now
 * @param header of the file, believed where we cannot read it
 */
public record Past(
    Optional<String> deleteToken, Optional<Instant> createdAt, Optional<Probed> header) {
  /** The past of a file of which nothing is told. */
  public static final Past UNKNOWN = new Past(Optional.empty(), Optional.empty(), Optional.empty());

  /** Leaves out the token, which is a secret. */
  @Override
  public String toString() {
    return "Past[" + createdAt + ", " + header + "]";
  }
}
