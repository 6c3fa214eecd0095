package dev.pictj.server;

import static dev.pictj.server.Replies.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of the 0.3 contract, measured on what is really served. */
class GeometryOverHttpIT {
  private static final Map<String, String> ALIASES = new ConcurrentHashMap<>();
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static String picture(int width, int height) {
    return ALIASES.computeIfAbsent(
        width + "x" + height, size -> server.accepted(Pictures.jpeg(width, height)));
  }

  private static BufferedImage decoded(Response response) throws Exception {
    assertThat(response.statusCode()).as(response.headers().toString()).isEqualTo(200);
    return ImageIO.read(new ByteArrayInputStream(response.asByteArray()));
  }

  private static Response process(String ext, String alias, String query) {
    return server.request().get("/image/process." + ext + "?src=" + alias + "&" + query);
  }

  @ParameterizedTest
  @CsvSource({
    "1200,1387,256,221,256",
    "640,360,96,96,54",
    "640,360,1000,640,360",
    "550,368,64,64,42",
    "1600,900,256,256,144",
    "400,225,96,96,54",
    "1000,3,100,100,1",
    "3,1000,100,1,100",
    "640,360,1,1,1",
    "1,1,10000,1,1"
  })
  void shrinking(int width, int height, int limit, int newWidth, int newHeight) throws Exception {
    for (String how : List.of("thumbnail", "resize")) {
      for (String ext : List.of("jpg", "png", "webp")) {
        BufferedImage image = decoded(process(ext, picture(width, height), how + "=" + limit));
        assertThat(image.getWidth() + "x" + image.getHeight())
            .as(how + " " + ext)
            .isEqualTo(newWidth + "x" + newHeight);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1600,900,1x1,900,900",
    "1600,1100,16x9,1600,900",
    "1200,1387,1x1,1200,1200",
    "640,360,4x3,480,360",
    "640,360,9x16,202,360",
    "550,368,3x1,550,183",
    "3,1000,20x1,3,1",
    "1000,3,1x20,1,3"
  })
  void cropping(int width, int height, String ratio, int newWidth, int newHeight) throws Exception {
    for (String ext : List.of("jpg", "png", "webp")) {
      Response response = process(ext, picture(width, height), "crop=" + ratio);
      BufferedImage image = decoded(response);
      assertThat(image.getWidth() + "x" + image.getHeight())
          .as(ext)
          .isEqualTo(newWidth + "x" + newHeight);
    }
  }

  @Test
  void croppingKeepsTheMiddle() throws Exception {
    BufferedImage source = Pictures.drawing(640, 360, 0);
    String alias = server.accepted(Pictures.png(640, 360));
    BufferedImage cropped = decoded(process("png", alias, "crop=4x3"));
    for (int[] at : new int[][] {{0, 0}, {479, 0}, {0, 359}, {240, 180}, {479, 359}}) {
      assertThat(cropped.getRGB(at[0], at[1]) & 0xFFFFFF)
          .isEqualTo(source.getRGB(at[0] + 80, at[1]) & 0xFFFFFF);
    }
  }

  @Test
  void thumbnailsAndResizedPicturesAreMadeInDifferentWays() {
    String alias = server.accepted(Pictures.png(300, 200));
    assertThat(process("png", alias, "thumbnail=60").asByteArray())
        .isNotEqualTo(process("png", alias, "resize=60").asByteArray());
  }

  @Test
  void theOrderOfOperationsIsTheOrderOfTheRequest() throws Exception {
    String alias = picture(640, 360);
    byte[] first = process("png", alias, "thumbnail=100&blur=2").asByteArray();
    byte[] second = process("png", alias, "blur=2&thumbnail=100").asByteArray();
    assertThat(first).isNotEqualTo(second);
    BufferedImage image = decoded(process("png", alias, "crop=1x1&crop=2x1&resize=90&resize=30"));
    assertThat(image.getWidth() + "x" + image.getHeight()).isEqualTo("30x15");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cmyk", "grey16", "bilevel", "palette", "alpha", "webpAlpha"})
  void everyKindOfPixelCanBeWorkedOn(String kind) throws Exception {
    byte[] bytes =
        switch (kind) {
          case "cmyk" -> Pictures.jpegCmyk(90, 60);
          case "grey16" -> Pictures.pngGrey16(90, 60);
          case "bilevel" -> Pictures.pngBilevel(90, 60);
          case "palette" -> Pictures.pngPalette(90, 60);
          case "alpha" -> Pictures.pngAlpha(90, 60);
          default -> Pictures.webpAlpha(90, 60);
        };
    String alias = server.accepted(bytes);
    for (String ext : List.of("jpg", "png", "webp")) {
      BufferedImage image = decoded(process(ext, alias, "resize=45&blur=0.5&crop=1x1"));
      assertThat(image.getWidth() + "x" + image.getHeight()).as(ext).isEqualTo("30x30");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "thumbnail=",
        "thumbnail",
        "resize=abc",
        "resize=1.5",
        "resize=0",
        "resize=10001",
        "crop=1",
        "crop=1x",
        "crop=x1",
        "crop=1x21",
        "crop=-1x1",
        "crop=1X1",
        "blur=",
        "blur=0",
        "blur=-1",
        "blur=100.1",
        "blur=0x1p3",
        "blur=1e99",
        "thumbnail=5&resize=no"
      })
  void badValuesAreRefused(String operations) {
    refused(process("jpg", picture(640, 360), operations), 400, "invalid-process-path");
    refused(
        server
            .request()
            .get("/image/details/process.jpg?src=" + picture(640, 360) + "&" + operations),
        400,
        "invalid-process-path");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bmp", "mp4", "tiff", "JPG", "tar.gz", "jpg%00", "jpg.png", "%2e%2e"})
  void otherExtensionsAreRefused(String ext) {
    Response response = process(ext, picture(640, 360), "thumbnail=5");
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(400);
    assertThat((String) response.path("code")).isIn("invalid-file-extension", "invalid-request");
  }

  @Test
  void detailsMakeTheVariantAndOneSpellingIsEnough() {
    String alias = server.accepted(Pictures.jpeg(330, 220));
    int before = server.stored().size();
    Response details =
        server.request().get("/image/details/process.jpg?src=" + alias + "&thumbnail=033&blur=2.0");
    assertThat(details.asString())
        .matches(
            "\\{\"width\":33,\"height\":22,\"content_type\":\"image/jpeg\",\"created_at\":\\[.*]}");
    assertThat(server.stored()).hasSize(before + 1);
    assertThat(process("jpeg", alias, "thumbnail=33&v=7&blur=2").statusCode()).isEqualTo(200);
    assertThat(process("jpg", alias, "thumbnail=%2B33&blur=2e0").statusCode()).isEqualTo(200);
    assertThat(server.stored()).as("the same variant").hasSize(before + 1);
    Response head =
        server.request().head("/image/details/process.jpg?src=" + alias + "&thumbnail=33&blur=2");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.asByteArray()).isEmpty();
  }

  @Test
  void theSourceIsNeededAndTheLastOneCounts() {
    String alias = picture(640, 360);
    refused(server.request().get("/image/process.jpg"), 400, "invalid-query");
    refused(server.request().get("/image/process.jpg?src="), 400, "invalid-query");
    refused(server.request().get("/image/process.jpg?src=no.jpg"), 404, "alias-not-found");
    refused(process("jpg", alias, "src=no.jpg"), 404, "alias-not-found");
    assertThat(process("jpg", "no.jpg", "thumbnail=5&src=" + alias).statusCode()).isEqualTo(200);
  }
}
