package dev.pictj.ingest;

import java.nio.file.Path;
import java.util.Optional;

/**
 * One file as it came in.
 *
 * @param file its bytes, on disk; left to the caller to remove
 * @param alias the name to give it, or empty for a fresh one
 * @param label what to call it when it is refused; empty where there is no other
 */
public record Received(Path file, Optional<String> alias, Optional<String> label) {
  /** The only file. */
  public Received(Path file, Optional<String> alias) {
    this(file, alias, Optional.empty());
  }
}
