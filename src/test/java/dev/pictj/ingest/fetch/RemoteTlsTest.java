package dev.pictj.ingest.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
@Tag("slow")
final class RemoteTlsTest {
  @TempDir private Path folder;

  @Test
  void theServerHearsTheNameWithItsUnderscore() throws Exception {
    RemoteTls tls = new RemoteTls();
    tls.start();
    for (String host : List.of("my_cat.good.test", "cat.good.test")) {
      SSLEngine client = tls.newSSLEngine(host, 443);
      client.setUseClientMode(true);
      ByteBuffer hello = ByteBuffer.allocate(1 << 16);
      client.wrap(ByteBuffer.allocate(0), hello);
      String sent = new String(hello.array(), 0, hello.position(), StandardCharsets.ISO_8859_1);
      assertThat(sent).containsOnlyOnce(".good.test").containsOnlyOnce(host);
    }
    tls.stop();
  }

  @Test
  void aWildcardStandsForANameWithAnUnderscoreAndNothingElseDoes() throws Exception {
    assertThat(greet("*.good.test", "my_cat.good.test")).isNull();
    for (String other : List.of("*.other.test", "my-cat.good.test", "good.test")) {
      assertThat(greet(other, "my_cat.good.test")).isInstanceOf(SSLException.class);
    }
    assertThat(greet("*.good.test", "a.my_cat.good.test")).isInstanceOf(SSLException.class);
  }

  /** The failure of a handshake with a server of this name, if any; no server name is sent. */
  private Throwable greet(String certificate, String host) throws Exception {
    Path keys = java.nio.file.Files.createTempDirectory(folder, "keys");
    try (TlsServer server = TlsServer.start(keys, certificate, Map.of())) {
      SslContextFactory.Client tls = server.trusting();
      tls.start();
      SSLEngine client = tls.newSSLEngine(host, 443);
      client.setUseClientMode(true);
      // A server in Java does not let such a name through.
      SSLParameters parameters = client.getSSLParameters();
      parameters.setServerNames(List.of());
      client.setSSLParameters(parameters);
      Throwable failure = catchThrowable(() -> shakeHands(client, server.engine()));
      tls.stop();
      return failure;
    }
  }

  private static void shakeHands(SSLEngine client, SSLEngine server) throws SSLException {
    ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
    ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
    client.beginHandshake();
    server.beginHandshake();
    while (isShaking(client) || isShaking(server)) {
      step(client, toServer, toClient);
      step(server, toClient, toServer);
    }
  }

  private static boolean isShaking(SSLEngine engine) {
    return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
  }

  private static void step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
    switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> engine.getDelegatedTask().run();
      case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
      case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
        in.flip();
        engine.unwrap(in, ByteBuffer.allocate(1 << 16));
        in.compact();
      }
      default -> {}
    }
  }
}
