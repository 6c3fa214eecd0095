package dev.pictj.observe;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** Writes the request that a line of the log belongs to, and nothing where it belongs to none. */
final class RequestIdConverter extends ClassicConverter {
  /** The word for the request's id in a pattern, after a percent sign. */
  static final String WORD = "request";

  @Override
  public String convert(ILoggingEvent event) {
    String id = event.getMDCPropertyMap().get("request_id");
    return id == null || id.isEmpty() ? "" : "[" + id + "] ";
  }
}
