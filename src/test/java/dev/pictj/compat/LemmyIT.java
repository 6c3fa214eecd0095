package dev.pictj.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import dev.pictj.compat.LemmyStandIn.File019;
import dev.pictj.compat.LemmyStandIn.Version;
import dev.pictj.pictures.Pictures;
import dev.pictj.server.RunningServer;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What Lemmy and those around it rely on, each by a number that the pages of this contract have,
 * and stand-ins of three lines of Lemmy that use it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LemmyIT {
  private static final JsonMapper JSON = new JsonMapper();

  private final AtomicInteger fetched = new AtomicInteger();
  private RunningServer three;
  private RunningServer five;
  private HttpServer remote;
  private String away;

  @BeforeAll
  void start() throws IOException {
    three = RunningServer.start("download-allow-private", "");
    five = RunningServer.start("dialect", "0.5", "download-allow-private", "");
    remote = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] picture = Pictures.jpeg(600, 400);
    remote.createContext(
        "/",
        exchange -> {
          fetched.incrementAndGet();
          boolean there = exchange.getRequestURI().getPath().startsWith("/there");
          exchange.sendResponseHeaders(there ? 200 : 404, there ? picture.length : -1);
          if (there) {
            exchange.getResponseBody().write(picture);
          }
          exchange.close();
        });
    remote.start();
    away = "http://127.0.0.1:" + remote.getAddress().getPort();
  }

  @AfterAll
  void stop() throws IOException {
    remote.stop(0);
    three.close();
    five.close();
  }

  private RunningServer behind(Version version) {
    return version == Version.V0_18 ? three : five;
  }

  private LemmyStandIn lemmy(Version version) throws IOException {
    return new LemmyStandIn(version, behind(version).port(), RunningServer.KEY);
  }

  /** What a user does: uploads, looks at it in every size, deletes it. */
  @ParameterizedTest
  @EnumSource
  void aUserUploadsAndSeesAndDeletes(Version version) throws Exception {
    try (LemmyStandIn lemmy = lemmy(version)) {
      boolean v4 = version == Version.V1_0;
      String images = lemmy.url() + (v4 ? "/api/v4/image" : "/pictrs/image");
      Response reply = upload(images, Pictures.png(700, 500));
      assertThat(reply.statusCode()).as(reply.asString()).isEqualTo(201);
      String alias = reply.path(v4 ? "filename" : "files[0].file");
      shows(images + "/" + alias, "image/png", 700);
      for (int size : List.of(96, 256)) {
        String query = (v4 ? "?max_size=" : "?thumbnail=") + size;
        shows(images + "/" + alias + query, v4 ? "image/png" : "", size);
        if (!v4) {
          for (String format : List.of("jpg", "webp", "png")) {
            shows(images + "/" + alias + query + "&format=" + format, "image/", size);
            shows(images + "/" + alias + "?format=" + format, "image/", 700);
          }
        }
      }
      Response gone;
      if (v4) {
        gone =
            RestAssured.given()
                .contentType("application/json")
                .body("{\"filename\":\"" + alias + "\"}")
                .delete(lemmy.url() + "/api/v4/account/media");
      } else {
        gone =
            RestAssured.get(
                images + "/delete/" + reply.path("files[0].delete_token") + "/" + alias);
      }
      assertThat(gone.statusCode()).isEqualTo(v4 ? 200 : 204);
      assertThat(RestAssured.get(images + "/" + alias).statusCode()).isEqualTo(404);
      Response refused = upload(images, "no picture".getBytes(StandardCharsets.UTF_8));
      assertThat(refused.statusCode()).isBetween(400, 499);
    }
  }

  /** What a Lemmy does of its own: previews of links, and the purge of what a moderator removes. */
  @ParameterizedTest
  @EnumSource
  void aLemmyFetchesAndPurges(Version version) throws Exception {
    try (LemmyStandIn lemmy = lemmy(version)) {
      File019 file = lemmy.download(away + "/there?of=" + version).getFirst();
      if (version != Version.V0_18) {
        assertThat(file.details().width()).isEqualTo(version == Version.V1_0 ? 512 : 600);
      }
      lemmy.purge(file.file());
      assertThatThrownBy(() -> lemmy.purge(file.file()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> lemmy.download(away + "/gone"))
          .isInstanceOf(IllegalArgumentException.class);
      File019 other = lemmy.download(away + "/there").getFirst();
      assertThat(lemmy.delete(other.deleteToken(), other.file())).isEqualTo(204);
    }
  }

  /** What is shown of other servers since 0.19.4 goes through pict-rs. */
  @ParameterizedTest
  @EnumSource(names = {"V0_19", "V1_0"})
  void aLemmyProxies(Version version) throws Exception {
    try (LemmyStandIn lemmy = lemmy(version)) {
      String there = away + "/there/" + version + ".jpg";
      boolean v4 = version == Version.V1_0;
      String proxy = lemmy.url() + (v4 ? "/api/v4/image/proxy" : "/api/v3/image_proxy");
      int before = fetched.get();
      shows(proxy + "?url=" + encoded(there), "image/jpeg", 600);
      shows(
          proxy + "?url=" + encoded(there) + (v4 ? "&max_size=512" : "&thumbnail=256"),
          "image/",
          v4 ? 512 : 256);
      assertThat(lemmy.details(there).width()).isEqualTo(600);
      assertThat(fetched.get() - before).isEqualTo(1);
    }
  }

  private static void shows(String url, String type, int width) throws IOException {
    Response reply = RestAssured.given().urlEncodingEnabled(false).get(url);
    assertThat(reply.statusCode()).as(url + " " + reply.asString()).isEqualTo(200);
    assertThat(reply.contentType()).as(url).startsWith(type);
    if (!reply.contentType().equals("image/webp")) {
      assertThat(ImageIO.read(new ByteArrayInputStream(reply.asByteArray())).getWidth())
          .as(url)
          .isEqualTo(width);
    }
  }

  private static Response upload(String url, byte[] picture) {
    return RestAssured.given().multiPart("images[]", "image.jpg", picture, "image/jpeg").post(url);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Each requirement by its number and in its words. */
  @TestFactory
  Stream<DynamicTest> requirements() {
    Map<String, Executable> rows = new LinkedHashMap<>();
    rows.put("1 an upload is answered with its details", this::uploadReply);
    rows.put("2 a failure is JSON with msg and code", this::failures);
    rows.put("3 times are RFC 3339 and sides u16", this::timesAndSides);
    rows.put("4 an alias is a path segment with an extension", this::aliases);
    rows.put("5 every shape of form is read", this::forms);
    rows.put("6 unknown keys and operations are ignored", this::unknownKeys);
    rows.put("7 originals have the headers that caches need", this::originals);
    rows.put("8 pictures are image/*", this::contentTypes);
    rows.put("9 ranges of originals and of variants", this::ranges);
    rows.put("10 process with and without operations", this::process);
    rows.put("11 a variant is quick the second time", this::secondTime);
    rows.put("12 proxy by URLs, encoded or not", this::proxy);
    rows.put("13 download with operations", this::download);
    rows.put("14 delete by token, twice", this::delete);
    rows.put("15 internal routes need the key", this::key);
    rows.put("16 a purge takes all aliases", this::purge);
    rows.put("17 a delete takes one alias", this::internalDelete);
    rows.put("18 aliases and identifier of a picture", this::identifier);
    rows.put("19 health is cheap and open", this::health);
    rows.put("20 two slashes are another path", this::slashes);
    rows.put("21 the headers of proxies are borne", this::headers);
    rows.put("22 nothing is compressed on the way", this::compression);
    // 23 is DummyModeIT, 24 PictrsSettingsIT, and 25 ExternalValidationIT.
    rows.put("26 a lost file is an error of its own", this::lostFile);
    rows.put("27 what 0.2 had is as 0.3 has it", this::earlierShapes);
    return rows.entrySet().stream()
        .map(row -> DynamicTest.dynamicTest(row.getKey(), row.getValue()));
  }

  private Response get(String path) {
    return five.request().get(path);
  }

  private static void refused(Response reply, int status, String code) throws IOException {
    assertThat(reply.statusCode()).as(reply.asString()).isEqualTo(status);
    assertThat(reply.contentType()).isEqualTo("application/json");
    JsonNode json = JSON.readTree(reply.asByteArray());
    assertThat(json.get("code").asText()).isEqualTo(code);
    assertThat(json.get("msg").asText()).isNotBlank();
  }

  private void uploadReply() throws IOException {
    Response reply = five.upload(Pictures.jpeg(40, 30));
    assertThat(reply.statusCode()).isEqualTo(201);
    assertThat(reply.contentType()).isEqualTo("application/json");
    JsonNode json = JSON.readTree(reply.asByteArray());
    assertThat(json.get("msg").asText()).isEqualTo("ok");
    JsonNode file = json.at("/files/0");
    assertThat(file.get("file").asText()).isNotBlank();
    assertThat(file.get("delete_token").asText()).isNotBlank();
    JsonNode details = file.get("details");
    assertThat(details.get("width").intValue()).isEqualTo(40);
    assertThat(details.get("height").intValue()).isEqualTo(30);
    assertThat(details.get("frames").isNull()).isTrue();
    assertThat(details.get("content_type").asText()).isEqualTo("image/jpeg");
    assertThat(details.get("format").asText()).isEqualTo("Image");
    assertThat(details.get("blurhash").asText()).isNotBlank();
  }

  private void failures() throws IOException {
    refused(five.upload("no picture".getBytes(StandardCharsets.UTF_8)), 400, "command-failure");
    Response none = five.request().multiPart("other", "text").post("/image");
    assertThat(none.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(none.asByteArray()).get("code").asText()).isNotBlank();
    Response unknown = get("/image/original/none.png");
    assertThat(unknown.statusCode()).isEqualTo(404);
  }

  private void timesAndSides() throws IOException {
    String alias = five.accepted(Pictures.png(30, 20));
    JsonNode details = JSON.readTree(get("/image/details/original/" + alias).asByteArray());
    assertThat(OffsetDateTime.parse(details.get("created_at").asText()).getYear())
        .isGreaterThan(2000);
    assertThat(details.get("width").isInt()).isTrue();
    assertThat(details.get("height").intValue()).isBetween(1, 65_535);
  }

  private void aliases() {
    for (byte[] picture : List.of(Pictures.png(30, 21), Pictures.jpeg(30, 21))) {
      assertThat(five.accepted(picture)).matches("[A-Za-z0-9-]+\\.[a-z]+");
    }
  }

  private void forms() throws IOException {
    byte[] png = Pictures.png(30, 22);
    for (String type :
        List.of(
            "multipart/form-data;boundary=b",
            "multipart/form-data; boundary=b",
            "multipart/form-data; boundary=\"b\"")) {
      for (String part :
          List.of(
              "Content-Disposition: form-data; name=\"images[]\"; filename=\"a b.png\"\r\n",
              "Content-Type: image/png\r\n"
                  + "Content-Disposition: form-data; name=\"images[]\"; filename=\"images[]\"\r\n",
              "Content-Disposition: form-data; name=\"images[]\"; filename=\"a.jpg\"\r\n"
                  + "Content-Type: image/jpeg\r\nContent-Length: "
                  + png.length
                  + "\r\n",
              "Content-Disposition: form-data; name=images[]; filename=a.png;"
                  + " filename*=utf-8''a.png\r\n")) {
        String answer = wire(type, part, png);
        assertThat(answer).as(type + " " + part).startsWith("HTTP/1.1 201 ");
        assertThat(answer).contains("\"content_type\":\"image/png\"");
      }
    }
  }

  private String wire(String type, String part, byte[] content) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(("--b\r\n" + part + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    body.writeBytes(content);
    body.writeBytes("\r\n--b--\r\n".getBytes(StandardCharsets.ISO_8859_1));
    String head =
        "POST /image HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: %s\r\n"
                .formatted(type)
            + "Content-Length: %d\r\n\r\n".formatted(body.size());
    try (Socket socket = new Socket("127.0.0.1", five.port())) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      out.write(head.getBytes(StandardCharsets.ISO_8859_1));
      out.write(body.toByteArray());
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void unknownKeys() {
    String alias = five.accepted(Pictures.png(60, 40));
    String bare = "/image/process.png?src=" + alias + "&thumbnail=20";
    byte[] expected = get(bare).asByteArray();
    assertThat(get(bare + "&w=300&h&sharpen=2").asByteArray()).isEqualTo(expected);
  }

  private void originals() {
    String alias = five.accepted(Pictures.png(60, 41));
    Response reply = get("/image/original/" + alias);
    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.contentType()).isEqualTo("image/png");
    for (String header : List.of("Last-Modified", "Cache-Control", "Accept-Ranges")) {
      assertThat(reply.header(header)).as(header).isNotBlank();
    }
    Response unknown = get("/image/original/none.png");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.asByteArray()).isEmpty();
  }

  private void contentTypes() {
    for (byte[] picture :
        List.of(
            Pictures.png(30, 23),
            Pictures.jpeg(30, 23),
            Pictures.webp(30, 23),
            Pictures.gif(30, 24, 3),
            Pictures.animatedWebp(30, 24, 3))) {
      String alias = five.accepted(picture);
      assertThat(get("/image/original/" + alias).contentType()).startsWith("image/");
    }
  }

  private void ranges() {
    String alias = five.accepted(Pictures.png(300, 200));
    for (String path :
        List.of("/image/original/" + alias, "/image/process.png?src=" + alias + "&thumbnail=96")) {
      byte[] whole = get(path).asByteArray();
      Response slice = five.request().header("Range", "bytes=0-1048575").get(path);
      assertThat(slice.statusCode()).isEqualTo(206);
      assertThat(slice.header("Content-Range"))
          .isEqualTo("bytes 0-%d/%d".formatted(whole.length - 1, whole.length));
      assertThat(slice.asByteArray()).isEqualTo(whole);
      Response next = five.request().header("Range", "bytes=20-29").get(path);
      assertThat(next.asByteArray()).isEqualTo(java.util.Arrays.copyOfRange(whole, 20, 30));
      assertThat(next.header("ETag")).isEqualTo(slice.header("ETag"));
      assertThat(five.request().header("Range", "bytes=-5").get(path).asByteArray()).hasSize(5);
      assertThat(five.request().header("Range", "bytes=1048576-2097151").get(path).statusCode())
          .isEqualTo(416);
    }
    Response upload =
        five.request()
            .header("Range", "bytes=0-1048575")
            .multiPart("images[]", "a", Pictures.png(30, 25))
            .post("/image");
    assertThat(upload.statusCode()).isEqualTo(201);
    assertThat(
            five.request()
                .header("Range", "bytes=0-1048575")
                .get("/image/details/original/" + alias)
                .statusCode())
        .isEqualTo(200);
  }

  private void process() throws IOException {
    String alias = five.accepted(Pictures.png(60, 42));
    for (String extension : List.of("jpg", "jpeg", "png", "webp")) {
      Response whole = get("/image/process." + extension + "?src=" + alias);
      assertThat(whole.statusCode()).as(extension).isEqualTo(200);
      for (int size : List.of(1, 7, 24, 59, 5000)) {
        Response reply =
            get("/image/process.%s?src=%s&thumbnail=%d".formatted(extension, alias, size));
        assertThat(reply.statusCode()).as(extension + size).isEqualTo(200);
        if (!extension.equals("webp")) {
          assertThat(ImageIO.read(new ByteArrayInputStream(reply.asByteArray())).getWidth())
              .isEqualTo(Math.min(60, size));
        }
      }
    }
    refused(get("/image/process.bmp?src=" + alias), 400, "invalid-file-extension");
    String video = five.accepted(Pictures.mp4(64, 48, 3));
    Response still = get("/image/process.jpg?src=" + video + "&thumbnail=32");
    assertThat(still.contentType()).isEqualTo("image/jpeg");
    assertThat(ImageIO.read(new ByteArrayInputStream(still.asByteArray())).getWidth())
        .isEqualTo(32);
  }

  /** It is not made anew, which without its original it could not be. */
  private void secondTime() throws IOException {
    String alias = five.accepted(Pictures.png(900, 600));
    String path = "/image/process.webp?src=" + alias + "&thumbnail=256";
    byte[] first = get(path).asByteArray();
    byte[] original = get("/image/original/" + alias).asByteArray();
    for (Path file : five.stored()) {
      if (Arrays.equals(Files.readAllBytes(file), original)) {
        Files.delete(file);
      }
    }
    assertThat(get("/image/original/" + alias).statusCode()).isGreaterThanOrEqualTo(400);
    assertThat(get(path).asByteArray()).isEqualTo(first);
  }

  private void proxy() throws IOException {
    String url = away + "/there/x.jpg?a=1";
    refused(get("/image/details/original?proxy=" + encoded(url)), 404, "proxy-not-found");
    int before = fetched.get();
    Response one = get("/image/original?proxy=" + encoded(url));
    assertThat(one.statusCode()).as(one.asString()).isEqualTo(200);
    assertThat(one.contentType()).isEqualTo("image/jpeg");
    assertThat(get("/image/original?proxy=" + url).asByteArray()).isEqualTo(one.asByteArray());
    assertThat(get("/image/details/original?proxy=" + encoded(url)).statusCode()).isEqualTo(200);
    assertThat(get("/image/process.webp?proxy=" + encoded(url) + "&thumbnail=96").contentType())
        .isEqualTo("image/webp");
    assertThat(fetched.get() - before).isEqualTo(1);
    refused(get("/image/original?proxy=no%20url"), 400, "invalid-query");
  }

  private void download() throws IOException {
    Response reply = get("/image/download?url=" + encoded(away + "/there/d") + "&resize=512");
    assertThat(reply.statusCode()).as(reply.asString()).isEqualTo(201);
    assertThat((int) reply.path("files[0].details.width")).isEqualTo(512);
    Response gone = get("/image/download?url=" + encoded(away + "/gone"));
    assertThat(gone.statusCode()).isBetween(400, 599);
    assertThat(JSON.readTree(gone.asByteArray()).get("code").asText())
        .isEqualTo("download-file-error");
  }

  private void delete() throws IOException {
    for (String method : List.of("GET", "DELETE")) {
      Response reply = five.upload(Pictures.png(30, method.length() + 30));
      String alias = reply.path("files[0].file");
      String token = reply.path("files[0].delete_token");
      refused(
          five.request().request(method, "/image/delete/wrong/" + alias),
          403,
          "invalid-delete-token");
      for (int i = 0; i < 2; i++) {
        Response gone = five.request().request(method, "/image/delete/" + token + "/" + alias);
        assertThat(gone.statusCode()).isEqualTo(204);
        assertThat(gone.asByteArray()).isEmpty();
      }
    }
  }

  private void key() throws IOException {
    String alias = five.accepted(Pictures.png(30, 26));
    String path = "/internal/aliases?alias=" + alias;
    refused(get(path), 401, "invalid-api-token");
    refused(five.request().header("X-Api-Token", "wrong").get(path), 401, "invalid-api-token");
    for (String name : List.of("X-Api-Token", "x-api-token", "X-API-TOKEN")) {
      assertThat(five.request().header(name, RunningServer.KEY).get(path).statusCode())
          .isEqualTo(200);
    }
  }

  private void purge() throws IOException {
    byte[] picture = Pictures.png(30, 27);
    String one = five.accepted(picture);
    String other = five.accepted(picture);
    Response reply = five.admin().post("/internal/purge?alias=" + one);
    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat((String) reply.path("msg")).isEqualTo("ok");
    assertThat(reply.<List<String>>path("aliases")).containsExactlyInAnyOrder(one, other);
    for (String alias : List.of(one, other)) {
      assertThat(get("/image/original/" + alias).statusCode()).isEqualTo(404);
    }
    refused(five.admin().post("/internal/purge?alias=" + one), 404, "alias-not-found");
  }

  private void internalDelete() {
    byte[] picture = Pictures.png(30, 28);
    String one = five.accepted(picture);
    String other = five.accepted(picture);
    Response reply = five.admin().post("/internal/delete?alias=" + one);
    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat((String) reply.path("msg")).isEqualTo("ok");
    assertThat(get("/image/original/" + one).statusCode()).isEqualTo(404);
    assertThat(get("/image/original/" + other).statusCode()).isEqualTo(200);
    Response again = five.admin().post("/internal/delete?alias=" + one);
    assertThat(again.statusCode()).isEqualTo(404);
  }

  private void identifier() {
    String alias = five.accepted(Pictures.png(30, 29));
    Response aliases = five.admin().get("/internal/aliases?alias=" + alias);
    assertThat(aliases.<List<String>>path("aliases")).containsExactly(alias);
    Response reply = five.admin().get("/internal/identifier?alias=" + alias);
    assertThat(reply.statusCode()).as(reply.asString()).isEqualTo(200);
    assertThat(stored(reply.path("identifier"))).exists();
  }

  /** The file of a picture; the identifier is below the folder that everything is in. */
  private Path stored(String identifier) {
    assertThat(identifier).doesNotStartWith("/");
    Path file = five.data().resolve(identifier);
    assertThat(file).exists();
    return file;
  }

  private void health() {
    Response reply = get("/healthz");
    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.asByteArray()).isEmpty();
  }

  private void slashes() {
    assertThat(five.admin().post("//internal/purge?alias=x").statusCode()).isEqualTo(404);
    assertThat(three.admin().post("//internal/purge?alias=x").statusCode()).isEqualTo(404);
  }

  private void headers() {
    String alias = five.accepted(Pictures.png(31, 29));
    Response reply =
        five.request()
            .header("X-Forwarded-For", "203.0.113.7:4711", "198.51.100.3:80")
            .header("Cookie", "jwt=" + "a".repeat(3000))
            .header("Authorization", "Bearer " + "b".repeat(3000))
            .header("Connection", "upgrade")
            .get("/image/original/" + alias);
    assertThat(reply.statusCode()).isEqualTo(200);
  }

  private void compression() {
    String alias = five.accepted(Pictures.png(32, 29));
    Response reply =
        five.request().header("Accept-Encoding", "gzip, br").get("/image/original/" + alias);
    assertThat(reply.header("Content-Encoding")).isNull();
  }

  private void lostFile() throws IOException {
    String alias = five.accepted(Pictures.png(33, 29));
    String other = five.accepted(Pictures.png(34, 29));
    Response reply = five.admin().get("/internal/identifier?alias=" + alias);
    Files.delete(stored(reply.path("identifier")));
    Response lost = get("/image/original/" + alias);
    assertThat(lost.statusCode()).isEqualTo(500);
    assertThat(JSON.readTree(lost.asByteArray()).get("code").asText()).isNotBlank();
    assertThat(get("/image/original/" + other).statusCode()).isEqualTo(200);
  }

  /**
   * A Lemmy before 0.16 reads the names of an upload and passes by the rest. The chains in paths
   * that 0.2 had besides are gone since 0.3, and are no picture here either.
   */
  private void earlierShapes() throws IOException {
    Response reply = three.upload(Pictures.png(35, 29));
    JsonNode upload = JSON.readTree(reply.asByteArray());
    assertThat(upload.get("msg").asText()).isEqualTo("ok");
    String alias = upload.at("/files/0/file").asText();
    String token = upload.at("/files/0/delete_token").asText();
    assertThat(List.of(alias, token)).allMatch(word -> word.matches("[A-Za-z0-9]{10}(\\.png)?"));
    List<Integer> time = reply.path("files[0].details.created_at");
    assertThat(time).hasSize(4);
    assertThat(time.get(0)).isBetween(2020, 3000);
    assertThat(time.get(1)).isBetween(1, 366);
    assertThat(time.get(2)).isBetween(0, 86_399);
    assertThat(time.get(3)).isBetween(0, 999_999_999);
    for (String tail : List.of("thumbnail96/", "webp/thumbnail96/", "")) {
      refused(three.request().get("/image/" + tail + alias), 404, "not-found");
    }
    assertThat(three.request().get("/image/delete/" + token + "/" + alias).statusCode())
        .isEqualTo(204);
  }
}
