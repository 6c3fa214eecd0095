package dev.pictj.http.dialect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pictj.media.Details;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/** pict-rs 0.3. */
final class Dialect03 implements Dialect {
  @Override
  public ObjectNode details(Details details) {
    ObjectNode body = Dialect.object();
    body.put("width", details.dimensions().width());
    body.put("height", details.dimensions().height());
    body.put("content_type", details.type().contentType());
    created(body.putArray("created_at"), details.createdAt());
    return body;
  }

  /** Year, day of the year, second of the day, nanosecond; UTC. */
  private static void created(ArrayNode numbers, Instant instant) {
    ZonedDateTime utc = instant.atZone(ZoneOffset.UTC);
    numbers
        .add(utc.getYear())
        .add(utc.getDayOfYear())
        .add(utc.toLocalTime().toSecondOfDay())
        .add(utc.getNano());
  }

  @Override
  public boolean isGoneDeleted() {
    return false;
  }
}
