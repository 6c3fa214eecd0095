package dev.pictj.engine.ffmpeg;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.VideoEngine;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.Workplace;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.media.VideoTrack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Transcodes by ffmpeg; the same input gives the same bytes every time. */
public final class FfmpegTranscoder implements VideoEngine {
  private static final String MOVIE = "mov";

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
   * @param place in whose folder one named {@code ffmpeg} is made for temp files
   */
  public static FfmpegTranscoder start(
      PendingFfmpeg tool, FfmpegLimits limits, Limits media, Workplace place)
      throws EngineException {
    Path folder = place.folder().toAbsolutePath().resolve("ffmpeg");
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new EngineException("could not prepare " + folder, e);
    }
    ChildRunner runner = new ChildRunner(folder, place.sandbox());
    FfmpegRuns runs = new FfmpegRuns(tool, runner, limits.child(), media.maxArea());
    return new FfmpegTranscoder(runs, media, limits.memoryBytes());
  }

  @Override
  public void toMp4(Path source, Probed probed, Path output)
      throws MediaException, EngineException, InterruptedException {
    media.check(probed.dimensions(), probed.frames());
    boolean gif = probed.type() == MediaType.GIF;
    X264Effort effort = X264Effort.of(probed.dimensions().area(), memory);
    runs.write(
        source,
        gif ? "gif" : MOVIE,
        Mp4Arguments.decoding(gif),
        Mp4Arguments.encoding(probed, media.maxFrames(), effort),
        output);
  }

  @Override
  public void firstFrame(Path source, Probed probed, Path output)
      throws MediaException, EngineException, InterruptedException {
    DecodedFrame frame = runs.look(source, MOVIE, FfmpegRuns.stream(probed));
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
