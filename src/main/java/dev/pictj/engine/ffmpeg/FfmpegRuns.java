package dev.pictj.engine.ffmpeg;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.StartTask;
import dev.pictj.engine.child.ChildCommand;
import dev.pictj.engine.child.ChildLimits;
import dev.pictj.engine.child.ChildResult;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.OutputFile;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs ffmpeg within limits on one file, and says what its failures mean. */
final class FfmpegRuns {
  /** Threads of a run, for decoding, for filters and for encoding each. */
  static final int THREADS = 2;

  /** What ffmpeg and x264 say when they reach their limit of memory. */
  private static final List<String> MEMORY_MARKS =
      List.of("Cannot allocate memory", "Could not allocate memory", "malloc of size");

  /** What is said of data that is damaged, and of pictures that change their size on the way. */
  private static final List<String> FAULTS =
      List.of("[error]", "[fatal]", "[panic]", "Changing video frame properties");

  private final StartTask<Optional<FfmpegTool>> tool;
  private final ChildRunner runner;
  private final ChildLimits limits;
  private final long maxPixels;

  /**
   * Makes runs of a tool.
   *
   * @param maxPixels of a frame that may be decoded
   */
  FfmpegRuns(
      StartTask<Optional<FfmpegTool>> tool,
      ChildRunner runner,
      ChildLimits limits,
      long maxPixels) {
    this.tool = tool;
    this.runner = runner;
    this.limits = limits;
    this.maxPixels = maxPixels;
  }

  /** The track that the header's reader chose; the number of a track is its stream's id. */
  static String stream(Probed probed) {
    // The numbers of WebM's tracks are no ids to ffmpeg; the header's reader has chosen the first.
    return probed
        .video()
        .filter(_ -> probed.type() != MediaType.WEBM)
        .map(track -> "0:i:" + track.id())
        .orElse("0:V:0");
  }

  /**
   * Decodes the first frame and tells what it is.
   *
   * @param decoder options that choose one
   * @param stream by ffmpeg's specifier
   * @throws MediaException when it cannot be read within the limits
   */
  DecodedFrame look(Path source, String demuxer, List<String> decoder, String stream)
      throws MediaException, EngineException, InterruptedException {
    List<String> line = new ArrayList<>(start("error"));
    line.addAll(List.of("-loglevel", "info", "-nostats", "-noautorotate"));
    line.addAll(decoder);
    line.addAll(List.of("-f", demuxer, "-i", "file:" + source.toAbsolutePath()));
    line.addAll(DecodedFrame.looking(stream));
    ChildResult result = run(tool().program(), line, source);
    require(result);
    return DecodedFrame.of(result.errors())
        .orElseThrow(
            () ->
                new MediaException(
                    Reason.INVALID, "Video cannot be read: its first picture cannot be decoded"));
  }

  /**
   * Reads one file and writes another, which appears whole or not at all.
   *
   * @param demuxer by which the source is read
   * @param decoding options of the input
   * @param encoding options of the output
   * @throws MediaException when the source cannot be read within the limits, or this ffmpeg cannot
   *     write what is wanted
   */
  void write(Path source, String demuxer, List<String> decoding, List<String> encoding, Path output)
      throws MediaException, EngineException, InterruptedException {
    FfmpegTool tool = tool();
    if (encoding.contains(FfmpegTool.AV1_ENCODER) && !tool.hasAv1()) {
      throw new MediaException(
          Reason.UNSUPPORTED,
          "AVIF that moves, and video in AV1, are not made: the ffmpeg of this server has no"
              + " libaom");
    }
    try (OutputFile file = new OutputFile(output)) {
      List<String> line = new ArrayList<>(start("error"));
      line.addAll(decoding);
      line.addAll(List.of("-f", demuxer, "-i", "file:" + source.toAbsolutePath()));
      line.addAll(encoding);
      line.add("file:" + file.unfinished());
      require(run(tool.program(), line, source, file.unfinished()));
      if (!file.isWritten()) {
        throw new MediaException(Reason.INVALID, "Video cannot be read: it has no pictures");
      }
      file.keep();
    }
  }

  /**
   * Asks ffprobe about a movie.
   *
   * @param question its options, but for the file
   * @return what it says
   * @throws MediaException when the movie cannot be read within the limits
   */
  String look(Path source, String demuxer, List<String> question)
      throws MediaException, EngineException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("-loglevel", "error"));
    line.addAll(List.of("-protocol_whitelist", "file", "-f", demuxer));
    line.addAll(question);
    line.add("file:" + source.toAbsolutePath());
    ChildResult result = run(tool().probe(), line, source);
    require(result);
    return result.output();
  }

  /**
   * Decodes a stream of a movie whole.
   *
   * @param decoder options that choose one
   * @param stream by ffmpeg's specifier
   * @param frames that it should have
   * @return whether it has them, all of one size and none with a fault
   * @throws MediaException when decoding takes more than the limits allow
   */
  boolean decodes(Path movie, String demuxer, List<String> decoder, String stream, int frames)
      throws MediaException, EngineException, InterruptedException {
    List<String> line = new ArrayList<>(start("level+warning"));
    line.addAll(List.of("-xerror", "-err_detect", "explode", "-flags:v", "-output_corrupt"));
    line.addAll(decoder);
    line.addAll(List.of("-f", demuxer, "-i", "file:" + movie.toAbsolutePath()));
    line.addAll(List.of("-map", stream));
    line.addAll(passthrough());
    line.addAll(List.of("-nostats", "-progress", "pipe:1", "-f", "null", "-"));
    ChildResult result = run(tool().program(), line, movie);
    requireWithinLimits(result);
    return result.exitCode() == 0
        && FAULTS.stream().noneMatch(result.errors()::contains)
        && lastProgress(result.output()).equals("frame=" + frames);
  }

  private ChildResult run(Path program, List<String> line, Path source, Path... written)
      throws EngineException, InterruptedException {
    return runner.run(
        new ChildCommand(program, line, Map.of()).reading(source).writing(written), limits);
  }

  private static String lastProgress(String output) {
    return output
        .lines()
        .filter(line -> line.startsWith("frame="))
        .reduce("", (_, later) -> later)
        .strip();
  }

  /** Options that let each picture keep its own time. */
  List<String> passthrough() throws MediaException, EngineException, InterruptedException {
    return List.of(tool().hasFpsMode() ? "-fps_mode" : "-vsync", "passthrough");
  }

  private FfmpegTool tool() throws MediaException, EngineException, InterruptedException {
    return tool.await()
        .orElseThrow(
            () ->
                new MediaException(
                    Reason.UNSUPPORTED,
                    "GIF and video are not accepted: ffmpeg is not installed on this server, or no"
                        + " ffprobe beside it"));
  }

  /** The beginning of every command line: ffmpeg may open nothing but files. */
  private List<String> start(String loglevel) {
    return List.of(
        "-nostdin",
        "-hide_banner",
        "-loglevel",
        loglevel,
        "-y",
        "-threads",
        Integer.toString(THREADS),
        "-filter_threads",
        Integer.toString(THREADS),
        "-max_pixels",
        Long.toString(maxPixels),
        "-protocol_whitelist",
        "file");
  }

  private static void require(ChildResult result) throws MediaException, EngineException {
    requireWithinLimits(result);
    if (result.exitCode() != 0) {
      String why =
          result.errors().contains("matches no streams")
              ? "it has no pictures"
              : "its data is damaged or of a kind that is not supported";
      throw new MediaException(Reason.INVALID, "Video cannot be read: " + why);
    }
  }

  private static void requireWithinLimits(ChildResult result)
      throws MediaException, EngineException {
    if (result.notStarted() || result.errors().contains("Unknown encoder")) {
      throw new EngineException("ffmpeg could not be started: " + result.errors());
    }
    if (result.errors().contains("No such filter")) {
      throw new MediaException(
          Reason.UNSUPPORTED,
          "Video is not accepted: its colours need a filter that this server's ffmpeg does not"
              + " have");
    }
    if (result.diskFull()) {
      throw new EngineException("ffmpeg: No space left on device: " + result.errors());
    }
    // Even after success: a decoder without memory leaves pictures out and goes on.
    if (result.exhausted() || MEMORY_MARKS.stream().anyMatch(result.errors()::contains)) {
      throw new MediaException(
          Reason.TOO_EXPENSIVE, "Reading this video takes more time or memory than allowed");
    }
  }
}
