package dev.pictj.ingest.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
@Tag("slow")
final class RemoteTlsTest {
  @TempDir private Path folder;

  @Test
  void theServerHearsTheNameWithItsUnderscoreAndWithoutItsLastDot() throws Exception {
    List<String> greetings = new CopyOnWriteArrayList<>();
    RemoteTls tls = new RemoteTls(new OkHttpClient().sslSocketFactory());
    try (LoopbackListener server =
        new LoopbackListener(client -> greetings.add(greeting(client)))) {
      for (String host : List.of("my_cat.good.test", "cat.good.test.", "my_cat.good.test.")) {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port());
        try (SSLSocket socket = (SSLSocket) tls.createSocket(plain, host, 443, true)) {
          assertThat(catchThrowable(socket::startHandshake)).isInstanceOf(IOException.class);
        }
      }
    }
    assertThat(greetings).hasSize(3);
    assertThat(greetings.get(0)).containsOnlyOnce("my_cat.good.test");
    assertThat(greetings.get(1)).containsOnlyOnce("cat.good.test").doesNotContain("test.");
    assertThat(greetings.get(2)).containsOnlyOnce("my_cat.good.test").doesNotContain("test.");
  }

  private static String greeting(Socket client) throws IOException {
    byte[] some = new byte[1 << 14];
    int size = client.getInputStream().read(some);
    return new String(some, 0, size, StandardCharsets.ISO_8859_1);
  }

  @Test
  void aWildcardStandsForANameWithAnUnderscore() throws Exception {
    try (TlsServer server = TlsServer.start(folder, "*.good.test", Map.of())) {
      OkHttpClient client = server.trusting(new LoopbackOnly()).get();
      // No name is sent, because a server in Java does not let such a name through.
      try (SSLSocket socket =
          (SSLSocket)
              client
                  .sslSocketFactory()
                  .createSocket(InetAddress.getLoopbackAddress(), server.port())) {
        SSLSession session = socket.getSession();
        assertThat(session.isValid()).isTrue();
        assertThat(client.hostnameVerifier().verify("my_cat.good.test", session)).isTrue();
        for (String other : List.of("a.my_cat.good.test", "my_cat.other.test", "good.test")) {
          assertThat(client.hostnameVerifier().verify(other, session)).as(other).isFalse();
        }
      }
    }
  }
}
