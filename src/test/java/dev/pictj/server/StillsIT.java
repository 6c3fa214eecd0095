package dev.pictj.server;

import static dev.pictj.pictures.Stills.HEIGHT;
import static dev.pictj.pictures.Stills.WIDTH;
import static dev.pictj.server.Replies.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Movies;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.Profiles;
import dev.pictj.pictures.Stills;
import io.restassured.response.Response;
import java.awt.Color;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferUShort;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** AVIF, HEIC and JPEG XL from the upload to the variant, by their pixels. */
class StillsIT {
  private static RunningServer server;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @Test
  void pixelsComeThrough() throws Exception {
    for (byte[] still :
        List.of(
            Stills.avif(),
            Stills.avifTenBits(),
            Stills.avifPq(),
            Stills.heic(),
            Stills.jxl(),
            Stills.jxlTurned())) {
      String alias = server.accepted(still);
      for (String extension : List.of("png", "jpg")) {
        upright(ImageIO.read(new ByteArrayInputStream(made(alias, extension))), 60);
      }
      for (MediaType type : List.of(MediaType.AVIF, MediaType.JXL, MediaType.WEBP)) {
        // Looked at by way of another upload, as a PNG.
        byte[] variant = made(alias, type.extension());
        assertThat(probe(variant).type()).isEqualTo(type);
        String again = server.accepted(Bytes.join(variant));
        upright(ImageIO.read(new ByteArrayInputStream(made(again, "png"))), 60);
      }
    }
  }

  /** Red, green, blue and yellow, as the eye has them. */
  private static void upright(BufferedImage image, int tolerance) {
    assertThat(new Dimensions(image.getWidth(), image.getHeight()))
        .isEqualTo(new Dimensions(WIDTH, HEIGHT));
    near(image, 24, 16, Color.RED, tolerance);
    near(image, 72, 16, Color.GREEN, tolerance);
    near(image, 24, 48, Color.BLUE, tolerance);
    near(image, 72, 48, Color.YELLOW, tolerance);
  }

  private static void near(BufferedImage image, int x, int y, Color wanted, int tolerance) {
    Color found = new Color(image.getRGB(x, y));
    assertThat(
            Math.max(
                Math.abs(found.getRed() - wanted.getRed()),
                Math.max(
                    Math.abs(found.getGreen() - wanted.getGreen()),
                    Math.abs(found.getBlue() - wanted.getBlue()))))
        .as("%s at %d,%d, not %s", found, x, y, wanted)
        .isLessThanOrEqualTo(tolerance);
  }

  @Test
  void theOriginalIsStoredAsItsDepthAndTransparencyAllow() throws Exception {
    assertThat(server.accepted(Stills.avif())).endsWith(".avif");
    assertThat(server.accepted(Stills.jxl())).endsWith(".jxl");
    assertThat(server.accepted(Stills.heic())).endsWith(".jpg");
  }

  /** The same bytes are stored as of the picture alone, so that both have one hash. */
  @Test
  void whatIsBehindThePictureIsNotStored() throws Exception {
    byte[] secret = Bytes.ascii("<script>where I live</script>");
    for (byte[] still : List.of(Stills.avif(), Stills.jxl(), Stills.jxlTurned())) {
      byte[] alone = original(server.accepted(still));
      assertThat(original(server.accepted(Bytes.join(still, secret)))).isEqualTo(alone);
    }
    byte[] begin = Bytes.part(Stills.jxlTurned(), 0, 32);
    byte[] inTheBox = Bytes.join(begin, Stills.box("jxlc", Stills.jxl(), secret));
    assertThat(original(server.accepted(inTheBox)))
        .isEqualTo(Bytes.join(begin, Stills.box("jxlc", Stills.jxl())));
  }

  private static byte[] original(String alias) {
    return server.request().get("/image/original/" + alias).asByteArray();
  }

  @Test
  void transparencyIsKept() throws Exception {
    String alias = server.accepted(Stills.avifAlpha());
    BufferedImage png = ImageIO.read(new ByteArrayInputStream(made(alias, "png")));
    assertThat(png.getRGB(24, 16) >>> 24).isBetween(124, 132);
    assertThat(png.getRGB(72, 16) >>> 24).isEqualTo(255);
    assertThat(png.getRGB(72, 48) >>> 24).isZero();
    assertThat(probe(made(alias, "avif")).samples().orElseThrow().alpha()).isTrue();
  }

  /** An encoder makes 254 of the 255 of a few pixels. */
  @Test
  void whatIsOpaqueHasNoTransparency() throws Exception {
    for (int[] size : new int[][] {{1, 1}, {5, 7}, {64, 48}}) {
      BufferedImage image = new BufferedImage(size[0], size[1], BufferedImage.TYPE_INT_ARGB);
      for (int at = 0; at < size[0] * size[1]; at++) {
        image.setRGB(at % size[0], at / size[0], 0xFF3070C0);
      }
      String png = server.accepted(Pictures.written(image, "png"));
      String gif = server.accepted(Pictures.gif(size[0], size[1], 1));
      image.setRGB(size[0] - 1, size[1] - 1, 0x803070C0);
      String clear = server.accepted(Pictures.written(image, "png"));
      for (String target : List.of("avif", "jxl", "avif&blur=1")) {
        assertThat(hasAlpha(png, target)).as(target).isFalse();
        assertThat(hasAlpha(gif, target)).as(target).isFalse();
        assertThat(hasAlpha(clear, target)).as(target).isTrue();
      }
    }
    assertThat(hasAlpha(server.accepted(deep(0xFFFF)), "avif")).isFalse();
    assertThat(hasAlpha(server.accepted(deep(0xFFFE)), "jxl")).isTrue();
  }

  private boolean hasAlpha(String alias, String target) throws Exception {
    return probe(made(alias, target)).samples().orElseThrow().alpha();
  }

  /** RGBA of 16 bits; the last of its pixels has another alpha. */
  private static byte[] deep(int alpha) {
    DataBufferUShort numbers = new DataBufferUShort(20 * 10 * 4);
    for (int i = 0; i < numbers.getSize(); i++) {
      numbers.setElem(i, i % 4 == 3 ? 0xFFFF : 0x8123);
    }
    numbers.setElem(numbers.getSize() - 1, alpha);
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            /* hasAlpha= */ true,
            /* isAlphaPremultiplied= */ false,
            Transparency.TRANSLUCENT,
            DataBuffer.TYPE_USHORT);
    WritableRaster raster =
        Raster.createInterleavedRaster(numbers, 20, 10, 80, 4, new int[] {0, 1, 2, 3}, null);
    return Pictures.written(
        new BufferedImage(model, raster, /* isRasterPremultiplied= */ false, null), "png");
  }

  /** The original stays as it was. */
  @Test
  void coloursThatAreMultipliedByTransparencyAreAsBright() throws Exception {
    for (byte[] still : Stills.premultiplied()) {
      String alias = server.accepted(still);
      assertThat(probe(original(alias)).samples().orElseThrow().premultiplied()).isTrue();
      for (String how : List.of("png", "webp", "avif", "jxl", "png&thumbnail=16")) {
        // Looked at by way of another upload, as a PNG.
        String again = server.accepted(made(alias, how));
        BufferedImage png = ImageIO.read(new ByteArrayInputStream(made(again, "png")));
        int across = png.getWidth() / 4;
        assertThat(png.getRGB(across, 8) >>> 24).isBetween(124, 132);
        near(png, across, 8, new Color(200, 100, 50), 12);
        near(png, 3 * across, 8, new Color(30, 60, 220), 12);
      }
      BufferedImage jpeg = ImageIO.read(new ByteArrayInputStream(made(alias, "jpg")));
      near(jpeg, 8, 8, new Color(228, 177, 152), 12);
    }
  }

  /** Its place in the copy without metadata is another one than in what came. */
  @Test
  void aProfileCountsWhereAnotherFormatIsMade() throws Exception {
    byte[] profile = Movies.box("colr", Bytes.ascii("prof"), Profiles.swapped());
    byte[] avif = Stills.avifWith(Movies.box("free", new byte[300]), profile);
    String[] small = {
      "max-image-width", "48", "max-image-height", "48", "fit-large-images", "true"
    };
    for (String[] options : List.of(new String[] {"format", "png"}, small)) {
      try (RunningServer other = RunningServer.start(options)) {
        String alias = other.accepted(avif);
        byte[] png = other.request().get("/image/process.png?src=" + alias).asByteArray();
        BufferedImage usual =
            ImageIO.read(new ByteArrayInputStream(made(server.accepted(avif), "png")));
        BufferedImage seen = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(Bytes.find(png, "iCCP")).isPositive();
        near(seen, 2, 2, new Color(usual.getRGB(2, 2)), 24);
      }
    }
  }

  /** Browsers cut to what is in the upper left corner alone, others to whatever it is. */
  @Test
  void whatIsCutElsewhereThanInTheCornerIsCutForGood() throws Exception {
    byte[] corner = Movies.box("clap", Movies.numbers(40, 1, 20, 1, 40 - WIDTH, 2, 20 - HEIGHT, 2));
    for (byte[] part : List.of(corner, Stills.cut(40, 20))) {
      String alias = server.accepted(Stills.avifShaped(part));
      byte[] original = original(alias);
      assertThat(probe(original).dimensions()).isEqualTo(new Dimensions(40, 20));
      assertThat(Bytes.find(original, "clap") >= 0).isEqualTo(part == corner);
      assertThat(probe(made(alias, "png")).dimensions()).isEqualTo(new Dimensions(40, 20));
    }
  }

  @Test
  void depthIsKeptWhereItCanBe() throws Exception {
    byte[] still = made(server.accepted(Pictures.pngGrey16(40, 30)), "apng&thumbnail=20");
    assertThat(still[24]).as("bits of an animated PNG of one frame").isEqualTo((byte) 16);
    String alias = server.accepted(Stills.avifTenBits());
    byte[] avif = made(alias, "avif&thumbnail=40");
    assertThat(probe(avif).samples().orElseThrow().depth()).isGreaterThanOrEqualTo(10);
    assertThat(probe(avif).dimensions()).isEqualTo(new Dimensions(40, 26));
  }

  @Test
  void allThatIsReadCanBecomeAvif() throws Exception {
    for (byte[] source :
        List.of(Pictures.jpegCmyk(40, 30), Pictures.gif(40, 30, 1), Pictures.webpAlpha(40, 30))) {
      String alias = server.accepted(source);
      Probed made = probe(made(alias, "avif"));
      assertThat(made.type()).isEqualTo(MediaType.AVIF);
      assertThat(made.dimensions()).isEqualTo(new Dimensions(40, 30));
    }
  }

  @Test
  void imageMagickAloneRefusesThemByName() throws IOException {
    try (RunningServer magick = RunningServer.start("engine", "imagemagick")) {
      Response avif = magick.upload(Stills.avif());
      refused(avif, 415, "unsupported-media-type");
      assertThat((String) avif.path("msg")).contains("AVIF", "libvips");
      String alias = magick.accepted(Pictures.png(40, 30));
      Response made = magick.request().get("/image/process.jxl?src=" + alias);
      assertThat(made.statusCode()).isBetween(400, 499);
      assertThat((String) made.path("msg")).contains("JPEG XL", "libvips");
    }
  }

  private byte[] made(String alias, String extension) {
    String[] parts = extension.split("&", 2);
    String rest = parts.length > 1 ? "&" + parts[1] : "";
    Response response =
        server.request().get("/image/process.%s?src=%s%s".formatted(parts[0], alias, rest));
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
    return response.asByteArray();
  }

  private Probed probe(byte[] bytes) throws Exception {
    return new HeaderProbe().probe(Files.write(folder.resolve("made"), bytes));
  }
}
