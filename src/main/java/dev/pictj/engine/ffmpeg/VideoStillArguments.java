package dev.pictj.engine.ffmpeg;

import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaException;
import dev.pictj.media.Orientation;
import dev.pictj.media.Probed;
import dev.pictj.media.VideoTrack;
import java.util.ArrayList;
import java.util.List;

/**
 * How the first frame of a stored MP4 becomes a PNG: in the colours of a screen, its clean aperture
 * only, with square pixels, and upright.
 */
final class VideoStillArguments {
  /** Nothing that the encoder would tell of in chunks: the pixels are sRGB, as they are without. */
  private static final String PLAIN =
      "sidedata=mode=delete,setsar=1,setparams=color_primaries=unknown:color_trc=unknown";

  private VideoStillArguments() {}

  /** Options of the input: the turning is done here, the same by every version of ffmpeg. */
  static List<String> decoding() {
    return List.of("-noautorotate");
  }

  /**
   * What is shown of the video.
   *
   * @param frame which decides where the header said otherwise
   */
  static VideoTrack track(Probed probed, DecodedFrame frame) {
    VideoTrack header = probed.video().orElseThrow();
    Dimensions size = frame.size();
    VideoTrack.Aperture all = new VideoTrack.Aperture(size, 0, 0);
    // Newer versions of ffmpeg have cut it already.
    boolean cut = size.equals(header.coded()) && !header.aperture().size().equals(size);
    return new VideoTrack(
        header.id(),
        size,
        cut ? header.aperture() : all,
        header.pixelAspect().or(frame::pixelAspect),
        header.orientation(),
        header.colours(),
        header.alpha());
  }

  /**
   * Options of the output.
   *
   * @param stream by ffmpeg's specifier
   */
  static List<String> encoding(String stream, VideoTrack track, DecodedFrame frame)
      throws MediaException {
    List<String> filters = new ArrayList<>(List.of(ScreenColours.filters(frame, track.alpha())));
    VideoTrack.Aperture aperture = track.aperture();
    Dimensions shown = aperture.size();
    if (!shown.equals(track.coded())) {
      filters.add(
          "crop=w=%d:h=%d:x=%d:y=%d:exact=1"
              .formatted(shown.width(), shown.height(), aperture.x(), aperture.y()));
    }
    if (!shown.equals(track.square())) {
      filters.add(
          "scale=w=%d:h=%d:flags=lanczos+accurate_rnd"
              .formatted(track.square().width(), track.square().height()));
    }
    if (track.orientation() != Orientation.UPRIGHT) {
      filters.add(turning(track.orientation()));
    }
    filters.add(PLAIN);
    List<String> line = new ArrayList<>(List.of("-map", stream));
    line.addAll(List.of("-map_metadata", "-1", "-vf", String.join(",", filters)));
    line.addAll(List.of("-frames:v", "1", "-fflags", "+bitexact", "-flags:v", "+bitexact"));
    line.addAll(List.of("-c:v", "png", "-pred", "up", "-compression_level", "3"));
    line.addAll(List.of("-f", "image2pipe"));
    return line;
  }

  /** The filters that turn pictures upright. */
  static String turning(Orientation orientation) {
    return switch (orientation) {
      case UPRIGHT -> "null";
      case MIRRORED -> "hflip";
      case HALF_TURN -> "hflip,vflip";
      case FLIPPED -> "vflip";
      case TRANSPOSED -> "transpose=cclock_flip";
      case QUARTER_TURN -> "transpose=clock";
      case TRANSVERSED -> "transpose=clock_flip";
      case THREE_QUARTER_TURN -> "transpose=cclock";
    };
  }
}
