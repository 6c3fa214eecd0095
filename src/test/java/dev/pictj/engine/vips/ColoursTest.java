package dev.pictj.engine.vips;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.RenderStep;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Exif;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Patches;
import dev.pictj.pictures.PngChunks;
import dev.pictj.pictures.Profiles;
import dev.pictj.pictures.RawPng;
import dev.pictj.pictures.WebpChunks;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.Inflater;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What numbers mean as colours is the same in every result, whoever makes it: each kind of profile,
 * fitting or not, and each chunk of PNG about colours.
 */
class ColoursTest {
  private static final List<MediaType> TARGETS =
      List.of(MediaType.JPEG, MediaType.PNG, MediaType.WEBP);
  private static final Dimensions HALF = new Dimensions(Patches.WIDTH / 2, Patches.SIDE / 2);

  /** What a lossy codec does to patches, most of all to dark ones that a profile makes brighter. */
  private static final int NEAR = 12;

  @TempDir private static Path folder;
  private static ImageEngine magick;
  private static VipsEngine vips;

  @BeforeAll
  static void start() throws Exception {
    magick = Engines.magick(folder);
    vips = Engines.vips(magick, Duration.ofSeconds(30), 1 << 30);
  }

  @AfterAll
  static void stop() {
    vips.close();
  }

  /**
   * A picture.
   *
   * @param shown how it is seen where colours are sRGB's
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Case(String name, byte[] file, int[][] shown) {}

  /** A few of each kind; all of them are tried with {@code script/test --pictures}. */
  @TestFactory
  Stream<DynamicTest> colours() {
    List<String> some =
        List.of(
            "JPEG CMYK 1, profile of RGB",
            "JPEG grey, grey profile 1",
            "PNG gAMA 1.8",
            "PNG 16 bit, profile",
            "PNG palette of greys, profile",
            "PNG cICP P3");
    List<Case> cases = cases().stream().filter(each -> some.contains(each.name())).toList();
    assertThat(cases).hasSameSizeAs(some);
    return cases.stream().flatMap(this::tests);
  }

  @TestFactory
  @Tag("pictures")
  Stream<DynamicTest> allColours() {
    return cases().stream().flatMap(this::tests);
  }

  /** In a palette too, whatever is said of its colours (W3C PNG third edition, 11.3.1.1). */
  @ParameterizedTest
  @CsvSource({"1, sRGB", "2, gAMA", "4, iCCP", "8, cICP", "8, cHRM"})
  void aPaletteStaysTransparent(int depth, String said) throws Exception {
    byte[] chunk =
        switch (said) {
          case "sRGB" -> PngChunks.chunk("sRGB", new byte[1]);
          case "gAMA" -> gamma(55_556);
          case "iCCP" -> iccp(Profiles.swapped());
          case "cICP" -> codePoints(12, 13);
          default -> chroma(31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000);
        };
    ByteBuffer colours = ByteBuffer.allocate(3 << depth);
    ByteBuffer transparency = ByteBuffer.allocate(1 << depth);
    while (transparency.hasRemaining()) {
      int i = transparency.position();
      transparency.put((byte) (200 - i % 2 * 150));
      colours.put((byte) i).put((byte) (255 - i)).put((byte) (i * 7));
    }
    byte[] scanlines = RawPng.noise(24, 16, depth, RawPng.GREY, depth).scanlines();
    RawPng palette =
        new RawPng(24, 16, depth, RawPng.PALETTE, scanlines, List.of(chunk), List.of())
            .withBefore("PLTE", colours.array())
            .withBefore("tRNS", transparency.array());
    byte[] source = palette.file();
    BufferedImage before = numbers(source);
    for (ImageEngine engine : List.of(vips, magick)) {
      BufferedImage same = numbers(rendered(engine, source, MediaType.PNG));
      byte[] onItsSide = palette.withBefore("eXIf", Exif.tiff(6)).file();
      BufferedImage turned = numbers(rendered(engine, onItsSide, MediaType.PNG));
      for (int y = 0; y < 16; y++) {
        for (int x = 0; x < 24; x++) {
          assertThat(same.getRGB(x, y)).isEqualTo(before.getRGB(x, y));
          assertThat(turned.getRGB(15 - y, x)).isEqualTo(before.getRGB(x, y));
        }
      }
      RenderStep half = new RenderStep.Shrink(new Dimensions(12, 8), RenderStep.Quality.LANCZOS2);
      BufferedImage smaller = numbers(rendered(engine, source, MediaType.PNG, half));
      assertThat(smaller.getRGB(6, 4) >>> 24).isBetween(40, 210);
    }
  }

  /** One that is longer than what is read at a time does not harm what follows it. */
  @Test
  void aProfileIsLong() throws Exception {
    byte[] noise = new byte[40_000];
    new Random(1).nextBytes(noise);
    byte[] swapped = Profiles.swapped();
    byte[] length = Bytes.big32(swapped.length + noise.length);
    byte[] profile = Bytes.join(length, Bytes.from(swapped, 4), noise);
    byte[] file = Patches.png(Patches.COLOURS, 8, RawPng.RGB, iccp(profile));
    for (ImageEngine engine : List.of(vips, magick)) {
      for (MediaType target : TARGETS) {
        byte[] made =
            rendered(
                engine, file, target, new RenderStep.Shrink(HALF, RenderStep.Quality.LANCZOS2));
        String coder = target == MediaType.JPEG ? "jpeg" : target.extension();
        assertNear("", Patches.numbers(made, coder, HALF.width(), HALF.height()), Patches.COLOURS);
        assertThat(made).hasSizeGreaterThan(noise.length);
      }
    }
  }

  private static byte[] rendered(
      ImageEngine engine, byte[] file, MediaType target, RenderStep... steps) throws Exception {
    Path source = Files.write(folder.resolve("source"), file);
    Path out = folder.resolve("out");
    engine.render(source, new HeaderProbe().probe(source), List.of(steps), target, out);
    return Files.readAllBytes(out);
  }

  private static BufferedImage numbers(byte[] png) throws Exception {
    return ImageIO.read(new ByteArrayInputStream(Patches.withoutColours(png)));
  }

  private Stream<DynamicTest> tests(Case each) {
    List<DynamicTest> tests = new ArrayList<>();
    for (MediaType target : TARGETS) {
      for (boolean smaller : new boolean[] {false, true}) {
        tests.add(
            DynamicTest.dynamicTest(
                "%s to %s%s".formatted(each.name(), target, smaller ? ", smaller" : ""),
                () -> {
                  check(vips, each, target, smaller);
                  check(magick, each, target, smaller);
                }));
      }
    }
    tests.add(
        DynamicTest.dynamicTest(
            each.name() + " to sRGB",
            () -> {
              checkSrgb(vips, each);
              checkSrgb(magick, each);
            }));
    return tests.stream();
  }

  /** The numbers are sRGB's, three of eight bits each, and nothing says so. */
  private static void checkSrgb(ImageEngine engine, Case each) throws Exception {
    for (RenderStep before :
        List.of(
            new RenderStep.Shrink(HALF, RenderStep.Quality.FAST),
            new RenderStep.Crop(HALF, 0, 0))) {
      byte[] made = rendered(engine, each.file(), MediaType.PNG, before, new RenderStep.ToSrgb());
      assertThat(Patches.colourChunks(made)).isEmpty();
      assertThat(made[24]).isEqualTo((byte) 8);
      assertThat(made[25]).isIn((byte) RawPng.RGB, (byte) 6);
      if (before instanceof RenderStep.Shrink) {
        String by = "by " + engine.getClass().getSimpleName();
        assertNear(by, Patches.numbers(made, "png", HALF.width(), HALF.height()), each.shown());
      }
    }
  }

  private static void check(ImageEngine engine, Case each, MediaType target, boolean smaller)
      throws Exception {
    Path source = Files.write(folder.resolve("source"), each.file());
    Path out = folder.resolve("out");
    Probed probed = new HeaderProbe().probe(source);
    List<RenderStep> steps =
        smaller ? List.of(new RenderStep.Shrink(HALF, RenderStep.Quality.LANCZOS2)) : List.of();
    engine.render(source, probed, steps, target, out);

    byte[] made = Files.readAllBytes(out);
    Dimensions size = smaller ? HALF : probed.dimensions();
    String coder = target.extension().equals("jpg") ? "jpeg" : target.extension();
    int[][] numbers = Patches.numbers(made, coder, size.width(), size.height());
    String by = "by " + engine.getClass().getSimpleName();
    boolean samePng = target == MediaType.PNG && probed.type() == MediaType.PNG;
    if (samePng && !saysByProfile(each)) {
      var before = Patches.colourChunks(each.file());
      var after = Patches.colourChunks(made);
      assertThat(after).as(by).containsExactlyInAnyOrderEntriesOf(before);
      assertThat(isGreyPng(made)).as(by).isEqualTo(isGreyPng(each.file()));
      int[][] stored = Patches.numbers(each.file(), "png", Patches.WIDTH, Patches.SIDE);
      assertNear(by, numbers, stored);
      return;
    }
    assertNear(by, shown(made, target, numbers), each.shown());
  }

  private static boolean saysByProfile(Case each) {
    return Patches.colourChunks(each.file()).keySet().stream().allMatch("iCCP"::equals);
  }

  private static boolean isGreyPng(byte[] png) {
    return png[25] == 0 || png[25] == 4;
  }

  /** As a browser shows it: by a profile that fits, else as sRGB. */
  private static int[][] shown(byte[] made, MediaType target, int[][] numbers) {
    if (target == MediaType.PNG) {
      assertThat(Patches.colourChunks(made).keySet()).isSubsetOf("iCCP");
    }
    Optional<byte[]> profile = profile(made, target);
    if (profile.isEmpty()) {
      return numbers;
    }
    ICC_Profile known = ICC_Profile.getInstance(profile.get());
    boolean grey =
        switch (target) {
          case PNG -> isGreyPng(made);
          case JPEG -> Bytes.find(made, "\u00ff\u00c0\0\u000b") >= 0;
          default -> false;
        };
    assertThat(known.getNumComponents())
        .as("a profile of other numbers")
        .isIn(grey ? List.of(1, target == MediaType.JPEG ? 3 : 1) : List.of(3));
    return icc(profile.get(), numbers);
  }

  private static int[][] icc(byte[] profile, int[][] numbers) {
    ICC_ColorSpace space = new ICC_ColorSpace(ICC_Profile.getInstance(profile));
    return each(
        numbers,
        number -> {
          float[] in = new float[space.getNumComponents()];
          for (int i = 0; i < in.length; i++) {
            in[i] = number[i % number.length] / 255f;
          }
          float[] out = space.toRGB(in);
          return new int[] {
            Math.round(255 * out[0]), Math.round(255 * out[1]), Math.round(255 * out[2])
          };
        });
  }

  private static Optional<byte[]> profile(byte[] made, MediaType type) {
    ByteBuffer bytes = ByteBuffer.wrap(made);
    switch (type) {
      case JPEG -> {
        int at = Bytes.find(made, "ICC_PROFILE\0");
        return at < 0
            ? Optional.empty()
            : Optional.of(Bytes.part(made, at + 14, at - 2 + bytes.getShort(at - 2)));
      }
      case PNG -> {
        byte[] chunk = Patches.colourChunks(made).get("iCCP");
        return Optional.ofNullable(chunk).map(ColoursTest::inflated);
      }
      default -> {
        int at = Bytes.find(made, "ICCP");
        return at < 0
            ? Optional.empty()
            : Optional.of(
                Bytes.part(made, at + 8, at + 8 + Integer.reverseBytes(bytes.getInt(at + 4))));
      }
    }
  }

  private static byte[] inflated(byte[] chunk) {
    int name = 8;
    while (chunk[name] != 0) {
      name++;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[10_000];
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(chunk, name + 2, chunk.length - name - 6);
      while (!inflater.finished()) {
        out.write(buffer, 0, inflater.inflate(buffer));
      }
    } catch (java.util.zip.DataFormatException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  private static void assertNear(String by, int[][] found, int[][] expected) {
    for (int i = 0; i < expected.length; i++) {
      for (int j = 0; j < 3; j++) {
        assertThat(Math.abs(found[i][j] - expected[i][j % expected[i].length]))
            .as(
                "%s: %s instead of %s",
                by, Arrays.deepToString(found), Arrays.deepToString(expected))
            .isLessThanOrEqualTo(NEAR);
      }
    }
  }

  private static int[][] each(int[][] numbers, UnaryOperator<int[]> as) {
    return Arrays.stream(numbers).map(as).toArray(int[][]::new);
  }

  /** Light of each number, as sRGB has it; colours that sRGB does not have are cut off. */
  private static int[][] light(int[][] numbers, DoubleUnaryOperator light, double[][] matrix) {
    return each(
        numbers,
        number -> {
          int[] out = new int[3];
          for (int i = 0; i < 3; i++) {
            double sum = 0;
            for (int j = 0; j < 3; j++) {
              sum += matrix[i][j] * light.applyAsDouble(number[j % number.length] / 255.0);
            }
            double x = Math.clamp(sum, 0, 1);
            out[i] =
                (int)
                    Math.round(
                        255 * (x <= 0.0031308 ? 12.92 * x : 1.055 * Math.pow(x, 1 / 2.4) - 0.055));
          }
          return out;
        });
  }

  private static final double[][] SAME = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};

  /** From Display P3 to sRGB (both of D65), from CSS Color 4, 18. */
  private static final double[][] P3 = {
    {1.2249, -0.2247, 0}, {-0.0420, 1.0419, 0}, {-0.0197, -0.0786, 1.0979}
  };

  private static final double[][] ADOBE = {{1.3984, -0.3984, 0}, {0, 1, 0}, {0, -0.0429, 1.0429}};

  private static double srgb(double x) {
    return x <= 0.04045 ? x / 12.92 : Math.pow((x + 0.055) / 1.055, 2.4);
  }

  private static byte[] gamma(int value) {
    return PngChunks.chunk("gAMA", Bytes.big32(value));
  }

  private static byte[] chroma(int... points) {
    byte[] payload = {};
    for (int point : points) {
      payload = Bytes.join(payload, Bytes.big32(point));
    }
    return PngChunks.chunk("cHRM", payload);
  }

  private static byte[] codePoints(int primaries, int transfer) {
    return PngChunks.chunk("cICP", new byte[] {(byte) primaries, (byte) transfer, 0, 1});
  }

  private static byte[] iccp(byte[] profile) {
    return PngChunks.chunk(
        "iCCP", Bytes.join(Bytes.ascii("profile"), new byte[2], PngChunks.deflated(profile)));
  }

  private static List<Case> cases() {
    int[][] colours = Patches.COLOURS;
    int[][] greys = Patches.GREYS;
    List<Case> cases = new ArrayList<>();
    jpegs(cases, colours, greys);
    pngs(cases, colours, greys);
    byte[] webp = Patches.webp(colours);
    cases.add(new Case("WebP", webp, colours));
    for (byte[] profile : List.of(Profiles.swapped(), Profiles.grey(1))) {
      boolean fits = profile[16] == 'R';
      byte[] base = WebpChunks.extended(webp, Patches.WIDTH, Patches.SIDE, 0x20);
      byte[] file =
          Bytes.join(
              Bytes.part(base, 0, 30), WebpChunks.chunk("ICCP", profile), Bytes.from(base, 30));
      ByteBuffer.wrap(file).putInt(4, Integer.reverseBytes(file.length - 8));
      cases.add(
          new Case(
              fits ? "WebP, profile" : "WebP, grey profile",
              file,
              fits ? icc(profile, colours) : colours));
    }
    return cases;
  }

  private static void jpegs(List<Case> cases, int[][] colours, int[][] greys) {
    byte[] rgb = Patches.jpeg(colours);
    cases.add(new Case("JPEG", rgb, colours));
    int number = 0;
    for (byte[] profile :
        List.of(
            Profiles.p3(),
            Profiles.adobe(),
            Profiles.swapped(),
            Profiles.power(1.4),
            Profiles.version4(Profiles.swapped()))) {
      cases.add(
          new Case(
              "JPEG, profile " + ++number,
              JpegSegments.withIcc(rgb, profile),
              icc(profile, colours)));
    }
    int[][] neutral = each(greys, grey -> new int[] {grey[0], grey[0], grey[0]});
    cases.add(
        new Case(
            "JPEG of greys, profile",
            JpegSegments.withIcc(Patches.jpeg(neutral), Profiles.power(1.4)),
            icc(Profiles.power(1.4), neutral)));
    number = 0;
    for (byte[] misfit :
        List.of(
            Profiles.grey(1),
            Profiles.cmyk(),
            Profiles.with(Profiles.swapped(), 12, "link"),
            Profiles.with(Profiles.swapped(), 16, "Lab "),
            Bytes.part(Profiles.swapped(), 0, 300))) {
      cases.add(new Case("JPEG, misfit " + ++number, JpegSegments.withIcc(rgb, misfit), colours));
    }
    byte[] grey = Patches.jpeg(greys);
    cases.add(new Case("JPEG grey", grey, greys));
    number = 0;
    for (byte[] profile :
        List.of(Profiles.grey(1), Profiles.grey(1.8), Profiles.version4(Profiles.grey(1)))) {
      cases.add(
          new Case(
              "JPEG grey, grey profile " + ++number,
              JpegSegments.withIcc(grey, profile),
              icc(profile, greys)));
    }
    cases.add(
        new Case(
            "JPEG grey, profile of RGB",
            JpegSegments.withIcc(grey, Profiles.power(1.4)),
            icc(Profiles.power(1.4), neutral)));
    cases.add(
        new Case("JPEG grey, profile of CMYK", JpegSegments.withIcc(grey, Profiles.cmyk()), greys));
    int[][] inks = Patches.inks(colours);
    number = 0;
    for (byte[] cmyk :
        List.of(Patches.jpeg(inks), Patches.plainCmyk(inks), Patches.adobeCmyk(inks))) {
      String kind = "JPEG CMYK " + ++number;
      cases.add(new Case(kind, cmyk, colours));
      for (byte[] misfit : List.of(Profiles.p3(), Profiles.grey(1))) {
        String profile = misfit[16] == 'R' ? "profile of RGB" : "grey profile";
        cases.add(new Case(kind + ", " + profile, JpegSegments.withIcc(cmyk, misfit), colours));
      }
      cases.add(
          new Case(
              kind + ", its profile",
              JpegSegments.withIcc(cmyk, Profiles.cmyk()),
              icc(Profiles.cmyk(), inks)));
    }
  }

  private static void pngs(List<Case> cases, int[][] colours, int[][] greys) {
    final DoubleUnaryOperator power18 = x -> Math.pow(x, 1.8);
    byte[] swapped = Profiles.swapped();
    byte[] linear = Profiles.grey(1);
    int[][] neutral = each(greys, grey -> new int[] {grey[0], grey[0], grey[0]});
    int[][] bilevel = each(greys, grey -> new int[] {grey[0] / 255 * 255});
    int[][] four = each(greys, grey -> new int[] {grey[0] * 3 / 255 * 85});
    cases.add(new Case("PNG", Patches.png(colours, 8, RawPng.RGB), colours));
    for (int type : new int[] {RawPng.RGB, RawPng.RGBA, RawPng.PALETTE}) {
      for (int depth : type == RawPng.PALETTE ? new int[] {4, 8} : new int[] {8, 16}) {
        String kind =
            depth == 16 && type == RawPng.RGB ? "16 bit" : "type %d of %d".formatted(type, depth);
        cases.add(
            new Case(
                "PNG " + kind + ", profile",
                Patches.png(colours, depth, type, iccp(swapped)),
                icc(swapped, colours)));
        cases.add(
            new Case(
                "PNG " + kind + ", grey profile",
                Patches.png(colours, depth, type, iccp(linear)),
                colours));
        cases.add(
            new Case(
                "PNG " + kind + ", gAMA",
                Patches.png(colours, depth, type, gamma(55_556)),
                light(colours, power18, SAME)));
      }
    }
    cases.add(
        new Case(
            "PNG palette of greys, profile",
            Patches.png(neutral, 8, RawPng.PALETTE, iccp(Profiles.power(1.4))),
            icc(Profiles.power(1.4), neutral)));
    cases.add(
        new Case(
            "PNG of greys, profile",
            Patches.png(neutral, 8, RawPng.RGB, iccp(Profiles.power(1.4))),
            icc(Profiles.power(1.4), neutral)));
    for (int type : new int[] {RawPng.GREY, RawPng.GREY_ALPHA}) {
      for (int depth : type == RawPng.GREY ? new int[] {1, 2, 4, 8, 16} : new int[] {8, 16}) {
        int[][] stored = depth == 1 ? bilevel : depth == 2 ? four : greys;
        String kind = "PNG type %d of %d".formatted(type, depth);
        cases.add(new Case(kind, Patches.png(greys, depth, type), stored));
        cases.add(
            new Case(
                kind + ", grey profile",
                Patches.png(greys, depth, type, iccp(linear)),
                icc(linear, stored)));
        cases.add(
            new Case(
                kind + ", profile of RGB", Patches.png(greys, depth, type, iccp(swapped)), stored));
        cases.add(
            new Case(
                kind + ", gAMA",
                Patches.png(greys, depth, type, gamma(55_556)),
                light(stored, power18, SAME)));
      }
    }
    byte[] srgbPoints = chroma(31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000);
    byte[] p3Points = chroma(31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000);
    byte[] adobePoints = chroma(31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000);
    byte[] srgb = PngChunks.chunk("sRGB", new byte[1]);
    DoubleUnaryOperator usual = ColoursTest::srgb;
    rgbPng(cases, "gAMA 1.8", light(colours, power18, SAME), gamma(55_556), srgbPoints);
    rgbPng(cases, "gAMA 1", light(colours, x -> x, SAME), gamma(100_000));
    rgbPng(cases, "gAMA usual", colours, gamma(45_455));
    rgbPng(cases, "gAMA usual of sRGB", colours, gamma(45_455), srgbPoints);
    rgbPng(cases, "gAMA and sRGB", colours, gamma(55_556), srgb);
    rgbPng(cases, "gAMA of nothing", colours, gamma(0));
    rgbPng(cases, "gAMA of too much", colours, gamma(Integer.MAX_VALUE));
    rgbPng(cases, "cHRM without light", colours, chroma(0, 0, 0, 0, 0, 0, 0, 0));
    rgbPng(cases, "cHRM P3", light(colours, usual, P3), p3Points);
    rgbPng(cases, "gAMA and cHRM Adobe", light(colours, usual, ADOBE), gamma(45_455), adobePoints);
    rgbPng(cases, "iCCP and gAMA", icc(swapped, colours), gamma(100_000), iccp(swapped));
    rgbPng(cases, "cICP P3", light(colours, usual, P3), codePoints(12, 13));
    rgbPng(cases, "cICP sRGB and iCCP", colours, codePoints(1, 13), iccp(swapped));
    rgbPng(cases, "cICP sRGB usual", colours, codePoints(1, 13));
    rgbPng(cases, "cICP unknown and iCCP", icc(swapped, colours), codePoints(2, 2), iccp(swapped));
    rgbPng(cases, "cICP linear", light(colours, x -> x, SAME), codePoints(1, 8));
    cases.add(
        new Case(
            "PNG grey, cICP linear",
            Patches.png(greys, 8, RawPng.GREY, codePoints(1, 8)),
            light(greys, x -> x, SAME)));
    hdr(cases, colours);
  }

  /** What is no brighter than paper has the same colours where that is white. */
  private static void hdr(List<Case> cases, int[][] colours) {
    double[][] wide = {
      {0.6274, 0.3293, 0.0433}, {0.0691, 0.9195, 0.0114}, {0.0164, 0.0880, 0.8956}
    };
    int[][] dim =
        each(
            colours, colour -> new int[] {colour[0] * 4 / 5, colour[1] * 4 / 5, colour[2] * 4 / 5});
    for (int transfer : new int[] {16, 18}) {
      DoubleUnaryOperator coded = transfer == 16 ? ColoursTest::pq : ColoursTest::hlg;
      int[][] numbers =
          each(
              dim,
              colour -> {
                int[] out = new int[3];
                for (int i = 0; i < 3; i++) {
                  double sum = 0;
                  for (int j = 0; j < 3; j++) {
                    sum += wide[i][j] * srgb(colour[j] / 255.0);
                  }
                  out[i] = (int) Math.round(255 * coded.applyAsDouble(203 * sum));
                }
                return out;
              });
      rgbPng(cases, transfer == 16 ? "cICP PQ" : "cICP HLG", numbers, dim, codePoints(9, transfer));
    }
  }

  private static double pq(double nits) {
    double y = Math.pow(nits / 10_000, 0.1593017578125);
    return Math.pow((0.8359375 + 18.8515625 * y) / (1 + 18.6875 * y), 78.84375);
  }

  private static double hlg(double nits) {
    double scene = Math.pow(nits / 1000, 1 / 1.2);
    return scene <= 1 / 12.0
        ? Math.sqrt(3 * scene)
        : 0.17883277 * Math.log(12 * scene - 0.28466892) + 0.55991073;
  }

  private static void rgbPng(List<Case> cases, String name, int[][] shown, byte[]... chunks) {
    rgbPng(cases, name, Patches.COLOURS, shown, chunks);
  }

  private static void rgbPng(
      List<Case> cases, String name, int[][] numbers, int[][] shown, byte[]... chunks) {
    cases.add(new Case("PNG " + name, Patches.png(numbers, 8, RawPng.RGB, chunks), shown));
  }
}
