package dev.pictj.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pictj.config.SigningKey;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signature of a variant's URL: HMAC-SHA-256 (RFC 2104) over its extension and its parameters,
 * decoded and in their order, so that URLs may be encoded anew on their way. What is signed is
 * exactly what the server reads.
 */
public final class UrlSignature {
  static final String EXPIRES = "expires";
  static final String KEY = "key";
  static final String SIGNATURE = "signature";

  private static final String ALGORITHM = "HmacSHA256";
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  /** A URL of a variant on any route, with anything before its path. */
  private static final Pattern URL =
      Pattern.compile(
          "[^?#]*/image/(?:(?:details/)?process(?:_backgrounded)?\\.(?<extension>[a-z]+)|auto)"
              + "(?:\\?(?<query>[^#]*))?");

  private UrlSignature() {}

  /**
   * The URL with {@code expires}, {@code key} and {@code signature} behind its other parameters.
   *
   * @throws IllegalArgumentException when it is no URL of a variant, or is signed already
   */
  public static String signed(String url, SigningKey key, Optional<Instant> expires) {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "only URLs of variants are signed, such as"
              + " http://localhost:8080/image/process.webp?src=ALIAS&thumbnail=256");
    }
    QueryString query = QueryString.parse(parts.group("query"));
    for (String name : List.of(EXPIRES, KEY, SIGNATURE)) {
      if (query.given(name).isPresent()) {
        throw new IllegalArgumentException("the URL has a parameter " + name + " already");
      }
    }
    StringBuilder whole = new StringBuilder(url);
    if (parts.group("query") == null) {
      whole.append('?');
    } else if (!query.parameters().isEmpty()) {
      whole.append('&');
    }
    expires.ifPresent(
        end -> whole.append(EXPIRES).append('=').append(end.getEpochSecond()).append('&'));
    whole.append(KEY).append('=').append(key.id());
    String extension =
        parts.group("extension") == null ? Negotiation.AUTO : parts.group("extension");
    String all = whole.substring(whole.indexOf("?") + 1);
    return whole
        .append('&')
        .append(SIGNATURE)
        .append('=')
        .append(of(key, extension, QueryString.parse(all)))
        .toString();
  }

  /** The signature of a variant, whatever signature the query has. */
  static String of(SigningKey key, String extension, QueryString query) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key.secret().getBytes(UTF_8), ALGORITHM));
      byte[] code = mac.doFinal(signedText(extension, query).getBytes(UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(code);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /** The text that is signed; two different lists of parameters never have the same. */
  static String signedText(String extension, QueryString query) {
    List<Map.Entry<String, String>> parameters = new ArrayList<>(query.parameters());
    parameters.removeIf(parameter -> parameter.getKey().equals(SIGNATURE));
    return parameters.stream()
        .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
        .collect(Collectors.joining("&", encoded(extension) + "?", ""));
  }

  /** Percent-encodes all but unreserved characters (RFC 3986, section 2.3). */
  private static String encoded(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte one : text.getBytes(UTF_8)) {
      char c = (char) (one & 0xFF);
      if ((c >= 'A' && c <= 'Z')
          || (c >= 'a' && c <= 'z')
          || (c >= '0' && c <= '9')
          || "-._~".indexOf(c) >= 0) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HEX.toHexDigits(one));
      }
    }
    return encoded.toString();
  }
}
