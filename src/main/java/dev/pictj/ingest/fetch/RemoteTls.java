package dev.pictj.ingest.fetch;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * TLS to hosts as browsers know them: those with an underscore, too, which Java refuses to name in
 * its greeting and to look for in a certificate.
 *
 * <p>No certificate may hold such a name itself (CA/Browser Forum, baseline requirements
 * 7.1.4.2.1), but a wildcard stands for it. So Java is told to look for a name at the same place
 * that nobody can have, which wildcards alone match, while the server hears the true one.
 */
final class RemoteTls extends SslContextFactory.Client {
  @Override
  public SSLEngine newSSLEngine(String host, int port) {
    if (host.indexOf('_') < 0) {
      return super.newSSLEngine(host, port);
    }
    String standIn =
        "x" + Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), Character.MAX_RADIX);
    SSLEngine engine = super.newSSLEngine(host.replaceFirst("^[^.]*", standIn), port);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setServerNames(List.of(new HostName(host)));
    engine.setSSLParameters(parameters);
    return engine;
  }

  /**
   * A host name as RFC 6066 section 3 sends it; Java's own class wants letters, digits, hyphens.
   */
  private static final class HostName extends SNIServerName {
    HostName(String name) {
      super(StandardConstants.SNI_HOST_NAME, name.getBytes(StandardCharsets.US_ASCII));
    }
  }
}
