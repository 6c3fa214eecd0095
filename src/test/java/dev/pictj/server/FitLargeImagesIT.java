package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pictj.pictures.AnimatedPngs;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import dev.pictj.pictures.WebpChunks;
import io.restassured.response.Response;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is larger than it may be is made smaller on its way in, where that is wanted. */
@Timeout(120)
class FitLargeImagesIT {
  private static final String[] LIMITS = {
    "max-image-width", "400", "max-image-height", "300", "max-image-area", "90000",
  };
  private static final String[] FITTING = {"fit-large-images", "true"};

  private static RunningServer auto;
  private static RunningServer magickAlone;
  private static RunningServer refusing;
  private static RunningServer elsewhere;

  private static String[] join(String[]... options) {
    return Arrays.stream(options).flatMap(Arrays::stream).toArray(String[]::new);
  }

  private static RunningServer start(String... more) {
    return RunningServer.start(
        join(LIMITS, FITTING, new String[] {"download-allow-private", ""}, more));
  }

  @BeforeAll
  static void start() {
    auto = start(new String[0]);
    magickAlone =
        RunningServer.startWithTools(
            Arrays.stream(System.getenv("PATH").split(":")).map(Path::of).toList(),
            join(LIMITS, FITTING));
    refusing = RunningServer.start(LIMITS);
    elsewhere = RunningServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    for (RunningServer server : List.of(auto, magickAlone, refusing, elsewhere)) {
      server.close();
    }
  }

  /** A still of 16 to 10 or of 1 to 20, each in its way too large, by what it becomes. */
  private static Map<String, byte[]> stills() {
    Map<String, byte[]> stills = new TreeMap<>();
    stills.put("baseline.jpg", Pictures.jpeg(800, 500));
    stills.put("eight times.jpg", Pictures.jpeg(3200, 2000));
    stills.put("progressive.jpg", Pictures.jpegProgressive(800, 500));
    stills.put("grey.jpg", Pictures.jpegGrey(800, 500));
    stills.put("cmyk.jpg", Pictures.jpegCmyk(800, 500));
    stills.put("metadata.jpg", JpegSegments.withEverything(Pictures.jpeg(800, 500), 1));
    stills.put("turned.jpg", JpegSegments.withExif(Pictures.jpeg(500, 800), 6));
    stills.put("high.jpg", Pictures.jpeg(40, 800));
    stills.put("area alone.jpg", Pictures.jpeg(399, 299));
    stills.put("a little.jpg", Pictures.jpeg(401, 200));
    stills.put("plain.png", Pictures.png(800, 500));
    stills.put("alpha.png", Pictures.pngAlpha(800, 500));
    stills.put("interlaced.png", Pictures.pngInterlaced(800, 500));
    stills.put("palette.png", Pictures.pngPalette(800, 500));
    stills.put("deep.png", Pictures.pngGrey16(800, 500));
    stills.put("gif of one frame.png", Pictures.gif(800, 500, 1));
    stills.put("lossy.webp", Pictures.webp(800, 500));
    stills.put("lossless.webp", Pictures.webpLossless(800, 500));
    stills.put("alpha.webp", Pictures.webpAlpha(800, 500));
    return stills;
  }

  private static String accepted(RunningServer server, Response answer, String name, byte[] file)
      throws Exception {
    assertThat(answer.statusCode()).as(name + answer.asString()).isEqualTo(201);
    String alias = answer.path("files[0].file");
    int width = answer.path("files[0].details.width");
    int height = answer.path("files[0].details.height");
    assertThat(width).as(name).isLessThanOrEqualTo(400);
    assertThat(height).as(name).isLessThanOrEqualTo(300);
    assertThat(width * height).as(name).isBetween(4_000, 90_000);
    BufferedImage stored = picture(server, alias);
    assertThat(stored.getWidth()).as(name).isEqualTo(width);
    assertThat(stored.getHeight()).as(name).isEqualTo(height);
    BufferedImage before = ImageIO.read(new ByteArrayInputStream(file));
    if (before != null && !name.contains("turned")) {
      double shape = (double) before.getWidth() / before.getHeight();
      assertThat((double) width).as(name).isCloseTo(height * shape, within(1 + shape / 2));
    }
    return alias;
  }

  /** As a PNG, for ImageIO. */
  private static BufferedImage picture(RunningServer server, String alias) throws Exception {
    return ImageIO.read(
        new ByteArrayInputStream(
            server.request().get("/image/process.png?src=" + alias).asByteArray()));
  }

  @Test
  void stillsOfEveryKindAreShrunkInTheirFormat() throws Exception {
    for (RunningServer server : List.of(auto, magickAlone)) {
      for (Map.Entry<String, byte[]> still : stills().entrySet()) {
        String name = still.getKey();
        String alias = accepted(server, server.upload(still.getValue()), name, still.getValue());
        assertThat(alias).endsWith(name.substring(name.lastIndexOf('.')));
        byte[] original = server.request().get("/image/original/" + alias).asByteArray();
        assertThat(Bytes.find(original, JpegSegments.SECRET)).isNegative();
        if (name.equals("lossless.webp")) {
          assertThat(Bytes.find(original, "VP8L")).as(name).isPositive();
        }
        if (name.contains("alpha.")) {
          BufferedImage stored = picture(server, alias);
          assertThat(stored.getRGB(0, 0) >>> 24).as(name).isGreaterThan(240);
          assertThat(stored.getRGB(stored.getWidth() - 1, 0) >>> 24).as(name).isLessThan(15);
        }
      }
      assertThat(server.leftovers()).isEmpty();
    }
  }

  @Test
  void whatImageMagickDoesNotReadIsShrunkByLibvips() throws Exception {
    String picture = elsewhere.accepted(Pictures.pngAlpha(800, 500));
    for (String format : List.of("avif", "jxl")) {
      byte[] large =
          elsewhere
              .request()
              .get("/image/process.%s?src=%s".formatted(format, picture))
              .asByteArray();
      String alias = accepted(auto, auto.upload(large), "large." + format, large);
      assertThat(alias).endsWith("." + format);
      BufferedImage stored = picture(auto, alias);
      assertThat(stored.getRGB(0, 0) >>> 24).as(format).isGreaterThan(240);
      assertThat(stored.getRGB(stored.getWidth() - 1, 0) >>> 24).as(format).isLessThan(15);
      byte[] cut = Arrays.copyOf(large, large.length / 2);
      assertThat(auto.upload(cut).statusCode()).as(format).isIn(400, 415, 422);
    }
    assertThat(auto.leftovers()).isEmpty();
  }

  /** As browsers show it: the only frame of an animation, where a reader of stills sees another. */
  @Test
  void aFrameThatIsHiddenIsWhatIsShrunk() throws Exception {
    for (RunningServer server : List.of(auto, magickAlone)) {
      String alias = server.accepted(AnimatedPngs.hidingFrames(800, 500, 1));
      BufferedImage stored =
          ImageIO.read(
              new ByteArrayInputStream(
                  server.request().get("/image/original/" + alias).asByteArray()));
      assertThat(stored.getRGB(9, 9)).isEqualTo(Color.RED.getRGB());
      assertThat(stored.getWidth()).isLessThanOrEqualTo(400);
    }
  }

  @Test
  void everyWayInDoesIt() throws Exception {
    byte[] large = Pictures.jpeg(800, 500);
    Response imported =
        auto.admin().multiPart("images[]", "name.jpg", large).post("/internal/import");
    assertThat(accepted(auto, imported, "import", large)).isEqualTo("name.jpg");
    String url =
        "http://127.0.0.1:" + elsewhere.port() + "/image/original/" + elsewhere.accepted(large);
    accepted(auto, auto.request().get("/image/download?url=" + url), "download", large);
  }

  @Test
  void theSamePictureIsStoredOnce() {
    byte[] large = Pictures.png(801, 500);
    auto.accepted(large);
    int stored = auto.stored().size();
    auto.accepted(large);
    assertThat(auto.stored()).hasSize(stored);
  }

  @Test
  void whatIsWithinTheLimitsIsNotTouched() {
    byte[] small = Pictures.png(400, 200);
    String alias = auto.accepted(small);
    assertThat(auto.request().get("/image/original/" + alias).asByteArray()).isEqualTo(small);
  }

  @Test
  void profilesStayAndPicturesStandUpright() throws Exception {
    Map<String, byte[]> profiled =
        Map.of(
            "ICC_PROFILE", JpegSegments.withIcc(Pictures.jpeg(800, 500)),
            "iCCP", PngChunks.withIcc(Pictures.png(800, 500)),
            "ICCP", WebpChunks.withIcc(Pictures.webp(800, 500), 800, 500));
    for (Map.Entry<String, byte[]> one : profiled.entrySet()) {
      String alias = auto.accepted(one.getValue());
      assertThat(
              Bytes.find(
                  auto.request().get("/image/original/" + alias).asByteArray(), one.getKey()))
          .as(one.getKey())
          .isPositive();
    }
    try (RunningServer tiny = start("max-image-height", "32")) {
      // Its red corner is at the top left; a quarter turn brings it to the top right.
      String alias = tiny.accepted(JpegSegments.withExif(Pictures.cornerJpeg(), 6));
      BufferedImage seen = picture(tiny, alias);
      assertThat(List.of(seen.getWidth(), seen.getHeight())).isEqualTo(List.of(24, 32));
      int topRight = seen.getRGB(21, 2);
      assertThat(topRight >> 16 & 255).isGreaterThan(150);
      assertThat(topRight >> 8 & 255).isLessThan(100);
    }
  }

  @Test
  void theFormatThatIsWantedIsWritten() throws Exception {
    for (String format : List.of("jpg", "png", "webp")) {
      try (RunningServer converting = start("format", format)) {
        for (byte[] large : List.of(Pictures.jpeg(800, 500), Pictures.pngAlpha(800, 500))) {
          assertThat(accepted(converting, converting.upload(large), format, large))
              .endsWith("." + format);
        }
      }
    }
  }

  @Test
  void motionIsRefusedAsBefore() {
    for (byte[] moving :
        List.of(
            Pictures.gif(500, 40, 3),
            Pictures.animatedWebp(500, 40, 3),
            Pictures.mp4(500, 40, 3),
            Pictures.mov(500, 40, 3))) {
      Response refused = auto.upload(moving);
      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.jsonPath().getString("code")).isEqualTo("validate-width");
    }
  }

  @Test
  void withoutTheSwitchItIsRefused() {
    for (Map.Entry<String, byte[]> still : stills().entrySet()) {
      Response refused = refusing.upload(still.getValue());
      assertThat(refused.statusCode()).as(still.getKey()).isEqualTo(422);
      assertThat(refused.jsonPath().getString("code")).startsWith("validate-");
    }
  }

  /** Decoders of JPEG could enlarge as well; there is memory for the picture, not for four. */
  @Test
  void whatIsALittleTooLargeIsDecodedAsItIs() throws Exception {
    try (RunningServer limited =
        start(
            join(
                new String[] {"max-image-width", "900", "max-image-height", "900"},
                new String[] {"max-image-area", "900000", "image-memory", "14"},
                new String[] {"image-map", "1", "image-disk", "1"}))) {
      assertThat(limited.upload(Pictures.jpeg(1000, 800)).statusCode()).isEqualTo(201);
    }
  }

  @Test
  void whatIsTooLargeToBeShrunkIsToldItsLimit() throws Exception {
    List<String[]> settings = new ArrayList<>();
    settings.add(new String[] {"image-memory", "8", "image-map", "1", "image-disk", "1"});
    settings.add(new String[] {"image-cost-rate", "1", "image-timeout", "3"});
    for (String[] few : settings) {
      try (RunningServer limited = start(few)) {
        Response refused = limited.upload(Pictures.png(1600, 1000));
        assertThat(refused.statusCode()).as(Arrays.toString(few)).isEqualTo(422);
        assertThat(refused.asString())
            .contains("1600", "over the limit of 400 pixels", "validate-width");
        assertThat(limited.upload(Pictures.png(1600, 1000)).asString())
            .isEqualTo(refused.asString());
        assertThat(limited.upload(Pictures.png(450, 100)).statusCode()).isEqualTo(201);
      }
    }
  }

  @Test
  void whatIsCutShortIsRefusedWhereverItIs() throws Exception {
    byte[] large = Pictures.jpeg(500, 200);
    byte[] cut = Bytes.part(large, 0, large.length * 3 / 4);
    assertThat(auto.upload(cut).statusCode()).isEqualTo(201);
    try (RunningServer later = start("dialect", "0.5")) {
      assertThat(later.upload(cut).statusCode()).isEqualTo(400);
      assertThat(later.upload(large).statusCode()).isEqualTo(201);
    }
  }
}
