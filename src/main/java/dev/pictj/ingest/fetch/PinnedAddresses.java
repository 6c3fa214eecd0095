package dev.pictj.ingest.fetch;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import javax.net.SocketFactory;
import okhttp3.Dns;

/**
 * The checked addresses of one hop. They are all that the HTTP client gets to know of its host, and
 * its sockets connect to nothing else, by themselves or through a proxy's tunnel.
 */
final class PinnedAddresses extends SocketFactory implements Dns {
  /** The most bytes beside the body: OkHttp takes a head of 256 KiB, and the rest is short. */
  private static final int MAX_BYTES_BESIDES_BODY = 512 * 1024;

  private final List<InetAddress> addresses;
  private final Optional<ProxyTunnel> tunnel;
  private int besidesBody;

  PinnedAddresses(List<InetAddress> addresses, Optional<ProxyTunnel> tunnel) {
    this.addresses = List.copyOf(addresses);
    this.tunnel = tunnel;
  }

  @Override
  public List<InetAddress> lookup(String host) {
    return addresses;
  }

  /**
   * To be told when some of the body has come out of the client. The client itself would hold a
   * line between two chunks however long it is.
   */
  void bodyArrived() {
    besidesBody = 0;
  }

  @Override
  public Socket createSocket() {
    return new PinnedSocket();
  }

  /** Ignores the JVM's own proxy settings. */
  private final class PinnedSocket extends Socket {
    PinnedSocket() {
      super(Proxy.NO_PROXY);
    }

    @Override
    public void connect(SocketAddress address, int timeoutMillis) throws IOException {
      if (!(address instanceof InetSocketAddress target)
          || addresses.stream().noneMatch(one -> one.equals(target.getAddress()))) {
        throw new ConnectException("an address that nobody checked");
      }
      if (tunnel.isEmpty()) {
        super.connect(target, timeoutMillis);
      } else {
        super.connect(tunnel.get().proxy(), timeoutMillis);
        tunnel.get().open(this, target);
      }
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
          int n = super.read(buffer, offset, length);
          besidesBody += Math.max(n, 0);
          if (besidesBody > MAX_BYTES_BESIDES_BODY) {
            throw new IOException("too many bytes that are no body");
          }
          return n;
        }
      };
    }
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException("the client connects its sockets itself");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
    throw new UnsupportedOperationException("the client connects its sockets itself");
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException("the client connects its sockets itself");
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
    throw new UnsupportedOperationException("the client connects its sockets itself");
  }
}
