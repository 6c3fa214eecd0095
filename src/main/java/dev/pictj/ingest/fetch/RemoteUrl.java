package dev.pictj.ingest.fetch;

import dev.pictj.ingest.fetch.FetchException.Reason;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A URL we are willing to ask for (RFC 3986): http or https, a plain host, no user info. Whether
 * its address may be connected to is decided elsewhere.
 *
 * @param uri in ASCII, with a path and without a fragment
 * @param host the name or address literal to resolve, IPv6 in brackets
 * @param port 1 to 65535
 */
record RemoteUrl(URI uri, String host, int port) {
  /** The last label of a host that browsers and some resolvers read as an IPv4 number. */
  private static final Pattern NUMBER = Pattern.compile("(.*\\.)?([0-9]+|0[xX][0-9a-fA-F]*)\\.?");

  private static final int MAX_NAME = 253;
  private static final int MAX_LABEL = 63;

  private static final Pattern DOTTED_QUAD =
      Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");

  /**
   * Reads a URL as a client gave it.
   *
   * @throws FetchException with {@code INVALID_URL} or {@code FORBIDDEN}
   */
  static RemoteUrl parse(String text) throws FetchException {
    try {
      return of(new URI(text));
    } catch (URISyntaxException e) {
      throw new FetchException(
          Reason.INVALID_URL, "Unable to send request, Invalid URL: Malformed", e);
    }
  }

  /**
   * The URL a {@code Location} header leads to, relative to this one.
   *
   * @throws FetchException with {@code FORBIDDEN} if it is refused, or {@code BAD_RESPONSE} if it
   *     cannot be read: the remote host wrote it, not the client
   */
  RemoteUrl redirect(String location) throws FetchException {
    try {
      // URI.resolve follows RFC 2396, which drops the file name before a lone query.
      String reference = location.startsWith("?") ? uri.getRawPath() + location : location;
      return of(uri.resolve(new URI(reference)));
    } catch (URISyntaxException e) {
      throw badRedirect(e);
    } catch (FetchException e) {
      throw e.reason() == Reason.INVALID_URL ? badRedirect(e) : e;
    }
  }

  private static FetchException badRedirect(Exception cause) {
    return new FetchException(Reason.BAD_RESPONSE, "Unable to download image, bad redirect", cause);
  }

  private static RemoteUrl of(URI uri) throws FetchException, URISyntaxException {
    if (uri.getScheme() == null) {
      throw invalid("Missing url scheme");
    }
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw forbidden("only http and https are allowed");
    }
    String authority = uri.getRawAuthority();
    if (uri.isOpaque() || authority == null) {
      throw invalid("Missing host name");
    }
    if (authority.indexOf('@') >= 0) {
      throw forbidden("credentials in the URL are not allowed");
    }
    String host = host(uri, authority);
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
    if (port < 1 || port > 65535) {
      throw invalid("Bad port");
    }
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String text = scheme + "://" + host + ":" + port + path + query;
    return new RemoteUrl(new URI(new URI(text).toASCIIString()), host, port);
  }

  /**
   * The host, in one spelling only. {@code 0177.0.0.1}, {@code 0x7f.1} and {@code 2130706433} are
   * 127.0.0.1 to some readers and something else to others; nobody needs them.
   */
  private static String host(URI uri, String authority) throws FetchException {
    String host = uri.getHost() != null ? uri.getHost() : authority.replaceFirst(":[0-9]*$", "");
    if (NUMBER.matcher(host).matches() && !DOTTED_QUAD.matcher(host).matches()) {
      throw forbidden("address is not allowed");
    }
    if (host.isEmpty() || host.equals(".")) {
      throw invalid("Missing host name");
    }
    if (uri.getHost() == null || host.indexOf('%') >= 0 || !isNameLength(host)) {
      throw invalid("Bad host name");
    }
    return host.toLowerCase(Locale.ROOT);
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
