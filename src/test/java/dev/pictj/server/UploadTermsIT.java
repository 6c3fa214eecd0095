package dev.pictj.server;

import static dev.pictj.server.Replies.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the query of an upload asks for: limits, kinds and operations. */
class UploadTermsIT {
  private static RunningServer five;
  private static RunningServer three;

  @BeforeAll
  static void start() {
    five = RunningServer.start("dialect", "0.5", "preprocess-steps", "resize=40");
    three = RunningServer.start();
  }

  @AfterAll
  static void stop() throws IOException {
    five.close();
    three.close();
  }

  private static Response upload(RunningServer server, byte[] file, String query) {
    return server.request().multiPart("images[]", "a", file).post("/image?" + query);
  }

  private static String size(Response response) {
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(201);
    return response.path("files[0].details.width") + "x" + response.path("files[0].details.height");
  }

  @ParameterizedTest
  @CsvSource({
    "max_width=79, validate-width",
    "max_width=80&max_height=59, validate-height",
    "max_area=4799, validate-area",
    "max_file_size=0, validate-file-size",
    "allow_image=false, media-disallowed",
    "allow_image=no, invalid-query",
    "allow_image=, invalid-query",
    "max_width=abc, invalid-query",
    "max_width=-1, invalid-query",
    "max_width=, invalid-query",
    "resize=abc, invalid-process-path",
    "rotate=90, invalid-process-path",
    "max_depth=9, invalid-process-path",
  })
  void whatASingleRequestRefusesIsToldInItsCode(String query, String code) {
    Response response = upload(five, Pictures.png(80, 60), query);
    assertThat(response.statusCode()).as(response.asString()).isBetween(400, 422);
    assertThat((String) response.path("code")).isEqualTo(code);
    assertThat(five.leftovers()).isEmpty();
  }

  /** What it asks for is nobody else's failure. */
  @Test
  void whatOneRequestRefusesAnotherMayUpload() {
    byte[] picture = Pictures.png(84, 63);
    refusedWith(upload(five, picture, "max_width=80"), "validate-width");
    assertThat(size(upload(five, picture, "max_width=84"))).isEqualTo("40x30");
  }

  private static void refusedWith(Response response, String code) {
    assertThat(response.statusCode()).as(response.asString()).isBetween(400, 422);
    assertThat((String) response.path("code")).isEqualTo(code);
  }

  @Test
  void aLimitOfARequestIsNoWayAroundThoseOfTheServer() {
    refusedWith(upload(five, Pictures.png(10_001, 1), "max_width=20000"), "validate-width");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max_width=80&allow_video=false | 40x30",
        "resize=20 | 20x15",
        "crop=1x1 | 60x60",
        "crop=16x9&resize=16 | 16x9",
        "identity=true | 80x60",
        "blur=3 | 80x60",
        "resize=20&max_width=80 | 20x15",
      })
  void operationsTakeThePlaceOfTheUsualOnes(String query, String size) throws IOException {
    Response response = upload(five, Pictures.jpeg(80, 60), query);
    assertThat(size(response)).isEqualTo(size);
    assertThat((String) response.path("files[0].file")).endsWith(".jpeg");
    String alias = response.path("files[0].file");
    byte[] stored = five.request().get("/image/original/" + alias).asByteArray();
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(stored));
    assertThat(image.getWidth() + "x" + image.getHeight()).isEqualTo(size);
  }

  @Test
  void aPictureThatIsMadeTwiceIsStoredOnce() {
    byte[] picture = Pictures.png(90, 60);
    String one = upload(five, picture, "resize=30").path("files[0].file");
    String two = upload(five, picture, "resize=30").path("files[0].file");
    assertThat(one).isNotEqualTo(two);
    assertThat((List<?>) five.admin().get("/internal/aliases?alias=" + one).path("aliases"))
        .hasSize(2);
  }

  @Test
  void animationsKeepTheirFramesAndVideosStayAsTheyAre() {
    Response animation = upload(five, Pictures.animatedWebp(40, 20, 3), "resize=20");
    assertThat(size(animation)).isEqualTo("20x10");
    assertThat((Integer) animation.path("files[0].details.frames")).isEqualTo(3);
    refusedWith(
        upload(five, Pictures.animatedWebp(40, 20, 3), "max_frame_count=2"), "validate-frames");
    refusedWith(
        upload(five, Pictures.animatedWebp(40, 20, 3), "allow_animation=false"),
        "media-disallowed");
    upload(five, Pictures.animatedWebp(40, 20, 3), "allow_image=false").then().statusCode(201);
    byte[] video = Pictures.mp4(64, 48, 4);
    assertThat(size(upload(five, video, "resize=20"))).isEqualTo("64x48");
    refusedWith(upload(five, video, "allow_video=false"), "media-disallowed");
    upload(five, video, "allow_animation=false&allow_image=false").then().statusCode(201);
  }

  /** They are not for them, so nobody looks at them. */
  @ParameterizedTest
  @ValueSource(strings = {"resize=abc", "rotate=90", "max_depth=9", "crop=0x1"})
  void whatIsNoOperationDoesNotMatterToAVideo(String query) {
    byte[] video = Pictures.mp4(64, 48, 4);
    assertThat(size(upload(five, video, query))).isEqualTo("64x48");
    refusedWith(upload(five, video, query + "&max_width=9"), "validate-width");
    refusedWith(upload(five, Pictures.animatedWebp(40, 20, 3), query), "invalid-process-path");
  }

  /** What it is, is known only later. */
  @Test
  void whatIsNoOperationIsToldByTheClaim() {
    String id =
        five.request()
            .multiPart("images[]", "a.png", Pictures.png(80, 60))
            .post("/image/backgrounded?rotate=90")
            .then()
            .statusCode(202)
            .extract()
            .path("uploads[0].upload_id");
    refused(
        five.request().get("/image/backgrounded/claim?upload_id=" + id),
        422,
        "invalid-process-path");
  }

  @ParameterizedTest
  @ValueSource(strings = {"resize=20", "rotate=90", "max_width=1", "allow_image=false"})
  void theOlderLineLooksAtNoQuery(String query) {
    assertThat(size(upload(three, Pictures.png(80, 60), query))).isEqualTo("80x60");
  }

  @Test
  void importsHaveTermsAsWell() {
    Response response =
        five.admin()
            .multiPart("images[]", "small.png", Pictures.png(80, 60))
            .post("/internal/import?max_width=9");
    refusedWith(response, "validate-width");
    refused(five.request().get("/image/details/original/small.png"), 404, "alias-not-found");
  }
}
