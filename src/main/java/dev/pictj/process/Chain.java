package dev.pictj.process;

import dev.pictj.engine.RenderStep;
import dev.pictj.media.Dimensions;
import dev.pictj.store.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The operations of one request, in request order.
 *
 * @param operations may be empty, which only encodes anew
 */
public record Chain(List<Operation> operations) {
  /** A key longer than this is replaced by its hash, so that it fits a file name. */
  private static final int MAX_KEY = 100;

  /** Keeps an unmodifiable copy of the list. */
  public Chain {
    operations = List.copyOf(operations);
  }

  /** A chain worked out for a picture of one size: what remains of it and what it is called. */
  public record Plan(List<RenderStep> steps, Dimensions result, String key) {}

  /**
   * Works the chain out for a picture.
   *
   * <p>Operations that would change nothing are left out of the key as well, so that a picture of
   * 640×360 has one variant for every thumbnail size from 640 up.
   */
  public Plan plan(Dimensions source) {
    List<RenderStep> steps = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    Dimensions current = source;
    for (Operation operation : operations) {
      Optional<RenderStep> step = operation.on(current);
      if (step.isPresent()) {
        steps.add(step.get());
        keys.add(operation.key(current));
        current = step.get().after(current);
      }
    }
    String key = keys.isEmpty() ? "identity" : String.join("_", keys);
    return new Plan(List.copyOf(steps), current, key.length() > MAX_KEY ? hashed(key) : key);
  }

  private static String hashed(String key) {
    return "chain-" + ContentHash.of(key.getBytes(StandardCharsets.UTF_8));
  }
}
