package dev.pictj.ingest.fetch;

import dev.pictj.ingest.fetch.FetchException.Reason;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A URL we are willing to ask for, read as browsers read it (the WHATWG URL standard): http or
 * https, a host, no user info. Whether its address may be connected to is decided elsewhere.
 *
 * <p>What the standard leaves in a path or a query as it is though RFC 3986 has no place for it,
 * such as {@code |}, is percent-encoded, which means the same. A scheme is followed by two slashes,
 * no more and no less.
 *
 * @param uri in ASCII, with a path and without a fragment
 * @param host the name or address literal to resolve in ASCII, IPv6 in brackets, IPv4 as four
 *     decimal numbers
 * @param port 1 to 65535
 */
record RemoteUrl(URI uri, String host, int port) {
  private static final Pattern SCHEME =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(.*)", Pattern.DOTALL);
  private static final Pattern REFERENCE =
      Pattern.compile("([^?#]*)(\\?[^#]*)?(#.*)?", Pattern.DOTALL);
  private static final Pattern AUTHORITY =
      Pattern.compile("[/\\\\]{2}([^/\\\\]*)(.*)", Pattern.DOTALL);
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(\\[[0-9A-Fa-f:.]*]|[^:\\[\\]]*)(?::([0-9]*))?");

  /** The last label of a host that is an IPv4 address, or is none and no name either. */
  private static final Pattern NUMBER = Pattern.compile("(.*\\.)?([0-9]+|0[xX][0-9a-fA-F]*)\\.?");

  private static final Pattern ESCAPE = Pattern.compile("%[0-9a-fA-F]{2}");
  private static final Pattern DOT = Pattern.compile("\\.|%2e", Pattern.CASE_INSENSITIVE);

  /** Encoded besides blanks, controls and what is not ASCII. */
  private static final String IN_PATH = "\"#<>?`{}^|[]\\";

  private static final String IN_QUERY = "\"#<>'`{}^|\\";

  private static final int MAX_NAME = 253;
  private static final int MAX_LABEL = 63;

  /**
   * Reads a URL as a client gave it.
   *
   * @throws FetchException with {@code INVALID_URL} or {@code FORBIDDEN}
   */
  static RemoteUrl parse(String text) throws FetchException {
    Matcher scheme = SCHEME.matcher(trimmed(text));
    if (!scheme.matches()) {
      throw invalid("Missing url scheme");
    }
    return absolute(scheme.group(1), scheme.group(2));
  }

  /**
   * The URL a {@code Location} header leads to, relative to this one.
   *
   * @throws FetchException with {@code FORBIDDEN} if it is refused, or {@code BAD_RESPONSE} if it
   *     cannot be read: the remote host wrote it, not the client
   */
  RemoteUrl redirect(String location) throws FetchException {
    try {
      String reference = trimmed(fromHeader(location));
      Matcher scheme = SCHEME.matcher(reference);
      if (scheme.matches()) {
        return absolute(scheme.group(1), scheme.group(2));
      }
      return AUTHORITY.matcher(reference).lookingAt()
          ? absolute(uri.getScheme(), reference)
          : relative(reference);
    } catch (FetchException e) {
      throw e.reason() == Reason.INVALID_URL
          ? new FetchException(Reason.BAD_RESPONSE, "Unable to download image, bad redirect", e)
          : e;
    }
  }

  private static String trimmed(String text) {
    return text.trim().replaceAll("[\t\r\n]", "");
  }

  /** Headers are read byte by byte; what is not ASCII in them is most often UTF-8. */
  private static String fromHeader(String location) {
    if (location.chars().anyMatch(c -> c > 0xFF)) {
      return location;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(location.getBytes(StandardCharsets.ISO_8859_1)))
          .toString();
    } catch (CharacterCodingException _) {
      return location;
    }
  }

  private static RemoteUrl absolute(String writtenScheme, String rest) throws FetchException {
    String scheme = writtenScheme.toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw forbidden("only http and https are allowed");
    }
    Matcher parts = REFERENCE.matcher(rest);
    Matcher split = parts.matches() ? AUTHORITY.matcher(parts.group(1)) : null;
    if (split == null || !split.matches()) {
      throw invalid("Missing host name");
    }
    if (split.group(1).indexOf('@') >= 0) {
      throw forbidden("credentials in the URL are not allowed");
    }
    Matcher authority = HOST_AND_PORT.matcher(split.group(1));
    if (!authority.matches()) {
      throw invalid("Bad host name or port");
    }
    return of(
        scheme,
        host(authority.group(1)),
        port(authority.group(2), scheme),
        path(split.group(2)),
        parts.group(2));
  }

  private RemoteUrl relative(String reference) throws FetchException {
    Matcher parts = REFERENCE.matcher(reference);
    if (!parts.matches()) {
      throw invalid("Malformed");
    }
    String path = parts.group(1);
    String query = parts.group(2);
    String own = uri.getRawPath();
    if (path.isEmpty()) {
      String kept = uri.getRawQuery() == null ? null : "?" + uri.getRawQuery();
      return of(uri.getScheme(), host, port, own, query == null ? kept : query);
    }
    boolean rooted = path.charAt(0) == '/' || path.charAt(0) == '\\';
    return of(
        uri.getScheme(),
        host,
        port,
        path(rooted ? path : own.substring(0, own.lastIndexOf('/') + 1) + path),
        query);
  }

  private static RemoteUrl of(
      String scheme, String host, int port, String path, @Nullable String query)
      throws FetchException {
    String text =
        scheme
            + "://"
            + host
            + ":"
            + port
            + path
            + (query == null ? "" : "?" + encoded(query.substring(1), IN_QUERY));
    try {
      return new RemoteUrl(new URI(text), host, port);
    } catch (URISyntaxException e) {
      throw new FetchException(
          Reason.INVALID_URL, "Unable to send request, Invalid URL: Malformed", e);
    }
  }

  /** Whether the port is the one that goes without saying. */
  boolean isDefaultPort() {
    return port == defaultPort(uri.getScheme());
  }

  private static int defaultPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }

  private static int port(String digits, String scheme) throws FetchException {
    if (digits == null || digits.isEmpty()) {
      return defaultPort(scheme);
    }
    try {
      int port = Integer.parseInt(digits);
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException _) {
      // Told below, as one out of bounds is.
    }
    throw invalid("Bad port");
  }

  /** Without segments of dots, backslashes being slashes. */
  private static String path(String text) {
    List<String> segments = new ArrayList<>();
    String[] written = text.split("[/\\\\]", -1);
    for (int i = 1; i < written.length; i++) {
      String dots = DOT.matcher(written[i]).replaceAll(".");
      boolean last = i == written.length - 1;
      if (dots.equals("..") && !segments.isEmpty()) {
        segments.removeLast();
      }
      if (!dots.equals(".") && !dots.equals("..")) {
        segments.add(encoded(written[i], IN_PATH));
      } else if (last) {
        segments.add("");
      }
    }
    return "/" + String.join("/", segments);
  }

  private static String encoded(String text, String besides) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); ) {
      int letter = text.codePointAt(i);
      boolean lonelyPercent =
          letter == '%' && !ESCAPE.matcher(text).region(i, text.length()).lookingAt();
      if (letter > ' ' && letter < 0x7F && besides.indexOf(letter) < 0 && !lonelyPercent) {
        out.append((char) letter);
      } else {
        boolean isLonely = letter >= Character.MIN_SURROGATE && letter <= Character.MAX_SURROGATE;
        String whole = Character.toString(isLonely ? 0xFFFD : letter);
        for (byte one : whole.getBytes(StandardCharsets.UTF_8)) {
          out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(one));
        }
      }
      i += Character.charCount(letter);
    }
    return out.toString();
  }

  private static String host(String written) throws FetchException {
    if (written.startsWith("[")) {
      return ipv6(written.substring(1, written.length() - 1));
    }
    String name = Idna.toAscii(decoded(written)).orElseThrow(() -> invalid("Bad host name"));
    if (name.isEmpty() || name.equals(".")) {
      throw invalid("Missing host name");
    }
    if (!isNameLength(name)) {
      throw invalid("Bad host name");
    }
    return NUMBER.matcher(name).matches() ? ipv4(name) : name;
  }

  private static String ipv6(String literal) throws FetchException {
    try {
      if (literal.indexOf(':') >= 0) {
        InetAddress.ofLiteral(literal);
        return "[" + literal.toLowerCase(Locale.ROOT) + "]";
      }
    } catch (IllegalArgumentException _) {
      // Told below.
    }
    throw invalid("Bad host name");
  }

  /**
   * An address in any of the spellings that browsers know: one to four numbers, decimal, octal or
   * hexadecimal. What looks like one and is none is refused, for others might read it.
   */
  private static String ipv4(String text) throws FetchException {
    String[] parts =
        (text.endsWith(".") ? text.substring(0, text.length() - 1) : text).split("\\.", -1);
    BigInteger address = BigInteger.ZERO;
    for (int i = 0; i < parts.length && parts.length <= 4; i++) {
      BigInteger number = number(parts[i]);
      int bits = i == parts.length - 1 ? 8 * (4 - i) : 8;
      if (number.bitLength() > bits) {
        throw notAnAddress();
      }
      address = address.shiftLeft(bits).or(number);
    }
    if (parts.length > 4) {
      throw notAnAddress();
    }
    int bits = address.intValue();
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 0xFF)
        + "."
        + (bits >>> 8 & 0xFF)
        + "."
        + (bits & 0xFF);
  }

  private static BigInteger number(String part) throws FetchException {
    boolean isHex = part.startsWith("0x");
    String digits = isHex ? "0" + part.substring(2) : part;
    int radix = isHex ? 16 : digits.startsWith("0") ? 8 : 10;
    if (digits.isEmpty() || digits.chars().anyMatch(c -> Character.digit(c, radix) < 0)) {
      throw notAnAddress();
    }
    return new BigInteger(digits, radix);
  }

  private static FetchException notAnAddress() {
    return forbidden("address is not allowed");
  }

  /** Escapes resolved; what is no UTF-8 then becomes a letter that no name has. */
  private static String decoded(String text) {
    String escaped = text.replaceAll("%(?![0-9a-fA-F]{2})", "%25").replace("+", "%2B");
    return URLDecoder.decode(escaped, StandardCharsets.UTF_8);
  }

  /** No longer name or label fits into a question to a name server: RFC 1035 section 2.3.4. */
  private static boolean isNameLength(String host) {
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    return name.length() <= MAX_NAME
        && Arrays.stream(name.split("\\.", -1)).allMatch(label -> label.length() <= MAX_LABEL);
  }

  private static FetchException invalid(String what) {
    return new FetchException(Reason.INVALID_URL, "Unable to send request, Invalid URL: " + what);
  }

  private static FetchException forbidden(String what) {
    return new FetchException(Reason.FORBIDDEN, "Unable to download image, " + what);
  }
}
