package dev.pictj.ingest.fetch;

import java.net.ConnectException;
import java.net.SocketAddress;

/**
 * The last word before a socket is opened, after every other check. The program has nothing to say
 * here; tests refuse whatever is not loopback, so that a broken check cannot reach anything.
 */
@FunctionalInterface
interface DialGuard {
  /** Lets everything through: the addresses were checked before. */
  DialGuard NONE = address -> {};

  /**
   * Called with every address that is about to be connected to.
   *
   * @throws ConnectException to keep the socket from being opened
   */
  void check(SocketAddress address) throws ConnectException;
}
