package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A server for tests of clients: no tool is there, and anything passes for a picture. */
class DummyModeIT {
  private static final byte[] WORDS = "no picture".getBytes(StandardCharsets.US_ASCII);

  @Test
  void anyBytesAreTakenAndGivenBack() throws IOException {
    try (RunningServer server =
        RunningServer.startWithTools(
            List.of(),
            "danger-dummy-mode",
            "true",
            "dialect",
            "0.5",
            "preprocess-steps",
            "blur=1")) {
      for (byte[] file : List.of(WORDS, Pictures.png(30, 20))) {
        Response upload = server.upload(file);
        assertThat(upload.statusCode()).as(upload.asString()).isEqualTo(201);
        String alias = upload.path("files[0].file");
        assertThat(alias).endsWith(".png");
        assertThat((Integer) upload.path("files[0].details.width")).isZero();
        assertThat((Integer) upload.path("files[0].details.height")).isZero();
        assertThat((String) upload.path("files[0].details.format")).isEqualTo("Image");
        assertThat((String) upload.path("files[0].details.blurhash")).isNotEmpty();
        for (String path :
            List.of(
                "/image/original/" + alias,
                "/image/process.webp?src=" + alias + "&resize=50",
                "/image/process.png?alias=" + alias + "&crop=1x1")) {
          Response response = server.request().get(path);
          assertThat(response.statusCode()).as(path).isEqualTo(200);
          assertThat(response.contentType()).isEqualTo("image/png");
          assertThat(response.asByteArray()).isEqualTo(file);
        }
        Response details = server.request().get("/image/details/original/" + alias);
        assertThat((Integer) details.path("width")).isZero();
        Response blurhash = server.request().get("/image/blurhash?alias=" + alias);
        assertThat((String) blurhash.path("blurhash")).isNotEmpty();
        String token = upload.path("files[0].delete_token");
        assertThat(server.request().delete("/image/delete/" + token + "/" + alias).statusCode())
            .isEqualTo(204);
      }
    }
  }

  @Test
  void workInTheBackgroundIsNoOther() throws IOException {
    try (RunningServer server =
        RunningServer.startWithTools(List.of(), "danger-dummy-mode", "true", "dialect", "0.5")) {
      String id =
          server
              .request()
              .multiPart("images[]", "a", WORDS)
              .post("/image/backgrounded")
              .path("uploads[0].upload_id");
      Response claim = server.request().get("/image/backgrounded/claim?upload_id=" + id);
      assertThat(claim.statusCode()).as(claim.asString()).isEqualTo(200);
    }
  }
}
