package dev.pictj.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import java.nio.ByteBuffer;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Writes replies, each a record: its components in their order, {@code deleteToken} as {@code
 * delete_token}.
 */
final class Json {
  private static final String TYPE = "application/json";

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private Json() {}

  /** Sends a reply with its length. */
  static void send(Context ctx, int status, Object reply) {
    byte[] bytes = bytes(reply);
    ctx.status(status);
    ctx.contentType(TYPE);
    ctx.res().setContentLengthLong(bytes.length);
    ctx.result(bytes);
  }

  /** Sends a reply to a request that Javalin does not handle. */
  static void send(Response response, Callback callback, int status, Object reply) {
    byte[] bytes = bytes(reply);
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, TYPE);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
    response.write(true, ByteBuffer.wrap(bytes), callback);
  }

  static byte[] bytes(Object reply) {
    try {
      return MAPPER.writeValueAsBytes(reply);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a reply can always be written", e);
    }
  }

  /** A reply as a part of another one, its keys in the order of the alphabet. */
  static SortedMap<String, Object> alphabetical(Object reply) {
    return MAPPER.convertValue(reply, new TypeReference<TreeMap<String, Object>>() {});
  }
}
