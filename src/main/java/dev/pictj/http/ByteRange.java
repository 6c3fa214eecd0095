package dev.pictj.http;

import java.math.BigInteger;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a Range header asks of a representation of a known length: RFC 9110, section 14. One range
 * of bytes is served; a malformed header counts as absent, as section 14.2 permits.
 */
sealed interface ByteRange {
  /** Send everything. */
  record Whole() implements ByteRange {}

  /** Send these bytes; both ends are inclusive and lie inside. */
  record Part(long first, long last) implements ByteRange {
    long length() {
      return last - first + 1;
    }
  }

  /**
   * Nothing to send.
   *
   * @param isBeyond whether it is one range of bytes that lies outside, rather than of a kind that
   *     is not served
   */
  record Unsatisfiable(boolean isBeyond) implements ByteRange {}

  /**
   * ranges-specifier, without its lists: {@code unit=first-last}, {@code unit=first-}, {@code
   * unit=-suffix}.
   */
  Pattern SPECIFIER =
      Pattern.compile("\\s*+([!#$%&'*+.^_`|~0-9A-Za-z-]++)\\s*+=(.*+)", Pattern.DOTALL);

  /**
   * One range. Its quantifiers are possessive, so that matching never backtracks: it would try
   * every way to divide thousands of blanks.
   */
  Pattern RANGE = Pattern.compile("[ \\t]*+([0-9]*+)[ \\t]*+-[ \\t]*+([0-9]*+)[ \\t]*+");

  /**
   * Reads a header.
   *
   * @param header the field's value, or null
   * @param length of the representation in bytes, at least 0
   * @param anyCase whether the unit may be written in capitals
   */
  static ByteRange parse(String header, long length, boolean anyCase) {
    if (header == null) {
      return new Whole();
    }
    Matcher specifier = SPECIFIER.matcher(header);
    if (!specifier.matches()) {
      return new Whole();
    }
    String set = specifier.group(2);
    String unit = specifier.group(1);
    if (!(anyCase ? unit.equalsIgnoreCase("bytes") : unit.equals("bytes"))) {
      return set.isBlank() ? new Whole() : new Unsatisfiable(false);
    }
    List<Matcher> ranges = Stream.of(set.split(",", -1)).map(RANGE::matcher).toList();
    if (!ranges.stream().allMatch(ByteRange::isRange)) {
      return new Whole();
    }
    return ranges.size() > 1 ? new Unsatisfiable(false) : single(ranges.getFirst(), length);
  }

  private static boolean isRange(Matcher range) {
    if (!range.matches()) {
      return false;
    }
    String first = range.group(1);
    String last = range.group(2);
    if (first.isEmpty() || last.isEmpty()) {
      return !first.isEmpty() || !last.isEmpty();
    }
    return new BigInteger(first).compareTo(new BigInteger(last)) <= 0;
  }

  /** Reads a range that has matched. */
  private static ByteRange single(Matcher matcher, long length) {
    if (matcher.group(1).isEmpty()) {
      long suffix = clamped(matcher.group(2), length);
      return suffix == 0 ? new Unsatisfiable(true) : new Part(length - suffix, length - 1);
    }
    long first = clamped(matcher.group(1), length);
    if (first >= length) {
      return new Unsatisfiable(true);
    }
    long last = matcher.group(2).isEmpty() ? length - 1 : clamped(matcher.group(2), length - 1);
    return new Part(first, last);
  }

  /** Reads a number of any length; a larger one than max counts as max. */
  private static long clamped(String digits, long max) {
    BigInteger value = new BigInteger(digits);
    return value.compareTo(BigInteger.valueOf(max)) > 0 ? max : value.longValueExact();
  }
}
