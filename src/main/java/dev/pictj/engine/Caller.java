package dev.pictj.engine;

import java.util.Optional;

/** A client that waits for work to be done, and may leave. */
@FunctionalInterface
public interface Caller {
  /** A caller that stays to the end. */
  Caller PATIENT = () -> false;

  /** The caller of all work in the background: it never leaves, and waits behind all others. */
  Caller BACKGROUND =
      new Caller() {
        @Override
        public boolean gone() {
          return false;
        }

        @Override
        public Optional<Party> party() {
          return Optional.of(Party.BACKGROUND);
        }
      };

  /** Milliseconds between two questions whether a caller is gone. */
  long POLL_MILLIS = 500;

  /**
   * Whether nobody will read the result. Takes at most a few milliseconds; asked now and then by
   * the thread that waits for the work, never by two threads at a time.
   */
  boolean gone();

  /** The party that the work is done for; empty for all who want the same picture. */
  default Optional<Party> party() {
    return Optional.empty();
  }
}
