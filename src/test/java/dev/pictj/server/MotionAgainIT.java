package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Movies;
import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What moves and was received before costs no work when it comes again. */
class MotionAgainIT {
  @Test
  void theSameMotionAgainStartsNoTool() throws Exception {
    try (GatedTools tools = new GatedTools();
        RunningServer server = RunningServer.startWithTools(tools.folders(), "sandbox", "off")) {
      for (byte[] motion :
          List.of(
              Pictures.gif(40, 30, 3),
              Pictures.mp4(40, 30, 3),
              Movies.made("mov", "-f lavfi -i testsrc=s=40x30:r=10:d=0.3 -c:v mpeg4"))) {
        Response first = server.upload(motion);
        byte[] stored = original(server, first);
        final long runs = tools.videoRuns();

        Response again = server.upload(motion);

        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(tools.videoRuns()).isEqualTo(runs);
        assertThat(original(server, again)).isEqualTo(stored);
        // What nobody has any more is made anew.
        for (Response one : List.of(first, again)) {
          delete(server, one);
        }
        assertThat(original(server, server.upload(motion))).isEqualTo(stored);
        assertThat(tools.videoRuns()).isEqualTo(2 * runs);
        tools.forgetVideoRuns();
      }
    }
  }

  /** Other limits than those by which it was taken the first time. */
  @Test
  void whatIsRememberedIsJudgedByTheLimitsOfToday() throws Exception {
    byte[] gif = Pictures.gif(40, 30, 5);
    byte[] film = Pictures.mp4(40, 30, 5);
    RunningServer server = RunningServer.start();
    server.accepted(gif);
    server.accepted(film);
    try (RunningServer strict = server.restarted("max-image-frames", "4")) {
      for (byte[] motion : List.of(gif, film)) {
        assertThat((String) strict.upload(motion).path("code")).isEqualTo("validate-frames");
      }
    }
  }

  private static byte[] original(RunningServer server, Response upload) {
    return server.request().get("/image/original/" + upload.path("files[0].file")).asByteArray();
  }

  private static void delete(RunningServer server, Response upload) {
    String path =
        "/image/delete/%s/%s"
            .formatted(
                (String) upload.path("files[0].delete_token"),
                (String) upload.path("files[0].file"));
    assertThat(server.request().delete(path).statusCode()).isEqualTo(204);
  }
}
