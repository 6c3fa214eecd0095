package dev.pictj.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Requests written byte by byte, where a client library would hide the framing. */
final class Wire {
  private Wire() {}

  /** One form with one file of this content. */
  static byte[] form(byte[] content) {
    return form("Content-Disposition: form-data; name=\"images[]\"; filename=\"x\"\r\n", content);
  }

  /** One form with one part of these headers, which end in a line break. */
  static byte[] form(String headers, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ascii("--b\r\n" + headers + "\r\n"));
    out.writeBytes(content);
    out.writeBytes(ascii("\r\n--b--\r\n"));
    return out.toByteArray();
  }

  /** The body in chunks of this size (RFC 9112, section 7.1). */
  static byte[] chunked(byte[] body, int size) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 0; at < body.length; at += size) {
      int length = Math.min(size, body.length - at);
      out.writeBytes(ascii(Integer.toHexString(length) + "\r\n"));
      out.write(body, at, length);
      out.writeBytes(ascii("\r\n"));
    }
    out.writeBytes(ascii("0\r\n\r\n"));
    return out.toByteArray();
  }

  /** Posts a form and returns head and body of the answer. */
  static String post(RunningServer server, String headers, byte[] body) throws IOException {
    return exchange(server, head(headers), body);
  }

  /** Posts a part of the form that the headers tell of, and closes our side of the connection. */
  static String postPart(RunningServer server, String headers, byte[] part) throws IOException {
    return exchange(server, head(headers), part, true);
  }

  private static String head(String headers) {
    return "POST /image HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        + "Content-Type: multipart/form-data; boundary=b\r\n"
        + headers
        + "\r\n";
  }

  /** Sends a head and a body, and returns everything that comes back. */
  static String exchange(RunningServer server, String head, byte[] body) throws IOException {
    return exchange(server, head, body, false);
  }

  private static String exchange(RunningServer server, String head, byte[] body, boolean close)
      throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      try {
        out.write(ascii(head));
        out.write(body);
        out.flush();
        if (close) {
          socket.shutdownOutput();
        }
      } catch (SocketException _) {
        // The server has answered and hung up before the end of the body, as it may.
      }
      return text(socket.getInputStream().readAllBytes());
    }
  }

  /** What a client of this machine has sent and the other side has not read (proc(5), net/tcp). */
  static long unread(Socket client) throws IOException {
    String ports =
        ":%04X ".formatted(client.getPort())
            + "[0-9A-F]+"
            + ":%04X ".formatted(client.getLocalPort());
    Pattern other = Pattern.compile(ports + "[0-9A-F]{2} [0-9A-F]+:([0-9A-F]+)");
    return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
        .flatMap(
            table -> {
              try {
                return Files.readAllLines(Path.of(table)).stream();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .map(other::matcher)
        .filter(Matcher::find)
        .mapToLong(line -> Long.parseLong(line.group(1), 16))
        .findFirst()
        .orElseThrow();
  }

  static String text(byte[] answer) {
    return new String(answer, StandardCharsets.ISO_8859_1);
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
