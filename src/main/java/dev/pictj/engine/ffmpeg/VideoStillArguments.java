package dev.pictj.engine.ffmpeg;

import dev.pictj.media.Probed;
import java.util.List;

/** How the first frame of a stored MP4 becomes a JPEG. */
final class VideoStillArguments {
  private VideoStillArguments() {}

  /** Options of the output. */
  static List<String> encoding(Probed probed) {
    return List.of(
        "-map",
        FfmpegRuns.stream(probed),
        "-map_metadata",
        "-1",
        "-frames:v",
        "1",
        "-fflags",
        "+bitexact",
        "-flags:v",
        "+bitexact",
        "-c:v",
        "mjpeg",
        "-q:v",
        "2",
        "-pix_fmt",
        "yuvj420p",
        "-f",
        "mjpeg");
  }
}
