package dev.pictj.clients;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.server.RunningServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An upload over the limit is refused through every proxy, and whoever sends it sees why. */
@Tag("clients")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusedUploadsIT {
  private static final int TIMES = 20;
  private static final int PIECE = 64 * 1024;
  private static final String NGINX = "client_max_body_size 0; location / {";

  private RunningServer server;

  private enum Kind {
    NGINX_BUFFERED(port -> Front.nginx(port, "", NGINX + "proxy_pass http://UPSTREAM; }")),
    NGINX_UNBUFFERED(
        port ->
            Front.nginx(
                port,
                "",
                NGINX
                    + "proxy_request_buffering off; proxy_http_version 1.1;"
                    + " proxy_pass http://UPSTREAM; }")),
    CADDY(port -> Front.caddy(port, "encode gzip")),
    HAPROXY(port -> Front.haproxy(port, "")),
    HAPROXY_BUFFERED(port -> Front.haproxy(port, "option http-buffer-request"));

    private final IntFunction<Front> start;

    Kind(IntFunction<Front> start) {
      this.start = start;
    }
  }

  @BeforeAll
  void start() {
    server = RunningServer.start("max-file-size", "1");
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  private static byte[] body(boolean chunked) {
    byte[] content = new byte[6 << 20];
    byte[] head =
        "--b\r\nContent-Disposition: form-data; name=\"images[]\"; filename=\"x\"\r\n\r\n"
            .getBytes(ISO_8859_1);
    System.arraycopy(head, 0, content, 0, head.length);
    if (!chunked) {
      return content;
    }
    ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    for (int at = 0; at < content.length; at += PIECE) {
      chunks.writeBytes((Integer.toHexString(PIECE) + "\r\n").getBytes(ISO_8859_1));
      chunks.writeBytes(Arrays.copyOfRange(content, at, at + PIECE));
      chunks.writeBytes("\r\n".getBytes(ISO_8859_1));
    }
    chunks.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
    return chunks.toByteArray();
  }

  /** Reads only when all is written, or nobody takes it. */
  private static String answer(Front front, boolean chunked) throws IOException {
    byte[] body = body(chunked);
    try (Socket socket = new Socket("127.0.0.1", front.port())) {
      socket.setSoTimeout(60_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /image HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                  + "Content-Type: multipart/form-data; boundary=b\r\n"
                  + (chunked
                      ? "Transfer-Encoding: chunked\r\n\r\n"
                      : "Content-Length: " + body.length + "\r\n\r\n"))
              .getBytes(ISO_8859_1));
      try {
        for (int at = 0; at < body.length; at += PIECE) {
          out.write(body, at, Math.min(PIECE, body.length - at));
        }
      } catch (SocketException _) {
        // Caddy lets nobody send more than 256 KB for nothing.
      }
      return received(socket.getInputStream());
    }
  }

  /** All that comes before the connection is closed, or reset as Caddy does. */
  private static String received(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    try {
      for (int one = in.read(); one >= 0; one = in.read()) {
        text.append((char) one);
      }
    } catch (SocketException _) {
      // What has come counts.
    }
    return text.toString();
  }

  @ParameterizedTest
  @EnumSource
  void everyOneIsAnswered(Kind kind) throws IOException {
    try (Front front = kind.start.apply(server.port())) {
      for (boolean chunked : new boolean[] {false, true}) {
        for (int i = 0; i < TIMES; i++) {
          assertThat(answer(front, chunked))
              .startsWith("HTTP/1.1 413 ")
              .contains("\"code\":\"validate-file-size\"");
        }
      }
    }
  }
}
