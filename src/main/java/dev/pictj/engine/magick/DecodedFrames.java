package dev.pictj.engine.magick;

import dev.pictj.engine.EngineException;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import java.util.List;

/** What ImageMagick printed about the frames it decoded, one line each. */
record DecodedFrames(List<FrameBounds> frames) {
  /** Size, offset and canvas of a frame. The offset has a sign. */
  static final String FORMAT = "%w %h %X %Y %W %H\n";

  record FrameBounds(int width, int height, int right, int bottom) {}

  static DecodedFrames parse(String output) throws EngineException {
    try {
      return new DecodedFrames(
          output.lines().filter(line -> !line.isBlank()).map(DecodedFrames::frame).toList());
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new EngineException("ImageMagick answered in an unknown form: " + output, e);
    }
  }

  int count() {
    return frames.size();
  }

  /**
   * Size of the still, or of canvas and frames together for what has a canvas: a WebP may have one
   * around a single frame. The canvas of a GIF is that of its first frame.
   */
  Dimensions dimensions(Probed probed) {
    boolean gif = probed.type() == MediaType.GIF;
    boolean canvas = probed.animated() || gif || probed.type() == MediaType.WEBP;
    List<FrameBounds> some = gif ? frames.subList(0, Math.min(1, frames.size())) : frames;
    int width = some.stream().mapToInt(f -> canvas ? f.right : f.width).max().orElse(1);
    int height = some.stream().mapToInt(f -> canvas ? f.bottom : f.height).max().orElse(1);
    return new Dimensions(Math.max(1, width), Math.max(1, height));
  }

  /** Refuses a picture whose header claimed something else than what was decoded. */
  void requireAsClaimed(Probed probed) throws MediaException {
    if (frames.isEmpty()) {
      throw new MediaException(Reason.INVALID, "Image cannot be read: it has no pixels");
    }
    Dimensions found = dimensions(probed);
    if (!found.equals(probed.dimensions())) {
      throw new MediaException(
          Reason.INVALID,
          "Image header says %s, but its pixels say %s".formatted(probed.dimensions(), found));
    }
    // ImageMagick decodes only the first picture of an animated PNG, as all readers of plain PNG.
    if (probed.type() != MediaType.APNG && count() != probed.frames()) {
      throw new MediaException(
          Reason.INVALID,
          "Image header says %d frames, but %d were read".formatted(probed.frames(), count()));
    }
  }

  private static FrameBounds frame(String line) {
    String[] words = line.strip().split(" +", -1);
    int width = Integer.parseInt(words[0]);
    int height = Integer.parseInt(words[1]);
    return new FrameBounds(
        width,
        height,
        Math.max(Integer.parseInt(words[4]), Integer.parseInt(words[2]) + width),
        Math.max(Integer.parseInt(words[5]), Integer.parseInt(words[3]) + height));
  }
}
