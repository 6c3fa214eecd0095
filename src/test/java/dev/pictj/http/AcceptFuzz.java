package dev.pictj.http;

import dev.pictj.media.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The {@code Accept} header. */
public final class AcceptFuzz {
  private AcceptFuzz() {}

  /** A weight is one, and nothing is taken more gladly because it has a name. */
  public static void fuzzerTestOneInput(byte[] input) {
    String field = new String(input, StandardCharsets.ISO_8859_1);
    Acceptable accept = Acceptable.of(List.of(field));
    for (MediaType type : MediaType.values()) {
      int weight = accept.weight(type);
      int named = accept.weightByName(type);
      if (weight < 0 || weight > 1000 || (named != 0 && named != weight)) {
        throw new AssertionError("%s of %s: %d, %d".formatted(type, field, weight, named));
      }
      if (named > 0 && !field.toLowerCase(java.util.Locale.ROOT).contains(type.contentType())) {
        throw new AssertionError(type + " is not named in " + field);
      }
    }
  }
}
