package dev.pictj.ingest;

/** An upload was so slow that the room it took on the disk was given to others. */
public final class GaveWayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception for an upload whose files have been removed already. */
  public GaveWayException() {
    super("slower than the uploads that waited for its room");
  }
}
