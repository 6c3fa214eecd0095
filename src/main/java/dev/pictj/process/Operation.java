package dev.pictj.process;

import dev.pictj.engine.RenderStep;
import dev.pictj.media.Dimensions;
import java.math.BigDecimal;
import java.util.Optional;

/** One thing a request asks to be done to a picture. */
public sealed interface Operation {
  /**
   * What this does to a picture of a given size.
   *
   * @return empty when it would change nothing
   */
  Optional<RenderStep> on(Dimensions from);

  /**
   * The part of a variant's key that stands for this operation; only letters, digits, - and dots.
   */
  String key();

  /** Encode anew and nothing else. */
  record Identity() implements Operation {
    @Override
    public Optional<RenderStep> on(Dimensions from) {
      return Optional.empty();
    }

    @Override
    public String key() {
      return "identity";
    }
  }

  /** Shrink to fit a square, the cheapest way. */
  record Thumbnail(int side) implements Operation {
    @Override
    public Optional<RenderStep> on(Dimensions from) {
      Dimensions to = Geometry.fit(from, side);
      return to.equals(from) ? Optional.empty() : Optional.of(new RenderStep.Sample(to));
    }

    @Override
    public String key() {
      return "thumbnail-" + side;
    }
  }

  /** Shrink to fit a square, the good way. */
  record Resize(int side) implements Operation {
    @Override
    public Optional<RenderStep> on(Dimensions from) {
      Dimensions to = Geometry.fit(from, side);
      return to.equals(from) ? Optional.empty() : Optional.of(new RenderStep.Resize(to));
    }

    @Override
    public String key() {
      return "resize-" + side;
    }
  }

  /** Keep the largest centred rectangle of an aspect ratio. */
  record Crop(int width, int height) implements Operation {
    @Override
    public Optional<RenderStep> on(Dimensions from) {
      RenderStep.Crop crop = Geometry.crop(from, width, height);
      return crop.to().equals(from) ? Optional.empty() : Optional.of(crop);
    }

    @Override
    public String key() {
      return "crop-" + width + "x" + height;
    }
  }

  /**
   * Gaussian blur. Sigma has at most two decimals, so that there is an end to distinct variants.
   */
  record Blur(BigDecimal sigma) implements Operation {
    @Override
    public Optional<RenderStep> on(Dimensions from) {
      return Optional.of(new RenderStep.Blur(sigma.doubleValue()));
    }

    @Override
    public String key() {
      return "blur-" + sigma.stripTrailingZeros().toPlainString();
    }
  }
}
