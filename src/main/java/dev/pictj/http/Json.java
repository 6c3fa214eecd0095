package dev.pictj.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pictj.ingest.Stored;
import dev.pictj.media.Details;
import dev.pictj.upkeep.Backup;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;

/** The JSON of every reply, keys in the order that pict-rs 0.3 writes them. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** Sends JSON with its length. */
  static void send(Context ctx, int status, ObjectNode body) {
    byte[] bytes = bytes(body);
    ctx.status(status);
    ctx.contentType("application/json");
    ctx.res().setContentLengthLong(bytes.length);
    ctx.result(bytes);
  }

  static byte[] bytes(ObjectNode body) {
    try {
      return MAPPER.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  static ObjectNode error(ErrorCode code, String message) {
    return MAPPER.createObjectNode().put("msg", message).put("code", code.word());
  }

  static ObjectNode uploaded(List<Stored> stored) {
    ObjectNode body = MAPPER.createObjectNode();
    ArrayNode files = body.putArray("files");
    for (Stored one : stored) {
      ObjectNode file = files.addObject();
      file.put("delete_token", one.deleteToken());
      ObjectNode details = file.putObject("details");
      details.put("content_type", one.details().type().contentType());
      details.set("created_at", created(one.details().createdAt()));
      details.put("height", one.details().dimensions().height());
      details.put("width", one.details().dimensions().width());
      file.put("file", one.alias());
    }
    return body.put("msg", "ok");
  }

  static ObjectNode details(Details details) {
    ObjectNode body = MAPPER.createObjectNode();
    body.put("width", details.dimensions().width());
    body.put("height", details.dimensions().height());
    body.put("content_type", details.type().contentType());
    body.set("created_at", created(details.createdAt()));
    return body;
  }

  static ObjectNode aliases(List<String> aliases) {
    ObjectNode body = MAPPER.createObjectNode();
    ArrayNode list = body.putArray("aliases");
    aliases.forEach(list::add);
    return body.put("msg", "ok");
  }

  static ObjectNode backup(Backup.Report made) {
    return MAPPER
        .createObjectNode()
        .put("originals", made.originals())
        .put("variants", made.variants())
        .put("bytes", made.bytes())
        .put("missing", made.missing())
        .put("msg", "ok");
  }

  static ObjectNode filename(String filename) {
    return MAPPER.createObjectNode().put("filename", filename).put("msg", "ok");
  }

  /**
   * A moment as pict-rs 0.3 writes it: year, day of the year, second of the day, nanosecond; UTC.
   */
  private static ArrayNode created(Instant instant) {
    ZonedDateTime utc = instant.atZone(ZoneOffset.UTC);
    return MAPPER
        .createArrayNode()
        .add(utc.getYear())
        .add(utc.getDayOfYear())
        .add(utc.toLocalTime().toSecondOfDay())
        .add(utc.getNano());
  }
}
