package dev.pictj.engine.vips;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.engine.RenderStep;
import dev.pictj.engine.metadata.JpegTraits;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;

/** What libvips makes of a PNG with and without libdeflate. */
final class WithAndWithout {
  private static final Encoding FAST = new Encoding(80, JpegTraits.Chroma.QUARTER, false, 0, 1);

  private WithAndWithout() {}

  /** The same picture as PNG, in hexadecimal digits, or why there is none. */
  static String png(byte[] source, boolean with) {
    return rendered(source, MediaType.PNG, List.of(), with);
  }

  static void assertThatTheSameIsRendered(byte[] source) {
    List<RenderStep> smaller =
        List.of(new RenderStep.Shrink(new Dimensions(20, 10), RenderStep.Quality.LANCZOS2));
    for (MediaType target : List.of(MediaType.PNG, MediaType.WEBP, MediaType.JPEG)) {
      for (List<RenderStep> steps : List.of(List.<RenderStep>of(), smaller)) {
        assertThat(rendered(source, target, steps, true))
            .as("%s after %s", target, steps)
            .isEqualTo(rendered(source, target, steps, false));
      }
    }
  }

  private static String rendered(
      byte[] source, MediaType target, List<RenderStep> steps, boolean with) {
    ByteBuffer header = ByteBuffer.wrap(source);
    Dimensions size = new Dimensions(header.getInt(16), header.getInt(20));
    Job job = new Job(MediaType.PNG, size, Orientation.UPRIGHT, steps, target, FAST, 1, true);
    return HexFormat.of().formatHex(Kitchen.rendered(job, source, with));
  }
}
