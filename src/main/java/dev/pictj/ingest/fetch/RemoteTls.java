package dev.pictj.ingest.fetch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.StandardConstants;

/**
 * TLS to hosts as browsers know them: those with an underscore, too, which Java does not name in
 * its greeting.
 */
final class RemoteTls extends SSLSocketFactory {
  private final SSLSocketFactory sockets;

  RemoteTls(SSLSocketFactory sockets) {
    this.sockets = sockets;
  }

  @Override
  public Socket createSocket(Socket plain, String host, int port, boolean autoClose)
      throws IOException {
    Socket socket = sockets.createSocket(plain, host, port, autoClose);
    if (socket instanceof SSLSocket tls && host.indexOf('_') >= 0) {
      SSLParameters parameters = tls.getSSLParameters();
      parameters.setServerNames(List.of(new HostName(host.replaceFirst("\\.$", ""))));
      tls.setSSLParameters(parameters);
    }
    return socket;
  }

  /**
   * A host name as RFC 6066 section 3 sends it; Java's own class wants letters, digits, hyphens.
   */
  private static final class HostName extends SNIServerName {
    HostName(String name) {
      super(StandardConstants.SNI_HOST_NAME, name.getBytes(StandardCharsets.US_ASCII));
    }
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return sockets.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return sockets.getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException("TLS begins on a connected socket");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
    throw new UnsupportedOperationException("TLS begins on a connected socket");
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException("TLS begins on a connected socket");
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
    throw new UnsupportedOperationException("TLS begins on a connected socket");
  }
}
