package dev.pictj.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.config.SigningKey;
import dev.pictj.docs.MarkdownPage;
import dev.pictj.http.UrlSignature;
import dev.pictj.pictures.Pictures;
import dev.pictj.server.RunningServer;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What caches in front keep of the server's replies, and that it is whole. */
@Tag("clients")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CachesIT {
  private static final int MIB = 1 << 20;
  private static final String IN_SERVER = "# in server";

  private RunningServer server;
  private final Map<Kind, Front> fronts = new java.util.EnumMap<>(Kind.class);
  private String alias;
  private String large;
  private byte[] largeBytes;

  private enum Kind {
    /** As many a set-up in front of Lemmy does, but for its bypass for who is logged in. */
    NGINX,
    /** The same with its cache for all that says nothing itself. */
    NGINX_EAGER,
    /** Its built-in rules. */
    VARNISH
  }

  @BeforeAll
  void start() {
    server = RunningServer.start();
    alias = server.accepted(Pictures.png(64, 48));
    // Over two slices and a part, which is what it stays: noise.
    large = server.accepted(Pictures.written(noise(1100, 900), "png"));
    largeBytes = server.request().get("/image/original/" + large).asByteArray();
    assertThat(largeBytes.length).isGreaterThan(2 * MIB);
    fronts.put(Kind.NGINX, nginx(""));
    fronts.put(
        Kind.NGINX_EAGER, nginx("proxy_cache_valid 200 206 10m; proxy_cache_valid any 10m;"));
    fronts.put(Kind.VARNISH, Front.varnish(server.port()));
  }

  private Front nginx(String more) {
    return Front.nginx(
        server.port(),
        "proxy_cache_path FOLDER/cache keys_zone=pictj:10m max_size=100m use_temp_path=off;",
        """
        client_max_body_size 20m;
        location / {
          slice 1m;
          proxy_set_header Range $slice_range;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_cache pictj;
          proxy_cache_key $scheme$proxy_host$request_uri$slice_range;
          add_header X-Cache $upstream_cache_status always;
          %s
          proxy_pass http://UPSTREAM;
        }
        """
            .formatted(more));
  }

  @AfterAll
  void stop() throws Exception {
    fronts.values().forEach(Front::close);
    server.close();
  }

  private static java.awt.image.BufferedImage noise(int width, int height) {
    var image =
        new java.awt.image.BufferedImage(width, height, java.awt.image.BufferedImage.TYPE_INT_RGB);
    Random random = new Random(1);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, random.nextInt());
      }
    }
    return image;
  }

  private RequestSpecification through(Kind kind) {
    return RestAssured.given().baseUri(fronts.get(kind).url()).urlEncodingEnabled(false);
  }

  /** Whether the cache answered, without asking. Varnish gives the ids of both requests then. */
  private static boolean isHit(Kind kind, Response response) {
    return kind == Kind.VARNISH
        ? response.header("X-Varnish").contains(" ")
        : "HIT".equals(response.header("X-Cache"));
  }

  @ParameterizedTest
  @EnumSource
  void mediaAreKept(Kind kind) {
    String mine = server.accepted(Pictures.png(70 + kind.ordinal(), 50));
    for (String path :
        List.of("/image/original/" + mine, "/image/process.webp?src=" + mine + "&thumbnail=32")) {
      Response first = through(kind).get(path);
      Response second = through(kind).get(path);
      assertThat(first.statusCode()).isEqualTo(200);
      assertThat(isHit(kind, first)).isFalse();
      assertThat(isHit(kind, second)).as(path).isTrue();
      assertThat(second.asByteArray()).isEqualTo(server.request().get(path).asByteArray());
      assertThat(second.header("Access-Control-Allow-Origin")).isEqualTo("*");
      assertThat(second.header("Cross-Origin-Resource-Policy")).isEqualTo("cross-origin");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsAskedWithTheKeyIsNeverAnsweredWithoutIt(Kind kind) {
    for (String path :
        List.of("/internal/aliases?alias=" + alias, "/internal/filename?alias=" + alias)) {
      Response admin = through(kind).header("X-Api-Token", RunningServer.KEY).get(path);
      assertThat(admin.statusCode()).isEqualTo(200);
      Response anybody = through(kind).get(path);
      assertThat(anybody.statusCode()).as(path).isEqualTo(401);
      assertThat(anybody.asString()).doesNotContain(alias);
      // And the other way round.
      assertThat(through(kind).header("X-Api-Token", RunningServer.KEY).get(path).statusCode())
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource
  void errorsAreNotKept(Kind kind) {
    String name = "later-" + kind.name().toLowerCase(java.util.Locale.ROOT) + ".png";
    List<String> paths =
        List.of(
            "/image/original/" + name,
            "/image/process.png?src=" + name + "&thumbnail=20",
            "/image/details/original/" + name);
    for (String path : paths) {
      assertThat(through(kind).get(path).statusCode()).isEqualTo(404);
    }
    server.admin().multiPart("images[]", name, Pictures.png(40, 30)).post("/internal/import");
    for (String path : paths) {
      assertThat(through(kind).get(path).statusCode()).as(path).isEqualTo(200);
    }
  }

  /** Details are asked for again each time, and so tell the truth; so does a GET that deletes. */
  @ParameterizedTest
  @EnumSource
  void deletedIsDeletedButForMedia(Kind kind) {
    Response upload =
        through(kind).multiPart("images[]", "x", Pictures.jpeg(33, 22)).post("/image");
    assertThat(upload.statusCode()).isEqualTo(201);
    String mine = upload.path("files[0].file");
    String details = "/image/details/original/" + mine;
    assertThat(through(kind).get(details).statusCode()).isEqualTo(200);
    String delete = "/image/delete/" + upload.path("files[0].delete_token") + "/" + mine;
    assertThat(through(kind).get(delete).statusCode()).isEqualTo(204);
    assertThat(through(kind).get(details).statusCode()).isEqualTo(404);
    assertThat(through(kind).get(delete).statusCode()).isEqualTo(404);
    assertThat(through(kind).get("/healthz").statusCode()).isEqualTo(200);
    assertThat(isHit(kind, through(kind).get("/healthz"))).isFalse();
  }

  /** Each range, asked for twice: of the server, and of the cache. */
  @ParameterizedTest
  @EnumSource
  void rangesComeOutByteForByte(Kind kind) {
    String path = "/image/original/" + large;
    int size = largeBytes.length;
    List<int[]> ranges = new ArrayList<>();
    for (int edge : List.of(0, MIB, 2 * MIB)) {
      ranges.add(new int[] {Math.max(0, edge - 3), edge + 4});
    }
    ranges.add(new int[] {0, 0});
    ranges.add(new int[] {5, size - 1});
    ranges.add(new int[] {MIB, 2 * MIB - 1});
    ranges.add(new int[] {MIB - 1, 2 * MIB + 1});
    ranges.add(new int[] {size - 1, size + 100});
    for (int pass = 0; pass < 2; pass++) {
      assertThat(through(kind).get(path).asByteArray()).isEqualTo(largeBytes);
      for (int[] range : ranges) {
        String asked = "bytes=" + range[0] + "-" + range[1];
        Response part = through(kind).header("Range", asked).get(path);
        int last = Math.min(range[1], size - 1);
        assertThat(part.statusCode()).as(asked).isEqualTo(206);
        assertThat(part.header("Content-Range"))
            .isEqualTo("bytes " + range[0] + "-" + last + "/" + size);
        assertThat(part.asByteArray())
            .as(asked)
            .isEqualTo(Arrays.copyOfRange(largeBytes, range[0], last + 1));
      }
      assertThat(through(kind).header("Range", "bytes=-7").get(path).asByteArray())
          .isEqualTo(Arrays.copyOfRange(largeBytes, size - 7, size));
      assertThat(through(kind).header("Range", "bytes=99999999-").get(path).statusCode())
          .isEqualTo(416);
    }
  }

  @ParameterizedTest
  @EnumSource
  void conditionsAreAnsweredInShort(Kind kind) {
    for (String path : List.of("/image/original/" + large, "/image/original/" + alias)) {
      Response whole = through(kind).get(path);
      for (Map<String, String> condition :
          List.of(
              Map.of("If-None-Match", whole.header("ETag")),
              Map.of("If-Modified-Since", whole.header("Last-Modified")))) {
        Response short1 = through(kind).headers(condition).get(path);
        assertThat(short1.statusCode()).as("%s %s", path, condition).isEqualTo(304);
        assertThat(short1.asByteArray()).isEmpty();
        assertThat(short1.header("ETag")).isEqualTo(whole.header("ETag"));
      }
      assertThat(through(kind).header("If-None-Match", "\"other\"").get(path).statusCode())
          .isEqualTo(200);
    }
  }

  /**
   * Of clients, how they write what they can show, with what they are sent of a still that is
   * opaque, of one with transparency, and of an animation.
   */
  private static final List<List<String>> SPELLINGS =
      List.of(
          // Chromium, Firefox, Safari 17, and others that know AVIF.
          sent(
              "avif avif webp", "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"),
          sent(
              "avif avif webp",
              "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5"),
          sent("avif avif webp", "image/webp,image/avif,image/jxl,image/heic,image/png,*/*;q=0.5"),
          sent("avif avif webp", "IMAGE/AVIF, image/webp"),
          sent("avif avif webp", "text/html, image/avif;q=0.9, image/webp;q=0.9, */*;q=0.8"),
          // Firefox 65 to 92, Chromium up to 84.
          sent("webp webp webp", "image/webp,*/*"),
          sent("webp webp webp", "image/webp,image/apng,image/*,*/*;q=0.8"),
          sent("webp webp webp", "image/webp , image/avif;q=0"),
          sent("webp webp webp", "image/avif; q=0.0, image/webp, */*"),
          sent("webp webp webp", "image/avif;v=1;q=0, image/webp;q=1.0, */*;q=0.1"),
          sent("avif avif webp", "image/avif ; q=1.000,image/webp;q=1"),
          // Safari 13, curl, Java, and those that say something else altogether.
          sent("jpeg png gif", "image/png,image/svg+xml,image/*;q=0.8,video/*;q=0.8,*/*;q=0.5"),
          sent("jpeg png gif", "*/*"),
          sent("jpeg png gif", "image/*"),
          sent("jpeg png gif", "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"),
          sent("jpeg png gif", "image/avif;q=0,image/webp;q=0.000,*/*"),
          sent("jpeg png gif", "image/avif;v=1;q=0,*/*"),
          sent("jpeg png gif", "image/avif;q=0;x=1"),
          sent("jpeg png gif", "image/webp;q=0;x=1,image/avif;q=0,*/*"),
          sent("jpeg png gif", "image/avif;q=\"0\",*/*"),
          sent("jpeg png gif", "image/avifs, image/webp-sequence, */*"),
          // Those that take PNG and nothing else.
          sent("png png png", "image/png"),
          sent("png png png", "image/jpeg;q=0, image/png"),
          sent("png png png", "text/html,image/png;q=0.9"),
          sent("jpeg png gif", "image/png,image/gif,image/jpeg;q=0.9"),
          sent("jpeg png gif", "application/json"),
          sent("jpeg png gif", ""));

  private static List<String> sent(String formats, String accept) {
    List<String> all = new ArrayList<>(List.of(formats.split(" ")));
    all.add(accept);
    return all;
  }

  /** What each of these pictures is sent as stands first, second and third above. */
  private List<String> negotiated() {
    return List.of(
        server.accepted(Pictures.jpeg(80, 60)),
        server.accepted(Pictures.pngAlpha(80, 60)),
        server.accepted(Pictures.animatedWebp(40, 30, 3)));
  }

  /**
   * Asks for all of them by each spelling, twice and in two orders, and counts those that the cache
   * asked the server for.
   */
  private long asked(Front front, Kind kind, String path, List<String> pictures) {
    long asked = 0;
    List<List<String>> orders = new ArrayList<>(SPELLINGS);
    orders.addAll(SPELLINGS.reversed());
    for (List<String> spelling : orders) {
      String accept = spelling.getLast();
      for (int picture = 0; picture < pictures.size(); picture++) {
        Response reply =
            RestAssured.given()
                .baseUri(front.url())
                .urlEncodingEnabled(false)
                .header("Accept", accept)
                .get(path + "?src=" + pictures.get(picture) + "&thumbnail=32");
        assertThat(reply.statusCode()).as(accept).isEqualTo(200);
        assertThat(reply.contentType()).as(accept).isEqualTo("image/" + spelling.get(picture));
        assertThat(reply.header("Vary")).isEqualTo("Accept");
        asked += isHit(kind, reply) ? 0 : 1;
      }
    }
    return asked;
  }

  /** Without a line of set-up there are more entries than variants, but nobody gets a wrong one. */
  @ParameterizedTest
  @EnumSource
  void nobodyGetsWhatHeCannotShow(Kind kind) {
    assertThat(asked(fronts.get(kind), kind, "/image/auto", negotiated())).isGreaterThan(12);
  }

  /** Of an animation those who name AVIF have an entry of their own. */
  private void assertOneEntryEach(Front front, Kind kind) {
    for (String path : List.of("/image/auto", "/image/process.auto")) {
      assertThat(asked(front, kind, path, negotiated())).isEqualTo(12);
    }
  }

  @Test
  void theVarnishOfTheDocsKeepsOneEntryAVariant() {
    try (Front varnish = Front.varnish(server.port(), vcl("backend"))) {
      assertOneEntryEach(varnish, Kind.VARNISH);
    }
  }

  /** The block of the page that has this line's beginning. */
  private static String vcl(String beginning) {
    return MarkdownPage.of("docs/deployment.md").blocks("vcl").stream()
        .filter(block -> block.lines().anyMatch(line -> line.startsWith(beginning)))
        .findFirst()
        .orElseThrow();
  }

  /** What is told of the dialects whose media say for how long something older may be sent. */
  @ParameterizedTest
  @ValueSource(strings = {"0.5", "0.6"})
  void theVarnishOfTheDocsKeepsMediaOfTheDialectsOfLaterLemmysToo(String dialect) throws Exception {
    try (RunningServer later = RunningServer.start("dialect", dialect)) {
      String media = "/image/original/" + later.accepted(Pictures.png(64, 48));
      String told = "sub vcl_backend_response { set beresp.http.Grace = beresp.grace; }";
      String backend = vcl("backend");
      try (Front bare = Front.varnish(later.port(), backend + told)) {
        Response second = twice(bare, media);
        assertThat(isHit(Kind.VARNISH, second)).isEqualTo(dialect.equals("0.6"));
        assertThat(second.header("Grace")).isEqualTo("604800.000");
      }
      String week = vcl("sub vcl_backend_response");
      try (Front varnish = Front.varnish(later.port(), backend + week + told)) {
        Response second = twice(varnish, media);
        assertThat(isHit(Kind.VARNISH, second)).isTrue();
        assertThat(second.header("Grace")).isEqualTo("0.000");
        assertThat(isHit(Kind.VARNISH, twice(varnish, "/image/original/none.png"))).isFalse();
      }
    }
  }

  private static Response twice(Front front, String path) {
    RestAssured.given().baseUri(front.url()).get(path);
    return RestAssured.given().baseUri(front.url()).get(path);
  }

  @Test
  void theNginxOfTheDocsKeepsOneEntryAVariant() {
    try (Front nginx = nginxOfTheDocs()) {
      assertOneEntryEach(nginx, Kind.NGINX);
    }
  }

  /** Whose media say max-age=0 in the dialect 0.5, as those of pict-rs 0.5 do. */
  @Test
  void theNginxOfTheDocsKeepsMediaOfTheDialectOfLaterLemmysToo() throws Exception {
    String secret = "s".repeat(32);
    String block =
        MarkdownPage.of("docs/deployment.md").blocks("nginx").stream()
            .filter(one -> !one.contains(IN_SERVER))
            .findFirst()
            .orElseThrow();
    int location = block.indexOf("# in location");
    try (RunningServer later =
        RunningServer.start("dialect", "0.5", "signing-keys", "site:" + secret)) {
      String mine = later.accepted(Pictures.png(64, 48));
      String variant = "/image/process.webp?src=" + mine + "&thumbnail=32";
      String ends =
          UrlSignature.signed(
              variant,
              new SigningKey("site", secret),
              Optional.of(Instant.now().plus(Duration.ofHours(1))));
      List<String> kept =
          List.of(
              "/image/original/" + mine,
              variant,
              variant.replace("process.webp", "auto"),
              "/image/process.auto?src=" + mine + "&thumbnail=32");
      try (Front bare = nginxOfTheDocs(later, "", "")) {
        assertThat(secondTime(bare, kept.getFirst())).isNotEqualTo("HIT");
      }
      try (Front nginx =
          nginxOfTheDocs(later, block.substring(0, location), block.substring(location))) {
        for (String path : kept) {
          assertThat(secondTime(nginx, path)).as(path).isEqualTo("HIT");
        }
        assertThat(secondTime(nginx, ends)).isEqualTo("MISS");
        RequestSpecification missing = RestAssured.given().baseUri(nginx.url());
        assertThat(missing.get("/image/original/none.png").statusCode()).isEqualTo(404);
        assertThat(secondTime(nginx, "/image/original/none.png")).isNotEqualTo("HIT");
      }
    }
  }

  /** What the cache says of a request, the second time that it is made. */
  private static String secondTime(Front front, String path) {
    // Each request has its own, for these keep the parameters of what they have asked for.
    Supplier<RequestSpecification> request =
        () -> RestAssured.given().baseUri(front.url()).urlEncodingEnabled(false);
    request.get().get(path);
    return String.valueOf(request.get().get(path).header("X-Cache"));
  }

  private Front nginxOfTheDocs() {
    return nginxOfTheDocs(server, "", "");
  }

  /**
   * The blocks of the page one after the other, those of auto first, as it says.
   *
   * @param inHttp more for {@code http}
   * @param inLocation more for each location with a cache
   */
  private static Front nginxOfTheDocs(RunningServer behind, String inHttp, String inLocation) {
    StringBuilder http = new StringBuilder(inHttp);
    StringBuilder inServer = new StringBuilder();
    for (String block : MarkdownPage.of("docs/deployment.md").blocks("nginx").reversed()) {
      int start = block.indexOf(IN_SERVER);
      if (start >= 0) {
        http.append(block, 0, start);
        inServer.append(block.substring(start));
      }
    }
    return Front.nginx(
        behind.port(),
        http.toString().replace("/var/cache/nginx", "FOLDER"),
        inServer
                .toString()
                .replace("127.0.0.1:8080", "UPSTREAM")
                .replace("proxy_cache pictj;", "proxy_cache pictj;\n" + inLocation + "\n")
            + "\nadd_header X-Cache $upstream_cache_status always;");
  }

  /** The set-up that the documentation gives, as it stands there. */
  @Test
  void theNginxOfTheDocsKeepsMediaAndLetsNobodyIn() throws Exception {
    try (Front nginx = nginxOfTheDocs()) {
      RequestSpecification[] requests = new RequestSpecification[4];
      Arrays.setAll(
          requests, _ -> RestAssured.given().baseUri(nginx.url()).urlEncodingEnabled(false));
      String path = "/image/original/" + large;
      assertThat(requests[0].get(path).asByteArray()).isEqualTo(largeBytes);
      Response again = requests[1].get(path);
      assertThat(again.asByteArray()).isEqualTo(largeBytes);
      assertThat(again.header("X-Cache")).isEqualTo("HIT");
      assertThat(
              requests[2]
                  .header("X-Api-Token", RunningServer.KEY)
                  .get("/internal/aliases?alias=" + alias)
                  .statusCode())
          .isEqualTo(403);
      assertThat(
              requests[3]
                  .multiPart("images[]", "x", Pictures.jpeg(34, 22))
                  .post("/image")
                  .statusCode())
          .isEqualTo(201);
    }
  }

  /** Likewise, but for certificates. */
  @Test
  void theCaddyOfTheDocsLetsNobodyIn() throws Exception {
    String block = MarkdownPage.of("docs/deployment.md").blocks("caddy").getFirst();
    String proxy = "reverse_proxy 127.0.0.1:8080";
    assertThat(block).contains(proxy);
    String directives =
        block.substring(block.indexOf('{') + 1, block.lastIndexOf('}')).replace(proxy, "");
    try (Front caddy = Front.caddy(server.port(), directives)) {
      RequestSpecification[] requests = new RequestSpecification[3];
      Arrays.setAll(requests, _ -> RestAssured.given().baseUri(caddy.url()));
      assertThat(requests[0].get("/image/original/" + large).asByteArray()).isEqualTo(largeBytes);
      assertThat(
              requests[1]
                  .header("X-Api-Token", RunningServer.KEY)
                  .get("/internal/aliases?alias=" + alias)
                  .statusCode())
          .isEqualTo(403);
      assertThat(
              requests[2]
                  .multiPart("images[]", "x", Pictures.jpeg(34, 23))
                  .post("/image")
                  .statusCode())
          .isEqualTo(201);
    }
  }
}
