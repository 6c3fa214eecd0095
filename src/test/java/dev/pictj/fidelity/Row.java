package dev.pictj.fidelity;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A property of one input, and what becomes of it on each way. What is not said to become something
 * else is kept.
 */
final class Row {
  private static final Outcome KEPT = new Outcome.Kept();

  final Property property;
  final String input;
  final Supplier<byte[]> file;
  Optional<Supplier<byte[]>> damaged = Optional.empty();
  Function<Seen, double[]> measure = _ -> new double[0];
  double[] kept = {};
  double tolerance;
  List<String> steps = List.of("thumbnail=80", "resize=80", "crop=2x1", "blur=1");
  boolean sample;
  private final Map<Way, Outcome> outcomes = new EnumMap<>(Way.class);
  private final Map<Way, Outcome> byImageMagick = new EnumMap<>(Way.class);

  Row(Property property, String input, Supplier<byte[]> file) {
    this.property = property;
    this.input = input;
    this.file = file;
    outcomes.put(Way.REPAIRED, new Outcome.NotApplicable());
  }

  /** What is looked at, and what it is in the input. */
  Row measures(Function<Seen, double[]> what, double within, double... is) {
    measure = what;
    tolerance = within;
    kept = is;
    return this;
  }

  /** The same picture with a fault that an upload repairs. */
  Row repairedFrom(Supplier<byte[]> file) {
    damaged = Optional.of(file);
    outcomes.remove(Way.REPAIRED);
    return this;
  }

  Row changed(String what, double[] values, Way... ways) {
    return becomes(new Outcome.Changed(what, tolerance, values), ways);
  }

  /** The same as far as an encoder that loses something can. */
  Row nearly(String what, double within, Way... ways) {
    return becomes(new Outcome.Changed(what, within, kept), ways);
  }

  Row refused(int status, String why, Way... ways) {
    return becomes(new Outcome.Refused(status, why), ways);
  }

  Row notApplicable(Way... ways) {
    return becomes(new Outcome.NotApplicable(), ways);
  }

  Row becomes(Outcome outcome, Way... ways) {
    for (Way way : ways) {
      outcomes.put(way, outcome);
    }
    return this;
  }

  Row byImageMagick(Outcome outcome, Way... ways) {
    for (Way way : ways) {
      byImageMagick.put(way, outcome);
    }
    return this;
  }

  /** With these chains of operations instead of the usual ones. */
  Row steps(String... chains) {
    steps = List.of(chains);
    return this;
  }

  /** Tried in every run of the tests, not in the long one only. */
  Row sample() {
    sample = true;
    return this;
  }

  Outcome outcome(Way way, Engine engine) {
    Outcome usual = outcomes.getOrDefault(way, KEPT);
    return engine == Engine.IMAGEMAGICK ? byImageMagick.getOrDefault(way, usual) : usual;
  }

  /** What the measure finds where this comes true. */
  double[] expected(Outcome outcome) {
    return outcome instanceof Outcome.Changed changed ? changed.values() : kept;
  }

  /** How far off it may be. */
  double within(Outcome outcome) {
    return outcome instanceof Outcome.Changed changed ? changed.within() : tolerance;
  }

  /** All outcomes of these ways, each once. */
  List<Outcome> distinct(Way... ways) {
    List<Outcome> found = new ArrayList<>();
    for (Way way : ways) {
      Outcome one = outcome(way, Engine.WORKER);
      if (!found.contains(one)) {
        found.add(one);
      }
    }
    return found;
  }

  @Override
  public String toString() {
    return property.title + " of " + input;
  }
}
