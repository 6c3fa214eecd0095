package dev.pictj.adopt;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pict-rs that pictures come from: 0.5 and later, which tell all of their names, or an earlier
 * one.
 *
 * @param key for the list of names
 */
record OldServer(Server server, Optional<String> key) {
  /** Pictures that are listed at a time. pict-rs knows no maximum. */
  private static final int PICTURES_PER_PAGE = 500;

  /** SHA-256, six bytes of the length, one of the format. */
  private static final int KEY_BYTES = 39;

  private static final int HASH_BYTES = 32;

  /** Takes each picture of the list. */
  @FunctionalInterface
  interface Consumer {
    void accept(Item item) throws IOException;
  }

  /**
   * Tells all pictures that have names, the latest first.
   *
   * @throws IOException in words for the administrator
   */
  void list(Consumer to) throws IOException, InterruptedException {
    Optional<String> slug = Optional.empty();
    do {
      JsonNode page = page(slug);
      for (JsonNode one : page.path("hashes")) {
        Item item = item(one);
        if (!item.aliases().isEmpty()) {
          to.accept(item);
        }
      }
      Optional<String> next =
          Optional.of(page.path("next").asText("")).filter(text -> !text.isEmpty());
      if (next.isPresent() && next.equals(slug)) {
        throw new IOException("the list of %s does not end".formatted(server));
      }
      slug = next;
    } while (slug.isPresent());
  }

  private JsonNode page(Optional<String> slug) throws IOException, InterruptedException {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("limit", Integer.toString(PICTURES_PER_PAGE));
    slug.ifPresent(text -> query.put("slug", text));
    HttpRequest.Builder request = server.request("/internal/hashes?" + Server.query(query));
    key.ifPresent(text -> request.header("X-Api-Token", text));
    HttpResponse<String> reply = server.send(request.build(), BodyHandlers.ofString());
    JsonNode page = Server.json(reply.body()).path("page");
    if (reply.statusCode() == 200 && page.path("hashes").isArray()) {
      return page;
    }
    throw new IOException(
        switch (reply.statusCode()) {
          case 401 ->
              "%s says that this is not its key, or has none: see --api-key".formatted(server);
          case 200, 404 ->
              "%s does not tell its names, which pict-rs does since 0.5: name them with --aliases"
                  .formatted(server);
          default ->
              "%s does not tell its names: %s"
                  .formatted(server, Server.said(reply.statusCode(), reply.body()));
        });
  }

  private static Item item(JsonNode listed) {
    List<String> aliases = new ArrayList<>();
    listed.path("aliases").forEach(alias -> aliases.add(alias.asText()));
    return new Item(aliases, content(listed.path("hex").asText()), details(listed.path("details")));
  }

  /** Reads a key of the old catalog; empty where it has another form. */
  private static Optional<Content> content(String hex) {
    try {
      byte[] key = HexFormat.of().parseHex(hex);
      if (key.length == KEY_BYTES) {
        ByteBuffer bytes = ByteBuffer.wrap(key);
        long size =
            (bytes.getShort(HASH_BYTES) & 0xFFFFL) << 32
                | (bytes.getInt(HASH_BYTES + Short.BYTES) & 0xFFFFFFFFL);
        return Optional.of(new Content(HexFormat.of().formatHex(key, 0, HASH_BYTES), size));
      }
    } catch (IllegalArgumentException _) {
      // The key has other characters than digits.
    }
    return Optional.empty();
  }

  private static Map<String, String> details(JsonNode told) {
    Map<String, String> details = new LinkedHashMap<>();
    for (String name : List.of("width", "height", "frames", "content_type", "created_at")) {
      // In 0.3 a time has another form, which the time of the bytes stands for.
      if (told.path(name).isValueNode() && !told.path(name).isNull()) {
        details.put(name, told.path(name).asText());
      }
    }
    return details;
  }

  /**
   * The reply to a request for bytes.
   *
   * @param status of the reply; the file is whole where it is 200
   * @param said in words, where it is another one
   * @param details what the reply says of them
   */
  record Fetched(int status, String said, Map<String, String> details) {}

  /**
   * Asks for the bytes behind a name.
   *
   * @param target made or overwritten; left to the caller to remove
   */
  Fetched fetch(String alias, Path target) throws IOException, InterruptedException {
    HttpResponse<Path> reply =
        server.send(
            server.request("/image/original/" + Server.encoded(alias)).build(),
            BodyHandlers.ofFile(
                target,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING));
    if (reply.statusCode() != 200) {
      // The picture that stands for what is not there may be large.
      String body = Files.size(target) < 10_000 ? readable(target) : "";
      return new Fetched(reply.statusCode(), Server.said(reply.statusCode(), body), Map.of());
    }
    Map<String, String> details = new LinkedHashMap<>();
    reply.headers().firstValue("Content-Type").ifPresent(it -> details.put("content_type", it));
    reply
        .headers()
        .firstValue("Last-Modified")
        .map(OldServer::time)
        .ifPresent(it -> details.put("created_at", it));
    return new Fetched(200, "", details);
  }

  private static String readable(Path file) throws IOException {
    return new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private static @Nullable String time(String text) {
    try {
      return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant().toString();
    } catch (DateTimeException _) {
      return null;
    }
  }

  /** What the old server says of a picture, where the bytes say nothing to us. */
  Map<String, String> details(String alias) throws IOException, InterruptedException {
    HttpResponse<String> reply =
        server.send(
            server.request("/image/details/original/" + Server.encoded(alias)).build(),
            BodyHandlers.ofString());
    return reply.statusCode() == 200 ? details(Server.json(reply.body())) : Map.of();
  }
}
