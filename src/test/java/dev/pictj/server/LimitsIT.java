package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Bombs;
import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What /limits says is what holds. */
class LimitsIT {
  private static RunningServer usual;
  private static RunningServer narrow;

  @BeforeAll
  static void start() {
    usual = RunningServer.start();
    narrow =
        RunningServer.start(
            "whitelist", "resize,blur,crop",
            "max-files", "3",
            "max-file-size", "1",
            "max-image-width", "50",
            "max-image-height", "60",
            "max-image-area", "2000",
            "max-image-frames", "4",
            "max-animation-width", "40",
            "max-animation-height", "30",
            "max-animation-area", "1000",
            "max-animation-frames", "3",
            "max-video-width", "64",
            "max-video-height", "48",
            "max-video-area", "4000",
            "max-video-frames", "5",
            "max-video-file-size", "7",
            "max-operations", "2",
            "max-blur", "7",
            "max-downloads", "5",
            "format", "webp",
            "dialect", "0.5");
  }

  @AfterAll
  static void stop() throws IOException {
    usual.close();
    narrow.close();
  }

  @Test
  void theUsualLimitsInFull() {
    Response limits = usual.request().get("/limits");
    assertThat(limits.statusCode()).isEqualTo(200);
    assertThat(limits.contentType()).isEqualTo("application/json");
    assertThat(limits.asString())
        .isEqualTo(
            "{\"dialect\":\"0.3\",\"upload\":{\"types\":[\"image/jpeg\",\"image/png\","
                + "\"image/apng\",\"image/gif\",\"image/webp\",\"image/avif\",\"image/heic\",\"image/jxl\",\"video/mp4\",\"video/webm\",\"video/quicktime\"],"
                + "\"max_file_size\":41943040,\"max_files\":10,\"stills_become\":null,\"animations_become\":null},"
                + "\"picture\":{\"max_width\":10000,\"max_height\":10000,\"max_area\":40000000,"
                + "\"max_frames\":3600,\"max_file_size\":41943040,"
                + "\"larger_stills_are_shrunk\":false},"
                + "\"animation\":{\"max_width\":10000,\"max_height\":10000,\"max_area\":40000000,"
                + "\"max_frames\":3600,\"max_file_size\":41943040},"
                + "\"video\":{\"max_width\":10000,\"max_height\":10000,\"max_area\":40000000,"
                + "\"max_frames\":3600,\"max_file_size\":41943040},"
                + "\"formats\":{\"jpg\":{\"type\":\"image/jpeg\",\"in\":true,\"out\":true,\"moves\":false},"
                + "\"png\":{\"type\":\"image/png\",\"in\":true,\"out\":true,\"moves\":false},"
                + "\"apng\":{\"type\":\"image/apng\",\"in\":true,\"out\":true,\"moves\":true},"
                + "\"gif\":{\"type\":\"image/gif\",\"in\":true,\"out\":true,\"moves\":true},"
                + "\"webp\":{\"type\":\"image/webp\",\"in\":true,\"out\":true,\"moves\":true},"
                + "\"avif\":{\"type\":\"image/avif\",\"in\":true,\"out\":true,\"moves\":true},"
                + "\"heic\":{\"type\":\"image/heic\",\"in\":true,\"out\":false,\"moves\":false},"
                + "\"jxl\":{\"type\":\"image/jxl\",\"in\":true,\"out\":true,\"moves\":false},"
                + "\"mp4\":{\"type\":\"video/mp4\",\"in\":true,\"out\":false,\"moves\":true},"
                + "\"webm\":{\"type\":\"video/webm\",\"in\":true,\"out\":false,\"moves\":true},"
                + "\"mov\":{\"type\":\"video/quicktime\",\"in\":true,\"out\":false,\"moves\":true}},"
                + "\"process\":{\"extensions\":{\"apng\":\"image/apng\","
                + "\"avif\":\"image/avif\",\"gif\":\"image/gif\",\"jpeg\":\"image/jpeg\","
                + "\"jpg\":\"image/jpeg\",\"jxl\":\"image/jxl\",\"png\":\"image/png\",\"webp\":\"image/webp\"},"
                + "\"max_operations\":10,\"max_cost\":3000,\"operations\":{\"identity\":{},"
                + "\"thumbnail\":{\"min\":1,\"max\":10000},\"resize\":{\"min\":1,\"max\":10000},"
                + "\"crop\":{\"min\":1,\"max\":20},\"blur\":{\"above\":0,\"max\":100}},"
                + "\"presets\":{},\"max_variants_kept\":500},"
                + "\"download\":{\"max_redirects\":5,\"max_at_a_time\":32,"
                + "\"timeout_seconds\":30}}");
  }

  @Test
  void whatThisMachineCannotDoIsLeftOut() throws Exception {
    try (RunningServer without =
        RunningServer.start("engine", "imagemagick", "accept-video", "false")) {
      Response limits = without.request().get("/limits");
      assertThat(limits.<List<String>>path("upload.types"))
          .containsExactly(
              "image/jpeg", "image/png", "image/apng", "image/gif", "image/webp", "image/avif");
      assertThat(limits.<Map<String, String>>path("process.extensions"))
          .containsOnlyKeys("apng", "gif", "jpeg", "jpg", "png", "webp");
      assertThat(limits.<Object>path("video")).isNull();
      assertThat(limits.<Object>path("formats.jxl"))
          .isEqualTo(Map.of("type", "image/jxl", "in", false, "out", false, "moves", false));
      // Animations alone are taken, and shown as their first frames.
      assertThat(limits.<Object>path("formats.avif"))
          .isEqualTo(Map.of("type", "image/avif", "in", true, "out", false, "moves", false));
      for (String type : List.of("apng", "gif")) {
        assertThat(limits.<Boolean>path("formats." + type + ".moves")).as(type).isFalse();
      }
      assertThat(limits.<Boolean>path("formats.webp.moves")).isTrue();
      assertThat(limits.<Object>path("formats.mp4"))
          .isEqualTo(Map.of("type", "video/mp4", "in", false, "out", false, "moves", true));
    }
  }

  @Test
  void headAndOptionsAreKnownAndNothingElse() {
    Response get = usual.request().get("/limits");
    Response head = usual.request().head("/limits");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.header("Content-Length")).isEqualTo(get.header("Content-Length"));
    assertThat(usual.request().options("/limits").header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
    assertThat(usual.request().post("/limits").statusCode()).isEqualTo(405);
  }

  @Test
  void settingsAreToldAsTheyAre() {
    Response limits = narrow.request().get("/limits");
    assertThat((String) limits.path("dialect")).isEqualTo("0.5");
    assertThat(limits.<Map<String, Object>>path("upload"))
        .containsEntry("max_file_size", 1 << 20)
        .containsEntry("max_files", 3)
        .containsEntry("stills_become", "webp");
    assertThat((Map<?, ?>) limits.path("picture"))
        .isEqualTo(
            Map.of(
                "max_width",
                50,
                "max_height",
                60,
                "max_area",
                2000,
                "max_frames",
                3,
                "max_file_size",
                1 << 20,
                "larger_stills_are_shrunk",
                false));
    assertThat((Map<?, ?>) limits.path("process.operations"))
        .isEqualTo(
            Map.of(
                "resize", Map.of("min", 0),
                "crop", Map.of("min", 1, "max", 20),
                "blur", Map.of("min", 0, "max", 7)));
    assertThat((Integer) limits.path("process.max_operations")).isEqualTo(2);
    assertThat((Integer) limits.path("download.max_at_a_time")).isEqualTo(5);
  }

  @Test
  void animationsAndVideosHaveLimitsOfTheirOwn() {
    Response limits = narrow.request().get("/limits");
    assertThat(limits.<Object>path("animation"))
        .isEqualTo(
            Map.of(
                "max_width", 40,
                "max_height", 30,
                "max_area", 1000,
                "max_frames", 3,
                "max_file_size", 1 << 20));
    // No file is larger than --max-file-size.
    assertThat(limits.<Object>path("video"))
        .isEqualTo(
            Map.of(
                "max_width", 64,
                "max_height", 48,
                "max_area", 4000,
                "max_frames", 5,
                "max_file_size", 1 << 20));
    assertThat(narrow.upload(Pictures.animatedWebp(40, 25, 3)).statusCode()).isEqualTo(201);
    assertThat(narrow.upload(Pictures.animatedWebp(40, 25, 4)).statusCode()).isEqualTo(400);
    assertThat(narrow.upload(Pictures.animatedWebp(41, 20, 2)).statusCode()).isEqualTo(400);
  }

  @Test
  void theNewestLineSaysOk() throws Exception {
    try (RunningServer six = RunningServer.start("dialect", "0.6")) {
      assertThat(six.request().get("/limits").<String>path("msg")).isEqualTo("ok");
      assertThat(six.admin().get("/internal/limits").asString())
          .isEqualTo(six.request().get("/limits").asString());
      assertThat(usual.request().get("/limits").<Object>path("msg")).isNull();
      assertThat(six.request().get("/limits").<Integer>path("animation.max_frames")).isEqualTo(900);
    }
  }

  /** A value that is told passes; the next one does not. */
  @Test
  void whatIsToldHolds() {
    String alias = usual.accepted(Pictures.png(50, 40));
    for (String name : List.of("resize", "blur")) {
      Response limits = usual.request().get("/limits");
      int max = limits.path("process.operations." + name + ".max");
      assertThat(process(usual, "jpg", alias, name + "=" + max)).isEqualTo(200);
      assertThat(process(usual, "jpg", alias, name + "=" + (max + 1))).isEqualTo(400);
      assertThat(process(usual, "jpg", alias, name + "=0")).isEqualTo(400);
    }
  }

  /** The later dialects blur by 0, and a side that is too large changes nothing there. */
  @Test
  void whatIsToldHoldsInALaterDialect() {
    String alias = narrow.accepted(Pictures.png(50, 40));
    assertThat(process(narrow, "jpg", alias, "blur=0")).isEqualTo(200);
    assertThat(process(narrow, "jpg", alias, "blur=7")).isEqualTo(200);
    assertThat(process(narrow, "jpg", alias, "blur=8")).isEqualTo(400);
    assertThat(process(narrow, "jpg", alias, "resize=60")).isEqualTo(200);
    Map<String, String> extensions = narrow.request().get("/limits").path("process.extensions");
    extensions.forEach(
        (extension, type) ->
            assertThat(
                    narrow
                        .request()
                        .get("/image/process.%s?src=%s".formatted(extension, alias))
                        .contentType())
                // Of a still, the later line makes a PNG and calls it so.
                .isEqualTo(extension.equals("apng") ? "image/png" : type));
    assertThat(process(narrow, "bmp", alias, "resize=1")).isEqualTo(400);
  }

  private static int process(
      RunningServer server, String extension, String alias, String operation) {
    return server
        .request()
        .get("/image/process.%s?src=%s&%s".formatted(extension, alias, operation))
        .statusCode();
  }

  @Test
  void aRefusalNamesWhatWasSeenAndWhatIsAccepted() {
    Response response = usual.upload(Bombs.svg());
    Replies.refused(response, 415, "unsupported-media-type");
    assertThat((String) response.path("msg"))
        .isEqualTo(
            "Unsupported image format: this is SVG; accepted are JPEG, PNG, APNG, GIF, WebP, AVIF,"
                + " HEIC, JPEG XL, MP4, WebM, MOV");
  }
}
