package dev.pictj.http;

import dev.pictj.engine.RenderStep;
import dev.pictj.media.Dimensions;
import dev.pictj.process.Chain;
import dev.pictj.process.ChainParser;
import dev.pictj.process.ChainRules;
import dev.pictj.process.InvalidChainException;
import dev.pictj.process.Rounding;
import dev.pictj.store.BlobName;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The query of a process request: four bytes of picture size, then the raw query. */
public final class ChainFuzz {
  private static final ChainParser PARSER =
      new ChainParser(new ChainRules(10_000, 10, 20, 100, Rounding.DOWN, false, Optional.empty()));

  private ChainFuzz() {}

  /** A plan has a key that names a file, and no step of it enlarges or empties the picture. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length < 4) {
      return;
    }
    int width = 1 + ((input[0] & 0xFF) << 8 | (input[1] & 0xFF)) % 10_000;
    int height = 1 + ((input[2] & 0xFF) << 8 | (input[3] & 0xFF)) % 10_000;
    QueryString query =
        QueryString.parse(new String(input, 4, input.length - 4, StandardCharsets.ISO_8859_1));
    Dimensions before = new Dimensions(width, height);
    try {
      Chain.Plan plan = PARSER.parse(query.parameters()).plan(before);
      BlobName.variant("abcdefghij.png", plan.key() + ".webp");
      inside(plan.result(), before);
      for (RenderStep step : plan.steps()) {
        inside(step.after(before), before);
      }
    } catch (InvalidChainException refused) {
      if (refused.getMessage().length() > 200) {
        throw new AssertionError("a message that repeats the whole query", refused);
      }
    }
  }

  private static void inside(Dimensions result, Dimensions source) {
    if (result.width() < 1
        || result.height() < 1
        || result.width() > source.width()
        || result.height() > source.height()) {
      throw new AssertionError(source + " became " + result);
    }
  }
}
