package dev.pictj.ingest.fetch;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * International host names in ASCII, as browsers ask for them: UTS 46, non-transitional, each label
 * in Punycode (RFC 3492). The JDK's own {@code java.net.IDN} follows IDNA 2003 and would lead
 * {@code straße.example} to another host.
 *
 * <p>The mapping is that of Unicode normalisation form KC and of single lower-case letters. What it
 * lets through beyond UTS 46 are names that nobody can register.
 */
final class Idna {
  private static final int BASE = 36;
  private static final int T_MIN = 1;
  private static final int T_MAX = 26;
  private static final int SKEW = 38;
  private static final int DAMP = 700;
  private static final int INITIAL_BIAS = 72;
  private static final int INITIAL_N = 128;

  /** Beyond this nothing can fit into a name of 253 letters. */
  private static final int MAX_CHARS = 1024;

  private Idna() {}

  /** The name in lower-case ASCII; empty where it has letters that no name may have. */
  static Optional<String> toAscii(String name) {
    if (name.length() > MAX_CHARS) {
      return Optional.empty();
    }
    String mapped =
        Normalizer.normalize(
                lower(Normalizer.normalize(name, Normalizer.Form.NFKC)), Normalizer.Form.NFKC)
            .replace('\u3002', '.');
    if (!mapped.codePoints().allMatch(Idna::isPermitted)) {
      return Optional.empty();
    }
    return Optional.of(
        Arrays.stream(mapped.split("\\.", -1))
            .map(label -> isAscii(label) ? label : "xn--" + punycode(label))
            .collect(Collectors.joining(".")));
  }

  /** Letter by letter: a sigma at the end of a word is no other letter here. */
  private static String lower(String text) {
    return text.codePoints()
        .filter(letter -> !isIgnored(letter))
        .map(Character::toLowerCase)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Soft hyphens, joiners of words and selectors of emoji stand for nothing in a name. */
  private static boolean isIgnored(int letter) {
    return letter == 0xAD
        || letter == 0x200B
        || letter == 0x2060
        || letter == 0xFEFF
        || (letter >= 0xFE00 && letter <= 0xFE0F);
  }

  private static boolean isPermitted(int letter) {
    if (letter < 0x80) {
      // The forbidden domain code points of the URL standard.
      return letter > ' ' && letter != 0x7F && "#/:<>?@[\\]^|%".indexOf(letter) < 0;
    }
    // Non-joiner and joiner belong to names of some scripts.
    return letter == 0x200C
        || letter == 0x200D
        || switch (Character.getType(letter)) {
          case Character.UNASSIGNED,
              Character.PRIVATE_USE,
              Character.SURROGATE,
              Character.CONTROL,
              Character.FORMAT,
              Character.SPACE_SEPARATOR,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR ->
              false;
          default -> letter != 0xFFFD;
        };
  }

  private static boolean isAscii(String label) {
    return label.chars().allMatch(c -> c < INITIAL_N);
  }

  /** RFC 3492 section 6.3. */
  private static String punycode(String label) {
    int[] letters = label.codePoints().toArray();
    StringBuilder out = new StringBuilder();
    Arrays.stream(letters).filter(c -> c < INITIAL_N).forEach(out::appendCodePoint);
    int basic = out.length();
    if (basic > 0) {
      out.append('-');
    }
    long delta = 0;
    int bias = INITIAL_BIAS;
    int n = INITIAL_N;
    for (int done = basic; done < letters.length; n++) {
      int least = n;
      int next = Arrays.stream(letters).filter(c -> c >= least).min().orElseThrow();
      delta += (long) (next - n) * (done + 1);
      n = next;
      for (int letter : letters) {
        if (letter < n) {
          delta++;
        } else if (letter == n) {
          append(out, delta, bias);
          bias = adapted(delta, done + 1, done == basic);
          delta = 0;
          done++;
        }
      }
      delta++;
    }
    return out.toString();
  }

  private static void append(StringBuilder out, long delta, int bias) {
    long q = delta;
    for (int k = BASE; ; k += BASE) {
      int t = Math.clamp(k - bias, T_MIN, T_MAX);
      if (q < t) {
        out.append(digit((int) q));
        return;
      }
      out.append(digit((int) (t + (q - t) % (BASE - t))));
      q = (q - t) / (BASE - t);
    }
  }

  private static char digit(int value) {
    return (char) (value < 26 ? 'a' + value : '0' + value - 26);
  }

  private static int adapted(long delta, int points, boolean first) {
    long left = first ? delta / DAMP : delta / 2;
    left += left / points;
    int k = 0;
    while (left > (BASE - T_MIN) * T_MAX / 2) {
      left /= BASE - T_MIN;
      k += BASE;
    }
    return (int) (k + (BASE - T_MIN + 1) * left / (left + SKEW));
  }
}
