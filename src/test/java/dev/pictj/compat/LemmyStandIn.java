package dev.pictj.compat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The picture routes of a Lemmy, which asks a server of pict-rs for everything: it sends what a
 * Lemmy of that version sends, and reads the answers as strictly. What a Lemmy could not read, it
 * answers with 400, as Lemmy does.
 */
final class LemmyStandIn implements AutoCloseable {
  /** A line of Lemmy. */
  enum Version {
    V0_18,
    V0_19,
    V1_0
  }

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();

  /** What Lemmy waits for an answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Of one connection, or of the length of a body. */
  private static final Set<String> NOT_PASSED_ON =
      Set.of("connection", "content-length", "host", "transfer-encoding", "upgrade", "expect");

  /** What 0.18 reads of an upload or a download. */
  record Files018(
      @JsonProperty(required = true) String msg,
      @JsonProperty(required = true) List<File018> files) {}

  record File018(
      @JsonProperty(required = true) String file,
      @JsonProperty(value = "delete_token", required = true) String deleteToken) {}

  /** What 0.19.4 and later read. */
  record Files019(
      @JsonProperty(required = true) String msg,
      @JsonProperty(required = true) List<File019> files) {}

  record File019(
      @JsonProperty(required = true) String file,
      @JsonProperty(value = "delete_token", required = true) String deleteToken,
      @JsonProperty(required = true) Details019 details) {}

  private static final Details019 NO_DETAILS = new Details019(0, 0, "", "1970-01-01T00:00:00Z");

  /** Sides are u16, and the time is a DateTime of chrono: RFC 3339 with an offset. */
  record Details019(
      @JsonProperty(required = true) int width,
      @JsonProperty(required = true) int height,
      @JsonProperty(value = "content_type", required = true) String contentType,
      @JsonProperty(value = "created_at", required = true) String createdAt) {
    Details019 {
      if (width < 0 || width > 65_535 || height < 0 || height > 65_535) {
        throw new IllegalArgumentException("no u16");
      }
      if (!OffsetDateTime.parse(createdAt).getOffset().equals(ZoneOffset.UTC)) {
        throw new IllegalArgumentException("no UTC");
      }
    }
  }

  /** What is read of a purge and of a delete. */
  record Said(@JsonProperty(required = true) String msg) {}

  /** What is read of a refusal. */
  record Refusal(
      @JsonProperty(required = true) String msg, @JsonProperty(required = true) String code) {}

  /** An answer, with its headers in lower case. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Reply(int status, Map<String, List<String>> headers, byte[] body) {}

  private final Version version;
  private final String pictrs;
  private final String key;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  /** Stands in for a Lemmy in front of what listens on a port. */
  LemmyStandIn(Version version, int port, String key) throws IOException {
    this.version = version;
    this.pictrs = "http://127.0.0.1:" + port;
    this.key = key;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Where its API is. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
      String method = exchange.getRequestMethod();
      Reply reply;
      try {
        reply =
            version == Version.V1_0
                ? v4(exchange, method, path, query)
                : pictrsPath(exchange, method, path, query);
      } catch (IllegalArgumentException | IOException e) {
        send(
            exchange, 400, JSON.writeValueAsBytes(Map.of("error", String.valueOf(e.getMessage()))));
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      pass(exchange, reply);
    }
  }

  /** Up to 0.19 the clients know the paths of pict-rs, under another prefix. */
  private Reply pictrsPath(
      HttpExchange exchange, String method, String path, Map<String, String> query)
      throws IOException, InterruptedException {
    if (path.equals("/api/v3/image_proxy")) {
      return shown(exchange, "proxy", query.get("url"), query);
    }
    if (!path.startsWith("/pictrs/image")) {
      throw new IllegalArgumentException("unknown route");
    }
    String rest = path.substring("/pictrs/image".length());
    if (method.equals("POST")) {
      Reply reply = send(request(exchange, "/image").POST(body(exchange)));
      if (reply.status() / 100 == 2) {
        files(reply);
      } else {
        JSON.readValue(reply.body(), Refusal.class);
      }
      return reply;
    }
    return rest.startsWith("/delete/")
        ? send(request(exchange, "/image" + rest).method(method, BodyPublishers.noBody()))
        : shown(exchange, "src", rest.substring(1), query);
  }

  private Reply v4(HttpExchange exchange, String method, String path, Map<String, String> query)
      throws IOException, InterruptedException {
    String rest = path.substring("/api/v4".length());
    String what = method + " " + (rest.startsWith("/image/") ? "/image/*" : rest);
    return switch (what) {
      case "POST /image" -> stored(exchange, "");
      case "POST /account/avatar" ->
          stored(exchange, "?resize=512&allow_animation=false&allow_video=false");
      case "DELETE /account/media" ->
          send(
              request(
                      "/internal/delete?alias="
                          + encoded(query.getOrDefault("filename", name(exchange))))
                  .header("X-Api-Token", key)
                  .POST(BodyPublishers.noBody()));
      case "GET /image/*" ->
          switch (rest) {
            case "/image/health" -> send(request("/healthz"));
            case "/image/proxy" -> shown(exchange, "proxy", query.get("url"), query);
            default -> shown(exchange, "src", rest.substring("/image/".length()), query);
          };
      default -> throw new IllegalArgumentException("unknown route");
    };
  }

  private static String name(HttpExchange exchange) throws IOException {
    return JSON.readTree(exchange.getRequestBody().readAllBytes()).get("filename").asText();
  }

  /** Lemmy 1.0 tells its clients something else than it is told. */
  private Reply stored(HttpExchange exchange, String query)
      throws IOException, InterruptedException {
    Reply reply = send(request(exchange, "/image" + query).POST(body(exchange)));
    if (reply.status() / 100 != 2) {
      Refusal refusal = JSON.readValue(reply.body(), Refusal.class);
      throw new IllegalArgumentException(refusal.msg());
    }
    File019 file = files(reply).getFirst();
    return new Reply(
        201,
        Map.of("content-type", List.of("application/json")),
        JSON.writeValueAsBytes(
            Map.of("image_url", url() + "/api/v4/image/" + file.file(), "filename", file.file())));
  }

  /** A picture, whole or as a variant, as the user interfaces ask for it. */
  private Reply shown(
      HttpExchange exchange, String selector, String value, Map<String, String> query)
      throws IOException, InterruptedException {
    Optional<String> size =
        Optional.ofNullable(query.get(version == Version.V1_0 ? "max_size" : "thumbnail"));
    Optional<String> format =
        version == Version.V1_0 ? Optional.empty() : Optional.ofNullable(query.get("format"));
    String source = selector + "=" + encoded(value);
    String target;
    if (size.isEmpty() && format.isEmpty()) {
      target = selector.equals("proxy") ? "/image/original?" + source : "/image/original/" + value;
    } else {
      int dot = value.lastIndexOf('.');
      String extension = dot < 0 || value.length() - dot > 5 ? "jpg" : value.substring(dot + 1);
      target =
          "/image/process."
              + format.orElse(extension)
              + "?"
              + source
              + size.map(one -> "&thumbnail=" + one).orElse("");
    }
    return send(request(exchange, target));
  }

  /** Has a remote picture stored, as for the preview of a link. */
  List<File019> download(String url) throws IOException, InterruptedException {
    Reply reply =
        send(
            request(
                "/image/download?url="
                    + encoded(url)
                    + (version == Version.V1_0 ? "&resize=512" : "")));
    if (reply.status() / 100 != 2) {
      throw new IllegalArgumentException(JSON.readValue(reply.body(), Refusal.class).msg());
    }
    return files(reply);
  }

  /** The details of what is behind a URL that has been proxied. */
  Details019 details(String url) throws IOException, InterruptedException {
    Reply reply = send(request("/image/details/original?proxy=" + encoded(url)));
    return JSON.readValue(reply.body(), Details019.class);
  }

  /** Has a picture deleted with all its names, after a look at whether it is one. */
  void purge(String alias) throws IOException, InterruptedException {
    Reply picture = send(request("/image/original/" + alias));
    String type = String.join(",", picture.headers().getOrDefault("content-type", List.of()));
    if (!type.startsWith("image/")) {
      throw new IllegalArgumentException("not an image: " + type);
    }
    Reply reply =
        send(
            request("/internal/purge?alias=" + encoded(alias))
                .header("x-api-token", key)
                .POST(BodyPublishers.noBody()));
    Said said = JSON.readValue(reply.body(), Said.class);
    if (!said.msg().equals("ok")) {
      throw new IllegalArgumentException(said.msg());
    }
  }

  /** Deletes by the token that the upload was answered with. */
  int delete(String token, String alias) throws IOException, InterruptedException {
    return send(request("/image/delete/" + token + "/" + alias)).status();
  }

  private List<File019> files(Reply reply) throws IOException {
    if (version == Version.V0_18) {
      Files018 read = JSON.readValue(reply.body(), Files018.class);
      requireOk(read.msg());
      return read.files().stream()
          .map(file -> new File019(file.file(), file.deleteToken(), NO_DETAILS))
          .toList();
    }
    Files019 read = JSON.readValue(reply.body(), Files019.class);
    requireOk(read.msg());
    return read.files();
  }

  private static void requireOk(String msg) {
    if (!msg.equals("ok")) {
      throw new IllegalArgumentException(msg);
    }
  }

  private HttpRequest.Builder request(String target) {
    return HttpRequest.newBuilder(URI.create(pictrs + target)).timeout(PATIENCE);
  }

  /** With the headers of whoever asks, as Lemmy passes them on, and those of the proxies before. */
  private HttpRequest.Builder request(HttpExchange exchange, String target) {
    HttpRequest.Builder request = request(target);
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!NOT_PASSED_ON.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return request
        .header("X-Forwarded-For", "203.0.113.7")
        .header("X-Forwarded-For", exchange.getRemoteAddress().toString().replace("/", ""))
        .header("Cookie", "jwt=a.b.c")
        .header("Authorization", "Bearer a.b.c");
  }

  private static BodyPublisher body(HttpExchange exchange) {
    // Of no known length: in chunks.
    return BodyPublishers.ofInputStream(exchange::getRequestBody);
  }

  private Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<byte[]> reply = client.send(request.build(), BodyHandlers.ofByteArray());
    return new Reply(reply.statusCode(), reply.headers().map(), reply.body());
  }

  private static void pass(HttpExchange exchange, Reply reply) throws IOException {
    reply
        .headers()
        .forEach(
            (name, values) -> {
              if (!NOT_PASSED_ON.contains(name)) {
                exchange.getResponseHeaders().put(name, values);
              }
            });
    send(exchange, reply.status(), reply.body());
  }

  private static void send(HttpExchange exchange, int status, byte... body) throws IOException {
    boolean empty = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, empty ? -1 : body.length);
    if (!empty) {
      exchange.getResponseBody().write(body);
    }
  }

  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> query = new TreeMap<>();
    for (String pair : raw == null ? new String[0] : raw.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        query.put(
            pair.substring(0, equals),
            java.net.URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
    client.close();
    threads.close();
  }
}
