package dev.pictj.engine.ffmpeg;

import dev.pictj.media.Dimensions;
import dev.pictj.media.VideoTrack;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Properties of the first decoded frame of a video. The bitstream decides where container and
 * bitstream differ. Names are ffmpeg's, such as {@code bt709}; {@code unknown} where nothing is
 * said.
 *
 * @param pixels the pixel format
 * @param pixelAspect of the container, else of the bitstream
 * @param range {@code tv} or {@code pc}
 */
record DecodedFrame(
    String pixels,
    Dimensions size,
    Optional<VideoTrack.Ratio> pixelAspect,
    String range,
    String matrix,
    String primaries,
    String transfer) {
  /** The filter that prints them; side data would be printed in full. */
  static final String FILTER = "sidedata=mode=delete,showinfo";

  private static final Pattern FRAME =
      Pattern.compile(
          "Parsed_showinfo.* fmt:(\\S+) .*?sar:(\\d{1,9})/(\\d{1,9}) s:(\\d{1,6})x(\\d{1,6}) ");

  private static final Pattern COLOURS =
      Pattern.compile(
          "Parsed_showinfo.*color_range:(\\S+) color_space:(\\S+)"
              + " color_primaries:(\\S+) color_trc:(\\S+)");

  /** Options of an output that is only looked at. */
  static List<String> looking(String stream) {
    return List.of("-map", stream, "-vf", FILTER, "-frames:v", "1", "-f", "null", "-");
  }

  /** Reads what {@link #FILTER} said; empty when it saw no frame. */
  static Optional<DecodedFrame> of(String log) {
    Matcher frame = FRAME.matcher(log);
    Matcher colours = COLOURS.matcher(log);
    if (!frame.find() || !colours.find()) {
      return Optional.empty();
    }
    long across = Long.parseLong(frame.group(2));
    long down = Long.parseLong(frame.group(3));
    return Optional.of(
        new DecodedFrame(
            frame.group(1),
            new Dimensions(Integer.parseInt(frame.group(4)), Integer.parseInt(frame.group(5))),
            across > 0 && down > 0
                ? Optional.of(new VideoTrack.Ratio(across, down))
                : Optional.empty(),
            colours.group(1),
            colours.group(2),
            colours.group(3),
            colours.group(4)));
  }

  /** With the colours that the movie's box tells, where the bitstream says nothing of them. */
  DecodedFrame completed(VideoTrack.Colours box) {
    return new DecodedFrame(
        pixels,
        size,
        pixelAspect,
        ContainerColours.range(range, box, List.of(matrix, primaries, transfer)),
        isRgb() ? matrix : ContainerColours.matrix(matrix, box),
        ContainerColours.primaries(primaries, box),
        ContainerColours.transfer(transfer, box));
  }

  /** Whether the samples are RGB, and not luma and chroma. */
  boolean isRgb() {
    return matrix.equals("gbr")
        || pixels.startsWith("gbr")
        || pixels.startsWith("rgb")
        || pixels.startsWith("bgr")
        || pixels.startsWith("0")
        || pixels.equals("argb")
        || pixels.equals("abgr")
        || pixels.startsWith("pal")
        || pixels.startsWith("mono");
  }

  boolean isGrey() {
    return pixels.startsWith("gray") || pixels.startsWith("ya");
  }

  /** Whether samples take the whole range. */
  boolean isFullRange() {
    return range.equals("unknown") ? pixels.startsWith("yuvj") || isGrey() : range.equals("pc");
  }

  /** Whether the frame is HDR: HLG or PQ, ITU-R BT.2100. */
  boolean isHdr() {
    return transfer.equals("arib-std-b67") || transfer.equals("smpte2084");
  }
}
