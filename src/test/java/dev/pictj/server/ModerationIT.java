package dev.pictj.server;

import static dev.pictj.server.Replies.refused;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.pictj.docs.MarkdownPage;
import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lookalikes, the deny list, and what a purge would take away. */
class ModerationIT {
  private static final int DRAWINGS = 8;

  private static BufferedImage drawing(int seed) {
    return Pictures.drawing(320, 240, seed);
  }

  private static BufferedImage drawn(BufferedImage of, int width, int height, int... corners) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.drawImage(
        of, 0, 0, width, height, corners[0], corners[1], corners[2], corners[3], Color.WHITE, null);
    pen.dispose();
    return image;
  }

  private static BufferedImage each(BufferedImage of, IntUnaryOperator change) {
    BufferedImage image = drawn(of, 320, 240, 0, 0, 320, 240);
    for (int y = 0; y < 240; y++) {
      for (int x = 0; x < 320; x++) {
        image.setRGB(x, y, change.applyAsInt(image.getRGB(x, y)));
      }
    }
    return image;
  }

  private static int grey(int rgb) {
    return ((rgb >> 16 & 0xFF) * 3 + (rgb >> 8 & 0xFF) * 6 + (rgb & 0xFF)) / 10 * 0x010101;
  }

  private static int lighter(int rgb) {
    int result = 0;
    for (int shift = 0; shift < 24; shift += 8) {
      result |= (int) (255 * Math.pow((rgb >> shift & 0xFF) / 255.0, 0.7)) << shift;
    }
    return result;
  }

  private static byte[] jpeg(BufferedImage image) {
    return Pictures.jpegOf(image);
  }

  private static Map<String, Function<BufferedImage, byte[]>> copies() {
    Map<String, Function<BufferedImage, byte[]>> copies = new LinkedHashMap<>();
    copies.put("the same file", ModerationIT::jpeg);
    copies.put("recompressed", one -> Pictures.written(one, "jpg"));
    copies.put("resized to a half", one -> jpeg(drawn(one, 160, 120, 0, 0, 320, 240)));
    copies.put("another format", one -> Pictures.written(one, "png"));
    copies.put("made grey", one -> jpeg(each(one, ModerationIT::grey)));
    copies.put("made lighter", one -> jpeg(each(one, ModerationIT::lighter)));
    copies.put("mirrored", one -> jpeg(drawn(one, 320, 240, 320, 0, 0, 240)));
    copies.put("cropped to a quarter", one -> jpeg(drawn(one, 320, 240, 0, 0, 160, 120)));
    return copies;
  }

  /** In a dialect that makes no previews at upload, and without facts. */
  @Test
  void theDenyListStopsWhatThePageSays() throws Exception {
    Map<String, String> page =
        MarkdownPage.of("docs/operations.md").table("## Moderation").stream()
            .collect(toMap(List::getFirst, row -> row.get(1)));
    try (RunningServer server = RunningServer.start()) {
      List<String> aliases =
          IntStream.range(0, DRAWINGS).mapToObj(i -> server.accepted(jpeg(drawing(i)))).toList();
      for (String alias : aliases) {
        Response purged = server.admin().post("/internal/purge?deny=true&note=spam&alias=" + alias);
        assertThat(purged.<List<String>>path("aliases")).containsExactly(alias);
        assertThat(purged.<List<String>>path("denied"))
            .hasSize(2)
            .anyMatch(id -> id.matches("sha256:[0-9a-f]{64}"))
            .anyMatch(id -> id.matches("phash:[0-9a-f]{16}"));
      }
      await().atMost(Duration.ofSeconds(10)).until(() -> server.stored().isEmpty());
      Map<String, String> found = new LinkedHashMap<>();
      copies()
          .forEach(
              (name, copy) -> {
                int refused = 0;
                for (int i = 0; i < DRAWINGS; i++) {
                  Response reply = server.upload(copy.apply(drawing(i)));
                  if (reply.statusCode() != 201) {
                    refused(reply, 422, "media-denied");
                    refused++;
                  }
                }
                found.put(MarkdownPage.code(name), Integer.toString(refused));
              });
      assertThat(found).isEqualTo(page);
    }
  }

  /** Those that are denied by their bytes alone, and those by their look alone. */
  @ParameterizedTest
  @ValueSource(strings = {"sha256", "phash"})
  void noWayInIsOpenToWhatIsDenied(String kind) throws Exception {
    byte[] picture = jpeg(drawing(1));
    AtomicInteger asked = new AtomicInteger();
    HttpServer remote =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    remote.createContext(
        "/picture",
        exchange -> {
          exchange.sendResponseHeaders(200, picture.length);
          exchange.getResponseBody().write(picture);
          exchange.close();
        });
    remote.createContext(
        "/validate",
        exchange -> {
          asked.incrementAndGet();
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    remote.start();
    String address = "http://127.0.0.1:" + remote.getAddress().getPort();
    RunningServer server =
        RunningServer.start(
            "dialect",
            "0.5",
            "download-allow-private",
            "",
            "external-validation",
            address + "/validate");
    try {
      String alias = server.accepted(picture);
      Response purged = server.admin().post("/internal/purge?deny=true&alias=" + alias);
      for (String id : purged.<List<String>>path("denied")) {
        assertThat(id.startsWith(kind) || removed(server, id)).isTrue();
      }
      asked.set(0);
      closed(server, picture, address + "/picture");
      assertThat(asked.get()).isZero();
      server =
          server.restarted(
              "dialect", "0.5", "download-allow-private", "", "skip-validate-imports", "");
      closed(server, picture, address + "/picture");
      String id = server.admin().get("/internal/deny").path("denied[0].id");
      assertThat(id).startsWith(kind);
      assertThat(removed(server, id)).isTrue();
      assertThat(server.upload(picture).statusCode()).isEqualTo(201);
    } finally {
      server.close();
      remote.stop(0);
    }
  }

  private static boolean removed(RunningServer server, String id) {
    return server.admin().delete("/internal/deny?id=" + id).path("removed");
  }

  private static void closed(RunningServer server, byte[] picture, String url) {
    refused(server.upload(picture), 400, "media-denied");
    refused(
        server.admin().multiPart("images[]", "in.jpg", picture).post("/internal/import"),
        400,
        "media-denied");
    refused(server.request().get("/image/download?url=" + url), 400, "media-denied");
    refused(server.request().get("/image/original?proxy=" + url), 400, "media-denied");
    String id =
        server
            .request()
            .multiPart("images[]", "b.jpg", picture)
            .post("/image/backgrounded")
            .path("uploads[0].upload_id");
    Response claimed = server.request().get("/image/backgrounded/claim?upload_id=" + id);
    assertThat(claimed.statusCode()).isEqualTo(422);
    assertThat(claimed.<String>path("code")).isEqualTo("media-denied");
    await().atMost(Duration.ofSeconds(10)).until(() -> server.stored().isEmpty());
  }

  @Test
  void entriesAreListedInPagesReplacedAndRemoved() throws Exception {
    try (RunningServer server = RunningServer.start()) {
      String hash = "ab".repeat(32);
      Response added =
          server.admin().post("/internal/deny?note=a%20list&phash=00ff00ff00ff00ff&sha256=" + hash);
      assertThat(added.<List<String>>path("denied.id"))
          .containsExactly("sha256:" + hash, "phash:00ff00ff00ff00ff");
      Response first = server.admin().get("/internal/deny?limit=1");
      assertThat(first.<String>path("denied[0].id")).isEqualTo("phash:00ff00ff00ff00ff");
      assertThat(first.<Integer>path("denied[0].distance")).isEqualTo(8);
      assertThat(first.<String>path("denied[0].note")).isEqualTo("a list");
      assertThat(first.<String>path("denied[0].added")).matches("20[0-9T:.-]+Z");
      Response second = server.admin().get("/internal/deny?after=" + first.path("next"));
      assertThat(second.<List<String>>path("denied.id")).containsExactly("sha256:" + hash);
      assertThat(second.<String>path("next")).isEmpty();
      server.admin().post("/internal/deny?distance=2&phash=00FF00FF00FF00FF");
      assertThat(server.admin().get("/internal/deny").<List<Integer>>path("denied.distance"))
          .containsExactly(2, null);

      String alias = server.accepted(jpeg(drawing(1)));
      assertThat(server.admin().post("/internal/deny?alias=" + alias).<List<?>>path("denied"))
          .hasSize(2);
      assertThat(server.request().get("/image/original/" + alias).statusCode()).isEqualTo(200);
      refused(server.upload(jpeg(drawing(1))), 422, "media-denied");

      for (String wrong :
          List.of(
              "phash=12",
              "phash=0000000000000000",
              "sha256=12",
              "note=x",
              "distance=9&phash=00ff00ff00ff00ff")) {
        refused(server.admin().post("/internal/deny?" + wrong), 400, "invalid-query");
      }
      assertThat(server.admin().delete("/internal/deny?id=sha256:" + hash).<Boolean>path("removed"))
          .isTrue();
      assertThat(server.admin().delete("/internal/deny?id=sha256:" + hash).<Boolean>path("removed"))
          .isFalse();
      refused(server.admin().delete("/internal/deny"), 400, "invalid-query");
      assertThat(server.request().get("/internal/deny").statusCode()).isEqualTo(401);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.3", "0.5"})
  void lookalikesAreListedTheNearestFirst(String dialect) throws Exception {
    try (RunningServer server = RunningServer.start("facts", "", "dialect", dialect)) {
      String original = server.accepted(jpeg(drawing(2)));
      String twin = server.accepted(jpeg(drawing(2)));
      String resized = server.accepted(copies().get("resized to a half").apply(drawing(2)));
      String lighter = server.accepted(copies().get("made lighter").apply(drawing(2)));
      server.accepted(jpeg(drawing(3)));
      String plain = server.accepted(Pictures.written(each(drawing(2), _ -> 0x336699), "png"));

      Response all = server.admin().get("/internal/similar?alias=" + original);
      assertThat(all.statusCode()).as(all.asString()).isEqualTo(200);
      assertThat(all.<List<List<String>>>path("media.aliases"))
          .containsExactlyInAnyOrder(List.of(original, twin), List.of(resized), List.of(lighter));
      assertThat(all.<List<Integer>>path("media.distance")).isSorted().startsWith(0);
      assertThat(all.<Integer>path("lacking")).isZero();
      assertThat(all.<Boolean>path("comparable")).isTrue();
      assertThat(all.<Integer>path("candidates")).isBetween(3, 16);
      String phash = all.path("phash");
      assertThat(server.admin().get("/internal/similar?phash=" + phash).asString())
          .isEqualTo(all.asString());

      List<String> paged = new ArrayList<>();
      String after = "";
      do {
        Response page =
            server.admin().get("/internal/similar?limit=1&phash=" + phash + "&after=" + after);
        paged.addAll(page.<List<String>>path("media.filename"));
        after = page.path("next");
      } while (!after.isEmpty());
      assertThat(paged).isEqualTo(all.<List<String>>path("media.filename"));

      Response none = server.admin().get("/internal/similar?alias=" + plain);
      assertThat(none.<Boolean>path("comparable")).isFalse();
      assertThat(none.<List<?>>path("media")).isEmpty();

      server.admin().post("/internal/purge?alias=" + resized);
      assertThat(server.admin().get("/internal/similar?phash=" + phash).<List<?>>path("media"))
          .hasSize(2);
      for (String wrong : List.of("phash=12", "distance=9", "distance=x", "limit=0")) {
        String query = wrong.startsWith("phash") ? wrong : "alias=" + original + "&" + wrong;
        refused(server.admin().get("/internal/similar?" + query), 400, "invalid-query");
      }
      refused(server.admin().get("/internal/similar?alias=none.png"), 404, "alias-not-found");
    }
  }

  @Test
  void whatHasNoHashYetGetsOne() throws Exception {
    try (RunningServer server = RunningServer.start()) {
      String alias = server.accepted(jpeg(drawing(4)));
      server.accepted(copies().get("recompressed").apply(drawing(4)));
      Response before = server.admin().get("/internal/similar?alias=" + alias);
      assertThat(before.<List<?>>path("media")).hasSize(1);
      assertThat(before.<Integer>path("lacking")).isEqualTo(1);
      Response begun = server.admin().post("/internal/phashes");
      assertThat(begun.<Integer>path("total")).isEqualTo(2);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  server.admin().get("/internal/similar?alias=" + alias).<Integer>path("lacking")
                      == 0);
      assertThat(server.admin().get("/internal/similar?alias=" + alias).<List<?>>path("media"))
          .hasSize(2);
      // Who asks until it has ended comes to an end.
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> server.admin().post("/internal/phashes").<Boolean>path("complete"));
      assertThat(server.admin().post("/internal/phashes").asString())
          .isEqualTo("{\"complete\":true,\"progress\":2,\"total\":2,\"msg\":\"ok\"}");
      assertThat(server.admin().post("/internal/phashes?force=true").<Boolean>path("complete"))
          .isFalse();
      refused(server.admin().post("/internal/phashes?force=1"), 400, "invalid-query");
    }
  }

  /** Of a picture that is too plain only the bytes are denied, which the reply says. */
  @Test
  void whatIsTooPlainIsDeniedByItsBytesAlone() throws Exception {
    try (RunningServer server = RunningServer.start()) {
      byte[] plain = Pictures.written(each(drawing(1), _ -> 0x336699), "png");
      String alias = server.accepted(plain);
      Response kept = server.admin().post("/internal/deny?alias=" + alias);
      assertThat(kept.<List<String>>path("denied.id")).singleElement().asString().startsWith("sha");
      assertThat(kept.<Boolean>path("comparable")).isFalse();
      Response gone = server.admin().post("/internal/purge?deny=true&alias=" + alias);
      assertThat(gone.<List<String>>path("denied")).isEqualTo(kept.path("denied.id"));
      assertThat(gone.<Boolean>path("comparable")).isFalse();
      refused(server.upload(plain), 422, "media-denied");

      String drawn = server.accepted(jpeg(drawing(2)));
      for (String route : List.of("deny?", "purge?deny=true&")) {
        assertThat(
                server
                    .admin()
                    .post("/internal/" + route + "alias=" + drawn)
                    .<Boolean>path("comparable"))
            .isTrue();
      }
      Response listed = server.admin().post("/internal/deny?sha256=" + "ab".repeat(32));
      assertThat(listed.asString()).doesNotContain("comparable");
    }
  }

  /** Cursors that no page has given, and notes that nobody could read in a list. */
  @Test
  void whatHasAnotherFormIsRefused() throws Exception {
    try (RunningServer server = RunningServer.start()) {
      String phash = "00ff00ff00ff00ff";
      for (String wrong :
          List.of(
              "media?after=garbage",
              "media?after=" + phash,
              "similar?phash=" + phash + "&after=garbage",
              "similar?phash=" + phash + "&after=8-" + phash,
              "deny?after=garbage",
              "deny?after=phash:12")) {
        Response reply = server.admin().get("/internal/" + wrong);
        refused(reply, 400, "invalid-query");
        assertThat(reply.<String>path("msg")).startsWith("after must be what next of another page");
      }
      String deny = "/internal/deny?phash=" + phash + "&note=";
      String longest = "%F0%9F%90%88".repeat(500);
      assertThat(server.admin().post(deny + longest).<String>path("denied[0].note"))
          .isEqualTo("🐈".repeat(500));
      Response longer = server.admin().post(deny + longest + "x");
      refused(longer, 400, "invalid-query");
      assertThat(longer.<String>path("msg")).isEqualTo("note may have 500 characters, not 501");
      for (String control : List.of("a%0Ab", "a%00", "%1B[31m", "%C2%85")) {
        refused(server.admin().post(deny + control), 400, "invalid-query");
        String alias = server.accepted(jpeg(drawing(5)));
        refused(
            server.admin().post("/internal/purge?deny=true&alias=" + alias + "&note=" + control),
            400,
            "invalid-query");
        assertThat(server.request().get("/image/original/" + alias).statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void aPurgeTakesWhatItsPreviewNames() throws Exception {
    try (RunningServer server = RunningServer.start()) {
      List<String> aliases =
          IntStream.range(0, 3).mapToObj(_ -> server.accepted(Pictures.png(30, 20))).toList();
      String query = "/internal/purge?alias=" + aliases.get(1);
      Response preview = server.admin().get(query);
      assertThat(preview.statusCode()).isEqualTo(200);
      assertThat(preview.<List<String>>path("aliases")).isEqualTo(aliases);
      List<Path> stored = server.stored();
      assertThat(server.admin().get(query).asString()).isEqualTo(preview.asString());
      assertThat(server.stored()).isEqualTo(stored).isNotEmpty();
      assertThat(server.admin().post(query).asString()).isEqualTo(preview.asString());
      refused(server.admin().get(query), 404, "alias-not-found");
    }
  }
}
