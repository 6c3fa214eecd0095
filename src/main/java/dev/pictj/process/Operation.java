package dev.pictj.process;

import dev.pictj.engine.RenderStep;
import dev.pictj.engine.RenderStep.Quality;
import dev.pictj.media.Dimensions;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;

/**
 * One thing that a request asks to be done to a picture. A new operation is a record here with its
 * line in {@link #KINDS}, and a {@link RenderStep} where it does something new to pixels.
 */
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

  /**
   * An operation that can be asked for.
   *
   * @param name in a query and in the whitelist
   * @param range of its value
   * @param parser of its value
   */
  record Kind(String name, Range range, Parser parser) {}

  /** What an operation's value may be, as clients are told it. */
  @FunctionalInterface
  interface Range {
    /** The names and values of its bounds under these rules. */
    List<Bound> under(ChainRules rules);
  }

  /**
   * One end of a range.
   *
   * @param name {@code min} and {@code max}, which are allowed themselves, or {@code above}
   */
  record Bound(String name, int value) {}

  /** Reads an operation's value. */
  @FunctionalInterface
  interface Parser {
    /** The operation that a value asks for under these rules. */
    Operation parse(ParameterValue value, ChainRules rules) throws InvalidChainException;
  }

  /** All there are, in the order in which clients are told them. */
  List<Kind> KINDS =
      List.of(
          new Kind("identity", _ -> List.of(), (_, _) -> new Identity()),
          new Kind(
              "thumbnail",
              rules -> from("min", 1, rules.maxSide()),
              (value, rules) -> new Thumbnail(value.wholeNumber(rules.maxSide()))),
          new Kind(
              "resize",
              rules -> from("min", 1, rules.maxSide()),
              (value, rules) -> new Resize(value.wholeNumber(rules.maxSide()))),
          new Kind("crop", rules -> from("min", 1, rules.maxCrop()), Crop::parse),
          new Kind("blur", rules -> from("above", 0, rules.maxSigma()), Blur::parse));

  private static List<Bound> from(String lower, int least, int max) {
    return List.of(new Bound(lower, least), new Bound("max", max));
  }

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
      return Geometry.shrink(from, side, Quality.FAST);
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
      return Geometry.shrink(from, side, Quality.LANCZOS2);
    }

    @Override
    public String key() {
      return "resize-" + side;
    }
  }

  /** Keep the largest centred rectangle of an aspect ratio. */
  record Crop(int width, int height) implements Operation {
    static Crop parse(ParameterValue value, ChainRules rules) throws InvalidChainException {
      int[] ratio = value.ratio(rules.maxCrop());
      return new Crop(ratio[0], ratio[1]);
    }

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
    private static final BigDecimal MIN_SIGMA = new BigDecimal("0.01");

    static Blur parse(ParameterValue value, ChainRules rules) throws InvalidChainException {
      BigDecimal sigma = value.decimal(rules.maxSigma()).setScale(2, RoundingMode.HALF_UP);
      return new Blur(sigma.max(MIN_SIGMA).stripTrailingZeros());
    }

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
