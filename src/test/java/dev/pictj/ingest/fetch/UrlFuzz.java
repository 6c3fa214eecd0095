package dev.pictj.ingest.fetch;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import okhttp3.HttpUrl;

/** URLs that a client gives, places that a server redirects to, and addresses they resolve to. */
public final class UrlFuzz {
  private static final AddressClassifier CLASSIFIER = new AddressClassifier();

  private UrlFuzz() {}

  /** An accepted URL means one thing; no address that the JDK knows as local is public. */
  public static void fuzzerTestOneInput(byte[] input) throws FetchException, UnknownHostException {
    String text = new String(input, StandardCharsets.UTF_8);
    try {
      once(RemoteUrl.parse(text));
    } catch (FetchException refused) {
      plain(refused);
    }
    HttpUrl base = RemoteUrl.parse("https://example.org:8443/a/b?c=d");
    try {
      once(RemoteUrl.redirect(base, text));
    } catch (FetchException refused) {
      plain(refused);
    }
    if (input.length >= 16) {
      address(Arrays.copyOf(input, 16));
      address(Arrays.copyOf(input, 4));
    }
  }

  private static void once(HttpUrl url) {
    if (!url.username().isEmpty()
        || !url.password().isEmpty()
        || url.host().isEmpty()
        || url.host().chars().anyMatch(letter -> letter <= ' ' || letter > '~')
        || (url.encodedPath() + url.encodedQuery())
            .chars()
            .anyMatch(letter -> letter <= ' ' || letter > '~')) {
      throw new AssertionError("accepted " + url);
    }
    if (url.host().matches("[0-9.]+") && !url.host().matches("([0-9]{1,3}\\.){3}[0-9]{1,3}")) {
      throw new AssertionError("OkHttp would have the system read " + url.host());
    }
    HttpUrl again;
    try {
      again = RemoteUrl.parse(url.toString());
    } catch (FetchException strict) {
      // A label with an underscore that OkHttp itself has put into Punycode.
      return;
    }
    if (!again.equals(url)) {
      throw new AssertionError(url + " read again is " + again);
    }
  }

  private static void plain(FetchException refused) {
    if (refused.getMessage() == null || refused.getMessage().length() > 200) {
      throw new AssertionError("a message that says nothing or too much", refused);
    }
  }

  private static void address(byte[] bytes) throws UnknownHostException {
    InetAddress address = InetAddress.getByAddress(bytes);
    boolean open = CLASSIFIER.isPublic(address);
    if (open
        && (address.isLoopbackAddress()
            || address.isAnyLocalAddress()
            || address.isLinkLocalAddress()
            || address.isSiteLocalAddress()
            || address.isMulticastAddress())) {
      throw new AssertionError("public: " + address);
    }
    if (bytes.length == 4) {
      byte[] carried = new byte[16];
      carried[1] = 0x64;
      carried[2] = (byte) 0xff;
      carried[3] = (byte) 0x9b;
      System.arraycopy(bytes, 0, carried, 12, 4);
      if (CLASSIFIER.isPublic(InetAddress.getByAddress(carried)) != open) {
        throw new AssertionError("judged otherwise inside NAT64: " + address);
      }
    }
  }
}
