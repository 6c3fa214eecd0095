package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pictj.pictures.AnimatedPngs;
import dev.pictj.pictures.AnimatedPngs.Part;
import dev.pictj.pictures.AnimatedWebps;
import dev.pictj.pictures.AnimatedWebps.Frame;
import dev.pictj.pictures.Animation;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Exif;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Motion;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import dev.pictj.pictures.Profiles;
import dev.pictj.pictures.WebpChunks;
import io.restassured.response.Response;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Motion, from the upload to the result, by either engine: right, or refused by name. */
class AnimationsIT {
  private static RunningServer vips;
  private static RunningServer magick;

  @BeforeAll
  static void start() {
    vips = RunningServer.start();
    magick = RunningServer.start("engine", "imagemagick");
  }

  @AfterAll
  static void stop() throws Exception {
    vips.close();
    magick.close();
  }

  private static RunningServer server(String engine) {
    return engine.equals("vips") ? vips : magick;
  }

  private static byte[] original(RunningServer server, String alias) {
    return server.request().get("/image/original/" + alias).asByteArray();
  }

  private static Response process(RunningServer server, String to, String alias, String operation) {
    return server.request().get("/image/process." + to + "?src=" + alias + "&" + operation);
  }

  private static byte[] sticker() {
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      frames.add(AnimatedWebps.frame(0xFFFFC800, 20, 20, 20 + 2 * i, 20, 33, false, true));
    }
    return AnimatedWebps.of(64, 64, 1, 0, frames);
  }

  @ParameterizedTest
  @ValueSource(strings = {"vips", "magick"})
  void aStickerIsStoredAsItIs(String engine) {
    RunningServer server = server(engine);
    byte[] sticker = sticker();
    String alias = server.accepted(sticker);
    assertThat(original(server, alias)).isEqualTo(sticker);
    Response still = process(server, "png", alias, "thumbnail=32");
    assertThat(still.statusCode()).isEqualTo(200);
    for (String operation : List.of("thumbnail=32", "resize=40", "crop=1x2", "blur=2")) {
      Response made = process(server, "webp", alias, operation);
      if (engine.equals("magick")) {
        assertThat(made.statusCode()).isEqualTo(422);
        assertThat(made.asString()).contains("can only be rendered by libvips");
      } else {
        assertThat(made.statusCode()).as(made.asString()).isEqualTo(200);
        assertThat(AnimatedWebps.times(made.asByteArray())).containsExactly(33, 33, 33, 33);
        assertThat(AnimatedWebps.loops(made.asByteArray())).isOne();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vips", "magick"})
  void framesKeepTheirTimes(String engine) {
    RunningServer server = server(engine);
    List<Frame> frames = new ArrayList<>();
    for (int time : new int[] {100, 100, 33, 2000}) {
      frames.add(AnimatedWebps.plain(0xFF000000 | 0xFF << 8 * (frames.size() % 3), 64, 48, time));
    }
    String alias = server.accepted(AnimatedWebps.of(64, 48, 3, 0, frames));
    byte[] made = process(server, "webp", alias, "thumbnail=32").asByteArray();
    assertThat(AnimatedWebps.times(made)).containsExactly(100, 100, 33, 2000);
    assertThat(AnimatedWebps.loops(made)).isEqualTo(3);
  }

  /** GIF says nothing of its colours, and animated AVIF is given none. */
  @Test
  void coloursBecomeThoseOfSrgbWhereNoProfileGoesAlong() throws Exception {
    byte[] wide =
        PngChunks.withIcc(
            Pictures.written(Pictures.stripes(40, 30, 0xFFC85050), "png"), Profiles.p3());
    int shown = 0xFFDA434A;
    for (RunningServer server : List.of(vips, magick)) {
      byte[] gif = process(server, "gif", server.accepted(wide), "thumbnail=20").asByteArray();
      near(Motion.of(gif).canvases().getFirst().getRGB(5, 5), shown);
    }
    byte[] moving = PngChunks.animated(wide, 2);
    String alias = vips.accepted(moving);
    byte[] gif = process(vips, "gif", alias, "thumbnail=20").asByteArray();
    assertThat(Motion.of(gif).canvases())
        .hasSize(2)
        .allSatisfy(canvas -> near(canvas.getRGB(5, 5), shown));
    byte[] avif = process(vips, "avif", alias, "thumbnail=20").asByteArray();
    byte[] still = process(vips, "png", vips.accepted(avif), "").asByteArray();
    near(ImageIO.read(new ByteArrayInputStream(still)).getRGB(5, 5), shown);
  }

  private static void near(int found, int wanted) {
    for (int shift = 0; shift < 32; shift += 8) {
      assertThat(found >>> shift & 0xFF)
          .as("%08x, not %08x", found, wanted)
          .isCloseTo(wanted >>> shift & 0xFF, within(12));
    }
  }

  /**
   * A worker has a heap of 16 MB; nobody else can make these, for they have a first frame inset.
   */
  @Test
  void aResultOfMoreBytesThanAWorkersHeapPassesThrough() {
    List<Frame> frames = new ArrayList<>();
    frames.add(AnimatedWebps.frame(0xFFFFC800, 20, 20, 20, 20, 33, false, false));
    byte[][] noise = {noise(1), noise(2)};
    for (int i = 0; i < 40; i++) {
      frames.add(new Frame(noise[i % 2], 768, 768, 0, 0, 40, true, false));
    }
    String alias = vips.accepted(AnimatedWebps.of(768, 768, 0, 0, frames));
    byte[] made = process(vips, "webp", alias, "resize=767").asByteArray();
    assertThat(made).hasSizeGreaterThan(8 << 20);
    assertThat(AnimatedWebps.times(made)).hasSize(41).endsWith(40, 40);
  }

  private static byte[] noise(int seed) {
    BufferedImage image = new BufferedImage(768, 768, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(seed);
    for (int at = 0; at < 768 * 768; at++) {
      image.setRGB(at % 768, at / 768, random.nextInt());
    }
    return Pictures.webpOf(Pictures.written(image, "png"));
  }

  private static byte[] fewPixelsOn(int side, int count) {
    List<Frame> frames = new ArrayList<>();
    Frame frame = AnimatedWebps.frame(0xC8FFC800, 20, 20, 0, 0, 33, false, false);
    for (int i = 0; i < count; i++) {
      frames.add(new Frame(frame.still(), 20, 20, 20 * i, 20 * i, 33, false, false));
    }
    return AnimatedWebps.of(side, side, 0, 0, frames);
  }

  @Test
  void aLargeCanvasIsRenderedInTheMemoryOfAWorker() {
    String alias = vips.accepted(fewPixelsOn(6000, 3));
    for (String operation : List.of("thumbnail=256", "crop=1x2")) {
      Response made = process(vips, "webp", alias, operation);
      assertThat(made.statusCode()).as(made.asString()).isEqualTo(200);
      assertThat(AnimatedWebps.times(made.asByteArray())).containsExactly(33, 33, 33);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vips", "magick"})
  void whatWouldTakeTooLongIsRefusedByItsHeader(String engine) {
    RunningServer server = server(engine);
    Response costly = server.upload(fewPixelsOn(6000, 100));
    assertThat(costly.statusCode()).isEqualTo(422);
    assertThat(costly.asString()).contains("Image work of about 10800 megapixels");
    Response large = server.upload(fewPixelsOn(10_000, 100));
    assertThat(large.statusCode()).isEqualTo(422);
    assertThat(large.asString()).contains("validate-area");
  }

  @ParameterizedTest
  @ValueSource(strings = {"vips", "magick"})
  void whatChangesNothingIsTheOriginal(String engine) {
    RunningServer server = server(engine);
    byte[] apng = AnimatedPngs.of(40, 30, 3);
    for (Object[] row :
        new Object[][] {
          {sticker(), "webp"},
          {apng, "png"},
          {Pictures.jpeg(64, 64), "jpg"},
          {Pictures.webp(64, 64), "webp"},
          {Pictures.pngPalette(64, 64), "png"}
        }) {
      String alias = server.accepted((byte[]) row[0]);
      byte[] stored = original(server, alias);
      int files = server.stored().size();
      String tag = server.request().get("/image/original/" + alias).header("ETag");
      for (String operation :
          List.of("", "identity=", "thumbnail=64", "resize=9000", "thumbnail=65&resize=64")) {
        Response made = process(server, (String) row[1], alias, operation);
        assertThat(made.asByteArray()).isEqualTo(stored);
        assertThat(made.header("ETag")).isEqualTo(tag);
        assertThat(made.contentType()).startsWith("image/");
      }
      String details = "/image/details/";
      assertThat(server.request().get(details + "process." + row[1] + "?src=" + alias).asString())
          .isEqualTo(server.request().get(details + "original/" + alias).asString());
      assertThat(server.stored()).hasSize(files);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vips", "magick"})
  void anAnimatedPngStaysOneOrIsRefused(String engine) {
    RunningServer server = server(engine);
    byte[] sound = AnimatedPngs.of(40, 30, 4);
    Part inches =
        new Part("pHYs", Bytes.join(Bytes.big32(2835), Bytes.big32(2835), new byte[] {1}));
    Part gamma = new Part("gAMA", Bytes.big32(45_455));
    byte[] grey = JpegSegments.srgb();
    System.arraycopy(Bytes.ascii("GRAY"), 0, grey, 16, 4);
    byte[] packed = PngChunks.deflated(grey);
    for (byte[] odd :
        List.of(
            sound,
            PngChunks.withWrongCrc(AnimatedPngs.with(sound, 1, inches), "pHYs"),
            AnimatedPngs.with(sound, AnimatedPngs.parts(sound).size() - 1, gamma),
            AnimatedPngs.with(sound, 1, new Part("cHRM", new byte[32])),
            AnimatedPngs.with(
                sound, 1, new Part("iCCP", Bytes.join(Bytes.ascii("grey\0"), new byte[1], packed))),
            Bytes.part(sound, 0, sound.length - 12))) {
      String alias = server.accepted(odd);
      assertThat(AnimatedPngs.frames(original(server, alias)))
          .isEqualTo(AnimatedPngs.frames(sound));
      assertThat(process(server, "png", alias, "thumbnail=20").statusCode()).isEqualTo(200);
    }
    byte[] turned = AnimatedPngs.with(sound, 1, new Part("eXIf", Exif.tiff(6)));
    Response upright = server.upload(turned);
    if (engine.equals("magick")) {
      assertThat(upright.statusCode()).isEqualTo(422);
      assertThat(upright.asString()).contains("can only be rendered by libvips");
    } else {
      byte[] stored = original(server, upright.path("files[0].file"));
      assertThat(Motion.of(stored).canvases()).hasSize(4);
      assertThat(Motion.of(stored).canvases().getFirst().getWidth()).isEqualTo(30);
    }
    for (int announced : new int[] {2, 9}) {
      List<Part> parts = new ArrayList<>(AnimatedPngs.parts(sound));
      parts.set(1, new Part("acTL", Bytes.join(Bytes.big32(announced), Bytes.big32(0))));
      assertThat(server.upload(AnimatedPngs.join(parts)).asString()).contains("it announces");
    }
    byte[] damaged = PngChunks.withWrongCrc(sound, "fcTL");
    assertThat(server.upload(damaged).statusCode()).isEqualTo(422);
  }

  @Test
  void gifAndAnimatedPngStayWhatTheyAreWhereThatIsWanted() throws Exception {
    byte[] gif =
        Animation.ofColours(64, 48, new int[] {100, 250, 400}, 0xFFFF0000, 0xFF0000FF).gif();
    byte[] png = AnimatedPngs.of(40, 30, 3);
    try (RunningServer later = RunningServer.start("dialect", "0.5")) {
      for (Object[] row : new Object[][] {{gif, "gif"}, {png, "apng"}}) {
        Response answer = later.upload((byte[]) row[0]);
        String alias = answer.path("files[0].file");
        assertThat(alias).endsWith("." + row[1]);
        assertThat((String) answer.path("files[0].details.content_type"))
            .isEqualTo("image/" + row[1]);
        assertThat((String) answer.path("files[0].details.format")).isEqualTo("Animation");
        assertThat(original(later, alias)).isEqualTo((byte[]) row[0]);
        for (String target : List.of("gif", "apng", "webp")) {
          Motion made = Motion.of(process(later, target, alias, "thumbnail=20").asByteArray());
          assertThat(made.canvases()).hasSize(3);
          assertThat(made.canvases().getFirst().getWidth()).isEqualTo(20);
        }
        byte[] still = process(later, "png", alias, "thumbnail=20").asByteArray();
        assertThat(AnimatedPngs.parts(still)).noneMatch(part -> part.code().equals("acTL"));
      }
    }
  }

  /** A still is an image, for which another format is set. */
  @Test
  void aGifOfOneFrameBecomesAnImage() throws Exception {
    byte[] still = Animation.ofColours(64, 48, new int[] {100}, 0xFFFF0000).gif();
    byte[] moving = Animation.ofColours(64, 48, new int[] {100, 100}, 0xFFFF0000, 0xFF0000FF).gif();
    try (RunningServer other =
        RunningServer.start("dialect", "0.5", "animation-format", "apng", "format", "jxl")) {
      assertThat(other.accepted(still)).endsWith(".jxl");
      assertThat(other.accepted(moving)).endsWith(".apng");
    }
  }

  @Test
  void animationsHaveTheQualityThatIsSetForThem() throws Exception {
    byte[] noise = noise(3);
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      frames.add(new Frame(noise, 768, 768, 0, 0, 100, false, false));
    }
    byte[] source = AnimatedWebps.of(768, 768, 0, 0, frames);
    List<Integer> avifs = new ArrayList<>();
    List<Integer> webps = new ArrayList<>();
    // Never the same for both.
    for (String[] quality : new String[][] {{"10", "60"}, {"60", "95"}, {"95", "10"}}) {
      try (RunningServer one =
          RunningServer.start(
              "animation-avif-quality", quality[0], "animation-webp-quality", quality[1])) {
        String alias = one.accepted(source);
        avifs.add(length(process(one, "avif", alias, "thumbnail=96")));
        webps.add(length(process(one, "webp", alias, "thumbnail=96")));
      }
    }
    assertThat(avifs).isSorted().doesNotHaveDuplicates();
    assertThat(List.of(webps.get(2), webps.get(0), webps.get(1)))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  private static int length(Response made) {
    assertThat(made.statusCode()).as(made.asString()).isEqualTo(200);
    return made.asByteArray().length;
  }

  /** Made, taken, stored, and made into others; and how often it plays with it. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void animatedAvifKeepsItsFrames(int plays) throws Exception {
    Animation animation =
        Animation.ofColours(64, 48, new int[] {100, 250, 700}, 0xFFFF0000, 0xFF0000FF, 0);
    String gif = vips.accepted(animation.looping(plays).webp());
    byte[] avif = process(vips, "avif", gif, "thumbnail=40").asByteArray();
    Response answer = vips.upload(avif);
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
    String alias = answer.path("files[0].file");
    assertThat(alias).endsWith(".avif");
    for (String target : List.of("webp", "apng", "gif")) {
      Response made = process(vips, target, alias, "thumbnail=20");
      assertThat(made.statusCode()).as(made.asString()).isEqualTo(200);
      Motion motion = Motion.of(made.asByteArray());
      assertThat(motion.millis()).containsExactly(100, 250, 700);
      assertThat(motion.plays()).isEqualTo(plays);
      int[] shown = {0xFFFF0000, 0xFF0000FF, 0};
      for (int i = 0; i < 3; i++) {
        int pixel = motion.canvases().get(i).getRGB(10, 7);
        assertThat(pixel >>> 24).isEqualTo(shown[i] >>> 24);
        assertThat(Math.abs((pixel >> 16 & 0xFF) - (shown[i] >> 16 & 0xFF)))
            .isLessThan(shown[i] == 0 ? 256 : 12);
      }
    }
    assertThat(process(vips, "png", alias, "thumbnail=20").statusCode()).isEqualTo(200);
    assertThat(process(vips, "avif", alias, "thumbnail=20").statusCode()).isEqualTo(200);
    assertThat(vips.upload(Bytes.part(avif, 0, avif.length / 2)).statusCode()).isEqualTo(422);
  }

  /** ImageMagick alone is given their first frames, for all that is made of these. */
  @Test
  void animatedAvifHasABlurhashWithoutLibvips() throws Exception {
    byte[] webp = Animation.ofColours(64, 48, new int[] {100, 250}, 0xFFFF0000, 0xFF0000FF).webp();
    byte[] avif = process(vips, "avif", vips.accepted(webp), "blur=1").asByteArray();
    String alias = magick.accepted(avif);
    Response hash = magick.request().get("/image/blurhash?alias=" + alias);
    assertThat(hash.statusCode()).as(hash.asString()).isEqualTo(200);
    String still = magick.accepted(process(magick, "png", alias, "identity=").asByteArray());
    assertThat((String) hash.path("blurhash"))
        .isEqualTo(magick.request().get("/image/blurhash?alias=" + still).<String>path("blurhash"));
  }

  @Test
  void whatImageMagickCannotAnimateIsNotToldByAnotherFormat() {
    String alias = magick.accepted(Pictures.gif(32, 24, 3));
    Response refused = process(magick, "avif", alias, "thumbnail=20");
    assertThat(refused.statusCode()).isGreaterThanOrEqualTo(400);
    assertThat((String) refused.path("msg")).doesNotContain("APNG");
  }

  /** Stored as it was sent, or made into it on the way in. */
  @Test
  void operationsOnAnUploadKeepTheFramesOfAnimatedAvif() throws Exception {
    byte[] webp =
        Animation.ofColours(64, 48, new int[] {100, 250, 700}, 0xFFFF0000, 0xFF0000FF, 0).webp();
    byte[] avif = process(vips, "avif", vips.accepted(webp), "blur=1").asByteArray();
    try (RunningServer all = RunningServer.start("animation-format", "avif")) {
      for (String operation : List.of("resize=40", "thumbnail=40", "crop=1x1", "blur=2")) {
        keepsFrames(vips, avif, operation);
        keepsFrames(all, webp, operation);
      }
    }
    try (RunningServer all = RunningServer.start("preprocess-steps", "thumbnail=40")) {
      keepsFrames(all, avif, "");
    }
  }

  private static void keepsFrames(RunningServer server, byte[] file, String operation)
      throws Exception {
    Response answer =
        server.request().multiPart("images[]", "a", file).post("/image?a=1&" + operation);
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
    String alias = answer.path("files[0].file");
    assertThat(alias).endsWith(".avif");
    Motion motion = Motion.of(process(server, "webp", alias, "thumbnail=20").asByteArray());
    assertThat(motion.millis()).as(operation).containsExactly(100, 250, 700);
  }

  @ParameterizedTest
  @ValueSource(strings = {"vips", "magick"})
  void anAnimationThatStandsOnItsSideIsTurnedOrRefused(String engine) {
    RunningServer server = server(engine);
    Response answer = server.upload(WebpChunks.withExif(sticker(), 64, 64, 6));
    if (engine.equals("magick")) {
      assertThat(answer.statusCode()).isEqualTo(422);
    } else {
      byte[] stored = original(server, answer.path("files[0].file"));
      assertThat(AnimatedWebps.times(stored)).containsExactly(33, 33, 33, 33);
      // What stood left of the middle stands above it now, and right of it.
      assertThat(AnimatedWebps.canvases(stored).get(0).getRGB(22, 22)).isZero();
      assertThat(AnimatedWebps.canvases(stored).get(0).getRGB(41, 22)).isNotZero();
    }
  }
}
