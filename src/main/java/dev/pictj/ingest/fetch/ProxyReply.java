package dev.pictj.ingest.fetch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the head of a proxy's answer to {@code CONNECT} (RFC 9112 sections 2 and 4), of which only
 * the status matters: RFC 9110 section 9.3.6 has a client ignore the framing fields of a success.
 */
final class ProxyReply {
  private static final Pattern STATUS_LINE =
      Pattern.compile("HTTP/1\\.[01] ([1-9][0-9]{2})(?: [^\\r\\n]*)?\\r?\\n");

  private final int maxBytes;
  private final ByteArrayOutputStream first = new ByteArrayOutputStream();
  private int bytes;
  private int inLine;
  private int status;

  /**
   * A reply of which nothing is read yet.
   *
   * @param maxBytes the longest head
   */
  ProxyReply(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Takes the next byte.
   *
   * @return whether it ended the head
   * @throws IOException if this is no HTTP head, or too long a one
   */
  boolean isCompleteWith(byte next) throws IOException {
    bytes++;
    if (bytes > maxBytes) {
      throw new IOException("the proxy's head is longer than " + maxBytes + " bytes");
    }
    if (status == 0) {
      first.write(next);
      if (next == '\n') {
        status = status(first.toString(StandardCharsets.ISO_8859_1));
      }
      return false;
    }
    if (next == '\n') {
      boolean empty = inLine == 0;
      inLine = 0;
      return empty && ended();
    }
    if (next != '\r') {
      inLine++;
    }
    return false;
  }

  /** An interim answer (RFC 9110 section 15.2) is followed by another head. */
  private boolean ended() {
    if (status >= 200) {
      return true;
    }
    status = 0;
    first.reset();
    return false;
  }

  private static int status(String line) throws IOException {
    Matcher matcher = STATUS_LINE.matcher(line);
    if (!matcher.matches()) {
      throw new IOException("the proxy does not speak HTTP/1.1");
    }
    return Integer.parseInt(matcher.group(1));
  }

  /** From 200 to 999, once the head is complete. */
  int status() {
    return status;
  }
}
