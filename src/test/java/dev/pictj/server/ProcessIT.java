package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.media.HeaderProbe;
import dev.pictj.media.Probed;
import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessIT {
  private static RunningServer server;
  private static String photo;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
    photo = server.accepted(Pictures.jpeg(640, 360));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static Response process(String extension, String alias, String operations) {
    return server
        .request()
        .get(
            "/image/process."
                + extension
                + "?src="
                + alias
                + (operations.isEmpty() ? "" : "&" + operations));
  }

  private Probed probe(Response response) throws Exception {
    assertThat(response.statusCode()).as(response.headers().toString()).isEqualTo(200);
    Path file = Files.write(folder.resolve("out"), response.asByteArray());
    return new HeaderProbe().probe(file);
  }

  private static BufferedImage pixels(Response response) throws Exception {
    return ImageIO.read(new ByteArrayInputStream(response.asByteArray()));
  }

  @ParameterizedTest
  @CsvSource({
    "thumbnail=96,96,54",
    "thumbnail=1000,640,360",
    "resize=96,96,54",
    "crop=4x3,480,360",
    "crop=9x16,202,360",
    "crop=1x1&thumbnail=100,100,100",
    "thumbnail=100&crop=1x1,56,56",
    "blur=3,640,360",
    "identity=,640,360",
    "'',640,360",
    "width=9&thumbnail=+50,50,28",
    "resize=300&blur=2.5&crop=2x1&thumbnail=64,64,32"
  })
  void everyFormatHasTheSizeThatWasWorkedOut(String operations, int width, int height)
      throws Exception {
    for (String extension : List.of("jpg", "jpeg", "png", "webp")) {
      Response response = process(extension, photo, operations.replace("+", "%2B"));
      Probed probed = probe(response);
      assertThat(probed.dimensions().width()).isEqualTo(width);
      assertThat(probed.dimensions().height()).isEqualTo(height);
      assertThat(response.contentType()).isEqualTo(probed.type().contentType());
      assertThat(probed.type().extension()).isEqualTo(extension.replace("jpeg", "jpg"));
      Response details =
          server
              .request()
              .get(
                  "/image/details/process."
                      + extension
                      + "?src="
                      + photo
                      + "&"
                      + operations.replace("+", "%2B"));
      assertThat((int) details.path("width")).isEqualTo(width);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "thumbnail=0", "thumbnail=-1", "thumbnail=99999999999", "thumbnail=1e3", "crop=0x1",
        "crop=21x1", "crop=16x9x4", "blur=NaN", "blur=inf", "blur=1e9"
      })
  void badValuesAreTold(String operation) {
    Response response = process("webp", photo, operation);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat((String) response.path("code")).isEqualTo("invalid-process-path");
    assertThat((String) response.path("msg"))
        .startsWith(operation.substring(0, operation.indexOf('=')));
  }

  @Test
  void theRequestIsJudgedInTheOldOrder() {
    assertThat((String) process("bmp", "nobody.jpg", "blur=x").path("code"))
        .isEqualTo("alias-not-found");
    assertThat((String) process("bmp", photo, "blur=x").path("code"))
        .isEqualTo("invalid-file-extension");
    assertThat(process("tar.gz", photo, "").statusCode()).isEqualTo(400);
    assertThat((String) server.request().get("/image/process.jpg?thumbnail=1").path("code"))
        .isEqualTo("invalid-query");
    assertThat((String) process("jpg", photo, "thumbnail=5&".repeat(50) + "x=1").path("code"))
        .isEqualTo("invalid-process-path");
    assertThat(process("jpg", "nobody.jpg", "src=" + photo).statusCode()).isEqualTo(200);
  }

  @Test
  void transparencyIsWhiteInJpegAndKeptElsewhere() throws Exception {
    BufferedImage half = new BufferedImage(20, 20, BufferedImage.TYPE_INT_ARGB);
    var bytes = new java.io.ByteArrayOutputStream();
    ImageIO.write(half, "png", bytes);
    String alias = server.accepted(bytes.toByteArray());
    assertThat(pixels(process("jpg", alias, "thumbnail=10")).getRGB(5, 5) & 0xFFFFFF)
        .isEqualTo(0xFFFFFF);
    assertThat(pixels(process("png", alias, "thumbnail=10")).getRGB(5, 5) >>> 24).isZero();
  }

  @Test
  void aVideoIsSeenAsItsFirstFrame() throws Exception {
    String video = server.accepted(Pictures.mp4(120, 80, 4));
    for (String extension : List.of("jpg", "png", "webp")) {
      Probed probed = probe(process(extension, video, "thumbnail=60"));
      assertThat(probed.dimensions().toString()).isEqualTo("60x40");
      assertThat(probed.frames()).isOne();
    }
  }

  @Test
  void anAnimationStaysOneAsWebpOnly() throws Exception {
    String animation = server.accepted(Pictures.animatedWebp(80, 60, 3));
    assertThat(probe(process("webp", animation, "thumbnail=40")).frames()).isEqualTo(3);
    assertThat(probe(process("png", animation, "thumbnail=40")).frames()).isOne();
    assertThat(probe(process("jpg", animation, "thumbnail=40")).frames()).isOne();
  }

  @Test
  void fiftyAtOnceMakeOneVariant() throws Exception {
    String alias = server.accepted(Pictures.jpeg(1200, 900));
    int before = server.stored().size();
    Set<String> tags = new HashSet<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(12)) {
      List<Future<String>> futures = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        futures.add(pool.submit(() -> process("webp", alias, "resize=700").header("ETag")));
      }
      for (Future<String> future : futures) {
        tags.add(future.get());
      }
    }
    assertThat(tags).hasSize(1).doesNotContainNull();
    assertThat(server.stored()).hasSize(before + 1);
  }

  @Test
  void aVariantThatIsLostIsMadeAgain() throws Exception {
    String alias = server.accepted(Pictures.jpeg(300, 200));
    byte[] first = process("png", alias, "resize=33").asByteArray();
    Path variant =
        server.stored().stream()
            .filter(path -> path.getFileName().toString().startsWith("resize-33"))
            .findFirst()
            .orElseThrow();
    Files.delete(variant);
    assertThat(process("png", alias, "resize=33").asByteArray()).isEqualTo(first);
  }

  @Test
  void theWhitelistLeavesOutTheRest() throws Exception {
    try (RunningServer strict = RunningServer.start("whitelist", "Crop,identity")) {
      String alias = strict.accepted(Pictures.png(60, 40));
      Response response =
          strict
              .request()
              .get("/image/process.png?src=" + alias + "&thumbnail=bad&crop=1x1&blur=1");
      assertThat(probe(response).dimensions().toString()).isEqualTo("40x40");
    }
  }
}
