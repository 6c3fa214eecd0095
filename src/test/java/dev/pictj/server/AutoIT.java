package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /image/auto}: a format for whoever asks, and otherwise the variants of that format. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AutoIT {
  private static final String CHROMIUM =
      "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";
  private static final String SAFARI_13 =
      "image/png,image/svg+xml,image/*;q=0.8,video/*;q=0.8,*/*;q=0.5";

  private RunningServer server;
  private final Map<String, String> aliases = new java.util.HashMap<>();

  @BeforeAll
  void start() {
    server = RunningServer.start("keep-animations", "true");
    aliases.put("jpeg", server.accepted(Pictures.jpeg(90, 60)));
    aliases.put("png", server.accepted(Pictures.png(90, 60)));
    aliases.put("alpha", server.accepted(Pictures.pngAlpha(90, 60)));
    aliases.put("webp", server.accepted(Pictures.webp(90, 60)));
    aliases.put("webp-alpha", server.accepted(Pictures.webpAlpha(90, 60)));
    aliases.put("gif", server.accepted(Pictures.gif(40, 30, 3)));
    aliases.put("animated-webp", server.accepted(Pictures.animatedWebp(40, 30, 3)));
    aliases.put("video", server.accepted(Pictures.mp4(64, 48, 5)));
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  private Response get(String accept, String path) {
    // Without one RestAssured sends its own.
    return server.request().header("Accept", accept).get(path);
  }

  private String auto(String picture, String operations) {
    return "/image/auto?src=" + aliases.get(picture) + operations;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        CHROMIUM + " | jpeg          | image/avif",
        CHROMIUM + " | alpha         | image/avif",
        CHROMIUM + " | gif           | image/webp",
        CHROMIUM + " | animated-webp | image/webp",
        CHROMIUM + " | video         | image/avif",
        SAFARI_13 + " | png          | image/jpeg",
        SAFARI_13 + " | webp         | image/jpeg",
        SAFARI_13 + " | alpha        | image/png",
        SAFARI_13 + " | webp-alpha   | image/png",
        SAFARI_13 + " | gif          | image/gif",
        SAFARI_13 + " | animated-webp | image/gif",
        SAFARI_13 + " | video        | image/jpeg",
        "*/*                                | png    | image/jpeg",
        "image/*                            | webp   | image/jpeg",
        "''                                 | alpha  | image/png",
        "image/webp,*/*                     | png    | image/webp",
        "image/webp,image/avif;q=0.5        | png    | image/webp",
        "image/webp;q=0.5,image/avif;q=0.5  | png    | image/avif",
        "image/webp;q=0.5,image/jpeg        | png    | image/jpeg",
        // What does not suit the picture is for those who take nothing else.
        "image/webp;q=0.5,image/png         | png    | image/webp",
        "image/png                          | png    | image/png",
        "image/jpeg;q=0,*/*                 | jpeg   | image/png",
        "image/jpeg                         | alpha  | image/jpeg",
        "image/jpeg,image/gif;q=0.1         | gif    | image/gif",
        "image/jpeg,image/png               | gif    | image/png",
        "image/avif                         | gif    | image/avif",
        "image/avif;q=0,image/*             | jpeg   | image/jpeg",
        // Nothing is acceptable: as if nothing had been said.
        "application/json                   | webp   | image/jpeg",
        "image/jxl                          | jpeg   | image/jpeg",
        "rubbish                            | alpha  | image/png",
      })
  void theFormatIsOneThatTheClientShows(String accept, String picture, String type) {
    Response reply = get(accept, auto(picture, "&thumbnail=24"));
    assertThat(reply.statusCode()).as(reply.asString()).isEqualTo(200);
    assertThat(reply.contentType()).isEqualTo(type);
    assertThat(reply.header("Vary")).isEqualTo("Accept");
    // One variant, by whichever name.
    String named = type.substring("image/".length());
    Response same =
        server
            .request()
            .get("/image/process." + named + "?src=" + aliases.get(picture) + "&thumbnail=24");
    assertThat(same.asByteArray()).isEqualTo(reply.asByteArray());
    assertThat(same.header("ETag")).isEqualTo(reply.header("ETag"));
    assertThat(same.header("Vary")).isNull();
    assertThat(
            get(accept, auto(picture, "&thumbnail=24").replace("auto", "process.auto"))
                .header("ETag"))
        .isEqualTo(reply.header("ETag"));
  }

  @Test
  void withoutOperationsStoredBytesAreSentToThoseWhoShowThem() {
    Response stored = server.request().get("/image/original/" + aliases.get("gif"));
    assertThat(get("*/*", auto("gif", "")).header("ETag")).isEqualTo(stored.header("ETag"));
    Response webp = server.request().get("/image/original/" + aliases.get("webp"));
    assertThat(get("image/webp", auto("webp", "")).header("ETag")).isEqualTo(webp.header("ETag"));
  }

  @Test
  void everyAnswerVaries() {
    String path = auto("jpeg", "&thumbnail=30");
    Response whole = get("image/webp", path);
    Response other = get("image/avif", path);
    assertThat(whole.header("ETag")).isNotEqualTo(other.header("ETag"));
    Response unchanged =
        server
            .request()
            .header("Accept", "image/webp")
            .header("If-None-Match", whole.header("ETag"))
            .get(path);
    assertThat(unchanged.statusCode()).isEqualTo(304);
    Response changed =
        server
            .request()
            .header("Accept", "image/avif")
            .header("If-None-Match", whole.header("ETag"))
            .get(path);
    assertThat(changed.statusCode()).isEqualTo(200);
    Response part =
        server.request().header("Accept", "image/webp").header("Range", "bytes=0-3").get(path);
    assertThat(part.statusCode()).isEqualTo(206);
    Response beyond =
        server.request().header("Accept", "image/webp").header("Range", "bytes=99999-").get(path);
    assertThat(beyond.statusCode()).isEqualTo(416);
    Response head = server.request().header("Accept", "image/webp").head(path);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.header("ETag")).isEqualTo(whole.header("ETag"));
    Response failed = server.request().header("If-Match", "\"other\"").get(path);
    assertThat(failed.statusCode()).isEqualTo(412);
    Response spelled = get("image/webp", path.replace("auto", "process.%61uto"));
    assertThat(spelled.header("ETag")).isEqualTo(whole.header("ETag"));
    Response missing = get("image/webp", "/image/auto?src=none.png");
    assertThat(missing.statusCode()).isEqualTo(404);
    Response wrong = get("image/webp", path + "&blur=-1");
    assertThat(wrong.statusCode()).isEqualTo(400);
    Response nothing = get("image/webp", "/image/auto");
    assertThat(nothing.statusCode()).isEqualTo(400);
    Response method = server.request().post("/image/auto");
    assertThat(method.statusCode()).isEqualTo(405);
    for (Response reply :
        List.of(
            whole, other, unchanged, changed, part, beyond, head, failed, missing, wrong, nothing,
            method)) {
      assertThat(reply.header("Vary")).as("%d", reply.statusCode()).isEqualTo("Accept");
    }
    assertThat(unchanged.header("ETag")).isEqualTo(whole.header("ETag"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"details/process.auto", "process_backgrounded.auto"})
  void whereNothingIsShownAFormatHasToBeNamed(String route) {
    Response reply = get("image/webp", "/image/" + route + "?src=" + aliases.get("jpeg"));
    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(reply.<String>path("code")).isEqualTo("invalid-file-extension");
    assertThat(reply.<String>path("msg")).contains("auto");
  }

  /** What Chromium is sent by a server of its own settings. */
  private static Response shown(RunningServer other, String path) {
    return other.request().header("Accept", CHROMIUM).get(path);
  }

  @Test
  void anAdministratorChoosesFormats() throws Exception {
    try (RunningServer other =
        RunningServer.start("auto-formats", "webp", "auto-animation-formats", "apng,avif")) {
      String still = other.accepted(Pictures.jpeg(40, 30));
      String animation = other.accepted(Pictures.animatedWebp(40, 30, 2));
      String path = "/image/auto?thumbnail=20&src=";
      assertThat(shown(other, path + still).contentType()).isEqualTo("image/webp");
      assertThat(shown(other, path + animation).contentType()).isEqualTo("image/apng");
    }
  }

  /** Of half a megapixel AVIF has a cost of 13, WebP of 4.5; of the GIF, WebP one of 30. */
  @Test
  void whatIsTooExpensiveInOneFormatIsSentInAnother() throws Exception {
    try (RunningServer other =
        RunningServer.start(
            "image-cost-rate", "1", "image-timeout", "12", "keep-animations", "true")) {
      String still = other.accepted(Pictures.jpeg(1000, 500));
      String path = "/image/process.avif?src=" + still;
      assertThat(other.request().get(path).statusCode()).isEqualTo(422);
      for (int i = 0; i < 2; i++) {
        assertThat(shown(other, "/image/auto?src=" + still).contentType()).isEqualTo("image/webp");
      }
      String gif = other.accepted(Pictures.gif(500, 500, 12));
      Response moving = shown(other, "/image/auto?src=" + gif);
      assertThat(moving.contentType()).isEqualTo("image/gif");
      Response none = shown(other, "/image/auto?blur=1&src=" + gif);
      assertThat(none.statusCode()).as("nothing stands still for that").isEqualTo(422);
    }
  }

  /** ImageMagick alone makes no AVIF, and moves nothing but WebP. */
  @Test
  void whatThisMachineCannotMakeIsNotChosen() throws Exception {
    try (RunningServer other =
        RunningServer.start("engine", "imagemagick", "keep-animations", "true")) {
      String still = other.accepted(Pictures.jpeg(40, 30));
      String webp = other.accepted(Pictures.animatedWebp(40, 30, 2));
      String gif = other.accepted(Pictures.gif(40, 30, 2));
      String path = "/image/auto?thumbnail=20&src=";
      assertThat(shown(other, path + still).contentType()).isEqualTo("image/webp");
      assertThat(shown(other, path + webp).contentType()).isEqualTo("image/webp");
      Response frame = shown(other, path + gif);
      assertThat(frame.statusCode()).as(frame.asString()).isEqualTo(200);
      assertThat(frame.contentType()).isIn("image/png", "image/jpeg");
      assertThat(shown(other, "/image/auto?src=" + gif).contentType()).isEqualTo("image/gif");
    }
  }
}
