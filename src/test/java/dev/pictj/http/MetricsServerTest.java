package dev.pictj.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.observe.Metrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The address for metrics has limits of its own. */
@Timeout(60)
class MetricsServerTest {
  private static final Duration IDLE = Duration.ofMillis(500);

  private static Socket connect(MetricsServer server) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), server.port());
  }

  /** Asks, and waits for the first byte of the answer. */
  private static void ask(Socket socket) throws IOException {
    socket.getOutputStream().write("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
    assertThat(socket.getInputStream().read()).isEqualTo('H');
  }

  /** What is sent until the other side closes, whether or not it has read everything. */
  private static byte[] rest(Socket socket) throws IOException {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(rest);
    } catch (SocketException _) {
      // The last byte that was sent came too late to be read.
    }
    return rest.toByteArray();
  }

  /** Each byte is a sign of life, and yet nobody gets on. */
  @Test
  void aHeadThatComesByteByByteIsNotWaitedFor() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (MetricsServer server = new MetricsServer(any, 1, IDLE, new Metrics());
        Socket slow = connect(server)) {
      slow.setSoTimeout((int) IDLE.toMillis() / 5);
      String answers = "";
      boolean open = true;
      for (int sent = 0; open && sent < 100; sent++) {
        slow.getOutputStream()
            .write("GET /metrics HTTP/1.1\r\nA:".concat("a".repeat(99)).charAt(sent));
        try {
          byte[] first = slow.getInputStream().readNBytes(1);
          answers = new String(first, US_ASCII) + new String(rest(slow), US_ASCII);
          open = false;
        } catch (SocketTimeoutException _) {
          // It waits for the rest of the head.
        }
      }
      assertThat(open).isFalse();
      assertThat(answers).contains("408 Request Timeout");
    }
  }

  /** The second one is accepted when the first one has been silent for too long, no earlier. */
  @Test
  void connectionsAreFewAndNotSilentForLong() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (MetricsServer server = new MetricsServer(any, 1, IDLE, new Metrics());
        SocketChannel first =
            SocketChannel.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))) {
      ask(first.socket());
      try (Socket second = connect(server)) {
        ask(second);
        first.configureBlocking(false);
        assertThat(isAtItsEnd(first)).as("the first one was closed by then").isTrue();
      }
    }
  }

  /** Whether the other side has closed it; does not wait for that. */
  private static boolean isAtItsEnd(SocketChannel channel) throws IOException {
    ByteBuffer rest = ByteBuffer.allocate(1 << 16);
    int read = channel.read(rest);
    while (read > 0) {
      read = channel.read(rest.clear());
    }
    return read < 0;
  }
}
