package dev.pictj.engine.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.engine.StartTask;
import dev.pictj.engine.VideoRules;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.Sandboxes;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.media.Probed;
import dev.pictj.pictures.Movies;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stills of videos have the videos' colours and shapes. */
@Tag("slow")
class VideoStillTest {
  private static final List<Color> PATCHES =
      Stream.of(0xFF0000, 0x00FF00, 0x0000FF, 0xFFFF00, 0x00C8C8, 0x808080, 0xC07050, 0x3C8C3C)
          .map(Color::new)
          .toList();

  private static final int PATCH = 40;
  private static final String EXACT = ":flags=accurate_rnd+full_chroma_int";
  private static final String X264 = " -c:v libx264 -preset ultrafast -qp 1";
  private static final String X265 = " -c:v libx265 -preset ultrafast -tag:v hvc1 -x265-params ";

  /** Pictures that say nothing of their colours. */
  private static final String SILENT =
      ",setparams=range=unknown:colorspace=unknown:color_primaries=unknown:color_trc=unknown";

  @TempDir private Path folder;

  /** Eight colours side by side. */
  private static byte[] patches(int height) throws IOException {
    BufferedImage image =
        new BufferedImage(PATCH * PATCHES.size(), height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    for (int i = 0; i < PATCHES.size(); i++) {
      pen.setColor(PATCHES.get(i));
      pen.fillRect(PATCH * i, 0, PATCH, height);
    }
    pen.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  private static byte[] movie(int height, String encoding) throws IOException {
    return Movies.made(
        "mp4", "-loop 1 -i p.png -frames:v 2 -vf " + encoding, Map.of("p.png", patches(height)));
  }

  private static String tagged(String matrix, String primaries, String transfer, String range) {
    return " -colorspace %s -color_primaries %s -color_trc %s -color_range %s"
        .formatted(matrix, primaries, transfer, range);
  }

  private BufferedImage still(byte[] movie) throws Exception {
    Path file = Files.write(folder.resolve("movie.mp4"), movie);
    Path out = folder.resolve("still.png");
    Files.deleteIfExists(out);
    transcoder().firstFrame(file, new HeaderProbe().probe(file), out);
    assertThat(new String(Files.readAllBytes(out), StandardCharsets.ISO_8859_1))
        .doesNotContain("gAMA", "cHRM", "iCCP", "eXIf", "cICP", "tEXt");
    return ImageIO.read(out.toFile());
  }

  private byte[] mp4(byte[] source) throws Exception {
    Path in = Files.write(folder.resolve("source"), source);
    Path out = folder.resolve("stored");
    Files.deleteIfExists(out);
    transcoder().store(in, new HeaderProbe().probe(in), out);
    return Files.readAllBytes(out);
  }

  private FfmpegTranscoder transcoder() throws Exception {
    return FfmpegTranscoder.start(
        StartTask.done(FfmpegTool.find(List.of(Path.of("/usr/bin")))),
        new FfmpegLimits(Duration.ofSeconds(20), 3L << 30, 512 << 20, 512 << 20),
        new Limits(5000, 5000, 20_000_000, 50),
        VideoRules.SILENT_MP4,
        new ChildRunner(folder, Sandboxes.best(folder)));
  }

  private static Color at(BufferedImage image, double x, double y) {
    return new Color(image.getRGB((int) (x * image.getWidth()), (int) (y * image.getHeight())));
  }

  private static int distance(Color one, Color other) {
    return Math.max(
        Math.abs(one.getRed() - other.getRed()),
        Math.max(
            Math.abs(one.getGreen() - other.getGreen()),
            Math.abs(one.getBlue() - other.getBlue())));
  }

  private static void hasPatches(BufferedImage image, int from, int within) {
    for (int i = from; i < PATCHES.size(); i++) {
      Color seen = at(image, (i + 0.5) / PATCHES.size(), 0.5);
      assertThat(distance(seen, PATCHES.get(i)))
          .as("%s is %s", i, seen)
          .isLessThanOrEqualTo(within);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bt709,bt709,tv,yuv420p",
    "bt709,bt709,pc,yuv420p",
    "bt709,bt709,tv,yuv422p10le",
    "smpte170m,smpte170m,tv,yuv420p",
    "smpte170m,smpte170m,pc,yuv444p",
    "bt470bg,bt470bg,tv,yuv420p",
    "smpte240m,smpte240m,tv,yuv420p",
  })
  void whateverTheMatrixAndTheRange(String matrix, String primaries, String range, String pixels)
      throws Exception {
    String scale = "scale=out_color_matrix=%s:out_range=%s".formatted(matrix, range);
    String tags = tagged(matrix, primaries, primaries.equals("bt470bg") ? "bt709" : matrix, range);
    hasPatches(still(movie(64, scale + EXACT + ",format=" + pixels + X264 + tags)), 0, 4);
  }

  @Test
  void withoutMatrix() throws Exception {
    hasPatches(still(movie(64, "format=gbrp -c:v libx264rgb -preset ultrafast -qp 0")), 0, 1);
    String ycgco =
        "format=gbrp,zscale=min=gbr:rin=pc:m=ycgco:r=tv,format=yuv444p"
            + X264
            + tagged("ycgco", "bt709", "bt709", "tv");
    hasPatches(still(movie(64, ycgco)), 0, 4);
  }

  /** As browsers have it: that of HD from 720 lines on. */
  @ParameterizedTest
  @CsvSource({"718,smpte170m", "720,bt709"})
  void whereNoMatrixIsToldTheLinesDecide(int height, String matrix) throws Exception {
    String scale = "scale=out_color_matrix=%s:out_range=tv".formatted(matrix);
    String none = ",setparams=colorspace=unknown:color_primaries=unknown:color_trc=unknown";
    hasPatches(still(movie(height, scale + EXACT + ",format=yuv420p" + none + X264)), 0, 4);
  }

  /** Decoders of HEVC and ProRes forget the box where the bitstream says nothing. */
  @ParameterizedTest
  @CsvSource({
    "180,1,1,1,bt709,tv",
    "180,1,1,1,bt709,pc",
    "720,6,6,6,smpte170m,tv",
    "720,5,1,5,bt470bg,tv",
    // What the table does not hold: the lines decide.
    "64,2,2,2,smpte170m,tv",
    "64,9999,9999,9999,smpte170m,tv",
  })
  void coloursThatOnlyTheBoxTells(
      int height, int primaries, int transfer, int matrix, String name, String range)
      throws Exception {
    String scale = "scale=out_color_matrix=%s:out_range=%s".formatted(name, range);
    byte[] silent =
        movie(height, scale + EXACT + ",format=yuv420p" + SILENT + X265 + "log-level=none:qp=4");
    assertThat(Movies.fact(silent, "color_space,color_range")).isEqualTo("tv,unknown");
    byte[] box = Movies.colours(primaries, transfer, matrix, range.equals("pc"));
    byte[] movie = Movies.withEntryBox(silent, box);
    hasPatches(still(movie), 0, 4);
    hasPatches(still(mp4(movie)), 0, 4);
  }

  @Test
  void coloursThatOnlyTheBoxOfProResTells() throws Exception {
    String encoding =
        "scale=out_color_matrix=bt709:out_range=tv" + EXACT + ",format=yuv422p10le -c:v prores_ks";
    byte[] movie =
        Movies.made(
            "mov",
            "-loop 1 -i p.png -frames:v 2 -vf "
                + encoding
                + tagged("bt709", "bt709", "bt709", "tv"),
            Map.of("p.png", patches(64)));
    assertThat(Movies.fact(movie, "color_space")).isEqualTo("unknown");
    hasPatches(still(movie), 0, 4);
    byte[] stored = mp4(movie);
    assertThat(Movies.fact(stored, "color_space,color_transfer,color_primaries"))
        .isEqualTo("bt709,bt709,bt709");
    hasPatches(still(stored), 0, 4);
  }

  /** Whatever the box says, as ffmpeg has it. */
  @Test
  void whatTheBitstreamTellsCountsBeforeTheBox() throws Exception {
    String scale = "scale=out_color_matrix=bt709:out_range=tv" + EXACT + ",format=yuv420p";
    String tags = "log-level=none:qp=4:colorprim=bt709:transfer=bt709:colormatrix=bt709";
    byte[] movie = movie(64, scale + SILENT + X265 + tags);
    assertThat(Movies.fact(movie, "color_space")).isEqualTo("bt709");
    hasPatches(still(Movies.withEntryBox(movie, Movies.colours(6, 6, 6, true))), 0, 4);
  }

  @Test
  void widePrimariesAreThoseOfTheScreenAfterwards() throws Exception {
    String wide =
        "format=gbrp,zscale=min=gbr:rin=pc:pin=bt709:tin=bt709:p=bt2020:t=bt709:m=bt2020nc:r=tv,"
            + "format=yuv444p10le"
            + X264
            + tagged("bt2020nc", "bt2020", "bt2020-10", "tv");
    // The gamma of 2.4 is so steep near 0 that one step of 10 bits becomes several.
    hasPatches(still(movie(64, wide)), 0, 11);
  }

  /** Patches from the fourth on are not as bright as paper, and keep their colours. */
  @ParameterizedTest
  @ValueSource(strings = {"arib-std-b67", "smpte2084"})
  void highDynamicRangeIsMappedToneByTone(String transfer) throws Exception {
    String light =
        "format=gbrp,zscale=min=gbr:rin=pc:pin=bt709:tin=iec61966-2-1:t=linear:p=bt709:m=gbr:npl=203,"
            + "format=gbrpf32le,zscale=p=bt2020:t=%s:npl=203:m=bt2020nc:r=tv,format=yuv420p10le"
                .formatted(transfer);
    String tags =
        "log-level=none:qp=4:colorprim=bt2020:transfer=%s:colormatrix=bt2020nc".formatted(transfer);
    byte[] source = movie(64, light + X265 + tags + tagged("bt2020nc", "bt2020", transfer, "tv"));
    byte[] stored = mp4(source);
    assertThat(Movies.fact(stored, "pix_fmt,color_space,color_transfer,color_primaries"))
        .isEqualTo("yuv420p,bt709,bt709,bt709");
    byte[] silent = movie(64, light + SILENT + X265 + "log-level=none:qp=4");
    assertThat(Movies.fact(silent, "color_transfer")).isEqualTo("unknown");
    int code = transfer.equals("smpte2084") ? 16 : 18;
    byte[] boxed = Movies.withEntryBox(silent, Movies.colours(9, code, 9, false));
    for (byte[] movie : List.of(source, stored, boxed)) {
      BufferedImage still = still(movie);
      hasPatches(still, 5, 4);
      for (int i = 0; i < 4; i++) {
        Color seen = at(still, (i + 0.5) / PATCHES.size(), 0.5);
        float[] hsb = Color.RGBtoHSB(seen.getRed(), seen.getGreen(), seen.getBlue(), null);
        assertThat(hsb[1]).as("saturation of %s", seen).isGreaterThan(0.94f);
        assertThat(hsb[2]).as("brightness of %s", seen).isGreaterThan(0.88f);
      }
    }
  }

  /** Nothing, half of red, red; on white. From 720 lines on the matrix need not be told. */
  @ParameterizedTest
  @CsvSource({
    "qtrle,argb,48,",
    "png,rgba,48,",
    "png,rgba64be,48,",
    "png,ya8,48,",
    "rawvideo,argb,48,",
    "prores_ks,yuva444p10le,48,",
    "prores_ks,yuva444p10le,720,bt709",
    "prores_ks,yuva444p10le,48,bt709"
  })
  void whatIsTransparentBecomesWhite(String codec, String pixels, int height, String matrix)
      throws Exception {
    boolean grey = pixels.equals("ya8");
    String colour = grey ? "0x404040" : "red";
    String tags = "";
    if (height < 720) {
      tags = ",setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709";
    }
    String made =
        matrix == null
            ? "null"
            : "scale=out_color_matrix=bt709" + EXACT + ",format=" + pixels + tags;
    byte[] source =
        Movies.made(
            "mov",
            ("-f lavfi -i color=%1$s@0:s=%2$s,format=rgba -f lavfi -i"
                    + " color=%1$s@0.5:s=%2$s,format=rgba -f lavfi -i color=%1$s:s=%2$s,format=rgba"
                    + " -filter_complex [0][1][2]hstack=3,%3$s -frames:v 2 -c:v %4$s -pix_fmt %5$s")
                .formatted(colour, "32x" + height, made, codec, pixels));
    BufferedImage still = still(mp4(source));
    Color full = grey ? new Color(0x404040) : Color.RED;
    Color half = grey ? new Color(0x9F9F9F) : new Color(0xFF7F7F);
    for (Color seen : List.of(at(still, 0.1, 0.1), at(still, 0.3, 0.9))) {
      assertThat(distance(seen, Color.WHITE)).as(seen.toString()).isLessThanOrEqualTo(2);
    }
    assertThat(distance(at(still, 0.5, 0.5), half)).isLessThanOrEqualTo(4);
    assertThat(distance(at(still, 0.9, 0.5), full)).isLessThanOrEqualTo(4);
  }

  /** Red, green, blue and yellow in the corners. */
  private static byte[] corners(String filter) {
    return Movies.made(
        "mov",
        "-f lavfi -i color=red:s=36x24:r=10 -f lavfi -i color=lime:s=36x24:r=10"
            + " -f lavfi -i color=blue:s=36x24:r=10 -f lavfi -i color=yellow:s=36x24:r=10"
            + " -filter_complex [0][1]hstack[a];[2][3]hstack[b];[a][b]vstack,"
            + filter
            + "format=yuv444p -frames:v 2"
            + X264);
  }

  private static String corner(BufferedImage image, double x, double y) {
    Color seen = at(image, x, y);
    return Map.of(0xFF0000, "r", 0x00FF00, "g", 0x0000FF, "b", 0xFFFF00, "y").entrySet().stream()
        .filter(known -> distance(new Color(known.getKey()), seen) < 12)
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(seen.toString());
  }

  private static String corners(BufferedImage image) {
    return corner(image, 0.2, 0.2)
        + corner(image, 0.8, 0.2)
        + corner(image, 0.2, 0.8)
        + corner(image, 0.8, 0.8);
  }

  @ParameterizedTest
  @CsvSource({
    "1,0,0,1,rgby,72,48",
    "-1,0,0,1,gryb,72,48",
    "-1,0,0,-1,ybgr,72,48",
    "1,0,0,-1,byrg,72,48",
    "0,1,1,0,rbgy,48,72",
    "0,1,-1,0,bryg,48,72",
    "0,-1,-1,0,ygbr,48,72",
    "0,-1,1,0,gyrb,48,72"
  })
  void turnsAsTheMatrixSays(int a, int b, int c, int d, String seen, int width, int height)
      throws Exception {
    BufferedImage still = still(Movies.turned(corners(""), a, b, c, d));
    assertThat(corners(still)).isEqualTo(seen);
    assertThat(still.getWidth()).isEqualTo(width);
    assertThat(still.getHeight()).isEqualTo(height);
  }

  @Test
  void hasSquarePixels() throws Exception {
    BufferedImage still = still(corners("setsar=4/3,"));
    assertThat(still.getWidth()).isEqualTo(96);
    assertThat(still.getHeight()).isEqualTo(48);
    assertThat(corners(still)).isEqualTo("rgby");
    BufferedImage turned = still(Movies.turned(corners("setsar=4/3,"), 0, 1, -1, 0));
    assertThat(turned.getWidth()).isEqualTo(48);
    assertThat(turned.getHeight()).isEqualTo(96);
  }

  /** The clean aperture is of the lower right corner, then the pixels are stretched. */
  @Test
  void showsTheCleanApertureOnly() throws Exception {
    byte[] clap = Movies.box("clap", Movies.numbers(33, 1, 21, 1, 39, 2, 27, 2));
    BufferedImage still = still(Movies.withEntryBox(corners(""), clap));
    assertThat(still.getWidth()).isEqualTo(33);
    assertThat(still.getHeight()).isEqualTo(21);
    assertThat(corners(still)).isEqualTo("yyyy");
  }

  @Test
  void aShapeThatTheBitstreamAloneTellsIsJudged() throws Exception {
    byte[] wide =
        Movies.made(
            "mov", "-f lavfi -i testsrc=s=320x240:d=0.1 -vf setsar=200/1,format=yuv420p" + X264);
    int pasp = dev.pictj.pictures.Bytes.find(wide, "pasp");
    byte[] silent =
        pasp < 0 ? wide : Movies.with(wide, pasp, "free".getBytes(StandardCharsets.ISO_8859_1));
    int end = Movies.places(silent, "tkhd").getFirst() + 84;
    byte[] untold = Movies.with(silent, end, Movies.numbers(320 << 16, 240 << 16));
    Path file = Files.write(folder.resolve("wide.mov"), untold);
    Probed probed = new HeaderProbe().probe(file);
    assertThat(probed.dimensions()).isEqualTo(new Dimensions(320, 240));
    assertThatThrownBy(() -> transcoder().firstFrame(file, probed, folder.resolve("o.png")))
        .isInstanceOfSatisfying(
            MediaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WIDTH));
  }
}
