package dev.pictj.engine.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.config.AudioCodec;
import dev.pictj.config.VideoCodec;
import dev.pictj.engine.StartTask;
import dev.pictj.engine.VideoRules;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.Sandboxes;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Movies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes, by what is wanted. */
class StoredVideoTest {
  private static final String MOVING =
      "-f lavfi -i testsrc2=s=64x48:r=10:d=0.6 -f lavfi -i sine=440:r=48000:d=0.6 ";

  @TempDir Path folder;

  private static byte[] source(String kind) {
    return switch (kind) {
      case "h264" ->
          Movies.made("mp4", MOVING + "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac");
      case "hevc" ->
          Movies.made(
              "mp4",
              MOVING
                  + "-c:v libx265 -preset ultrafast -x265-params log-level=none -pix_fmt yuv420p"
                  + " -tag:v hev1 -c:a aac");
      case "prores" -> Movies.made("mov", MOVING + "-c:v prores_ks -c:a pcm_s16le");
      case "vp8" -> Movies.made("webm", MOVING + "-c:v libvpx -b:v 1M -c:a libvorbis");
      case "vp9" ->
          Movies.made(
              "webm", MOVING + "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus");
      case "av1" ->
          Movies.made(
              "mp4",
              MOVING
                  + "-c:v libaom-av1 -cpu-used 8 -usage realtime -pix_fmt yuv420p -c:a libopus"
                  + " -strict -2");
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private static VideoRules rules(VideoCodec codec, AudioCodec audio, boolean sound) {
    TreeMap<Integer, Integer> crf = new TreeMap<>();
    crf.put(Integer.MAX_VALUE, 32);
    return new VideoRules(codec, audio, sound, crf);
  }

  private byte[] stored(byte[] video, VideoRules rules) throws Exception {
    FfmpegTranscoder transcoder =
        FfmpegTranscoder.start(
            StartTask.done(FfmpegTool.find(List.of(Path.of("/usr/bin")))),
            new FfmpegLimits(Duration.ofSeconds(60), 3L << 30, 512 << 20, 512 << 20),
            new Limits(4000, 4000, 10_000_000, 170),
            rules,
            new ChildRunner(folder, Sandboxes.best(folder)));
    Path source = Files.write(folder.resolve("source"), video);
    Path output = folder.resolve("stored");
    Files.deleteIfExists(output);
    transcoder.store(source, new HeaderProbe().probe(source), output);
    return Files.readAllBytes(output);
  }

  @ParameterizedTest
  @CsvSource({
    // What came, what is wanted, and what is stored: pictures and sound.
    "h264,   KEEP, KEEP,   true,  MP4,  h264, aac",
    "h264,   KEEP, KEEP,   false, MP4,  h264, ",
    "h264,   H264, KEEP,   false, MP4,  h264, ",
    "h264,   VP9,  KEEP,   true,  WEBM, vp9,  opus",
    "h264,   H265, KEEP,   true,  MP4,  hevc, aac",
    "hevc,   KEEP, KEEP,   true,  MP4,  hevc, aac",
    "hevc,   H264, OPUS,   true,  MP4,  h264, opus",
    "prores, KEEP, KEEP,   true,  MP4,  h264, aac",
    "vp8,    KEEP, KEEP,   true,  WEBM, vp8,  vorbis",
    "vp8,    VP8,  OPUS,   true,  WEBM, vp8,  opus",
    "vp9,    KEEP, KEEP,   true,  WEBM, vp9,  opus",
    "vp9,    H264, AAC,    true,  MP4,  h264, aac",
    "vp9,    AV1,  VORBIS, true,  WEBM, av1,  vorbis",
    "vp9,    VP8,  KEEP,   false, WEBM, vp8,  ",
    "av1,    KEEP, KEEP,   true,  MP4,  av1,  opus",
    "av1,    AV1,  KEEP,   true,  WEBM, av1,  opus",
  })
  void isWhatTheRulesSay(
      String kind,
      VideoCodec codec,
      AudioCodec audio,
      boolean sound,
      MediaType container,
      String pictures,
      String heard)
      throws Exception {
    byte[] stored = stored(source(kind), rules(codec, audio, sound));
    Probed probed = new HeaderProbe().probe(Files.write(folder.resolve("made"), stored));
    assertThat(probed.type()).isEqualTo(container);
    assertThat(probed.frames()).isEqualTo(6);
    assertThat(Movies.fact(stored, "codec_name")).isEqualTo(pictures);
    assertThat(Movies.sound(stored)).isEqualTo(heard == null ? "" : heard);
    assertThat(Movies.shown(stored).getFirst()).isZero();
    assertThat(Movies.shown(stored).getLast()).isBetween(0.495, 0.505);
    if (pictures.equals("hevc")) {
      assertThat(Movies.fact(stored, "codec_tag_string")).isEqualTo("hvc1");
    }
  }

  /** A word that nobody is to see, among comments in the headers of the sound of {@code vp8}. */
  private static byte[] withComment() {
    byte[] file = source("vp8");
    System.arraycopy(Bytes.ascii("HIDDEN=x"), 0, file, Bytes.find(file, "encoder=Lavc"), 8);
    return file;
  }

  @ParameterizedTest
  @CsvSource({"KEEP", "VP9"})
  void commentsOnTheSoundGo(VideoCodec codec) throws Exception {
    byte[] file = withComment();
    assertThat(Bytes.find(file, "HIDDEN")).isPositive();
    byte[] stored = stored(file, rules(codec, AudioCodec.KEEP, true));
    assertThat(Movies.sound(stored)).isEqualTo("vorbis");
    assertThat(Bytes.find(stored, "HIDDEN")).isNegative();
    assertThat(Movies.heard(stored)).isEqualTo(Movies.heard(source("vp8")));
  }

  /** Names of tracks, tags, chapters, attached files: with WebM as with MP4. */
  @ParameterizedTest
  @CsvSource({"vp9, webm, libopus", "h264, mp4, aac"})
  void nothingThatIsToldOfAVideoStays(String kind, String container, String sound)
      throws Exception {
    byte[] told =
        Movies.made(
            container,
            "-i in -i chapters -map 0 -map_metadata 1 -map_chapters 1 -c copy"
                + " -metadata title=HIDDEN -metadata comment=HIDDEN -metadata location=HIDDEN"
                + " -metadata:s:v title=HIDDEN -metadata:s:a title=HIDDEN"
                + " -metadata:s:a handler_name=HIDDEN -metadata:s:v handler_name=HIDDEN"
                + " -metadata:s:a language=fra",
            Map.of(
                "in",
                source(kind),
                "chapters",
                Bytes.ascii(
                    ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=300\ntitle=HIDDEN\n")));
    assertThat(Bytes.find(told, "HIDDEN")).isPositive();
    byte[] stored = stored(told, rules(VideoCodec.KEEP, AudioCodec.KEEP, true));
    assertThat(Movies.sound(stored)).isEqualTo(sound.replace("lib", ""));
    for (String word : List.of("HIDDEN", "fra", "chap", "Chapter")) {
      assertThat(Bytes.find(stored, word)).as(word).isNegative();
    }
  }

  @Test
  void theFactorIsThatOfTheSmallestSizeThatHolds() {
    TreeMap<Integer, Integer> crf = new TreeMap<>();
    crf.put(Integer.MAX_VALUE, 32);
    crf.put(480, 20);
    crf.put(1080, 28);
    VideoRules rules = new VideoRules(VideoCodec.VP9, AudioCodec.KEEP, false, crf);
    assertThat(rules.crf(new Dimensions(9000, 100))).isEqualTo(20);
    assertThat(rules.crf(new Dimensions(854, 480))).isEqualTo(20);
    assertThat(rules.crf(new Dimensions(854, 481))).isEqualTo(28);
    assertThat(rules.crf(new Dimensions(3840, 2160))).isEqualTo(32);
  }
}
