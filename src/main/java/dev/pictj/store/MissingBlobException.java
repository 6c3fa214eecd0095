package dev.pictj.store;

import java.io.IOException;

/** There is no blob of this name, or some of its bytes are missing. */
public final class MissingBlobException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Names the blob; the message is for the log. */
  public MissingBlobException(BlobName name) {
    super("the file of " + name + " is missing or has lost a part");
  }
}
