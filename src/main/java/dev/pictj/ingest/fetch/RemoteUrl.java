package dev.pictj.ingest.fetch;

import dev.pictj.ingest.fetch.FetchException.Reason;
import java.net.Inet4Address;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * URLs we are willing to ask for, read as browsers read them (the WHATWG URL standard): http or
 * https, a host, no user info. Clients write two slashes after the scheme, no more and no less.
 * Whether an address may be connected to is decided elsewhere.
 *
 * <p>OkHttp takes {@code 0x7f.1} for a name where browsers and name resolvers take it for an IPv4
 * address, so the numbers of a host are read here.
 */
final class RemoteUrl {
  private static final Pattern SCHEME_AND_AUTHORITY =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(?:[/\\\\]{2}([^/\\\\?#]*))?");

  /** A host whose last label is a number: an IPv4 address, or nothing. */
  private static final Pattern NUMBER = Pattern.compile("(.*\\.)?([0-9]+|0x[0-9a-f]*)\\.?");

  /** What the standard forbids in a host and OkHttp does not. */
  private static final Pattern FORBIDDEN_IN_HOST = Pattern.compile("[<>^|]");

  private RemoteUrl() {}

  /**
   * Reads a URL as a client gave it.
   *
   * @return with a host that is a name in ASCII, four decimal numbers, or an IPv6 literal
   * @throws FetchException with {@code INVALID_URL} or {@code FORBIDDEN}
   */
  static HttpUrl parse(String text) throws FetchException {
    String url = trimmed(text);
    Matcher parts = SCHEME_AND_AUTHORITY.matcher(url);
    if (!parts.lookingAt()) {
      throw invalid("Missing url scheme");
    }
    checkScheme(parts);
    if (parts.group(2) == null || parts.group(2).isEmpty()) {
      throw invalid("Missing host name");
    }
    return checked(HttpUrl.parse(url));
  }

  /**
   * The URL that a {@code Location} header leads to.
   *
   * @throws FetchException with {@code FORBIDDEN} if it is refused, or {@code BAD_RESPONSE} if it
   *     cannot be read: the remote host wrote it, not the client
   */
  static HttpUrl redirect(HttpUrl from, String location) throws FetchException {
    String reference = trimmed(location);
    Matcher parts = SCHEME_AND_AUTHORITY.matcher(reference);
    if (parts.lookingAt()) {
      checkScheme(parts);
    }
    try {
      return checked(from.resolve(reference));
    } catch (FetchException e) {
      throw e.reason() == Reason.INVALID_URL
          ? new FetchException(Reason.BAD_RESPONSE, "Unable to download image, bad redirect", e)
          : e;
    }
  }

  private static String trimmed(String text) {
    return text.trim().replaceAll("[\t\r\n]", "");
  }

  private static void checkScheme(Matcher parts) throws FetchException {
    if (!parts.group(1).toLowerCase(Locale.ROOT).matches("https?")) {
      throw forbidden("only http and https are allowed");
    }
  }

  private static HttpUrl checked(@Nullable HttpUrl url) throws FetchException {
    if (url == null || FORBIDDEN_IN_HOST.matcher(url.host()).find()) {
      throw invalid("Bad host name or port");
    }
    if (!url.username().isEmpty() || !url.password().isEmpty()) {
      throw forbidden("credentials in the URL are not allowed");
    }
    return NUMBER.matcher(url.host()).matches() ? withIpv4(url) : url;
  }

  /**
   * The URL with its address in the one spelling that everybody reads the same way. What looks like
   * an address and is none is refused, for others might read it.
   */
  private static HttpUrl withIpv4(HttpUrl url) throws FetchException {
    try {
      String host = url.host().replaceFirst("\\.$", "");
      String address = Inet4Address.ofPosixLiteral(host).getHostAddress();
      return url.newBuilder().host(address).build();
    } catch (IllegalArgumentException _) {
      throw forbidden("address is not allowed");
    }
  }

  private static FetchException invalid(String what) {
    return new FetchException(Reason.INVALID_URL, "Unable to send request, Invalid URL: " + what);
  }

  private static FetchException forbidden(String what) {
    return new FetchException(Reason.FORBIDDEN, "Unable to download image, " + what);
  }
}
