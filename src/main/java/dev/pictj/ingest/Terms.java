package dev.pictj.ingest;

import dev.pictj.engine.RenderStep;
import dev.pictj.media.Dimensions;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.media.Probed;
import dev.pictj.media.Quantity;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What one client asks for: stricter limits than the administrator's, which hold besides, and
 * operations.
 *
 * @param limits of what was received, upright
 * @param maxBytes of a file as it was received
 * @param allowed what may come at all
 * @param operations what is done to it before it is stored; videos stay as they are
 */
public record Terms(Limits limits, long maxBytes, Set<Kind> allowed, StepsBySize operations) {
  private static final Limits UNLIMITED =
      new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE);

  /** The terms of a client that asks for nothing. */
  public static final Terms NONE =
      new Terms(UNLIMITED, Long.MAX_VALUE, EnumSet.allOf(Kind.class), StepsBySize.NONE);

  /** Keeps an unmodifiable copy of the set. */
  public Terms {
    allowed = Set.copyOf(allowed);
  }

  /** The operations that are done to a picture before it is stored. */
  @FunctionalInterface
  public interface StepsBySize {
    /** No operations. */
    StepsBySize NONE = _ -> List.of();

    /** The steps that a picture of this size takes; none where it stays as it is. */
    List<RenderStep> on(Dimensions size);
  }

  /**
   * Operations that make no sense: a picture that comes with them is refused. A video is not, for
   * it takes none.
   *
   * @param why makes the exception that says so
   */
  public record Senseless(Supplier<Exception> why) implements StepsBySize {
    @Override
    public List<RenderStep> on(Dimensions size) {
      return List.of();
    }
  }

  /** Whether a file need not be looked at for them. */
  boolean allowAll() {
    return limits.equals(UNLIMITED)
        && maxBytes == Long.MAX_VALUE
        && allowed.size() == Kind.values().length
        && !(operations instanceof Senseless);
  }

  /**
   * Judges a file by its header.
   *
   * @throws MediaException with the first limit that it exceeds
   * @throws Exception of {@link Senseless} operations
   */
  void judge(Probed header, long size) throws Exception {
    limits.check(header, header.orientation().upright(header.dimensions()), header.frames());
    if (size > maxBytes) {
      throw new MediaException(
          Reason.FILE_SIZE,
          "The file has %s, over the limit of %s of this request"
              .formatted(Quantity.bytes(size, maxBytes), Quantity.bytes(maxBytes, size)));
    }
    Kind kind = Kind.of(header);
    if (!allowed.contains(kind)) {
      throw new MediaException(Reason.DISALLOWED, "This request allows no " + kind.inWords());
    }
    if (operations instanceof Senseless(Supplier<Exception> why) && kind != Kind.VIDEO) {
      throw why.get();
    }
  }
}
