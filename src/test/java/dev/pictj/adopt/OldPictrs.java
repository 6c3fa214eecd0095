package dev.pictj.adopt;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pictj.store.ContentHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;

/**
 * Answers what a move asks a pict-rs 0.5.23 for, in the shapes that were recorded, or a 0.3, which
 * has no list of its names.
 */
public final class OldPictrs implements AutoCloseable {
  public static final String KEY = "old-key";

  /** As the recorded pictures have it. */
  private static final String CREATED = "2024-05-06T07:08:09.290786902Z";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A stored picture. */
  public record Picture(byte[] bytes, String type, List<String> aliases) {}

  /** What is answered once in place of the right answer. */
  public record Odd(int status, String retryAfter, byte[] body) {}

  private final HttpServer server;
  private final List<Picture> pictures = new ArrayList<>();
  private final Map<String, Queue<Odd>> odd = new ConcurrentHashMap<>();
  private final Map<String, String> tokens = new ConcurrentHashMap<>();
  private final boolean lists;
  public final Queue<String> asked = new ConcurrentLinkedQueue<>();

  /**
   * A server.
   *
   * @param lists whether it tells its names
   */
  public OldPictrs(boolean lists) {
    this.lists = lists;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Has a picture under these names. */
  public synchronized OldPictrs with(byte[] bytes, String type, String... aliases) {
    pictures.add(new Picture(bytes, type, List.of(aliases)));
    return this;
  }

  /** Knows what deletes a name. */
  public OldPictrs withToken(String alias, String token) {
    tokens.put(alias, token);
    return this;
  }

  /** Answers this once in place of what is behind a path, decoded. */
  public OldPictrs once(String path, int status, String retryAfter, byte[] body) {
    odd.computeIfAbsent(path, _ -> new ConcurrentLinkedQueue<>())
        .add(new Odd(status, retryAfter, body));
    return this;
  }

  /** How often a path was asked for, decoded. */
  public long asked(String path) {
    return asked.stream().filter(path::equals).count();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path =
        URLDecoder.decode(exchange.getRequestURI().getRawPath().replace("+", "%2B"), UTF_8);
    asked.add(path);
    try (exchange) {
      Odd first = odd.getOrDefault(path, new ConcurrentLinkedQueue<>()).poll();
      if (first != null) {
        exchange.getResponseHeaders().set("Retry-After", first.retryAfter());
        send(exchange, first.status(), first.body());
      } else if (path.equals("/internal/hashes") && lists) {
        hashes(exchange);
      } else if (path.startsWith("/image/original/")) {
        original(exchange, path.substring("/image/original/".length()));
      } else if (path.startsWith("/image/details/original/")) {
        details(exchange, path.substring("/image/details/original/".length()));
      } else if (path.startsWith("/image/delete/")) {
        delete(exchange, path.split("/", 5));
      } else if (path.equals("/internal/purge")) {
        purge(exchange);
      } else {
        send(exchange, 404, new byte[0]);
      }
    }
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (!exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseBody().write(body);
    }
  }

  private static void json(HttpExchange exchange, int status, Object body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    send(exchange, status, JSON.writeValueAsBytes(body));
  }

  private static boolean hasKey(HttpExchange exchange) {
    return KEY.equals(exchange.getRequestHeaders().getFirst("X-Api-Token"));
  }

  private synchronized Picture find(String alias) {
    return pictures.stream().filter(one -> one.aliases().contains(alias)).findFirst().orElse(null);
  }

  private static byte[] key(Picture picture) {
    return HexFormat.of()
        .parseHex(ContentHash.of(picture.bytes()) + "%012x05".formatted(picture.bytes().length));
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new HashMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    for (String pair : raw == null ? new String[0] : raw.split("&")) {
      String[] parts = pair.split("=", 2);
      query.put(parts[0], URLDecoder.decode(parts[1], UTF_8));
    }
    return query;
  }

  /** Three a page, whatever is asked for. */
  private synchronized void hashes(HttpExchange exchange) throws IOException {
    if (!hasKey(exchange)) {
      json(exchange, 401, Map.of("msg", "Invalid API Key", "code", "invalid-api-token"));
      return;
    }
    String slug = query(exchange).get("slug");
    int from = 0;
    while (slug != null && !slug(pictures.get(from)).equals(slug)) {
      from++;
    }
    int to = Math.min(from + 3, pictures.size());
    ObjectNode page = JSON.createObjectNode().put("limit", 3);
    if (to < pictures.size()) {
      page.put("next", slug(pictures.get(to)));
    }
    var list = page.putArray("hashes");
    for (Picture one : pictures.subList(from, to)) {
      ObjectNode entry = list.addObject().put("hex", HexFormat.of().formatHex(key(one)));
      one.aliases().forEach(entry.putArray("aliases")::add);
      entry.set("details", JSON.valueToTree(details(one)));
    }
    json(exchange, 200, JSON.createObjectNode().put("msg", "ok").set("page", page));
  }

  private static String slug(Picture picture) {
    return Base64.getUrlEncoder().encodeToString(key(picture));
  }

  private Map<String, Object> details(Picture picture) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("content_type", picture.type());
    details.put("created_at", lists ? CREATED : List.of(2024, 127, 25689, 290786902));
    details.put("height", 12);
    details.put("width", 16);
    if (lists) {
      details.put("frames", null);
      details.put("format", "Image");
    }
    return details;
  }

  private void original(HttpExchange exchange, String alias) throws IOException {
    Picture picture = find(alias);
    if (picture == null) {
      send(exchange, 404, new byte[0]);
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", picture.type());
    exchange.getResponseHeaders().set("Last-Modified", "Mon, 06 May 2024 07:08:09 GMT");
    send(exchange, 200, picture.bytes());
  }

  private void details(HttpExchange exchange, String alias) throws IOException {
    Picture picture = find(alias);
    if (picture == null) {
      json(exchange, 404, Map.of("msg", "No record", "code", "alias-not-found"));
    } else {
      json(exchange, 200, details(picture));
    }
  }

  private synchronized void delete(HttpExchange exchange, String[] parts) throws IOException {
    Picture picture = find(parts[4]);
    if (picture != null && !parts[3].equals(tokens.get(parts[4]))) {
      json(
          exchange,
          403,
          Map.of("msg", "Provided token did not match", "code", "invalid-delete-token"));
      return;
    }
    if (picture != null) {
      remove(picture, List.of(parts[4]));
    }
    send(exchange, 204, new byte[0]);
  }

  private void remove(Picture picture, List<String> gone) {
    pictures.remove(picture);
    List<String> left = new ArrayList<>(picture.aliases());
    left.removeAll(gone);
    if (!left.isEmpty()) {
      pictures.add(new Picture(picture.bytes(), picture.type(), left));
    }
  }

  private synchronized void purge(HttpExchange exchange) throws IOException {
    Picture picture = find(query(exchange).get("alias"));
    if (!hasKey(exchange)) {
      json(exchange, 401, Map.of("msg", "Invalid API Key", "code", "invalid-api-token"));
    } else if (picture == null) {
      json(exchange, 404, Map.of("msg", "No record", "code", "alias-not-found"));
    } else {
      remove(picture, picture.aliases());
      json(exchange, 200, Map.of("msg", "ok", "aliases", picture.aliases()));
    }
  }

  /** Whether it has a name. */
  public boolean has(String alias) {
    return find(alias) != null;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
