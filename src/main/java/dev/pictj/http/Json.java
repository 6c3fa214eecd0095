package dev.pictj.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pictj.http.dialect.Dialect;
import dev.pictj.ingest.Stored;
import dev.pictj.upkeep.Backup;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The JSON of every reply, keys in the order that pict-rs writes them. */
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

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static ObjectNode error(ErrorCode code, String message) {
    return MAPPER.createObjectNode().put("msg", message).put("code", code.word());
  }

  /** Keys in the order of the alphabet, as pict-rs writes them here in every line of it. */
  static ObjectNode uploaded(List<Stored> stored, Dialect dialect) {
    ObjectNode body = MAPPER.createObjectNode();
    ArrayNode files = body.putArray("files");
    for (Stored one : stored) {
      ObjectNode file = files.addObject();
      file.put("delete_token", one.deleteToken());
      ObjectNode details = dialect.details(one.details());
      file.set("details", MAPPER.createObjectNode().setAll(new TreeMap<>(fields(details))));
      file.put("file", one.alias());
    }
    return body.put("msg", "ok");
  }

  private static Map<String, JsonNode> fields(ObjectNode node) {
    return node.properties().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
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
}
