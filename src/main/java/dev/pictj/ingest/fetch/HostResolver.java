package dev.pictj.ingest.fetch;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Looks up the addresses of a host name or address literal. Blocking. */
@FunctionalInterface
interface HostResolver {
  /**
   * All addresses of the host, at least one.
   *
   * @throws UnknownHostException if it has none
   */
  InetAddress[] resolve(String host) throws UnknownHostException;
}
