package dev.pictj.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Moments as HTTP writes them, in whole seconds: RFC 9110, section 5.6.7. */
final class HttpDate {
  private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  private static final String[] MONTHS = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };
  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.US);

  /** The name of the day is not held against the date: of which century it is, is not said. */
  private static final Pattern RFC850 =
      Pattern.compile("(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (\\d{2}-.+) GMT");

  private HttpDate() {}

  /**
   * Writes the preferred form. By hand, because every reply with stored bytes has such a date and a
   * formatter takes ten times as long.
   *
   * @param moment in the years 0 to 9999
   */
  static String format(Instant moment) {
    LocalDateTime at = LocalDateTime.ofEpochSecond(moment.getEpochSecond(), 0, ZoneOffset.UTC);
    StringBuilder text = new StringBuilder(29);
    text.append(DAYS[at.getDayOfWeek().getValue() - 1]).append(", ");
    twoDigits(text, at.getDayOfMonth()).append(' ');
    text.append(MONTHS[at.getMonthValue() - 1]).append(' ');
    twoDigits(text, at.getYear() / 100);
    twoDigits(text, at.getYear() % 100).append(' ');
    twoDigits(text, at.getHour()).append(':');
    twoDigits(text, at.getMinute()).append(':');
    return twoDigits(text, at.getSecond()).append(" GMT").toString();
  }

  private static StringBuilder twoDigits(StringBuilder text, int number) {
    return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }

  /**
   * Reads any of the three forms a server must understand.
   *
   * @param text a field's value, or null
   * @param now tells which century two digits of a year mean
   * @return empty for what is no date
   */
  static Optional<Instant> parse(String text, Instant now) {
    if (text == null) {
      return Optional.empty();
    }
    String bare = text.strip();
    try {
      Matcher old = RFC850.matcher(bare);
      if (old.matches()) {
        return Optional.of(shortYear(old.group(1), now));
      }
      return Optional.of(
          bare.contains(",")
              ? DateTimeFormatter.RFC_1123_DATE_TIME.parse(bare, Instant::from)
              : LocalDateTime.parse(bare, ASCTIME).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /** What seems more than 50 years ahead is the latest such year that has passed. */
  private static Instant shortYear(String text, Instant now) {
    ZonedDateTime latest = now.atZone(ZoneOffset.UTC).plusYears(50);
    DateTimeFormatter format =
        new DateTimeFormatterBuilder()
            .appendPattern("dd-MMM-")
            .appendValueReduced(ChronoField.YEAR, 2, 2, latest.getYear() - 99)
            .appendPattern(" HH:mm:ss")
            .toFormatter(Locale.US);
    Instant moment = LocalDateTime.parse(text, format).toInstant(ZoneOffset.UTC);
    return moment.isAfter(latest.toInstant())
        ? moment.atZone(ZoneOffset.UTC).minusYears(100).toInstant()
        : moment;
  }
}
