package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations by the name that an administrator has given them. */
class PresetsIT {
  private static final String CARD = "card=thumbnail=40&crop=1x1&blur=1.5";

  private static RunningServer start(String... more) {
    String[] options = java.util.Arrays.copyOf(more, more.length + 2);
    options[more.length] = "presets";
    options[more.length + 1] = CARD + ", small=resize=Mitchell.20,plain=identity";
    return RunningServer.start(options);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.3", "0.5"})
  void presetAndOperationsAreOneVariant(String dialect) throws Exception {
    // What nobody may write may stand in a preset.
    try (RunningServer server = start("dialect", dialect, "whitelist", "thumbnail")) {
      String alias = server.accepted(Pictures.jpeg(90, 60));
      Response preset = server.request().get("/image/process.webp?src=" + alias + "&preset=card");
      assertThat(preset.statusCode()).as(preset.asString()).isEqualTo(200);
      Response auto =
          server
              .request()
              .header("Accept", "image/webp")
              .get("/image/auto?preset=card&src=" + alias);
      assertThat(auto.header("ETag")).isEqualTo(preset.header("ETag"));
      assertThat(
              server
                  .request()
                  .get("/image/process_backgrounded.webp?preset=card&src=" + alias)
                  .statusCode())
          .isEqualTo(202);
      Response details =
          server.request().get("/image/details/process.webp?preset=card&src=" + alias);
      assertThat(details.statusCode()).isEqualTo(200);
      assertThat((int) details.path("width")).isEqualTo(details.<Integer>path("height"));
      assertThat(server.stored()).hasSize(2);
    }
    try (RunningServer server = start("dialect", dialect)) {
      String alias = server.accepted(Pictures.jpeg(90, 60));
      Response preset = server.request().get("/image/process.webp?src=" + alias + "&preset=card");
      Response spelled =
          server
              .request()
              .get("/image/process.webp?src=" + alias + "&thumbnail=40&crop=1x1&blur=1.5");
      assertThat(spelled.header("ETag")).isEqualTo(preset.header("ETag"));
      assertThat(server.stored()).hasSize(2);
      assertThat(server.request().get("/limits").<String>path("process.presets.small"))
          .isEqualTo("resize=Mitchell.20");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "preset=hero | There is no preset `hero`; there is card, small, plain",
        "preset= | There is no preset ``; there is card, small, plain",
        "preset=card&blur=1 | A preset has its own operations; `blur` cannot be given beside one",
        "thumbnail=9&preset=card |"
            + " A preset has its own operations; `thumbnail` cannot be given beside one",
        "preset=card&Resize=9 | A preset has its own operations; `Resize` cannot be given beside"
            + " one",
        "preset=card&preset=small | A request has one preset at most",
      })
  void whatIsNoPresetIsRefused(String query, String message) throws Exception {
    try (RunningServer server = start()) {
      String alias = server.accepted(Pictures.jpeg(90, 60));
      for (String route : new String[] {"process.png", "auto", "details/process.png"}) {
        Response reply = server.request().get("/image/" + route + "?src=" + alias + "&" + query);
        assertThat(reply.statusCode()).as(route).isEqualTo(400);
        assertThat(reply.<String>path("code")).isEqualTo("invalid-process-path");
        assertThat(reply.<String>path("msg")).isEqualTo(message);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "card=thumbnail=0 | --presets: card: thumbnail=0 is not a whole number from 1 to 10000",
        "card=rotate=1 | --presets: card: `rotate` is no operation;",
        "card=blur=1,card=blur=2 | --presets: there are two of the name card",
        "card | --presets is card, but must be names and operations",
        "a.b=blur=1 | --presets is a.b=blur=1, but must be names and operations",
      })
  void whatIsWrongIsToldAtTheStart(String presets, String problem) {
    assertThatThrownBy(() -> RunningServer.start("presets", presets))
        .rootCause()
        .hasMessageContaining(problem);
  }

  @Test
  void withoutAnyTheNameIsUnknown() throws Exception {
    try (RunningServer server = RunningServer.start()) {
      String alias = server.accepted(Pictures.jpeg(90, 60));
      Response reply = server.request().get("/image/process.png?preset=card&src=" + alias);
      assertThat(reply.statusCode()).isEqualTo(400);
      assertThat(reply.<String>path("msg"))
          .isEqualTo("There is no preset `card`; there are none here");
    }
  }
}
