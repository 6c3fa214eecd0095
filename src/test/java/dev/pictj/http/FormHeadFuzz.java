package dev.pictj.http;

import dev.pictj.http.dialect.Dialect;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What we read ourselves of a form's head: the Content-Type, and the file name of a part. */
public final class FormHeadFuzz {
  private FormHeadFuzz() {}

  /** The rewritten type says the same; an accepted name is one component and nothing else. */
  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, StandardCharsets.ISO_8859_1);
    String plain = MultipartReader.plain(text);
    if (!plain.toLowerCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT))
        || !MultipartReader.plain(plain).equals(plain)) {
      throw new AssertionError("became " + plain);
    }
    try {
      String name = FormParts.lastComponent(new String(input, StandardCharsets.UTF_8));
      if (name.isEmpty() || name.indexOf('/') >= 0 || name.indexOf(0) >= 0 || name.equals("..")) {
        throw new AssertionError("accepted " + name);
      }
    } catch (ApiException refused) {
      if (refused.code().status(Dialect.V0_3) != 400) {
        throw new AssertionError(refused);
      }
    }
  }
}
