package dev.pictj.ingest.fetch;

import java.io.EOFException;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a proxy for tunnels ({@code CONNECT}, RFC 9110 section 9.3.6). The proxy is told an address,
 * never a name, so what it connects to is what was checked; OkHttp would tell it the name.
 *
 * @param authorization for the proxy alone
 * @param timeout for the whole exchange with the proxy
 */
record ProxyTunnel(InetSocketAddress proxy, Optional<String> authorization, Duration timeout) {
  private static final Logger LOG = LoggerFactory.getLogger(ProxyTunnel.class);
  private static final int MAX_HEAD_BYTES = 16 * 1024;

  private static final Pattern STATUS_LINE =
      Pattern.compile("HTTP/1\\.[01] ([1-9][0-9]{2})(?: [^\\r]*)?\\r?");

  /** Statuses by which the proxy itself refuses, which the administrator has to mend. */
  private static final Set<Integer> REFUSED_BY_PROXY = Set.of(401, 403, 405, 407);

  /**
   * Makes a tunnel of a socket that is connected to the proxy.
   *
   * @throws IOException if the proxy refuses, is too slow, or speaks another protocol
   */
  void open(Socket socket, InetSocketAddress target) throws IOException {
    String authority = authority(target);
    String request =
        "CONNECT %s HTTP/1.1\r\nHost: %s\r\n%s\r\n"
            .formatted(
                authority,
                authority,
                authorization.map(value -> "Proxy-Authorization: " + value + "\r\n").orElse(""));
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    int status = new Reply(socket, Deadline.after(timeout, System::nanoTime)).status();
    if (status > 299) {
      if (REFUSED_BY_PROXY.contains(status)) {
        LOG.warn("Downloads fail: the proxy answered {} to CONNECT", status);
      }
      throw new IOException("the proxy answered " + status + " to CONNECT");
    }
  }

  /** The target as RFC 3986 section 3.2 writes it, in digits. */
  private static String authority(InetSocketAddress target) {
    String digits = target.getAddress().getHostAddress();
    boolean isIpv6 = target.getAddress() instanceof Inet6Address;
    return (isIpv6 ? "[" + digits + "]" : digits) + ":" + target.getPort();
  }

  /** The heads that a proxy sends, of which only the last one's status matters. */
  private static final class Reply {
    private final Socket socket;
    private final Deadline deadline;
    private int bytes;

    Reply(Socket socket, Deadline deadline) {
      this.socket = socket;
      this.deadline = deadline;
    }

    /** From 200 to 999. An interim answer (RFC 9110 section 15.2) is followed by another head. */
    int status() throws IOException {
      while (true) {
        Matcher matcher = STATUS_LINE.matcher(line());
        if (!matcher.matches()) {
          throw new ProtocolException("the proxy does not speak HTTP/1.1");
        }
        int status = Integer.parseInt(matcher.group(1));
        String field;
        do {
          field = line();
        } while (!field.isBlank());
        if (status >= 200) {
          return status;
        }
      }
    }

    /** Reads one byte at a time: the bytes after the head are for the tunnel's user. */
    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      while (true) {
        socket.setSoTimeout((int) deadline.millisLeft());
        int next = socket.getInputStream().read();
        if (next < 0) {
          throw new EOFException("the proxy hung up");
        }
        if (++bytes > MAX_HEAD_BYTES) {
          throw new ProtocolException("the proxy's head is too long");
        }
        if (next == '\n') {
          return line.toString();
        }
        line.append((char) next);
      }
    }
  }
}
