package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Animation;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.JpegParts;
import dev.pictj.pictures.OddJpegs;
import dev.pictj.pictures.OddPngs;
import dev.pictj.pictures.OddStills;
import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Odd pictures have one verdict, whichever engine is asked: stored so that browsers show them and
 * every variant can be made, or refused by name.
 */
class OneVerdictIT {
  private static final List<String> VARIANTS =
      List.of("jpg?thumbnail=16&", "png?crop=4x3&", "webp?resize=20&blur=1.5&", "jpg?");

  private static Map<String, RunningServer> servers;

  @BeforeAll
  static void start() {
    servers =
        Map.of(
            "auto", RunningServer.start(),
            "imagemagick", RunningServer.start("engine", "imagemagick"));
  }

  @AfterAll
  static void stop() throws Exception {
    for (RunningServer server : servers.values()) {
      server.close();
    }
  }

  @Test
  void oddJpegsAreStoredAsBrowsersShowThem() {
    OddJpegs.readable()
        .forEach(
            (name, jpeg) -> {
              byte[] stored = accepted(name, jpeg);
              JpegParts.Part frame = null;
              List<Integer> markers = new ArrayList<>();
              for (JpegParts.Part part : JpegParts.of(stored)) {
                markers.add(part.marker());
                frame = part.marker() >= 0xC0 && part.marker() <= 0xC2 ? part : frame;
              }
              assertThat(frame).as(name + " " + markers).isNotNull();
            });
  }

  @Test
  void jpegsThatNobodyShowsAreRefused() {
    OddJpegs.unreadable().forEach(OneVerdictIT::refused);
  }

  @Test
  void oddPngsAreStoredSoundAndWithTheirPixels() throws Exception {
    BufferedImage expected = ImageIO.read(new ByteArrayInputStream(OddPngs.colours().file()));
    for (Map.Entry<String, byte[]> odd : OddPngs.shown().entrySet()) {
      byte[] stored = accepted(odd.getKey(), odd.getValue());
      BufferedImage found = ImageIO.read(new ByteArrayInputStream(stored));
      assertThat(pixels(found)).as(odd.getKey()).isEqualTo(pixels(expected));
      assertThat(Bytes.find(stored, "hidden")).as(odd.getKey()).isNegative();
    }
  }

  @Test
  void pngsThatBrowsersDoNotShowAreRefused() {
    OddPngs.refused().forEach(OneVerdictIT::refused);
    for (int depth : new int[] {4, 8}) {
      accepted("all colours of the palette", OddPngs.palette(depth, 10).file());
    }
  }

  @Test
  void bothEnginesSeeTheSameInOddWebps() {
    OddStills.webps()
        .forEach(
            (name, webp) -> {
              accepted(name, webp);
              assertThat(shown("auto", webp)).as(name).isEqualTo(shown("imagemagick", webp));
            });
    byte[] opaque = OddStills.webps().get("transparency that is not announced");
    assertThat(shown("auto", opaque)[47 * 64 + 63] >>> 24).isEqualTo(255);
    byte[] clear = OddStills.webps().get("lossless transparency that is not announced");
    assertThat(shown("auto", clear)[47 * 64 + 63] >>> 24).isLessThan(20);
  }

  @Test
  void whatTheFrameOfAGifLeavesFreeIsTransparent() {
    byte[] gif = OddStills.gifOnScreen(64, 48);
    accepted("smaller than its screen", gif);
    for (String engine : servers.keySet()) {
      int[] pixels = shown(engine, gif);
      for (int i = 0; i < pixels.length; i++) {
        int x = i % 64 - 10;
        int y = i / 64 - 8;
        boolean inside = x >= 0 && x < 30 && y >= 0 && y < 20;
        assertThat(pixels[i] >>> 24).as("%d, %d", x, y).isEqualTo(inside ? 255 : 0);
      }
    }
    Animation.Frame first =
        new Animation.Frame(4, 4, 80, 48, -1, 100, true, Animation.Disposal.KEEP);
    Animation.Frame later = Animation.Frame.whole(200, 300, 0xFFFF0000, 100);
    byte[] beyond = new Animation(64, 48, 0, List.of(first, later)).gif();
    for (String engine : servers.keySet()) {
      assertThat(shown(engine, beyond)).as(engine).hasSize(84 * 52);
    }
    // Of a screen without a size the frame's is taken.
    accepted("on no screen", OddStills.gifOnScreen(0, 0));
  }

  @Test
  void whatIsLongerThanAFormatCanSayIsRefusedByName() throws Exception {
    byte[] wide = Pictures.png(20_000, 3);
    try (RunningServer large = RunningServer.start("max-image-width", "65535")) {
      String alias = large.accepted(wide);
      for (String variant : List.of("jpg?", "png?", "webp?crop=2x1&", "webp?thumbnail=16383&")) {
        assertThat(made(large, variant, alias).statusCode()).as(variant).isEqualTo(200);
      }
      Response refused = made(large, "webp?", alias);
      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat((String) refused.path("code")).isEqualTo("validate-width");
      assertThat((String) refused.path("msg")).contains("16383", "20000x3");
      String widest = large.accepted(Pictures.png(65_535, 1));
      assertThat((String) made(large, "jpg?", widest).path("msg")).contains("65500");
      assertThat(made(large, "jpg?thumbnail=65500&", widest).statusCode()).isEqualTo(200);
    }
    try (RunningServer webps = RunningServer.start("max-image-width", "65535", "format", "webp")) {
      assertThat((String) webps.upload(wide).path("code")).isEqualTo("validate-width");
    }
  }

  private static Response made(RunningServer server, String variant, String alias) {
    return server.request().get("/image/process." + variant + "src=" + alias);
  }

  private static int[] shown(String engine, byte[] picture) {
    RunningServer server = servers.get(engine);
    byte[] png = made(server, "png?", server.accepted(picture)).asByteArray();
    try {
      return pixels(ImageIO.read(new ByteArrayInputStream(png)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int[] pixels(BufferedImage image) {
    int width = image.getWidth();
    return image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
  }

  /** By both, and every variant is made; returns what is stored by default. */
  private static byte[] accepted(String name, byte[] picture) {
    byte[] stored = new byte[0];
    for (Map.Entry<String, RunningServer> server : servers.entrySet()) {
      String as = name + " by " + server.getKey();
      Response response = server.getValue().upload(picture);
      assertThat(response.statusCode()).as(as + ": " + response.asString()).isEqualTo(201);
      String alias = response.path("files[0].file");
      for (String variant : VARIANTS) {
        assertThat(made(server.getValue(), variant, alias).statusCode())
            .as(as + ": " + variant)
            .isEqualTo(200);
      }
      stored = server.getValue().request().get("/image/original/" + alias).asByteArray();
    }
    return stored;
  }

  private static void refused(String name, byte[] picture) {
    servers.forEach(
        (engine, server) -> {
          Response response = server.upload(picture);
          String as = name + " by " + engine + ": " + response.asString();
          assertThat(response.statusCode()).as(as).isEqualTo(422);
          assertThat((String) response.path("code")).as(as).isEqualTo("invalid-media");
        });
  }
}
