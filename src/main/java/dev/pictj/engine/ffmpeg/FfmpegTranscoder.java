package dev.pictj.engine.ffmpeg;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.StartTask;
import dev.pictj.engine.VideoEngine;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.media.VideoTrack;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Transcodes by ffmpeg; the same input gives the same bytes every time. */
public final class FfmpegTranscoder implements VideoEngine {
  private static final String MOVIE = "mov";

  /** Pictures that edits leave out and others need, and one that tells that there are too many. */
  private static final int NOT_SHOWN = 1000;

  /** Headers tell the duration in milliseconds. */
  private static final double SAME_SECONDS = 0.005;

  private final HeaderProbe headers = new HeaderProbe();
  private final FfmpegRuns runs;
  private final Limits media;
  private final long memory;

  private FfmpegTranscoder(FfmpegRuns runs, Limits media, long memory) {
    this.runs = runs;
    this.media = media;
    this.memory = memory;
  }

  /**
   * Makes a transcoder; where no tool is found it refuses everything.
   *
   * @param runner in whose folder one named {@code ffmpeg} is made for temp files
   */
  public static FfmpegTranscoder start(
      StartTask<Optional<FfmpegTool>> tool, FfmpegLimits limits, Limits media, ChildRunner runner)
      throws EngineException {
    FfmpegRuns runs = new FfmpegRuns(tool, runner.in("ffmpeg"), limits.child(), media.maxArea());
    return new FfmpegTranscoder(runs, media, limits.memoryBytes());
  }

  @Override
  public void toMp4(Path source, Probed probed, Path output)
      throws MediaException, EngineException, InterruptedException {
    media.check(probed.dimensions(), probed.frames());
    if (probed.type() == MediaType.GIF) {
      gif(source, probed, output);
    } else {
      VideoTrack track =
          probed.video().orElseThrow(() -> new IllegalArgumentException("no track: " + probed));
      movie(source, probed, track, output);
    }
  }

  private void gif(Path source, Probed probed, Path output)
      throws MediaException, EngineException, InterruptedException {
    FrameTiming pace;
    try {
      pace = FrameTiming.ofGif(headers.gifDelays(source));
    } catch (IOException e) {
      throw new EngineException("could not read " + source, e);
    }
    List<String> line = new ArrayList<>(runs.passthrough());
    line.addAll(
        Mp4Arguments.gif(
            probed.dimensions(), pace, media.maxFrames(), effort(probed.dimensions())));
    runs.write(source, "gif", Mp4Arguments.gifDecoding(), line, output);
  }

  private void movie(Path source, Probed probed, VideoTrack track, Path output)
      throws MediaException, EngineException, InterruptedException {
    List<String> question = MovieFacts.question("i:" + track.id(), media.maxFrames() + NOT_SHOWN);
    MovieFacts facts = MovieFacts.of(runs.look(source, MOVIE, question));
    track.colours().ifPresent(facts::complete);
    require(facts, track);
    if (facts.packets() < probed.frames()) {
      requireWhole(source, question, probed.frames());
    }
    String stream = FfmpegRuns.stream(probed);
    if (facts.isShownAsItIs(track) && copied(source, stream, facts, output)) {
      return;
    }
    List<String> line = new ArrayList<>(runs.passthrough());
    line.addAll(
        Mp4Arguments.movie(
            stream, track, facts, media.maxFrames(), effort(squared(facts, facts.size()))));
    runs.write(source, MOVIE, Mp4Arguments.movieDecoding(track), line, output);
  }

  private void require(MovieFacts facts, VideoTrack track) throws MediaException {
    media.check(facts.size(), facts.frames());
    media.check(track.orientation().upright(squared(facts, track.aperture().size())), 1);
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
    if (packets < Math.min(frames, media.maxFrames() + NOT_SHOWN)) {
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
  private boolean copied(Path source, String stream, MovieFacts facts, Path output)
      throws MediaException, EngineException, InterruptedException {
    try {
      runs.write(source, MOVIE, List.of("-copyts"), Mp4Arguments.copy(stream, facts), output);
      return lastsAsLong(output, facts) && runs.decodes(output, MOVIE, facts.frames());
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
        runs.look(output, MOVIE, List.of("-show_entries", "format=duration", "-of", "csv=p=0"));
    try {
      return Math.abs(Double.parseDouble(lasts.strip()) - facts.lasts()) < SAME_SECONDS;
    } catch (NumberFormatException _) {
      return false;
    }
  }

  private X264Effort effort(Dimensions size) {
    return X264Effort.of(size.area(), memory);
  }

  @Override
  public void firstFrame(Path source, Probed probed, Path output)
      throws MediaException, EngineException, InterruptedException {
    DecodedFrame seen = runs.look(source, MOVIE, FfmpegRuns.stream(probed));
    DecodedFrame frame =
        probed.video().flatMap(VideoTrack::colours).map(seen::completed).orElse(seen);
    VideoTrack track = VideoStillArguments.track(probed, frame);
    media.check(track.square(), 1);
    runs.write(
        source,
        MOVIE,
        VideoStillArguments.decoding(),
        VideoStillArguments.encoding(track, frame),
        output);
  }
}
