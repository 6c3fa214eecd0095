package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Exif;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import dev.pictj.pictures.WebpChunks;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a camera writes about its owner reaches nobody, and its pictures stand upright. */
class PrivacyIT {
  private static final String[] SECRETS = {
    JpegSegments.SECRET,
    Exif.CAMERA,
    Exif.GPS_MARK,
    "Exif",
    "eXIf",
    "EXIF",
    "XMP ",
    "adobe:ns",
    "Photoshop"
  };
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static Map<String, byte[]> telltales() {
    byte[] webp = Pictures.webp(48, 32);
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put("jpeg", JpegSegments.withEverything(Pictures.jpeg(48, 32), 1));
    all.put("turned jpeg", JpegSegments.withEverything(Pictures.jpeg(48, 32), 8));
    all.put("cmyk jpeg", JpegSegments.withEverything(Pictures.jpegCmyk(48, 32), 3));
    all.put("png", PngChunks.withText(PngChunks.withTime(Pictures.png(48, 32))));
    all.put("png with exif", PngChunks.withExif(PngChunks.withText(Pictures.png(48, 32)), 1));
    all.put("turned png", PngChunks.withExif(PngChunks.withText(Pictures.png(48, 32)), 6));
    all.put("webp", WebpChunks.withXmp(WebpChunks.withExif(webp, 48, 32, 1), 48, 32));
    all.put("turned webp", WebpChunks.withXmp(WebpChunks.withExif(webp, 48, 32, 6), 48, 32));
    return all;
  }

  private static void clean(String name, RunningServer from, String url) {
    var response = from.request().get(url);
    assertThat(response.statusCode()).as(name).isEqualTo(200);
    assertThat(new String(response.asByteArray(), StandardCharsets.ISO_8859_1))
        .as(name + " " + url)
        .doesNotContain(SECRETS);
  }

  @Test
  void noWayOutCarriesMetadata() {
    telltales()
        .forEach(
            (name, bytes) -> {
              String alias = server.accepted(bytes);
              clean(name, server, "/image/original/" + alias);
              for (String ext : new String[] {"jpg", "png", "webp"}) {
                clean(name, server, "/image/process." + ext + "?src=" + alias + "&resize=30");
              }
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "webp"})
  void conversionCarriesNoMetadataEither(String format) throws Exception {
    try (RunningServer converting = RunningServer.start("format", format)) {
      telltales()
          .forEach(
              (name, bytes) -> {
                String alias = converting.accepted(bytes);
                assertThat(alias).endsWith("." + format);
                clean(name, converting, "/image/original/" + alias);
              });
      assertThat(converting.accepted(Pictures.mp4(20, 20, 3))).endsWith(".mp4");
      assertThat(converting.accepted(Pictures.gif(20, 20, 3))).endsWith(".mp4");
    }
  }

  @Test
  void whatDiffersInMetadataOnlyIsTheSamePicture() {
    byte[] plain = Pictures.png(33, 44);
    String first = server.accepted(plain);
    int stored = server.stored().size();
    server.accepted(PngChunks.withText(plain));
    server.accepted(PngChunks.withExif(plain, 1));
    server.accepted(PngChunks.withTrailing(plain, new byte[] {1, 2, 3}));
    String filename = server.admin().get("/internal/filename?alias=" + first).path("filename");
    assertThat(server.stored()).hasSize(stored);
    assertThat(
            server.admin().get("/internal/aliases?file=" + filename).jsonPath().getList("aliases"))
        .hasSize(4);
  }

  @Test
  void colourProfilesStay() {
    Map<String, byte[]> profiled =
        Map.of(
            "ICC_PROFILE",
            JpegSegments.withIcc(Pictures.jpeg(40, 31)),
            "iCCP",
            PngChunks.withIcc(Pictures.png(40, 31)),
            "ICCP",
            WebpChunks.withIcc(Pictures.webp(40, 31), 40, 31));
    profiled.forEach(
        (mark, bytes) -> {
          String alias = server.accepted(bytes);
          assertThat(text("/image/original/" + alias)).contains(mark);
          assertThat(text("/image/process.jpg?src=" + alias + "&resize=20"))
              .contains("ICC_PROFILE");
          assertThat(text("/image/process.webp?src=" + alias + "&resize=20")).contains("ICCP");
        });
    // By ImageMagick, which turns.
    String turnedPng =
        server.accepted(PngChunks.withExif(PngChunks.withIcc(Pictures.png(40, 31)), 6));
    assertThat(text("/image/original/" + turnedPng)).contains("iCCP");
    String turned = server.accepted(JpegSegments.withEverything(Pictures.jpeg(40, 31), 6));
    assertThat(text("/image/original/" + turned)).contains("ICC_PROFILE");
  }

  private static String text(String url) {
    return new String(server.request().get(url).asByteArray(), StandardCharsets.ISO_8859_1);
  }

  /** The corners as they must be seen, from the top left clockwise. */
  @ParameterizedTest
  @CsvSource({"1,RGYB", "2,GRBY", "3,YBRG", "4,BYGR", "5,RBYG", "6,BRGY", "7,YGRB", "8,GYBR"})
  void everyOrientationIsTurnedUpright(int orientation, String corners) throws Exception {
    Map<String, byte[]> cameras =
        Map.of(
            "jpeg", JpegSegments.withExif(Pictures.cornerJpeg(), orientation),
            "png", PngChunks.withExif(Pictures.cornerPng(), orientation));
    for (Map.Entry<String, byte[]> camera : cameras.entrySet()) {
      String alias = server.accepted(camera.getValue());
      for (String url :
          new String[] {"/image/original/" + alias, "/image/process.png?src=" + alias}) {
        BufferedImage seen =
            ImageIO.read(new ByteArrayInputStream(server.request().get(url).asByteArray()));
        assertThat(corners(seen)).as(camera.getKey() + " " + url).isEqualTo(corners);
        assertThat(seen.getWidth()).isEqualTo(orientation < 5 ? 64 : 48);
      }
    }
  }

  private static String corners(BufferedImage image) {
    int right = image.getWidth() - 5;
    int bottom = image.getHeight() - 5;
    return colour(image.getRGB(4, 4))
        + colour(image.getRGB(right, 4))
        + colour(image.getRGB(right, bottom))
        + colour(image.getRGB(4, bottom));
  }

  private static String colour(int rgb) {
    boolean red = (rgb >> 16 & 0xFF) > 128;
    boolean green = (rgb >> 8 & 0xFF) > 128;
    boolean blue = (rgb & 0xFF) > 128;
    if (red && green) {
      return "Y";
    }
    return red ? "R" : green ? "G" : blue ? "B" : "?";
  }
}
