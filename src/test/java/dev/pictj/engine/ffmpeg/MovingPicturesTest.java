package dev.pictj.engine.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pictj.engine.StartTask;
import dev.pictj.engine.VideoRules;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.Sandboxes;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.media.Probed;
import dev.pictj.pictures.Animation;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Movies;
import dev.pictj.pictures.Pictures;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of time, shape and colour of moving pictures, as an independent reader sees it. */
@Tag("slow")
class MovingPicturesTest {
  private static final String ENCODED = " -c:v mpeg4 -q:v 2";
  private static final String COPIED = " -c:v libx264 -preset ultrafast -bf 2 -pix_fmt yuv420p";

  /** Pictures at the times 0, 0.1, 0.15, 1 and 3.3 s, the last for 1/20 s. */
  private static final String UNEVEN =
      "-f lavfi -i testsrc=s=64x48:r=20:d=3.4"
          + " -vf select='eq(n,0)+eq(n,2)+eq(n,3)+eq(n,20)+eq(n,66)'"
          + " -vsync passthrough -enc_time_base 1/1000 -video_track_timescale 1000";

  private static final String COLOURS = "color_range,color_space,color_transfer,color_primaries";

  private static final int RED = 0xFFFF0000;
  private static final int GREEN = 0xFF00FF00;
  private static final int BLUE = 0xFF0000FF;

  @TempDir Path folder;
  private FfmpegTranscoder transcoder;

  @BeforeEach
  void start() throws Exception {
    transcoder =
        FfmpegTranscoder.start(
            StartTask.done(FfmpegTool.find(List.of(Path.of("/usr/bin")))),
            new FfmpegLimits(Duration.ofSeconds(60), 3L << 30, 512 << 20, 512 << 20),
            new Limits(4000, 4000, 10_000_000, 170),
            VideoRules.SILENT_MP4,
            new ChildRunner(folder, Sandboxes.best(folder)));
  }

  private byte[] mp4(byte[] source) throws Exception {
    Path in = Files.write(folder.resolve("in"), source);
    Path out = folder.resolve("out");
    transcoder.store(in, new HeaderProbe().probe(in), out);
    return Files.readAllBytes(out);
  }

  /** With other delays, in hundredths of a second. */
  private static byte[] gif(int... delays) {
    byte[] gif = Pictures.gif(40, 30, delays.length);
    int frame = 0;
    for (int i = 0; i < gif.length - 8; i++) {
      if (gif[i] == 0x21 && (gif[i + 1] & 255) == 0xF9 && gif[i + 2] == 4 && gif[i + 7] == 0) {
        gif[i + 4] = (byte) delays[frame];
        gif[i + 5] = (byte) (delays[frame++] >> 8);
      }
    }
    assertThat(frame).isEqualTo(delays.length);
    return gif;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "100 200 300",
        "50 50",
        "4 4 4 4 500",
        "500 4 4 4",
        "3 3 3 3 3",
        "2 2 2",
        "0 1 2 3",
        "9 0"
      })
  void everyFrameOfGifIsShownAsLongAsBefore(String text) throws Exception {
    int[] delays = Arrays.stream(text.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    List<Double> expected = new ArrayList<>(List.of(0.0));
    for (int delay : delays) {
      expected.add(expected.getLast() + (delay < 2 ? 10 : delay) / 100.0);
    }

    assertTimes(mp4(gif(delays)), expected);
  }

  /** As browsers cut them, the first excepted: frames that are too wide, and one outside. */
  @Test
  void framesOfAGifAreCutAtItsCanvas() throws Exception {
    List<Animation.Frame> later =
        List.of(
            new Animation.Frame(8, 4, 128, 96, GREEN, 100, true, Animation.Disposal.KEEP),
            new Animation.Frame(90, 70, 20, 20, BLUE, 100, true, Animation.Disposal.KEEP),
            new Animation.Frame(0, 40, 20, 20, BLUE, 100, true, Animation.Disposal.KEEP));
    for (int width : new int[] {64, 80}) {
      List<Animation.Frame> frames = new ArrayList<>(later);
      frames.addFirst(Animation.Frame.whole(width, 48, RED, 100));
      byte[] movie = mp4(new Animation(64, 48, 0, frames).gif());
      assertThat(Movies.fact(movie, "width,height")).isEqualTo(width + ",48");
      byte[] seen = Movies.made("rawvideo", "-i in -pix_fmt rgb24", Map.of("in", movie));
      List<BufferedImage> expected = new Animation(width, 48, 0, frames).canvases();
      assertThat(seen).hasSize(expected.size() * width * 48 * 3);
      for (int i = 0; i < expected.size(); i++) {
        for (int x : new int[] {2, 20, width - 2}) {
          int at = 3 * ((i * 48 + 44) * width + x);
          Color wanted = new Color(expected.get(i).getRGB(x, 44));
          assertThat(new int[] {seen[at] & 0xFF, seen[at + 1] & 0xFF, seen[at + 2] & 0xFF})
              .as("frame %d at %d", i, x)
              .satisfies(
                  rgb -> assertThat(rgb[0]).isCloseTo(wanted.getRed(), within(60)),
                  rgb -> assertThat(rgb[1]).isCloseTo(wanted.getGreen(), within(60)),
                  rgb -> assertThat(rgb[2]).isCloseTo(wanted.getBlue(), within(60)));
        }
      }
    }
  }

  /** Not of the colour that a palette for all frames calls background, as ffmpeg has it. */
  @Test
  void whatFramesOfAGifLeaveFreeIsWhite() throws Exception {
    List<Animation.Frame> frames =
        List.of(
            new Animation.Frame(16, 8, 40, 20, GREEN, 100, true, Animation.Disposal.CLEAR),
            new Animation.Frame(0, 0, 10, 10, BLUE, 100, true, Animation.Disposal.KEEP));
    byte[] gif = new Animation(64, 48, 0, frames).gif();
    for (int i = 0; i < gif.length - 3; i++) {
      if (gif[i] == 0x21 && gif[i + 1] == (byte) 0xF9 && gif[i + 2] == 4) {
        gif[i + 3] &= ~1;
      }
    }
    gif[10] = (byte) 0x80;
    byte[] red = {(byte) 255, 0, 0, (byte) 255, 0, 0};
    byte[] movie = mp4(Bytes.join(Bytes.part(gif, 0, 13), red, Bytes.from(gif, 13)));
    byte[] seen = Movies.made("rawvideo", "-i in -pix_fmt rgb24", Map.of("in", movie));
    for (int frame = 0; frame < 2; frame++) {
      for (int[] place : new int[][] {{2, 44}, {frame == 0 ? 60 : 30, 14}}) {
        int at = 3 * ((frame * 48 + place[1]) * 64 + place[0]);
        for (int i = at; i < at + 3; i++) {
          assertThat(seen[i] & 0xFF)
              .as("frame %d at %s", frame, Arrays.toString(place))
              .isGreaterThan(240);
        }
      }
    }
  }

  private static void assertTimes(byte[] movie, List<Double> expected) {
    List<Double> found = Movies.times(movie);
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i))
          .as("%s is not %s", found, expected)
          .isCloseTo(expected.get(i), within(0.002));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {ENCODED, COPIED})
  void moviesKeepTheirTimes(String codec) throws Exception {
    byte[] uneven = Movies.made("mp4", UNEVEN + codec);
    assertTimes(mp4(uneven), List.of(0.0, 0.1, 0.15, 1.0, 3.3, 3.35));
    byte[] rest = Movies.made("mp4", "-f lavfi -i testsrc=s=64x48:r=1/10:d=30" + codec);
    assertTimes(mp4(rest), List.of(0.0, 10.0, 20.0, 30.0));
    byte[] single = Movies.made("mp4", "-f lavfi -i testsrc=s=64x48:r=1/5:d=5" + codec);
    assertTimes(mp4(single), List.of(0.0, 5.0));
    byte[] late =
        Movies.made("mp4", "-f lavfi -i testsrc=s=64x48:r=10:d=0.5 -output_ts_offset 1" + codec);
    assertTimes(mp4(late), Movies.times(late));
    byte[] fragments =
        Movies.made(
            "mp4",
            "-f lavfi -i testsrc=s=64x48:r=10:d=0.5 -movflags frag_keyframe+empty_moov" + codec);
    assertTimes(mp4(fragments), List.of(0.0, 0.1, 0.2, 0.3, 0.4, 0.5));
    byte[] fine =
        Movies.made(
            "mov",
            "-f lavfi -i testsrc=s=64x48:r=1000/33:d=0.1 -video_track_timescale 60000000" + codec);
    assertTimes(mp4(fine), Movies.times(fine));
  }

  /** Where frames come unevenly, the times of decoding end long before the movie does. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "lt(t,1)+not(mod(n,120))|10|-preset medium",
        "lt(t,1)+not(mod(n,7))+gt(t,3.6)|4|-preset fast -bf 3",
        "lt(t,1)+not(mod(n,120))|10|-preset fast -bf 1"
      })
  void aCopiedMovieEndsWhenItEnded(String kind) throws Exception {
    String[] parts = kind.split("\\|", -1);
    byte[] movie = uneven(parts[0], parts[1], parts[2]);
    byte[] copy = mp4(movie);
    assertThat(Movies.pixels(copy)).isEqualTo(Movies.pixels(movie));
    double lasts = Movies.duration(movie);
    assertThat(Movies.duration(copy)).isCloseTo(lasts, within(0.002));
    assertThat(Movies.times(copy).getLast()).isCloseTo(lasts, within(0.002));
  }

  private static byte[] uneven(String frames, String seconds, String encoder) {
    return Movies.made(
        "mp4",
        ("-f lavfi -i testsrc2=s=64x48:r=60:d=%s -vf select='%s' -vsync vfr"
                + " -enc_time_base 1/90000 -video_track_timescale 90000"
                + " -c:v libx264 -pix_fmt yuv420p %s")
            .formatted(seconds, frames, encoder));
  }

  @Test
  void aMovieThatCannotBeCopiedInTimeIsEncoded() throws Exception {
    byte[] movie = uneven("gt(t,9)+not(n)", "10", "-preset medium -bf 3");
    byte[] made = mp4(movie);
    assertThat(Movies.duration(made)).isCloseTo(Movies.duration(movie), within(0.002));
    assertTimes(made, Movies.times(movie));
  }

  @Test
  void whatAnEditLeavesOutStaysOut() throws Exception {
    byte[] movie = Movies.made("mp4", "-f lavfi -i testsrc=s=64x48:r=10:d=2" + COPIED);
    byte[] cut = Movies.made("mp4", "-ss 0.55 -i in -c copy", Map.of("in", movie));
    List<Double> times = Movies.times(cut);
    assertThat(times.size()).isLessThan(18);

    assertTimes(mp4(cut), times);
  }

  @Test
  void moreFramesThanAllowedAreRefusedAndNotCut() throws Exception {
    for (byte[] movie :
        List.of(
            Movies.made("mp4", "-f lavfi -i testsrc=s=64x48:r=60:d=3" + COPIED),
            Movies.made("mov", "-f lavfi -i testsrc=s=64x48:r=60:d=3" + ENCODED))) {
      assertThatThrownBy(() -> mp4(movie))
          .isInstanceOfSatisfying(
              MediaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FRAMES));
    }
  }

  /** With limits so wide that the list of frames does not fit into what is kept of an answer. */
  @Test
  void aListOfFramesThatIsCutIsNoVideoWithoutPictures() {
    assertThatThrownBy(() -> MovieFacts.of("packet|pts=0|dts=0|flags=K_\npacket|pts=1|d"))
        .isInstanceOfSatisfying(
            MediaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FRAMES))
        .hasMessageContaining("more than 2 frames");
  }

  @ParameterizedTest
  @CsvSource({
    "64:45, 96x64, 136x64",
    "8:9, 96x64, 96x72",
    "1:1, 97x65, 96x64",
    "2:1, 33x65, 66x64",
    "0:1, 96x64, 96x64"
  })
  void pixelsBecomeSquareAndSidesEven(String aspect, String from, String to) throws Exception {
    for (String codec : List.of(ENCODED, " -c:v libx264 -preset ultrafast -pix_fmt yuv444p")) {
      byte[] movie =
          Movies.made(
              "mp4",
              "-f lavfi -i testsrc=s=%s:r=10:d=0.3 -vf setsar=%s"
                      .formatted(from, aspect.replace(':', '/'))
                  + codec);
      byte[] made = mp4(movie);
      assertThat(Movies.fact(made, "width,height").replace(',', 'x')).isEqualTo(to);
      assertThat(Movies.fact(made, "sample_aspect_ratio")).isIn("1:1", "N/A");
      assertThat(Movies.fact(made, "pix_fmt")).isEqualTo("yuv420p");
    }
  }

  /** Quarters red, green, blue, yellow. */
  private static byte[] corners(String size, String codec) {
    return Movies.made(
        "mp4",
        "-loop 1 -framerate 10 -i in.png -t 0.3 -vf scale=%s:flags=neighbor".formatted(size)
            + codec,
        Map.of("in.png", Pictures.cornerPng()));
  }

  private static final Map<String, int[]> MATRICES =
      Map.of(
          "RGBY", new int[] {1, 0, 0, 1},
          "GRYB", new int[] {-1, 0, 0, 1},
          "YBGR", new int[] {-1, 0, 0, -1},
          "BYRG", new int[] {1, 0, 0, -1},
          "RBGY", new int[] {0, 1, 1, 0},
          "BRYG", new int[] {0, 1, -1, 0},
          "YGBR", new int[] {0, -1, -1, 0},
          "GYRB", new int[] {0, -1, 1, 0});

  @ParameterizedTest
  @ValueSource(strings = {ENCODED, COPIED})
  void turnsAndFlipsAreHonoured(String codec) throws Exception {
    byte[] plain = corners("96:64", codec);
    for (Map.Entry<String, int[]> turn : MATRICES.entrySet()) {
      int[] m = turn.getValue();
      byte[] made = mp4(Movies.turned(plain, m[0], m[1], m[2], m[3]));
      boolean upright = m[0] != 0;
      int width = upright ? 96 : 64;
      assertThat(quarters(Movies.pixels(made), width, 160 - width))
          .as("matrix")
          .isEqualTo(turn.getKey());
      Path stored = Files.write(folder.resolve("stored"), made);
      Probed probed = new HeaderProbe().probe(stored);
      assertThat(probed.orientation().upright(probed.dimensions()).width()).isEqualTo(width);
    }
  }

  private static String quarters(byte[] rgb, int width, int height) {
    StringBuilder found = new StringBuilder();
    for (int y : List.of(height / 4, 3 * height / 4)) {
      for (int x : List.of(width / 4, 3 * width / 4)) {
        int at = 3 * (y * width + x);
        boolean red = (rgb[at] & 255) > 128;
        boolean green = (rgb[at + 1] & 255) > 128;
        found.append(red ? (green ? 'Y' : 'R') : green ? 'G' : 'B');
      }
    }
    return found.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gif",
        "mov -c:v png -pix_fmt rgb24",
        "mov -c:v rawvideo -pix_fmt rgb24",
        "mov -c:v qtrle -pix_fmt rgb24",
        "mp4 -c:v libx264 -qp 1 -pix_fmt yuv444p -vf"
            + " scale=out_color_matrix=bt709:flags=accurate_rnd+full_chroma_int -colorspace bt709",
        "mp4 -c:v libx264 -qp 1 -pix_fmt yuvj420p -vf"
            + " scale=out_color_matrix=bt709:out_range=pc:flags=accurate_rnd+full_chroma_int"
            + " -colorspace bt709",
        "mov -c:v mjpeg -qmin 1 -q:v 1 -pix_fmt yuvj444p",
        "mp4 -c:v libx264rgb -qp 0 -pix_fmt rgb24",
        "mp4 -c:v libx264 -qp 1 -pix_fmt yuv420p10le -vf"
            + " scale=out_color_matrix=bt601:flags=accurate_rnd+full_chroma_int -colorspace"
            + " smpte170m",
        "mp4 -c:v libx264 -qp 1 -pix_fmt yuv420p"
      })
  void coloursAreThoseOfTheSource(String kind) throws Exception {
    String container = kind.split(" ", -1)[0];
    byte[] source =
        Movies.made(
            container,
            "-f lavfi -i "
                + "color=red:s=96x64:r=10:d=0.2,drawbox=24:0:24:64:color=0x3C8C3C:t=fill,"
                + "drawbox=48:0:24:64:color=0xC07050:t=fill,drawbox=72:0:24:64:color=white:t=fill"
                + (container.equals("gif") ? ",split[a][b];[a]palettegen[p];[b][p]paletteuse" : "")
                + kind.substring(container.length()));
    byte[] before = Movies.pixels(source);
    byte[] after = Movies.pixels(mp4(source));

    for (int x = 12; x < 96; x += 24) {
      int at = 3 * (32 * 96 + x);
      for (int i = at; i < at + 3; i++) {
        assertThat(after[i] & 255).as("at %d", x).isCloseTo(before[i] & 255, within(4));
      }
    }
  }

  /** The decoder forgets the box where the bitstream says nothing, and players do not. */
  @ParameterizedTest
  @CsvSource({
    "bt709,tv,1,1,1,96x64,'tv,bt709,bt709,bt709'",
    "bt709,pc,1,1,1,96x64,'tv,bt709,bt709,bt709'",
    "smpte170m,tv,6,6,6,960x720,'tv,smpte170m,smpte170m,smpte170m'",
    "bt2020nc,tv,9,18,9,96x64,'tv,bt709,bt709,bt709'",
  })
  void coloursThatOnlyTheBoxTells(
      String matrix, String range, int p, int t, int m, String size, String tags) throws Exception {
    String picture =
        t == 18
            ? "zscale=min=gbr:rin=pc:pin=bt709:tin=iec61966-2-1:t=linear:p=bt709:m=gbr:npl=203,format=gbrpf32le,"
                  + "zscale=p=bt2020:t=arib-std-b67:npl=203:m=bt2020nc:r=tv,format=yuv420p10le"
            : "scale=out_color_matrix=%s:out_range=%s:flags=accurate_rnd,format=yuv420p"
                .formatted(matrix, range);
    byte[] silent =
        Movies.made(
            "mp4",
            "-f lavfi -i color=0xC07050:s=%s:r=10:d=0.2,format=gbrp,%s".formatted(size, picture)
                + ",setparams=range=unknown:colorspace=unknown:color_primaries=unknown"
                + ":color_trc=unknown -c:v libx265 -tag:v hvc1 -preset ultrafast"
                + " -x265-params log-level=none:qp=4");
    assertThat(Movies.fact(silent, COLOURS)).isEqualTo("tv,unknown,unknown,unknown");

    byte[] made = mp4(Movies.withEntryBox(silent, Movies.colours(p, t, m, range.equals("pc"))));

    assertThat(Movies.fact(made, COLOURS)).isEqualTo(tags);
    byte[] pixels = Movies.pixels(made);
    for (int i = 0; i < 3; i++) {
      assertThat(pixels[i] & 255).isCloseTo(0xC07050 >> 16 - 8 * i & 255, within(4));
    }
  }

  @Test
  void whatBrowsersShowIsCopiedAndNothingElseKept() throws Exception {
    byte[] source =
        Movies.made(
            "mp4",
            "-f lavfi -i testsrc=s=64x48:r=10:d=1 -f lavfi -i sine=d=1 -metadata title=secret"
                + COPIED);

    byte[] made = mp4(source);

    assertThat(Movies.pixels(made)).isEqualTo(Movies.pixels(source));
    assertTimes(made, Movies.times(source));
    assertThat(mp4(source)).isEqualTo(made);
    for (String hidden : List.of("x264 - core", "secret", "mp4a", "Lavf", "Lavc")) {
      assertThat(
              Collections.indexOfSubList(
                  bytes(made), bytes(hidden.getBytes(StandardCharsets.UTF_8))))
          .as(hidden)
          .isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "High 10, libx264 -preset ultrafast -pix_fmt yuv420p10le",
    "parameters in the stream, libx264 -preset ultrafast -pix_fmt yuv420p -tag:v avc3",
    "interlaced, libx264 -preset ultrafast -pix_fmt yuv420p -flags +ildct+ilme -x264opts tff=1",
    "HEVC, libx265 -preset ultrafast -tag:v hvc1 -x265-params log-level=none -pix_fmt yuv420p"
  })
  void whatBrowsersMayNotShowIsEncoded(String kind, String codec) throws Exception {
    byte[] source = Movies.made("mp4", "-f lavfi -i testsrc=s=64x48:r=10:d=1 -c:v " + codec);

    byte[] made = mp4(source);

    assertThat(Movies.fact(made, "codec_tag_string,pix_fmt,field_order"))
        .as(kind)
        .isEqualTo("avc1,yuv420p,progressive");
    assertTimes(made, Movies.times(source));
  }

  /** Ten red pictures of one size and ten blue ones of another. */
  @Test
  void whatChangesItsSizeKeepsTheFirst() throws Exception {
    String bytestream = COPIED + " -bf 0 -bsf:v dump_extra";
    byte[] red = Movies.made("h264", "-f lavfi -i color=red:s=64x48:r=10:d=1" + bytestream);
    byte[] blue = Movies.made("h264", "-f lavfi -i color=blue:s=96x80:r=10:d=1" + bytestream);
    byte[] source =
        Movies.made("mp4", "-r 10 -f h264 -i in -c copy", Map.of("in", Bytes.join(red, blue)));

    byte[] made = mp4(source);

    assertThat(Movies.fact(made, "width,height,nb_frames")).isEqualTo("64,48,20");
    byte[] pixels = Movies.pixels(made);
    assertThat(pixels.length).isEqualTo(20 * 64 * 48 * 3);
    assertThat(pixels[0] & 255).isGreaterThan(240);
    assertThat(pixels[pixels.length - 1] & 255).isGreaterThan(240);
    assertThat(pixels[pixels.length - 3] & 255).isLessThan(20);
  }

  /** A picture that cannot be decoded is not there, all others keep their times. */
  @Test
  void whatIsDamagedIsNotCopied() throws Exception {
    byte[] source = Movies.made("mp4", "-f lavfi -i testsrc2=s=160x120:r=10:d=1" + COPIED);
    byte[] damaged = source.clone();
    int picture = Movies.packets(source).get(5);
    Arrays.fill(damaged, picture + 8, picture + 60, (byte) 0);

    byte[] made = mp4(damaged);

    assertThat(Movies.times(made))
        .hasSizeGreaterThan(8)
        .isSubsetOf(Movies.times(source))
        .endsWith(1.0);
    assertThat(Movies.faults(damaged)).isNotEmpty();
    assertThat(Movies.faults(made)).isEmpty();
  }

  private void refused(byte[] movie, Reason reason, String words) throws Exception {
    Files.deleteIfExists(folder.resolve("out"));
    assertThatThrownBy(() -> mp4(movie))
        .isInstanceOfSatisfying(MediaException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(words);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {ENCODED, COPIED})
  void whatIsCutShortIsRefused(String codec) throws Exception {
    byte[] whole =
        Movies.made("mp4", "-f lavfi -i testsrc=s=64x48:r=10:d=1 -movflags faststart" + codec);
    List<Integer> begins = Movies.packets(whole);
    int mdat = begins.getFirst() - 8;
    byte[] open = whole.clone();
    // A box that reaches to the end of the file, however long that is.
    Arrays.fill(open, mdat, mdat + 4, (byte) 0);
    assertThat(mp4(open)).isEqualTo(mp4(whole));
    for (int length : new int[] {begins.get(6) + 5, begins.get(6)}) {
      refused(Arrays.copyOf(open, length), Reason.INVALID, "cut short");
      refused(Arrays.copyOf(whole, length), Reason.INVALID, "ends early");
    }
    refused(Arrays.copyOf(whole, whole.length - 1), Reason.INVALID, "ends early");
  }

  /** Profile 5 of Dolby Vision (box dvcC of ISO BMFF): no base that others can show. */
  @Test
  void dolbyVisionWithoutBaseIsRefused() throws Exception {
    byte[] movie =
        Movies.made(
            "mp4",
            "-f lavfi -i testsrc=s=64x48:r=10:d=0.3 -c:v libx265 -preset ultrafast -tag:v hvc1"
                + " -x265-params log-level=none -pix_fmt yuv420p10le");
    byte[] vision = Movies.box("dvcC", Movies.numbers(0x01000A0D, 0, 0, 0, 0, 0));
    refused(Movies.withEntryBox(movie, vision), Reason.UNSUPPORTED, "Dolby Vision");
  }

  @Test
  void ofManyTracksOnlyTheFilmIsKept() throws Exception {
    byte[] film = Movies.made("mp4", "-f lavfi -i testsrc=s=96x64:r=10:d=1" + COPIED);
    byte[] small = Movies.made("mp4", "-f lavfi -i color=red:s=64x48:r=10:d=1" + COPIED);
    byte[] sound = Movies.made("wav", "-f lavfi -i sine=d=1");
    byte[] words = "1\n00:00:00,000 --> 00:00:01,000\nhello\n".getBytes(StandardCharsets.UTF_8);
    byte[] source =
        Movies.made(
            "mp4",
            "-i small -i film -i sound -i words.srt -i cover.png -map 0 -map 1 -map 2 -map 3"
                + " -map 4 -c copy -c:a aac -c:s mov_text -disposition:v:2 attached_pic",
            Map.of(
                "small", small,
                "film", film,
                "sound", sound,
                "words.srt", words,
                "cover.png", Pictures.png(640, 480)));

    byte[] made = mp4(source);

    assertThat(Movies.pixels(made)).isEqualTo(Movies.pixels(film));
    assertThat(Movies.places(made, "trak")).hasSize(1);
    assertTimes(made, Movies.times(film));
  }

  private static List<Byte> bytes(byte[] bytes) {
    List<Byte> list = new ArrayList<>();
    for (byte one : bytes) {
      list.add(one);
    }
    return list;
  }
}
