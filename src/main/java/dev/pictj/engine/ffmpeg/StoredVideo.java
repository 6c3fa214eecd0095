package dev.pictj.engine.ffmpeg;

import dev.pictj.config.AudioCodec;
import dev.pictj.config.VideoCodec;
import dev.pictj.engine.VideoRules;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import dev.pictj.media.VideoTrack;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How one video is stored.
 *
 * @param codec of its pictures
 * @param container MP4 or WebM
 * @param copied whether the pictures are taken over as they are packed
 * @param crf of an encoder
 * @param alpha whether what is encoded keeps its transparency
 * @param sound where it is kept: its codec, by ffmpeg's name for an encoder, or {@code copy}
 * @param decoder options that choose one which knows all of the video
 */
record StoredVideo(
    VideoCodec codec,
    MediaType container,
    boolean copied,
    int crf,
    boolean alpha,
    Optional<String> sound,
    List<String> decoder) {
  private static final Map<String, VideoCodec> KNOWN =
      Map.of(
          "h264", VideoCodec.H264,
          "hevc", VideoCodec.H265,
          "vp8", VideoCodec.VP8,
          "vp9", VideoCodec.VP9,
          "av1", VideoCodec.AV1);

  private static final Set<Orientation> RIGHT_ANGLES =
      Set.of(
          Orientation.UPRIGHT,
          Orientation.QUARTER_TURN,
          Orientation.HALF_TURN,
          Orientation.THREE_QUARTER_TURN);

  /** Codecs of sound that browsers play in MP4, and in WebM. */
  private static final Set<String> SOUND_IN_MP4 = Set.of("aac", "mp3", "opus");

  private static final Set<String> SOUND_IN_WEBM = Set.of("opus", "vorbis");

  /** The highest constant rate factor of x264 and x265. */
  private static final int MAX_MPEG_CRF = 51;

  /** VP8 has no constant quality without a bound on the rate. */
  private static final String VP8_RATE = "8M";

  private static final int MIN_VP8_CRF = 4;

  /** The video that is made of a GIF. */
  static StoredVideo silentMp4(int crf) {
    return new StoredVideo(
        VideoCodec.H264, MediaType.MP4, false, crf, false, Optional.empty(), List.of());
  }

  /**
   * Decides how a video is stored by the rules of an administrator.
   *
   * @param type of the file that came
   * @param sound the codec of its sound, where it has some that is kept
   */
  static StoredVideo of(
      VideoRules rules,
      MediaType type,
      VideoTrack track,
      MovieFacts facts,
      Optional<String> sound) {
    VideoCodec has = KNOWN.getOrDefault(facts.codec(), VideoCodec.KEEP);
    boolean keep = rules.codec() == VideoCodec.KEEP;
    // An unknown codec becomes the one that all clients know.
    VideoCodec codec = keep ? (has == VideoCodec.KEEP ? VideoCodec.H264 : has) : rules.codec();
    MediaType container =
        keep && has == VideoCodec.AV1 && type != MediaType.WEBM ? MediaType.MP4 : container(codec);
    boolean copied = codec == has && isCopied(keep, codec, container, track, facts);
    if (keep && !copied && container == MediaType.MP4) {
      codec = VideoCodec.H264;
    }
    return new StoredVideo(
        codec,
        container,
        copied,
        rules.crf(track.square()),
        track.alpha() && (codec == VideoCodec.VP8 || codec == VideoCodec.VP9),
        sound.map(name -> soundOf(rules.audio(), container, name)),
        decoder(facts, track));
  }

  private static MediaType container(VideoCodec codec) {
    return switch (codec) {
      case KEEP, H264, H265 -> MediaType.MP4;
      case VP8, VP9, AV1 -> MediaType.WEBM;
    };
  }

  private static boolean isCopied(
      boolean keep, VideoCodec codec, MediaType container, VideoTrack track, MovieFacts facts) {
    if (container == MediaType.WEBM) {
      return facts.isWhole() && track.orientation() == Orientation.UPRIGHT;
    }
    if (!keep && codec == VideoCodec.H264) {
      return facts.isShownAsItIs(track);
    }
    return facts.isWhole()
        && RIGHT_ANGLES.contains(track.orientation())
        && track.aperture().size().equals(facts.size());
  }

  private static String soundOf(AudioCodec wanted, MediaType container, String has) {
    boolean webm = container == MediaType.WEBM;
    String encoder =
        switch (wanted) {
          case KEEP -> (webm ? SOUND_IN_WEBM : SOUND_IN_MP4).contains(has) ? "copy" : "";
          case AAC -> webm ? "" : has.equals("aac") ? "copy" : "aac";
          case OPUS -> has.equals("opus") ? "copy" : "libopus";
          case VORBIS -> webm ? (has.equals("vorbis") ? "copy" : "libvorbis") : "";
        };
    return encoder.isEmpty() ? (webm ? "libopus" : "aac") : encoder;
  }

  /** Options that choose a decoder which knows of transparency beside the pictures. */
  static List<String> decoder(MovieFacts facts, VideoTrack track) {
    return track.alpha() ? decoder(facts.codec()) : List.of();
  }

  /** Options that choose the decoder, by ffmpeg's name of a codec. */
  static List<String> decoder(String codec) {
    return switch (codec) {
      case "vp8" -> List.of("-c:v", "libvpx");
      case "vp9" -> List.of("-c:v", "libvpx-vp9");
      default -> List.of();
    };
  }

  /** How this video is stored where its pictures have to be encoded after all. */
  StoredVideo encoded(MovieFacts facts) {
    boolean ours = container == MediaType.WEBM || codec == VideoCodec.H265;
    return new StoredVideo(
        copied && !ours && KNOWN.get(facts.codec()) == codec ? VideoCodec.H264 : codec,
        container,
        false,
        crf,
        alpha,
        sound,
        decoder);
  }

  boolean isWebm() {
    return container == MediaType.WEBM;
  }

  /** The muxer of WebM is told of transparency by a tag of its own, which is no metadata. */
  List<String> alphaTag() {
    return isWebm() && !decoder.isEmpty() && (copied || alpha)
        ? List.of("-metadata:s:v", "alpha_mode=1")
        : List.of();
  }

  boolean hasSound() {
    return sound.isPresent();
  }

  /** Options that give HEVC the tag that every player knows. */
  List<String> tag() {
    return codec == VideoCodec.H265 ? List.of("-tag:v", "hvc1") : List.of();
  }

  /**
   * A filter of what decoding needs: slices, parameter sets, ends of sequences. All else may hide
   * anything. Metadata about the luminance of HDR stays.
   */
  String keptUnits(MovieFacts facts) {
    return switch (codec) {
      case H264 -> "filter_units=pass_types=1-5|7-11,";
      case H265 -> "filter_units=pass_types=0-38%s,".formatted(facts.isHdr() ? "|39|40" : "");
      case AV1 -> "filter_units=pass_types=1-4|6-8%s,".formatted(facts.isHdr() ? "|5" : "");
      case VP8, VP9, KEEP -> "";
    };
  }

  /** Options of sound beside pictures that are copied, whose times begin at 0. */
  List<String> sound(MovieFacts facts) {
    if (sound.isEmpty()) {
      return List.of();
    }
    List<String> line = new ArrayList<>(List.of("-c:a", sound.get()));
    if (facts.start() != 0) {
      line.addAll(List.of("-bsf:a", "setts=ts=TS-%.9f/TB".formatted(facts.startSeconds())));
    }
    return line;
  }

  /** Options of sound beside pictures that are encoded. */
  List<String> soundEncoded() {
    return sound.map(encoder -> List.of("-c:a", encoder)).orElse(List.of());
  }

  /** Options of the encoder. */
  List<String> encoder(X264Effort effort) {
    List<String> line = new ArrayList<>();
    String quality = Integer.toString(crf);
    String mpeg = Integer.toString(Math.min(crf, MAX_MPEG_CRF));
    String threads = Integer.toString(FfmpegRuns.THREADS);
    switch (codec) {
      case H264, KEEP -> {
        line.addAll(List.of("-c:v", "libx264", "-preset", "fast", "-crf", mpeg));
        line.addAll(effort.options(FfmpegRuns.THREADS));
      }
      case H265 -> {
        line.addAll(List.of("-c:v", "libx265", "-preset", "fast", "-crf", mpeg, "-tag:v", "hvc1"));
        line.addAll(List.of("-x265-params", "log-level=error:info=0:pools=%s".formatted(threads)));
      }
      case VP8 -> {
        String vp8 = Integer.toString(Math.max(crf, MIN_VP8_CRF));
        line.addAll(List.of("-c:v", "libvpx", "-crf", vp8, "-b:v", VP8_RATE));
        line.addAll(List.of("-deadline", "good", "-cpu-used", "4", "-threads", threads));
      }
      case VP9 -> {
        line.addAll(List.of("-c:v", "libvpx-vp9", "-crf", quality, "-b:v", "0", "-row-mt", "1"));
        line.addAll(List.of("-deadline", "good", "-cpu-used", "5", "-threads", threads));
      }
      case AV1 -> {
        line.addAll(
            List.of("-c:v", FfmpegTool.AV1_ENCODER, "-crf", quality, "-b:v", "0", "-row-mt", "1"));
        line.addAll(List.of("-cpu-used", "8", "-threads", threads));
      }
    }
    if (alpha) {
      line.addAll(List.of("-auto-alt-ref", "0"));
    }
    line.addAll(List.of("-pix_fmt", alpha ? "yuva420p" : "yuv420p"));
    return line;
  }
}
