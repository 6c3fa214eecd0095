package dev.pictj.engine.magick;

import dev.pictj.engine.EncoderSettings;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.RenderRequest;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.RenderStep.Quality;
import dev.pictj.engine.ShrinkOnLoad;
import dev.pictj.engine.metadata.Colours;
import dev.pictj.engine.metadata.JpegTraits;
import dev.pictj.engine.metadata.WebpAnimation;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.MediaType.Trait;
import dev.pictj.media.Orientation;
import dev.pictj.media.Probed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The command line of one rendering: read, turn, bring to sRGB, apply the steps, take off what is
 * not the picture, write. Works for ImageMagick 6 and 7 alike: settings stand before the input,
 * operators after it.
 */
final class RenderArguments {
  /**
   * PNG chunks about something else than pixels, and those about colours, which are written
   * afterwards where there are some.
   */
  private static final String PNG_CHUNKS_LEFT_OUT =
      "bKGD,cHRM,caNv,date,eXIf,gAMA,iCCP,iTXt,orNT,sRGB,tEXt,tIME,vpAg,zTXt";

  /** What shrinking and enlarging blurs: 1/12 by a box of one pixel, 1/6 by interpolation. */
  private static final double VARIANCE_OF_COPYING = 0.25;

  private final RenderRequest request;
  private final Path source;
  private final Probed probed;
  private final List<RenderStep> steps;
  private final MediaType target;
  private final Colours colours;
  private final Path srgbProfile;
  private final EncoderSettings encoders;
  private final Optional<WebpAnimation> animation;
  private final List<String> line = new ArrayList<>();

  /**
   * What a request asks for.
   *
   * @param read the file that is read in place of the source
   * @param animation where the source is one
   */
  RenderArguments(
      RenderRequest request,
      Path read,
      Colours colours,
      Path srgbProfile,
      EncoderSettings encoders,
      Optional<WebpAnimation> animation) {
    this.request = request;
    this.source = read;
    this.probed = request.probed();
    this.steps = request.steps();
    this.target = request.target();
    this.colours = colours;
    this.srgbProfile = srgbProfile;
    this.encoders = encoders;
    this.animation = animation;
  }

  List<String> to(Path output) throws EngineException {
    try {
      sizeHint();
      input();
      turn();
      colours();
      applySteps();
      strip();
      encode();
    } catch (IOException e) {
      throw new EngineException("could not read the header of " + source, e);
    }
    add(CoderName.of(target) + ":" + CoderName.safe(output));
    return List.copyOf(line);
  }

  /**
   * Lets libjpeg decode at a fraction of the size when the first step shrinks anyway. Told a larger
   * size than the picture has, it would enlarge it, up to four times the pixels.
   */
  private void sizeHint() {
    if (probed.type() == MediaType.JPEG) {
      Dimensions stored = probed.dimensions();
      ShrinkOnLoad.least(steps, probed.orientation())
          .filter(least -> least.width() < stored.width() && least.height() < stored.height())
          .ifPresent(least -> add("-define", "jpeg:size=" + least));
    }
  }

  private void input() throws EngineException {
    String frames = request.frames() > 1 ? "" : "[0]";
    add(CoderName.of(probed.type()) + ":" + CoderName.safe(source) + frames);
    switch (probed.type()) {
      // A frame may be smaller than its canvas, and in a GIF larger. What it leaves free is to be
      // transparent, as browsers have it, and not of the colour that the file calls background.
      case GIF -> add("-repage", probed.dimensions().toString(), "-alpha", "set", "-coalesce");
      case WEBP -> animation.ifPresentOrElse(this::layOnCanvas, () -> add("+repage"));
      default -> add("+repage");
    }
  }

  /**
   * Sets some times and plays, so that ImageMagick writes an animation: without times, or with one
   * play, it would make a still. The real ones are written afterwards.
   */
  private void layOnCanvas(WebpAnimation whole) {
    if (request.frames() > 1) {
      add("+repage", "-set", "delay", "10", "-loop", "0");
      return;
    }
    WebpAnimation.Frame first = whole.frames().getFirst();
    add("-repage", whole.canvas() + "+" + first.x() + "+" + first.y());
    add("-background", "none", "-flatten", "+repage");
  }

  /** EXIF 2.32, 4.6.4: what must be done to the stored pixels to see them upright. */
  private void turn() {
    Orientation orientation = probed.orientation();
    switch (orientation) {
      case UPRIGHT -> {}
      case MIRRORED -> add("-flop");
      case HALF_TURN -> add("-rotate", "180");
      case FLIPPED -> add("-flip");
      case TRANSPOSED -> add("-transpose");
      case QUARTER_TURN -> add("-rotate", "90");
      case TRANSVERSED -> add("-transverse");
      case THREE_QUARTER_TURN -> add("-rotate", "270");
    }
    if (orientation != Orientation.UPRIGHT) {
      add("+repage");
    }
  }

  /** Converts CMYK: few viewers show it right, and PNG and WebP cannot hold it. */
  private void colours() {
    boolean cmyk = colours.channels() == Colours.Channels.CMYK;
    switch (request.isSrgb() ? colours.inSrgb() : colours.in(target)) {
      case NONE, WITH_CHUNKS -> {}
      case WITHOUT_PROFILE -> {
        add("+profile", "*");
        if (cmyk) {
          add("-colorspace", "sRGB");
        }
      }
      case WITH_PROFILE -> {
        if (colours.isGreyInRgb() && target != MediaType.JPEG) {
          // The samples stay. A conversion, even to the same values, would lose the profile.
          add("-set", "colorspace", "sRGB");
        }
      }
      case TO_SRGB -> {
        if (colours.isGreyInRgb()) {
          add("-set", "colorspace", "sRGB");
        }
        add("-profile", "icc:" + srgbProfile);
        if (cmyk) {
          add("-colorspace", "sRGB");
        }
        add("+profile", "*");
        boolean grey = colours.channels() == Colours.Channels.GREY && target.has(Trait.GREY);
        if (grey && !request.isSrgb()) {
          add("-colorspace", "Gray");
        }
      }
    }
  }

  private void applySteps() {
    Dimensions size = probed.orientation().upright(probed.dimensions());
    for (RenderStep step : steps) {
      switch (step) {
        // Averaging looks better than picking points and costs hardly more.
        case RenderStep.Shrink(Dimensions to, Quality quality) -> {
          if (quality.filter().isEmpty()) {
            add("-scale", to + "!");
          } else {
            add("-filter", quality.filter(), "-resize", to + "!");
          }
        }
        case RenderStep.Crop(Dimensions to, int x, int y) ->
            add("-crop", to + "+" + x + "+" + y, "+repage");
        case RenderStep.Blur blur -> blur(blur, size);
        case RenderStep.ToSrgb() -> {}
      }
      size = step.after(size);
    }
  }

  private void blur(RenderStep.Blur blur, Dimensions size) {
    Dimensions copy = blur.copyOf(size);
    if (!copy.equals(size)) {
      add("-scale", copy + "!");
    }
    gaussian(blur.sigmaOnCopy(size, VARIANCE_OF_COPYING), copy);
    if (!copy.equals(size)) {
      add("-filter", "Triangle", "-resize", size + "!");
    }
  }

  /**
   * Blurs by the Gaussian of {@code -blur}, but row by row, where that one walks the columns of a
   * large picture; and weighted by alpha, where that one lets the colour of invisible pixels darken
   * the edges.
   */
  private void gaussian(double sigma, Dimensions size) {
    add("-filter", "Gaussian");
    add("-define", "filter:sigma=" + decimal(sigma));
    add("-define", "filter:support=" + decimal(Math.max(1, 3 * sigma)));
    add("-resize", size + "!");
    add("+define", "filter:sigma", "+define", "filter:support");
  }

  private static String decimal(double number) {
    return String.format(Locale.ROOT, "%.4f", number);
  }

  private void strip() {
    if (!target.has(Trait.ALPHA)) {
      add("-background", "white", "-alpha", "remove", "-alpha", "off");
    }
    add("+profile", "!icc,*", "+set", "comment");
  }

  private void encode() throws IOException {
    switch (target) {
      case JPEG -> {
        JpegTraits traits = encoders.jpeg(request);
        add("-interlace", "none", "-quality", Integer.toString(traits.quality()));
        add("-sampling-factor", traits.quarterOfChroma() ? "2x2" : "1x1");
        if (colours.areTold(target) && colours.channels() == Colours.Channels.RGB) {
          // Otherwise a grey picture would be written as grey, beside a profile of RGB.
          add("-type", "TrueColor");
        }
      }
      // The quality of a JPEG source must not be read as PNG's compression level.
      case PNG, APNG -> {
        if (request.isSrgb()) {
          add("-define", "png:color-type=6", "-define", "png:bit-depth=8");
        } else if (colours.areTold(target)) {
          add("-define", "png:color-type=" + pngColourType());
        }
        add(
            "-define",
            "png:exclude-chunks=" + PNG_CHUNKS_LEFT_OUT,
            "-define",
            "png:compression-level=" + encoders.effort(target),
            "-define",
            "png:compression-filter=5");
      }
      case WEBP -> {
        add("-quality", request.isQuick() ? "0" : Integer.toString(encoders.quality(request)));
        add("-define", "webp:method=" + (request.isQuick() ? 0 : encoders.effort(target)));
        if (request.isLossless()) {
          add("-define", "webp:lossless=true");
        }
      }
      default -> {}
    }
  }

  /**
   * W3C PNG third edition, table 12. Left to itself, ImageMagick would take the least that holds
   * the pixels, and leave out a profile that is of other numbers. Made to write a palette, it
   * leaves out how transparent its colours are.
   */
  private int pngColourType() {
    boolean opaque = colours.png().filter(png -> png.type() == 3 && !png.transparent()).isPresent();
    if (opaque && steps.stream().allMatch(RenderStep::keepsPixels)) {
      return 3;
    }
    boolean grey = colours.channels() == Colours.Channels.GREY && !colours.isGreyInRgb();
    return (grey ? 0 : 2) + (colours.hasAlpha() ? 4 : 0);
  }

  private void add(String... words) {
    line.addAll(List.of(words));
  }
}
