package dev.pictj.media;

/** Text that is cut to fit, never between the two halves of a character. */
public final class Excerpt {
  /** What a message shows of a client's text, in UTF-16 units. */
  private static final int MAX_SHOWN = 60;

  private Excerpt() {}

  /**
   * The beginning of a text.
   *
   * @param most UTF-16 units of it; one fewer where that would leave half a character
   * @return the text itself where it is no longer
   */
  public static String of(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    boolean halves = most > 0 && Character.isHighSurrogate(text.charAt(most - 1));
    return text.substring(0, halves ? most - 1 : most);
  }

  /**
   * What a message may show of what a client has written: one line without control characters, of
   * at most 60 characters and an ellipsis.
   */
  public static String ofLine(String text) {
    StringBuilder line = new StringBuilder();
    of(text, MAX_SHOWN)
        .codePoints()
        .map(c -> isUnfit(c) ? '?' : c == '"' || c == '`' ? '\'' : c)
        .forEach(line::appendCodePoint);
    return text.length() <= MAX_SHOWN ? line.toString() : line.append('…').toString();
  }

  /** Control and format characters, and halves without their other half. */
  private static boolean isUnfit(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
