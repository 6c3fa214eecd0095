package dev.pictj.http.dialect;

import dev.pictj.media.Details;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;

/** pict-rs 0.3. */
final class Dialect03 implements Dialect {
  /**
   * Details as 0.3 tells them.
   *
   * @param createdAt year, day of the year, second of the day, nanosecond; UTC
   */
  private record Reply(int width, int height, String contentType, List<Integer> createdAt) {}

  @Override
  public Record details(Details details) {
    ZonedDateTime utc = details.createdAt().atZone(ZoneOffset.UTC);
    return new Reply(
        details.dimensions().width(),
        details.dimensions().height(),
        details.type().contentType(),
        List.of(
            utc.getYear(), utc.getDayOfYear(), utc.toLocalTime().toSecondOfDay(), utc.getNano()));
  }

  @Override
  public boolean isGoneDeleted() {
    return false;
  }
}
