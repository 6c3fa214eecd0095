package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.pictj.http.dialect.Dialect;
import dev.pictj.pictures.Pictures;
import dev.pictj.server.RunningServer;
import io.javalin.http.HandlerType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every reply says to caches and browsers, over every route, method and outcome there is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplyHeadersIT {
  private static final String IMMUTABLE = "public, max-age=604800, immutable";
  private static final Set<String> MEDIA =
      Set.of("/image/original/{alias}", "/image/original", "/image/process.{ext}", "/image/auto");
  private static final Set<String> REVALIDATED =
      Set.of(
          "/limits",
          "/internal/limits",
          "/image/details/original/{alias}",
          "/image/details/original",
          "/image/blurhash",
          "/image/details/process.{ext}");
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW");

  @TempDir private static Path backups;

  private RunningServer server;
  private RunningServer named;
  private RunningServer any;
  private HttpServer remote;
  private String alias;

  @BeforeAll
  void start() throws Exception {
    server = RunningServer.start("download-allow-private", "true");
    named =
        RunningServer.start("cors-origins", "https://Pictures.example:443, http://localhost:3000");
    any = RunningServer.start("cors-origins", "* https://admin.example");
    alias = server.accepted(Pictures.png(64, 48));
    byte[] picture = Pictures.png(20, 20);
    remote = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    remote.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, picture.length);
          exchange.getResponseBody().write(picture);
          exchange.close();
        });
    remote.start();
  }

  @AfterAll
  void stop() throws Exception {
    remote.stop(0);
    any.close();
    named.close();
    server.close();
  }

  /** The routes of the table itself: what is registered is what is walked. */
  static Map<String, Set<HandlerType>> routes() {
    return new RoutingTable(
            new Uploads(null, null, null, null, null, null, false, null),
            new Adoptions(null, null, null),
            new Originals(null, null, null, null),
            new Processing(null, null, null, null, null, null, null, null, null),
            new ServerLimits(null, false),
            new Internal(null, null, null, null, null, null, null, 0, null),
            new Moderation(null, null, null, null, null, null),
            new Hashes(null, 0, null, null, Duration.ZERO),
            new AdminWork(null, null, null, null, 0, null, null),
            new Health(null, null),
            new BuildInfo(null),
            Dialect.V0_3,
            false)
        .routes();
  }

  @Test
  void nothingIsKeptButMediaAndDetails() {
    List<String> seen = new ArrayList<>();
    routes()
        .keySet()
        .forEach(
            route -> {
              for (String method : METHODS) {
                for (String path : paths(route)) {
                  for (RequestSpecification request : List.of(server.request(), server.admin())) {
                    Response response = request.request(method, path);
                    assertThat(response.header("Cache-Control"))
                        .as("%s %s: %d", method, path, response.statusCode())
                        .isEqualTo(expected(route, method, response.statusCode()));
                    assertSafe(response, method + " " + path);
                    seen.add(response.statusCode() + " " + route);
                  }
                }
              }
            });
    assertThat(seen)
        .contains("200 /image/original/{alias}", "200 /image/process.{ext}", "200 /healthz")
        .contains("200 /image/details/original/{alias}", "200 /image/details/process.{ext}")
        .contains("200 /internal/aliases", "401 /internal/aliases", "200 /internal/filename")
        .contains("404 /image/original/{alias}", "400 /image/process.{ext}", "400 /image")
        .contains("201 /image/download", "200 /internal/backup", "200 /internal/purge")
        .contains("403 /image/delete/{token}/{alias}", "405 /image", "404 /internal/purge");
  }

  private static String expected(String route, String method, int status) {
    if (status != 200 || !(method.equals("GET") || method.equals("HEAD"))) {
      return "no-store";
    }
    return MEDIA.contains(route)
        ? IMMUTABLE
        : REVALIDATED.contains(route) ? "no-cache" : "no-store";
  }

  /** A route with what it succeeds with, and with what it does not. */
  private List<String> paths(String route) {
    String doomed = server.accepted(Pictures.jpeg(30, 30));
    String query =
        switch (route) {
          case "/image/process.{ext}", "/image/auto", "/image/details/process.{ext}" ->
              "?src=" + alias + "&thumbnail=16";
          case "/image/download" -> "?url=http://127.0.0.1:" + remote.getAddress().getPort() + "/";
          case "/internal/backup" -> "?path=" + backups.resolve("backup" + System.nanoTime());
          case "/internal/purge", "/internal/delete" -> "?alias=" + doomed;
          case "/internal/deny" -> "?sha256=%1$s&id=sha256:%1$s".formatted("00".repeat(32));
          default -> "?alias=" + alias;
        };
    return List.of(
        route.replace("{alias}", alias).replace("{ext}", "webp").replace("{token}", "wrong")
            + query,
        route.replace("{alias}", "none.png").replace("{ext}", "bmp").replace("{token}", "wrong")
            + "?src=none.png&alias=none.png&url=ftp://x/&path=relative",
        route.replace("{alias}", "none.png").replace("{ext}", "png").replace("{token}", "wrong"));
  }

  private static void assertSafe(Response response, String what) {
    assertThat(response.header("X-Content-Type-Options")).as(what).isEqualTo("nosniff");
    boolean media = IMMUTABLE.equals(response.header("Cache-Control"));
    assertThat(response.header("Content-Security-Policy"))
        .as(what)
        .startsWith(
            "default-src 'none'; " + (media ? "img-src 'self'; media-src 'self';" : "base"));
    // Chromium plays no video whose document has an origin of its own.
    assertThat(response.header("Content-Security-Policy").contains("sandbox"))
        .as(what)
        .isEqualTo(!media);
  }

  @Test
  void uploadsAndDeletesAreNotKept() {
    Response upload = server.upload(Pictures.jpeg(31, 30));
    assertThat(upload.statusCode()).isEqualTo(201);
    Response delete =
        server
            .request()
            .get(
                "/image/delete/%s/%s"
                    .formatted(
                        upload.<String>path("files[0].delete_token"),
                        upload.<String>path("files[0].file")));
    assertThat(delete.statusCode()).isEqualTo(204);
    Response imported =
        server.admin().multiPart("images[]", "a.png", Pictures.png(8, 8)).post("/internal/import");
    assertThat(imported.statusCode()).isEqualTo(201);
    Response unaccepted = server.upload("text".getBytes(StandardCharsets.UTF_8));
    assertThat(unaccepted.statusCode()).isEqualTo(415);
    for (Response response : List.of(upload, delete, imported, unaccepted)) {
      assertThat(response.header("Cache-Control")).isEqualTo("no-store");
      assertSafe(response, response.asString());
    }
  }

  @Test
  void partsAndUnchangedMediaSayTheSameAsWholeOnes() {
    for (String path :
        List.of("/image/original/" + alias, "/image/process.webp?src=" + alias + "&thumbnail=17")) {
      Response whole = server.request().get(path);
      Response part = server.request().header("Range", "bytes=0-3").get(path);
      Response unchanged = server.request().header("If-None-Match", whole.header("ETag")).get(path);
      assertThat(part.statusCode()).isEqualTo(206);
      assertThat(unchanged.statusCode()).isEqualTo(304);
      for (Response response : List.of(whole, part, unchanged)) {
        assertThat(response.header("Cache-Control")).isEqualTo(IMMUTABLE);
        assertSafe(response, path);
      }
      Response beyond = server.request().header("Range", "bytes=9999999-").get(path);
      assertThat(beyond.statusCode()).isEqualTo(416);
      assertThat(beyond.header("Cache-Control")).isEqualTo("no-store");
      for (Response response : List.of(whole, part, unchanged, beyond)) {
        assertThat(response.header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(response.header("Cross-Origin-Resource-Policy")).isEqualTo("cross-origin");
        assertThat(response.header("Access-Control-Expose-Headers"))
            .contains("Content-Range", "ETag", "Accept-Ranges");
        assertThat(response.header("Vary")).isNull();
      }
    }
  }

  /** What Jetty finds out before anything of ours is asked. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /image/original/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /image/original/%u0041 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /image/original/%ff HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /image/original/a%2fb HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: x\r\nLong: LONG\r\n\r\n",
        "GET /LONG HTTP/1.1\r\nHost: x\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"
      })
  void errorsOfTheProtocolAreNotKept(String request) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(request.replace("LONG", "x".repeat(40_000)).getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(answer)
          .containsPattern("^HTTP/1.1 [245]")
          .containsOnlyOnce("Cache-Control: no-store\r\n")
          .containsOnlyOnce("X-Content-Type-Options: nosniff\r\n")
          .containsOnlyOnce("Content-Security-Policy: ");
    }
  }

  /** Which server, which path, who asks, and who may read then; empty for nobody. */
  @ParameterizedTest
  @CsvSource({
    "none,  /image/original/none.png,         https://a.example,              *",
    "none,  /image/%6Friginal/none.png,       https://a.example,              *",
    "none,  /image/process.png?src=none.png,  https://a.example,              *",
    "none,  /image/details/original/none.png, https://a.example,              ",
    "none,  /internal/aliases?alias=none,     https://a.example,              ",
    "none,  /healthz,                         null,                           ",
    "named, /image/original/none.png,         https://a.example,              *",
    "named, /healthz,                         https://pictures.example,      "
        + " https://pictures.example",
    "named, /healthz,                         http://localhost:3000,         "
        + " http://localhost:3000",
    "named, /image/details/original/none.png, https://pictures.example,      "
        + " https://pictures.example",
    "named, /internal/aliases?alias=none,     https://pictures.example,      "
        + " https://pictures.example",
    "named, /nowhere,                         https://pictures.example,      "
        + " https://pictures.example",
    "named, /healthz,                         http://pictures.example,        ",
    "named, /healthz,                         https://pictures.example.org,   ",
    "named, /healthz,                         https://x.pictures.example,     ",
    "named, /healthz,                         http://localhost:30000,         ",
    "named, /healthz,                         null,                           ",
    "any,   /healthz,                         https://a.example,              *",
    "any,   /image/details/original/none.png, https://a.example,              *",
    "any,   /internal/aliases?alias=none,     https://a.example,              ",
    "any,   /%69nternal/aliases?alias=none,   https://a.example,              ",
    "any,   /./internal/aliases?alias=none,   https://a.example,              ",
    "any,   /internal/aliases?alias=none,     https://admin.example,          https://admin.example"
  })
  void otherOriginsReadMediaAndWhatTheSettingSays(
      String which, String path, String origin, String allowed) {
    RunningServer asked = which.equals("none") ? server : which.equals("named") ? named : any;
    boolean internal = path.contains("nternal");
    for (RequestSpecification request : List.of(asked.request(), asked.admin())) {
      Response response = request.header("Origin", origin).get(path);
      assertThat(response.header("Access-Control-Allow-Origin")).isEqualTo(allowed);
      assertThat(response.header("Access-Control-Allow-Credentials")).isNull();
      assertThat(response.header("Access-Control-Expose-Headers") == null)
          .isEqualTo(allowed == null);
      // Whoever keeps a reply must know that it depends on who asks, also when nobody is allowed.
      boolean media = path.matches("/image/(original|%6Friginal|process)[./].*");
      boolean depends = !media && (which.equals("named") || (which.equals("any") && internal));
      assertThat(response.header("Vary")).as(path).isEqualTo(depends ? "Origin" : null);
    }
  }

  /** Which server, which path, who asks first, the status, and whether the key may be sent. */
  @ParameterizedTest
  @CsvSource({
    "none,  /image/original/none.png, https://a.example,        204, true,  false",
    "none,  /image,                   https://a.example,        204, false, false",
    "none,  /internal/aliases,        https://a.example,        401, false, false",
    "named, /image,                   https://pictures.example, 204, true,  false",
    "named, /image,                   https://a.example,        204, false, false",
    "named, /internal/aliases,        https://pictures.example, 204, true,  true",
    "named, /internal/aliases,        https://a.example,        401, false, false",
    "any,   /image,                   https://a.example,        204, true,  false",
    "any,   /internal/aliases,        https://a.example,        401, false, false",
    "any,   /internal/aliases,        https://admin.example,    204, true,  true"
  })
  void browsersThatAskFirstAreToldTheSame(
      String which, String path, String origin, int status, boolean allowed, boolean key) {
    RunningServer asked = which.equals("none") ? server : which.equals("named") ? named : any;
    Response response =
        asked
            .request()
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "x-api-token")
            .options(path);

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.header("Access-Control-Allow-Origin") != null).isEqualTo(allowed);
    assertThat(response.header("Access-Control-Allow-Methods"))
        .isEqualTo(allowed ? "GET, HEAD, POST, DELETE" : null);
    String headers = response.header("Access-Control-Allow-Headers");
    assertThat(headers != null && headers.contains("Range")).isEqualTo(allowed);
    assertThat(headers != null && headers.contains("X-Api-Token")).isEqualTo(key);
    assertThat(response.header("Cache-Control")).isEqualTo("no-store");
    // Only the question is free: what it asks for still needs the key.
    assertThat(asked.request().header("Origin", origin).post("/internal/purge").statusCode())
        .isEqualTo(401);
  }
}
