package dev.pictj.process;

import dev.pictj.engine.RenderStep;
import dev.pictj.engine.RenderStep.Quality;
import dev.pictj.media.Dimensions;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An operation that a request asks to be done to a picture. A new operation is a record here with
 * its line in {@link #KINDS}, and a {@link RenderStep} where it does something new to pixels.
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
   * It tells results apart that differ, whatever the rules were.
   *
   * @param from the size of the picture that this is done to
   */
  String key(Dimensions from);

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

  /** All operations, in the order in which clients are told them. */
  List<Kind> KINDS =
      List.of(
          new Kind("identity", _ -> List.of(), (_, _) -> new Identity()),
          new Kind(
              "thumbnail",
              Operation::sides,
              (value, rules) -> new Thumbnail(value.side(rules), rules.rounding())),
          new Kind("resize", Operation::sides, Resize::parse),
          new Kind("crop", rules -> from("min", 1, rules.maxCrop()), Crop::parse),
          new Kind(
              "blur",
              rules -> from(rules.lenient() ? "min" : "above", 0, rules.maxSigma()),
              Blur::parse));

  /** The ranges of a side; a lenient parser takes any number. */
  private static List<Bound> sides(ChainRules rules) {
    return rules.lenient() ? List.of(new Bound("min", 0)) : from("min", 1, rules.maxSide());
  }

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
    public String key(Dimensions from) {
      return "identity";
    }
  }

  /** Shrink to fit a square, the cheapest way. */
  record Thumbnail(int side, Rounding rounding) implements Operation {
    @Override
    public Optional<RenderStep> on(Dimensions from) {
      return shrink(from, size(from, rounding), Quality.FAST);
    }

    private Dimensions size(Dimensions from, Rounding rounding) {
      return Geometry.fit(from, side, rounding);
    }

    @Override
    public String key(Dimensions from) {
      return "thumbnail-" + side + mark(size(from, rounding), size(from, Rounding.DOWN));
    }
  }

  private static Optional<RenderStep> shrink(Dimensions from, Dimensions to, Quality quality) {
    return to.equals(from) ? Optional.empty() : Optional.of(new RenderStep.Shrink(to, quality));
  }

  /** The part of the key for the rounding; empty where rounding made no difference. */
  private static String mark(Dimensions rounded, Dimensions roundedDown) {
    return rounded.equals(roundedDown) ? "" : "r";
  }

  /**
   * Shrink to fit a square, or to an area, the good way.
   *
   * @param most longest side, or area where it is one of that
   * @param filter {@code LANCZOS2} where a client names none, or one that does not exist
   */
  record Resize(long most, boolean isArea, Quality filter, Rounding rounding) implements Operation {
    static Resize parse(ParameterValue value, ChainRules rules) throws InvalidChainException {
      int dot = value.text().indexOf('.');
      if (dot < 0) {
        return new Resize(value.side(rules), false, Quality.LANCZOS2, rules.rounding());
      }
      Quality filter = filter(value, value.text().substring(0, dot), rules);
      ParameterValue rest = new ParameterValue(value.name(), value.text().substring(dot + 1));
      if (!rest.text().startsWith("a")) {
        return new Resize(rest.side(rules), false, filter, rules.rounding());
      }
      ParameterValue area = new ParameterValue(value.name(), rest.text().substring(1));
      return new Resize(area.area(), true, filter, rules.rounding());
    }

    private static Quality filter(ParameterValue value, String name, ChainRules rules)
        throws InvalidChainException {
      for (Quality filter : Quality.FILTERS) {
        if (filter.filter().equalsIgnoreCase(name)) {
          return filter;
        }
      }
      if (name.isEmpty() || rules.lenient()) {
        return Quality.LANCZOS2;
      }
      throw value.isNot(
          "a filter and a size; there is "
              + Quality.FILTERS.stream().map(Quality::filter).collect(Collectors.joining(", ")));
    }

    @Override
    public Optional<RenderStep> on(Dimensions from) {
      return shrink(from, size(from, rounding), filter);
    }

    private Dimensions size(Dimensions from, Rounding rounding) {
      return isArea
          ? Geometry.fitArea(from, most, rounding)
          : Geometry.fit(from, (int) most, rounding);
    }

    @Override
    public String key(Dimensions from) {
      String named =
          filter == Quality.LANCZOS2 ? "" : filter.filter().toLowerCase(Locale.ROOT) + ".";
      String mark = mark(size(from, rounding), size(from, Rounding.DOWN));
      return "resize-" + named + (isArea ? "a" : "") + most + mark;
    }
  }

  /** Keep the largest centred rectangle of an aspect ratio. */
  record Crop(int width, int height) implements Operation {
    static Crop parse(ParameterValue value, ChainRules rules) throws InvalidChainException {
      int[] ratio = value.ratio(rules);
      return new Crop(ratio[0], ratio[1]);
    }

    @Override
    public Optional<RenderStep> on(Dimensions from) {
      RenderStep.Crop crop = Geometry.crop(from, width, height);
      return crop.to().equals(from) ? Optional.empty() : Optional.of(crop);
    }

    @Override
    public String key(Dimensions from) {
      return "crop-" + width + "x" + height;
    }
  }

  /**
   * Gaussian blur. Sigma has at most two decimals, so that there is an end to distinct variants.
   */
  record Blur(BigDecimal sigma) implements Operation {
    private static final BigDecimal MIN_SIGMA = new BigDecimal("0.01");

    static Blur parse(ParameterValue value, ChainRules rules) throws InvalidChainException {
      BigDecimal given = value.decimal(rules);
      BigDecimal sigma = given.setScale(2, RoundingMode.HALF_UP);
      return new Blur(given.signum() == 0 ? given : sigma.max(MIN_SIGMA).stripTrailingZeros());
    }

    @Override
    public Optional<RenderStep> on(Dimensions from) {
      return sigma.signum() == 0
          ? Optional.empty()
          : Optional.of(new RenderStep.Blur(sigma.doubleValue()));
    }

    @Override
    public String key(Dimensions from) {
      return "blur-" + sigma.stripTrailingZeros().toPlainString();
    }
  }
}
