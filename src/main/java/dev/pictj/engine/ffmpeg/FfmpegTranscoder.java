package dev.pictj.engine.ffmpeg;

import dev.pictj.config.VideoCodec;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.StartTask;
import dev.pictj.engine.VideoEngine;
import dev.pictj.engine.VideoRules;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.motion.AnimatedPng;
import dev.pictj.media.AvifSequence;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.media.Samples;
import dev.pictj.media.VideoTrack;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Transcodes by ffmpeg; the same input gives the same bytes every time. */
public final class FfmpegTranscoder implements VideoEngine {
  private static final String MOVIE = "mov";
  private static final String WEBM = "matroska";

  /**
   * Pictures beyond the limit that are still counted: those that an edit list leaves out, but
   * others are predicted from, and one that tells that there are too many.
   */
  private static final int MAX_UNSHOWN_FRAMES = 1000;

  private static final int UNSPECIFIED = 2;

  /** Codes of ITU-T H.273 that are kept: unknown, BT.709 and BT.601; transfers also of sRGB. */
  private static final Set<Integer> KEPT_PRIMARIES = Set.of(1, 2, 5, 6);

  private static final Set<Integer> KEPT_TRANSFERS = Set.of(1, 2, 6, 13, 14, 15);

  private static final int DEFAULT_AVIF_QUALITY = 60;

  /** Durations that differ by less count as the same: headers tell them in milliseconds. */
  private static final double DURATION_TOLERANCE_SECONDS = 0.005;

  private final HeaderProbe headers = new HeaderProbe();
  private final FfmpegRuns runs;
  private final Limits media;
  private final VideoRules rules;
  private final long memory;
  private final int avifQuality;

  private FfmpegTranscoder(
      FfmpegRuns runs, Limits media, VideoRules rules, long memory, int avifQuality) {
    this.runs = runs;
    this.media = media;
    this.rules = rules;
    this.memory = memory;
    this.avifQuality = avifQuality;
  }

  /**
   * Makes a transcoder; where no tool is found it refuses everything.
   *
   * @param runner in whose folder one named {@code ffmpeg} is made for temp files
   */
  public static FfmpegTranscoder start(
      StartTask<Optional<FfmpegTool>> tool,
      FfmpegLimits limits,
      Limits media,
      VideoRules rules,
      ChildRunner runner)
      throws EngineException {
    FfmpegRuns runs = new FfmpegRuns(tool, runner.in("ffmpeg"), limits.child(), media.maxArea());
    return new FfmpegTranscoder(runs, media, rules, limits.memoryBytes(), DEFAULT_AVIF_QUALITY);
  }

  /** This transcoder, but writing animated AVIF in a quality of 1 to 100, as stills count it. */
  public FfmpegTranscoder ofAvifQuality(int quality) {
    return new FfmpegTranscoder(runs, media, rules, memory, quality);
  }

  @Override
  public void store(Path source, Probed probed, Path output)
      throws MediaException, EngineException, InterruptedException {
    media.check(probed, probed.dimensions(), probed.frames());
    if (probed.type() == MediaType.GIF) {
      gif(source, probed, output);
    } else if (probed.type().has(MediaType.Trait.SEQUENCE)) {
      avif(source, probed, output);
    } else {
      VideoTrack track =
          probed.video().orElseThrow(() -> new IllegalArgumentException("no track: " + probed));
      movie(source, probed, track, output);
    }
  }

  private void gif(Path source, Probed probed, Path output)
      throws MediaException, EngineException, InterruptedException {
    media.check(probed, probed.held(), probed.frames());
    FrameTiming pace;
    try {
      pace = FrameTiming.ofGif(headers.gifDelays(source));
    } catch (IOException e) {
      throw new EngineException("could not read " + source, e);
    }
    List<String> line = new ArrayList<>(runs.passthrough());
    line.addAll(
        Mp4Arguments.gif(
            probed.dimensions(),
            probed.extent(),
            pace,
            rules.codec() == VideoCodec.KEEP
                ? VideoRules.SILENT_MP4.crf(probed.dimensions())
                : rules.crf(probed.dimensions()),
            media.maxFrames(),
            effort(probed.dimensions())));
    Path copy = output.resolveSibling(output.getFileName() + ".gif");
    try (FfmpegCopy gif = GifOnScreen.of(source, probed.held(), copy)) {
      runs.write(gif.file(), "gif", Mp4Arguments.gifDecoding(), line, output);
    }
  }

  private void movie(Path source, Probed probed, VideoTrack track, Path output)
      throws MediaException, EngineException, InterruptedException {
    String demuxer = demuxer(probed.type());
    String stream = FfmpegRuns.stream(probed);
    List<String> question =
        MovieFacts.question(stream.substring(2), media.maxFrames() + MAX_UNSHOWN_FRAMES);
    MovieFacts facts = MovieFacts.of(runs.look(source, demuxer, question));
    track.colours().ifPresent(facts::complete);
    require(probed, facts, track);
    if (facts.packets() < probed.frames() && demuxer.equals(MOVIE)) {
      requireWhole(source, question, probed.frames());
    }
    StoredVideo wanted = wanted(source, probed.type(), track, facts);
    if (!wanted.copied() || !copied(source, demuxer, stream, facts, wanted, output)) {
      encode(source, demuxer, stream, track, facts, wanted.encoded(facts), output);
    }
    if (wanted.isWebm() && wanted.sound().filter("copy"::equals).isPresent()) {
      withoutComments(output);
    }
  }

  private void encode(
      Path source,
      String demuxer,
      String stream,
      VideoTrack track,
      MovieFacts facts,
      StoredVideo wanted,
      Path output)
      throws MediaException, EngineException, InterruptedException {
    List<String> line = new ArrayList<>(runs.passthrough());
    line.addAll(
        Mp4Arguments.movie(
            stream, track, facts, wanted, media.maxFrames(), effort(squared(facts, facts.size()))));
    List<String> decoding = new ArrayList<>(Mp4Arguments.movieDecoding(track));
    decoding.addAll(StoredVideo.decoder(facts, track));
    runs.write(source, demuxer, decoding, line, output);
  }

  private static void withoutComments(Path webm) throws MediaException, EngineException {
    try {
      VorbisComments.remove(webm);
    } catch (IOException e) {
      throw new EngineException("could not remove what is told of a sound", e);
    }
  }

  /** Packs the pictures anew: by way of MP4, for ffmpeg 5 cannot filter what it writes as AVIF. */
  private void avif(Path source, Probed probed, Path output)
      throws MediaException, EngineException, InterruptedException {
    AvifSequence sequence = sequence(source, probed);
    Path middle = output.resolveSibling(output.getFileName() + ".mp4");
    try (FfmpegCopy frames = frames(source, output)) {
      runs.write(
          frames.file(), MOVIE, AvifArguments.INPUT_OPTIONS, AvifArguments.bare(sequence), middle);
      for (String stream : AvifArguments.streams(sequence)) {
        if (!runs.decodes(middle, MOVIE, List.of(), stream, sequence.frames())) {
          throw new MediaException(Reason.INVALID, "Invalid AVIF: its pictures are damaged");
        }
      }
      runs.write(middle, MOVIE, List.of("-copyts"), AvifArguments.copy(sequence), output);
      AvifBoxes.write(output, sequence);
    } catch (IOException e) {
      throw cannotSay(e);
    } finally {
      delete(middle);
    }
  }

  private AvifSequence sequence(Path source, Probed probed) throws MediaException, EngineException {
    try {
      AvifSequence sequence =
          AvifSequence.of(source)
              .orElseThrow(() -> new MediaException(Reason.INVALID, "Invalid AVIF: no frames"));
      media.check(probed, sequence.seen(), sequence.frames());
      if (!sequence.seen().equals(probed.dimensions())) {
        throw new MediaException(
            Reason.INVALID,
            "Invalid AVIF: its picture measures %s, its frames %s"
                .formatted(probed.dimensions(), sequence.seen()));
      }
      requireUsual(sequence, probed);
      return sequence;
    } catch (IOException e) {
      throw new EngineException("could not read " + source, e);
    }
  }

  /**
   * Frames are handed over without a word on their colours, so those must be sRGB's. Where they do
   * not tell what they are, the still beside them does.
   */
  private static void requireUsual(AvifSequence sequence, Probed still) throws MediaException {
    Optional<VideoTrack.Colours> told =
        sequence
            .colours()
            .filter(one -> one.primaries() != UNSPECIFIED || one.transfer() != UNSPECIFIED);
    Optional<Samples> beside = still.samples().filter(_ -> told.isEmpty());
    boolean profiled =
        sequence.profiled()
            || beside
                .filter(one -> !(one.profile() instanceof Samples.ProfilePlace.None))
                .isPresent();
    boolean usual =
        told.or(() -> beside.flatMap(Samples::meaning))
            .filter(
                said ->
                    !KEPT_PRIMARIES.contains(said.primaries())
                        || !KEPT_TRANSFERS.contains(said.transfer()))
            .isEmpty();
    if (profiled || !usual) {
      throw new MediaException(
          Reason.UNSUPPORTED, "Animated AVIF is only accepted with the colours of sRGB");
    }
  }

  private static EngineException cannotSay(IOException e) {
    return new EngineException("could not say how an AVIF is shown", e);
  }

  private static void delete(Path file) throws EngineException {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new EngineException("could not delete " + file, e);
    }
  }

  @Override
  public void toApng(Path source, Probed probed, Path output)
      throws MediaException, EngineException, InterruptedException {
    unpack(source, probed, List.of(), output);
  }

  private void unpack(Path source, Probed probed, List<String> which, Path output)
      throws MediaException, EngineException, InterruptedException {
    AvifSequence sequence = sequence(source, probed);
    List<String> line = new ArrayList<>(runs.passthrough());
    line.addAll(which);
    line.addAll(AvifArguments.toApng(sequence));
    try (FfmpegCopy frames = frames(source, output)) {
      runs.write(frames.file(), MOVIE, AvifArguments.INPUT_OPTIONS, line, output);
    }
  }

  private static FfmpegCopy frames(Path source, Path output)
      throws MediaException, EngineException {
    return FramesOnly.of(source, output.resolveSibling(output.getFileName() + ".frames"));
  }

  @Override
  public void toAvif(Path apng, Probed probed, Path output)
      throws MediaException, EngineException, InterruptedException {
    AnimatedPng animation;
    try {
      animation =
          AnimatedPng.of(ByteBuffer.wrap(Files.readAllBytes(apng)))
              .orElseThrow(() -> new MediaException(Reason.INVALID, "Invalid PNG: no animation"));
    } catch (IOException e) {
      throw new EngineException("could not read " + apng, e);
    }
    List<String> line = new ArrayList<>(runs.passthrough());
    line.addAll(
        AvifArguments.ofApng(
            animation.isTransparent(),
            animation.frames().size(),
            animation.frames().getLast().milliseconds(),
            AvifArguments.crf(avifQuality)));
    runs.write(apng, "apng", List.of(), line, output);
    try {
      AvifBoxes.write(output, animation.plays(), /* premultiplied= */ false, List.of());
    } catch (IOException e) {
      throw cannotSay(e);
    }
  }

  private static String demuxer(MediaType type) {
    return type == MediaType.WEBM ? WEBM : MOVIE;
  }

  private StoredVideo wanted(Path source, MediaType type, VideoTrack track, MovieFacts facts)
      throws MediaException, EngineException, InterruptedException {
    Optional<String> sound = rules.sound() ? sound(source, demuxer(type)) : Optional.empty();
    return StoredVideo.of(rules, type, track, facts, sound);
  }

  /** The codec of the first track of sound. */
  private Optional<String> sound(Path source, String demuxer)
      throws MediaException, EngineException, InterruptedException {
    List<String> question =
        List.of("-select_streams", "a:0", "-show_entries", "stream=codec_name", "-of", "csv=p=0");
    return runs.look(source, demuxer, question)
        .lines()
        .map(line -> line.replace(",", "").strip())
        .filter(line -> !line.isEmpty())
        .findFirst();
  }

  private void require(Probed probed, MovieFacts facts, VideoTrack track) throws MediaException {
    media.check(probed, facts.size(), facts.frames());
    media.check(probed, track.orientation().upright(squared(facts, track.aperture().size())), 1);
    if (facts.isCut()) {
      throw cutShort();
    }
    if (facts.isDolbyVisionAlone()) {
      throw new MediaException(
          Reason.UNSUPPORTED,
          "Dolby Vision without a base that other players show is not accepted");
    }
  }

  /** Some pictures are not there: either an edit leaves them out, or the file ends before them. */
  private void requireWhole(Path source, List<String> question, int frames)
      throws MediaException, EngineException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("-ignore_editlist", "1"));
    all.addAll(question);
    int packets = MovieFacts.of(runs.look(source, MOVIE, all)).packets();
    if (packets < Math.min(frames, media.maxFrames() + MAX_UNSHOWN_FRAMES)) {
      throw cutShort();
    }
  }

  private static MediaException cutShort() {
    return new MediaException(Reason.INVALID, "Video cannot be read: it is cut short");
  }

  /** The size with square pixels, not turned. */
  private static Dimensions squared(MovieFacts facts, Dimensions size) {
    double aspect = facts.pixelAspect();
    double width = size.width() * Math.max(1, aspect);
    double height = size.height() / Math.min(1, aspect);
    return new Dimensions((int) Math.rint(width), (int) Math.rint(height));
  }

  /** Packs the pictures anew as they are; false when a decoder finds fault with the result. */
  private boolean copied(
      Path source, String demuxer, String stream, MovieFacts facts, StoredVideo wanted, Path output)
      throws MediaException, EngineException, InterruptedException {
    try {
      runs.write(
          source, demuxer, List.of("-copyts"), Mp4Arguments.copy(stream, facts, wanted), output);
      String made = demuxer(wanted.container());
      return (made.equals(WEBM) || lastsAsLong(output, facts))
          && runs.decodes(output, made, wanted.decoder(), "0:v:0", facts.frames());
    } catch (MediaException e) {
      if (e.reason() == Reason.INVALID) {
        return false;
      }
      throw e;
    }
  }

  /** The muxer cannot say it of every movie whose frames come far from evenly. */
  private boolean lastsAsLong(Path output, MovieFacts facts)
      throws MediaException, EngineException, InterruptedException {
    String lasts =
        runs.look(
            output,
            MOVIE,
            List.of(
                "-select_streams", "v:0", "-show_entries", "stream=duration", "-of", "csv=p=0"));
    try {
      return Math.abs(Double.parseDouble(lasts.replace(",", "").strip()) - facts.lasts())
          < DURATION_TOLERANCE_SECONDS;
    } catch (NumberFormatException _) {
      return false;
    }
  }

  private X264Effort effort(Dimensions size) {
    return X264Effort.of(size.area(), memory);
  }

  /** Which decoder knows of the transparency of a WebM, where it has some. */
  private List<String> alphaDecoder(Path source, String demuxer, Probed probed)
      throws MediaException, EngineException, InterruptedException {
    if (probed.video().filter(VideoTrack::alpha).isEmpty()) {
      return List.of();
    }
    List<String> question =
        List.of("-select_streams", "V:0", "-show_entries", "stream=codec_name", "-of", "csv=p=0");
    return StoredVideo.decoder(runs.look(source, demuxer, question).replace(",", "").strip());
  }

  @Override
  public void firstFrame(Path source, Probed probed, Path output)
      throws MediaException, EngineException, InterruptedException {
    if (probed.type().has(MediaType.Trait.SEQUENCE)) {
      unpack(source, probed, List.of("-frames:v", "1"), output);
      return;
    }
    String demuxer = demuxer(probed.type());
    List<String> decoder = alphaDecoder(source, demuxer, probed);
    DecodedFrame seen = runs.look(source, demuxer, decoder, FfmpegRuns.stream(probed));
    DecodedFrame frame =
        probed.video().flatMap(VideoTrack::colours).map(seen::completed).orElse(seen);
    VideoTrack track = VideoStillArguments.track(probed, frame);
    media.check(probed, track.square(), 1);
    List<String> decoding = new ArrayList<>(VideoStillArguments.decoding());
    decoding.addAll(decoder);
    runs.write(
        source,
        demuxer,
        decoding,
        VideoStillArguments.encoding(FfmpegRuns.stream(probed), track, frame),
        output);
  }
}
