package dev.pictj.observe;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.concurrent.CountDownLatch;

/** Keeps Logback from being ready, for {@link LoggingSetupTest}, until it is told. */
public final class LateLogging extends ContextAwareBase implements Configurator {
  /** System properties of latches, as each class loader has statics of its own. */
  static final String BEGUN = "pictj.test.logging.begun";

  static final String MAY_END = "pictj.test.logging.may-end";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    ((CountDownLatch) System.getProperties().get(BEGUN)).countDown();
    try {
      ((CountDownLatch) System.getProperties().get(MAY_END)).await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
