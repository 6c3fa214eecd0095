package dev.pictj.engine.ffmpeg;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.VideoEngine;
import dev.pictj.engine.child.ChildCommand;
import dev.pictj.engine.child.ChildLimits;
import dev.pictj.engine.child.ChildResult;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.OutputFile;
import dev.pictj.engine.child.Workplace;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Transcodes by one ffmpeg process per call; the same input gives the same bytes every time. */
public final class FfmpegTranscoder implements VideoEngine {
  private static final int PROCESS_THREADS = 2;

  /** What ffmpeg and x264 say when they reach their limit of memory. */
  private static final List<String> MEMORY_MARKS =
      List.of("Cannot allocate memory", "Could not allocate memory", "malloc of size");

  /** yuv420p stores one colour for two by two pixels, hence even sides. */
  private static final String EVEN_SIDES =
      "scale=w='max(2,trunc(iw/2)*2)':h='max(2,trunc(ih/2)*2)':flags=bicubic,setsar=1";

  /**
   * Lays the picture on white: a white copy of each frame below, the frame above. Not with drawbox,
   * whose replace mode crashes ffmpeg 5.1 here.
   */
  private static final String ON_WHITE =
      "format=rgba,split[under][over];"
          + "[under]lutrgb=r=255:g=255:b=255:a=255[white];"
          + "[white][over]overlay=format=auto,";

  private final PendingFfmpeg tool;
  private final Limits media;
  private final ChildRunner runner;
  private final ChildLimits limits;
  private final long memory;

  private FfmpegTranscoder(
      PendingFfmpeg tool, Limits media, ChildRunner runner, FfmpegLimits limits) {
    this.tool = tool;
    this.media = media;
    this.runner = runner;
    this.limits = limits.child();
    this.memory = limits.memoryBytes();
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
    return new FfmpegTranscoder(tool, media, runner, limits);
  }

  @Override
  public void toMp4(Path source, Probed probed, Path output)
      throws MediaException, EngineException, InterruptedException {
    media.check(probed.dimensions(), probed.frames());
    boolean gif = probed.type() == MediaType.GIF;
    List<String> line = new ArrayList<>(start());
    if (gif) {
      // A GIF that loops for ever would be read for ever.
      line.addAll(List.of("-ignore_loop", "1"));
    }
    line.addAll(List.of("-f", gif ? "gif" : "mov", "-i", "file:" + source.toAbsolutePath()));
    line.addAll(List.of("-map", "0:v:0", "-an", "-sn", "-dn"));
    line.addAll(List.of("-map_metadata", "-1", "-map_chapters", "-1"));
    line.addAll(List.of("-vf", (gif ? ON_WHITE : "") + EVEN_SIDES));
    line.addAll(List.of("-frames:v", Integer.toString(media.maxFrames())));
    line.addAll(List.of("-c:v", "libx264", "-preset", "fast", "-pix_fmt", "yuv420p"));
    line.addAll(effort(probed).options(PROCESS_THREADS));
    line.addAll(List.of("-fflags", "+bitexact", "-flags:v", "+bitexact"));
    line.addAll(List.of("-movflags", "+faststart", "-f", "mp4"));
    write(source, line, output);
  }

  @Override
  public void firstFrame(Path source, Path output)
      throws MediaException, EngineException, InterruptedException {
    List<String> line = new ArrayList<>(start());
    line.addAll(List.of("-f", "mov", "-i", "file:" + source.toAbsolutePath()));
    line.addAll(List.of("-map", "0:v:0", "-map_metadata", "-1", "-frames:v", "1"));
    line.addAll(List.of("-fflags", "+bitexact", "-flags:v", "+bitexact"));
    line.addAll(List.of("-c:v", "mjpeg", "-q:v", "2", "-pix_fmt", "yuvj420p", "-f", "mjpeg"));
    write(source, line, output);
  }

  private X264Effort effort(Probed probed) {
    return X264Effort.of(probed.dimensions().area(), memory);
  }

  /** What every command line begins with: nothing but files is ever opened. */
  private List<String> start() {
    return List.of(
        "-nostdin",
        "-hide_banner",
        "-loglevel",
        "error",
        "-y",
        "-threads",
        Integer.toString(PROCESS_THREADS),
        "-filter_threads",
        Integer.toString(PROCESS_THREADS),
        "-max_pixels",
        Long.toString(media.maxArea()),
        "-protocol_whitelist",
        "file");
  }

  private void write(Path source, List<String> line, Path output)
      throws MediaException, EngineException, InterruptedException {
    FfmpegTool found =
        tool.await()
            .orElseThrow(
                () ->
                    new MediaException(
                        Reason.UNSUPPORTED,
                        "GIF and video are not accepted: ffmpeg is not installed on this server"));
    try (OutputFile file = new OutputFile(output)) {
      line.add("file:" + file.unfinished());
      ChildCommand command =
          new ChildCommand(found.program(), line, Map.of())
              .reading(source)
              .writing(file.unfinished());
      ChildResult result = runner.run(command, limits);
      require(result);
      if (!file.isWritten()) {
        throw new MediaException(Reason.INVALID, "Video cannot be read: it has no pictures");
      }
      file.keep();
    }
  }

  private static void require(ChildResult result) throws MediaException, EngineException {
    if (result.notStarted() || result.errors().contains("Unknown encoder")) {
      throw new EngineException("ffmpeg could not be started: " + result.errors());
    }
    if (result.diskFull()) {
      throw new EngineException("ffmpeg: No space left on device: " + result.errors());
    }
    // Even after success: a decoder without memory leaves pictures out and goes on.
    if (result.exhausted() || MEMORY_MARKS.stream().anyMatch(result.errors()::contains)) {
      throw new MediaException(
          Reason.TOO_EXPENSIVE, "Reading this video takes more time or memory than allowed");
    }
    if (result.exitCode() != 0) {
      String why =
          result.errors().contains("matches no streams")
              ? "it has no pictures"
              : "its data is damaged or of a kind that is not supported";
      throw new MediaException(Reason.INVALID, "Video cannot be read: " + why);
    }
  }
}
