package dev.pictj.engine.ffmpeg;

import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import java.util.ArrayList;
import java.util.List;

/** How a moving picture becomes an MP4. */
final class Mp4Arguments {
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

  private Mp4Arguments() {}

  /** Options of the input: a GIF that loops for ever would be read for ever. */
  static List<String> decoding(boolean gif) {
    return gif ? List.of("-ignore_loop", "1") : List.of();
  }

  /** Options of the output. */
  static List<String> encoding(Probed probed, int maxFrames, X264Effort effort) {
    boolean gif = probed.type() == MediaType.GIF;
    List<String> line =
        new ArrayList<>(List.of("-map", FfmpegRuns.stream(probed), "-an", "-sn", "-dn"));
    line.addAll(List.of("-map_metadata", "-1", "-map_chapters", "-1"));
    line.addAll(List.of("-vf", (gif ? ON_WHITE : "") + EVEN_SIDES));
    line.addAll(List.of("-frames:v", Integer.toString(maxFrames)));
    line.addAll(List.of("-c:v", "libx264", "-preset", "fast", "-pix_fmt", "yuv420p"));
    line.addAll(effort.options(FfmpegRuns.THREADS));
    line.addAll(List.of("-fflags", "+bitexact", "-flags:v", "+bitexact"));
    line.addAll(List.of("-movflags", "+faststart", "-f", "mp4"));
    return line;
  }
}
