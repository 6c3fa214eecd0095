package dev.pictj.ingest.fetch;

import java.io.IOException;

/** A proxy that will not make a tunnel. */
final class ProxyRefusalException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int status;

  ProxyRefusalException(int status) {
    super("the proxy answered " + status + " to CONNECT");
    this.status = status;
  }

  /**
   * Whether the proxy refuses us rather than failed to reach the target: something that only the
   * administrator can mend.
   */
  boolean isOurs() {
    return status == 401 || status == 403 || status == 405 || status == 407;
  }
}
