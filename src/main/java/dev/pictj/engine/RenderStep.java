package dev.pictj.engine;

import dev.pictj.media.Dimensions;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * One thing that is done to pixels. Every number is worked out beforehand, so that an engine does
 * no arithmetic of its own. An engine has one branch for each kind of step; all else that is to be
 * known of a kind stands here.
 */
public sealed interface RenderStep {
  /** How a picture is shrunk. */
  enum Quality {
    /** By point sampling, or by anything that looks at least as good. */
    FAST(""),
    /** Costs what FAST costs, with more care: for what is shrunk once more, before or after. */
    CAREFUL(""),
    LANCZOS("Lanczos"),
    LANCZOS_SHARP("LanczosSharp"),
    /** The filter where a client names none. */
    LANCZOS2("Lanczos2"),
    LANCZOS2_SHARP("Lanczos2Sharp"),
    MITCHELL("Mitchell"),
    ROBIDOUX_SHARP("RobidouxSharp");

    /** The qualities that a client can ask for by the name of a filter. */
    public static final List<Quality> FILTERS =
        Stream.of(values()).filter(quality -> !quality.filter.isEmpty()).toList();

    private final String filter;

    Quality(String filter) {
      this.filter = filter;
    }

    /** The name of the filter in ImageMagick; empty for a quality that is no filter's. */
    public String filter() {
      return filter;
    }
  }

  /** The size of the result. */
  Dimensions after(Dimensions before);

  /** What it takes to do this, in units of decoding one pixel of a baseline JPEG. */
  double work(Dimensions before);

  /** Whether each pixel of the result is one of those before, as it was. */
  default boolean keepsPixels() {
    return false;
  }

  /** Writes the numbers of this step for a worker process; {@link #read} reads them. */
  void write(DataOutput out) throws IOException;

  /** Writes one for a worker process, with its kind. */
  static void write(DataOutput out, RenderStep step) throws IOException {
    out.writeUTF(step.getClass().getSimpleName());
    step.write(out);
  }

  /** Reads what {@link #write(DataOutput, RenderStep)} has written. */
  static RenderStep read(DataInput in) throws IOException {
    String kind = in.readUTF();
    return switch (kind) {
      case "Shrink" -> Shrink.read(in);
      case "Crop" -> Crop.read(in);
      case "Blur" -> new Blur(in.readDouble());
      case "ToSrgb" -> new ToSrgb();
      default -> throw new IOException("there is no step " + kind);
    };
  }

  /** Shrinks to exactly this size. */
  record Shrink(Dimensions to, Quality quality) implements RenderStep {
    /** Measured as a multiple of decoding a pixel: ImageMagick 5, libvips 1.3. */
    private static final double FILTER_WORK = 3;

    @Override
    public Dimensions after(Dimensions before) {
      return to;
    }

    @Override
    public double work(Dimensions before) {
      return quality.filter().isEmpty() ? before.area() : FILTER_WORK * (before.area() + to.area());
    }

    @Override
    public void write(DataOutput out) throws IOException {
      to.write(out);
      out.writeUTF(quality.name());
    }

    static Shrink read(DataInput in) throws IOException {
      return new Shrink(Dimensions.read(in), Quality.valueOf(in.readUTF()));
    }
  }

  /** Keeps the rectangle of this size whose upper left corner is at x, y. */
  record Crop(Dimensions to, int x, int y) implements RenderStep {
    @Override
    public Dimensions after(Dimensions before) {
      return to;
    }

    @Override
    public double work(Dimensions before) {
      return 0;
    }

    @Override
    public boolean keepsPixels() {
      return true;
    }

    @Override
    public void write(DataOutput out) throws IOException {
      to.write(out);
      out.writeInt(x);
      out.writeInt(y);
    }

    static Crop read(DataInput in) throws IOException {
      return new Crop(Dimensions.read(in), in.readInt(), in.readInt());
    }
  }

  /**
   * Gaussian blur, at a cost that falls with sigma instead of rising: a blur by sigma leaves no
   * detail finer than about sigma, so the picture is first shrunk by a whole factor, blurred by a
   * sigma smaller by that factor, and brought back to its size. 40 megapixels take about five
   * seconds for a sigma above 1.1; the plain way takes over 30 for a sigma of 4.
   *
   * @param sigma in pixels, above 0 and at most 100
   */
  record Blur(double sigma) implements RenderStep {
    /** Two full-size copies of a larger picture spill to disk, which costs more than precision. */
    private static final long MAX_AREA_AT_FULL_SIZE = 10_000_000;

    /** The least variance of the Gaussian on the copy; below it nothing can be seen of it. */
    private static final double MIN_VARIANCE = 0.04;

    /**
     * A Gaussian: twice over all pixels, the longer the wider it is. ImageMagick 8 with a sigma of
     * 0.5 and 9 with 1, libvips 1.
     */
    private static final double GAUSSIAN_WORK = 6;

    private static final double GAUSSIAN_WORK_PER_SIGMA = 3;

    /** Shrinking, and enlarging again. */
    private static final double COPY_WORK = 2;

    /** By how much the copy is smaller that the blur is done on; 1 for none. */
    private int factor(Dimensions size) {
      return sigma > 1.1 && sigma < 2 && size.area() > MAX_AREA_AT_FULL_SIZE
          ? 2
          : Math.max(1, (int) sigma);
    }

    /** The size of the copy that the blur is done on. */
    public Dimensions copyOf(Dimensions size) {
      int factor = factor(size);
      return new Dimensions(
          Math.max(1, Math.round((float) size.width() / factor)),
          Math.max(1, Math.round((float) size.height() / factor)));
    }

    /**
     * The sigma on the copy. Variances of blurs add up, so what shrinking and enlarging blur
     * themselves is taken off.
     *
     * @param copying their variance together, in pixels of the copy
     */
    public double sigmaOnCopy(Dimensions size, double copying) {
      int factor = factor(size);
      return factor == 1
          ? sigma
          : Math.sqrt(Math.max(MIN_VARIANCE, Math.pow(sigma / factor, 2) - copying));
    }

    @Override
    public Dimensions after(Dimensions before) {
      return before;
    }

    @Override
    public double work(Dimensions before) {
      int factor = factor(before);
      double gaussian = GAUSSIAN_WORK + GAUSSIAN_WORK_PER_SIGMA * sigma / factor;
      return before.area()
          * (factor == 1 ? gaussian : COPY_WORK + gaussian / ((double) factor * factor));
    }

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeDouble(sigma);
    }
  }

  /**
   * Converts to sRGB, with red, green and blue in eight bits each, and leaves the profile out. It
   * is the last step, and the result is PNG.
   */
  record ToSrgb() implements RenderStep {
    @Override
    public Dimensions after(Dimensions before) {
      return before;
    }

    @Override
    public double work(Dimensions before) {
      return before.area();
    }

    @Override
    public void write(DataOutput out) {}
  }
}
