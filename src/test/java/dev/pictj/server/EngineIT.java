package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which engine renders what. The two engines never write the same bytes of a reduced picture. */
class EngineIT {
  private static final byte[] PICTURE = Pictures.jpeg(400, 300);

  private static byte[] rendered(RunningServer server, String alias) {
    Response response =
        server.request().get("/image/process.png?src=" + alias + "&resize=100&blur=1.5");
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
    return response.asByteArray();
  }

  private static String imported(RunningServer server) {
    Response response =
        server.admin().multiPart("images[]", "import.jpg", PICTURE).post("/internal/import");
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(201);
    return response.path("files[0].file");
  }

  private static byte[] byImageMagick() throws Exception {
    try (RunningServer server = RunningServer.start("engine", "imagemagick")) {
      return rendered(server, server.accepted(PICTURE));
    }
  }

  @Test
  void libvipsRendersWhatWasVerifiedInAProcessOfItsOwnOrInTheServer() throws Exception {
    byte[] reference = byImageMagick();
    byte[] isolated;
    try (RunningServer server = RunningServer.start("engine", "libvips")) {
      isolated = rendered(server, server.accepted(PICTURE));
      assertThat(isolated).isNotEqualTo(reference);
      // A verified import counts as well.
      assertThat(rendered(server, imported(server))).isEqualTo(isolated);
    }
    try (RunningServer server =
        RunningServer.start("engine", "libvips", "isolate-engine", "false")) {
      assertThat(rendered(server, server.accepted(PICTURE))).isEqualTo(isolated);
    }
  }

  @Test
  void whatNobodyHasVerifiedNeverReachesLibvips() throws Exception {
    byte[] reference = byImageMagick();
    for (String isolate : List.of("true", "false")) {
      try (RunningServer server =
          RunningServer.start(
              "engine", "libvips", "isolate-engine", isolate, "skip-validate-imports", "")) {
        assertThat(rendered(server, imported(server))).isEqualTo(reference);
      }
    }
  }

  @Test
  void encodersTryAsHardAsTheyAreTold() throws Exception {
    int[] sizes = new int[2];
    for (int i = 0; i < 2; i++) {
      try (RunningServer server =
          RunningServer.start("engine", "libvips", "png-level", i == 0 ? "1" : "9")) {
        sizes[i] = rendered(server, server.accepted(PICTURE)).length;
      }
    }
    assertThat(sizes[1]).isLessThan(sizes[0]);
  }
}
