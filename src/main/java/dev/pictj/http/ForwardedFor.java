package dev.pictj.http;

import dev.pictj.network.Network;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * Reads the client that proxies name in {@code X-Forwarded-For} or {@code Forwarded} (RFC 7239).
 *
 * <p>Each proxy appends the address it got the request from, so the list is read from its end: past
 * proxies that are trusted, to the first address that is none. What stands before that was written
 * by somebody who is not trusted. A value that is no address ends the search with nothing found,
 * since it hides who wrote what stands before it.
 *
 * <p>A proxy that writes one of the two headers lets a client's own copy of the other pass. So
 * where both are there they must agree.
 */
final class ForwardedFor {
  /** An address, perhaps with a port: {@code 192.0.2.1:80}, {@code [2001:db8::1]:80}. */
  private static final Pattern NODE =
      Pattern.compile("\\[([^\\[\\]]+)](?::[\\w.-]+)?|([\\d.]+)(?::[\\w.-]+)?|([^\\[\\]]+)");

  /** An element between commas, which may stand inside a quoted string too. */
  private static final Pattern ELEMENT =
      Pattern.compile("(?:[^\",]++|\"(?:[^\"\\\\]++|\\\\.)*+\")++");

  /** A pair between semicolons. */
  private static final Pattern PAIR = Pattern.compile("(?:[^\";]++|\"(?:[^\"\\\\]++|\\\\.)*+\")++");

  private ForwardedFor() {}

  /**
   * The client that all these headers name.
   *
   * @param trusted proxies that may stand between it and the peer
   */
  static Optional<InetAddress> client(HttpFields headers, List<Network> trusted) {
    List<String> plain = nodes(headers, HttpHeader.X_FORWARDED_FOR);
    List<String> standard = nodes(headers, HttpHeader.FORWARDED);
    if (plain.isEmpty() || standard.isEmpty()) {
      return client(plain.isEmpty() ? standard : plain, trusted);
    }
    Optional<InetAddress> client = client(plain, trusted);
    return client.equals(client(standard, trusted)) ? client : Optional.empty();
  }

  private static Optional<InetAddress> client(List<String> nodes, List<Network> trusted) {
    Optional<InetAddress> nearest = Optional.empty();
    for (String node : nodes.reversed()) {
      nearest = address(node);
      if (nearest.isEmpty() || !Network.anyContains(trusted, nearest.get())) {
        return nearest;
      }
    }
    return nearest;
  }

  /** All values of a header, repeated ones in the order they stand in (RFC 9110, section 5.3). */
  private static List<String> nodes(HttpFields headers, HttpHeader header) {
    List<String> nodes = new ArrayList<>();
    for (String line : headers.getValuesList(header)) {
      if (header == HttpHeader.X_FORWARDED_FOR) {
        Stream.of(line.split(",", -1)).filter(node -> !node.isBlank()).forEach(nodes::add);
      } else {
        split(ELEMENT, line, ',').forEach(element -> nodes.add(nodeOf(element)));
      }
    }
    return nodes;
  }

  /** The value of {@code for} in an element of Forwarded; empty where it is not there once. */
  private static String nodeOf(String element) {
    List<String> found =
        split(PAIR, element, ';').stream()
            .map(String::strip)
            .filter(pair -> pair.regionMatches(true, 0, "for=", 0, 4))
            .map(pair -> unquoted(pair.substring(4)))
            .toList();
    return found.size() == 1 ? found.getFirst() : "";
  }

  /** The parts of a text; one empty part where quotes do not end, so that nothing is found. */
  private static List<String> split(Pattern part, String text, char separator) {
    List<String> parts = new ArrayList<>();
    Matcher matcher = part.matcher(text);
    int at = 0;
    while (matcher.find()) {
      if (matcher.start() > at && text.charAt(at) != separator) {
        return List.of("");
      }
      parts.add(matcher.group());
      at = matcher.end();
    }
    return text.substring(at).indexOf('"') < 0 ? parts : List.of("");
  }

  private static String unquoted(String value) {
    return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1")
        : value;
  }

  private static Optional<InetAddress> address(String node) {
    Matcher matcher = NODE.matcher(node.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String literal =
        matcher.group(1) != null
            ? matcher.group(1)
            : matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
    try {
      return Optional.of(Network.literal(literal));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
