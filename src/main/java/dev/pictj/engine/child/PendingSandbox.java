package dev.pictj.engine.child;

import dev.pictj.engine.EngineException;

/**
 * A sandbox, or one that is still being chosen: trying out takes a tenth of a second, in which a
 * server can do other things than wait. Only whoever starts a child has to know it.
 */
@FunctionalInterface
public interface PendingSandbox {
  /**
   * Waits until it is chosen.
   *
   * @throws EngineException when none could be
   */
  Sandbox await() throws EngineException, InterruptedException;
}
