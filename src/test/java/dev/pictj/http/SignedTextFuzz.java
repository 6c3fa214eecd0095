package dev.pictj.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The text that is signed, of a raw query. */
public final class SignedTextFuzz {
  private static final String EXTENSION = "webp";

  private SignedTextFuzz() {}

  /** It is that of no other parameters, for it tells them all. */
  public static void fuzzerTestOneInput(byte[] input) {
    QueryString query = QueryString.parse(new String(input, StandardCharsets.UTF_8));
    List<Map.Entry<String, String>> signed = new ArrayList<>(query.parameters());
    signed.removeIf(parameter -> parameter.getKey().equals(UrlSignature.SIGNATURE));
    String text = UrlSignature.signedText(EXTENSION, query);
    if (!text.startsWith(EXTENSION + "?") || !text.matches("[A-Za-z0-9._~%=&?-]*")) {
      throw new AssertionError("not as it is written: " + text);
    }
    QueryString again = QueryString.parse(text.substring(EXTENSION.length() + 1));
    if (!again.parameters().equals(signed)) {
      throw new AssertionError(again + " instead of " + signed);
    }
    if (!UrlSignature.signedText(EXTENSION, again).equals(text)) {
      throw new AssertionError("another text for the same: " + text);
    }
  }
}
