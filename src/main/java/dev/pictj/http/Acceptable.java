package dev.pictj.http;

import dev.pictj.media.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the client of a request can show, as its {@code Accept} tells: RFC 9110, section 12.5.1. A
 * member that is damaged counts as one that is not there. Where there is no {@code Accept}, or
 * nothing in it, everything may be sent.
 *
 * @param ranges in the order in which they were written
 */
record Acceptable(List<Range> ranges) {
  /** What a request without the field accepts. */
  private static final Range ANYTHING = new Range("*", "*", Weight.MOST);

  /** RFC 9110, section 5.6.2. */
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9a-z-]+";

  /** A range, or a star alone, which Java's HttpURLConnection has always sent. */
  private static final Pattern RANGE =
      Pattern.compile("(?<type>%1$s)/(?<subtype>%1$s)|\\*".formatted(TOKEN));

  /**
   * A range of media types without parameters; those with any are ranges of what has the same, and
   * no picture here has some.
   */
  private record Range(String type, String subtype, int weight) {
    boolean includes(String contentType) {
      return type.equals("*")
          || (subtype.equals("*") && contentType.startsWith(type + "/"))
          || isName(contentType);
    }

    boolean isName(String contentType) {
      return contentType.equals(type + "/" + subtype);
    }

    /** How much a range says: among those that include a type the most precise one counts. */
    int precision() {
      return type.equals("*") ? 0 : subtype.equals("*") ? 1 : 2;
    }
  }

  /** Weights, in thousandths. */
  private static final class Weight {
    static final int MOST = 1000;

    /** A weight; also {@code q=.2}, which Java's HttpURLConnection sends. */
    private static final Pattern WRITTEN =
        Pattern.compile("(?=.)(?<whole>[01]?)(\\.(?<part>\\d{0,3}))?");

    private Weight() {}

    static Optional<Integer> parse(String text) {
      Matcher matcher = WRITTEN.matcher(text);
      if (!matcher.matches() || text.equals(".")) {
        return Optional.empty();
      }
      String part = matcher.group("part") == null ? "" : matcher.group("part");
      int weight =
          (matcher.group("whole").equals("1") ? MOST : 0)
              + Integer.parseInt((part + "000").substring(0, 3));
      return Optional.of(weight).filter(it -> it <= MOST);
    }
  }

  /** Reads all fields of this name. */
  static Acceptable of(List<String> fields) {
    List<Range> ranges = new ArrayList<>();
    for (String field : fields) {
      for (String member : split(field, ',')) {
        range(member).ifPresent(ranges::add);
      }
    }
    return new Acceptable(ranges.isEmpty() ? List.of(ANYTHING) : List.copyOf(ranges));
  }

  private static Optional<Range> range(String member) {
    List<String> parts = split(member.toLowerCase(Locale.ROOT), ';');
    Matcher named = RANGE.matcher(parts.getFirst());
    if (!named.matches()
        || ("*".equals(named.group("type")) && !"*".equals(named.group("subtype")))) {
      return Optional.empty();
    }
    Optional<Integer> weight = Optional.of(Weight.MOST);
    for (String parameter : parts.subList(1, parts.size())) {
      if (parameter.startsWith("q=")) {
        // Parameters after the weight were for extensions, of which there are none.
        weight = Weight.parse(parameter.substring(2));
        break;
      }
      if (!parameter.isEmpty()) {
        return Optional.empty();
      }
    }
    return weight.map(
        it ->
            named.group("type") == null
                ? new Range("*", "*", it)
                : new Range(named.group("type"), named.group("subtype"), it));
  }

  /** The parts between separators that stand in no quoted string (RFC 9110, section 5.6.4). */
  private static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (quoted && c == '\\') {
        i++;
      } else if (!quoted && c == separator) {
        parts.add(text.substring(start, i).strip());
        start = i + 1;
      }
    }
    parts.add(text.substring(start).strip());
    return parts;
  }

  /** The weight of a type, in thousandths; 0 where it is not acceptable. */
  int weight(MediaType type) {
    int precision = -1;
    int weight = 0;
    for (Range range : ranges) {
      if (range.precision() > precision && range.includes(type.contentType())) {
        precision = range.precision();
        weight = range.weight();
      }
    }
    return weight;
  }

  /**
   * The weight of a type that not every client knows: it has to be named. Clients that know no
   * newer formats say that they take all of them.
   */
  int weightByName(MediaType type) {
    return ranges.stream().anyMatch(range -> range.isName(type.contentType())) ? weight(type) : 0;
  }
}
