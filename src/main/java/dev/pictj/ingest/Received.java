package dev.pictj.ingest;

import dev.pictj.catalog.Link;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One file as it came in.
 *
 * @param file its bytes, on disk; left to the caller to remove
 * @param alias the name to give it, or empty for a fresh one
 * @param label what to call it when it is refused; empty where there is no other
 * @param purpose what its name is for beside being one
 * @param past of one that another server had before
 */
public record Received(
    Path file,
    Optional<String> alias,
    Optional<String> label,
    Optional<Link.Purpose> purpose,
    Past past) {
  /** A file of another server. */
  public Received(Path file, String alias, Past past) {
    this(file, Optional.of(alias), Optional.empty(), Optional.empty(), past);
  }

  /** The only file of a request. */
  public Received(Path file, Optional<String> alias) {
    this(file, alias, Optional.empty());
  }

  /** One of several files of a request. */
  public Received(Path file, Optional<String> alias, Optional<String> label) {
    this(file, alias, label, Optional.empty(), Past.UNKNOWN);
  }

  /** The only file of a request, whose name has a purpose. */
  public Received(Path file, Link.Purpose purpose) {
    this(file, Optional.empty(), Optional.empty(), Optional.of(purpose), Past.UNKNOWN);
  }
}
