package dev.pictj.engine.ffmpeg;

import dev.pictj.media.FrameTime;
import java.util.List;

/**
 * When pictures are shown. An encoder knows when the last one begins, but not when it ends.
 *
 * @param timescale ticks in a second of the clock that times are written in
 * @param last how many of them the last picture is shown
 * @param even whether all are shown about equally long. If not, they are encoded in the order in
 *     which they are shown: else what a decoder takes for the duration of the last one is that of
 *     another.
 */
record FrameTiming(int timescale, long last, boolean even) {
  /** The coarsest clock that encoders and players expect; coarser ones are made finer. */
  private static final int MIN_TIMESCALE = 10_000;

  /** The finest timescale that encoders can write. */
  private static final int MAX_TIMESCALE = 1_000_000;

  /** The timescale in place of one that is too fine; no camera has a finer one. */
  private static final int DEFAULT_TIMESCALE = 90_000;

  private static final int GIF_TIMESCALE = 100;

  /**
   * Timing in ticks of a clock that encoders can write.
   *
   * @param timescale of the source
   * @param last in its ticks
   */
  static FrameTiming of(long timescale, long last, boolean even) {
    long scale = timescale;
    if (scale > MAX_TIMESCALE) {
      scale = DEFAULT_TIMESCALE;
    } else if (scale < MIN_TIMESCALE) {
      scale *= Math.ceilDiv(MIN_TIMESCALE, scale);
    }
    long ticks = Math.max(1, Math.round((double) last * scale / timescale));
    return new FrameTiming((int) scale, ticks, even);
  }

  /**
   * The timing of a GIF, in which ffmpeg makes the same of times of next to nothing as browsers.
   *
   * @param delays of its frames as the file tells them, in hundredths of a second
   */
  static FrameTiming ofGif(List<Integer> delays) {
    return of(GIF_TIMESCALE, FrameTime.shown(10 * delays.getLast()) / 10, false);
  }

  /** The clock alone, for a container that has one of its own. */
  List<String> clock() {
    return List.of("-enc_time_base", "1/" + timescale);
  }

  /** Options of an encoder that keeps each picture's own time. */
  List<String> options() {
    return List.of(
        "-enc_time_base",
        "1/" + timescale,
        "-video_track_timescale",
        Integer.toString(timescale),
        "-bsf:v",
        "setts=pts=PTS:dts=DTS:duration=" + last);
  }
}
