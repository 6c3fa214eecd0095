package dev.pictj;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Has {@code await()} look at once, and often: by itself it waits a tenth of a second before it
 * looks for the first time, and most of what tests wait for is there by then.
 */
public final class PromptWaits implements BeforeAllCallback {
  private static final Duration INTERVAL = Duration.ofMillis(20);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    Awaitility.setDefaultPollInterval(INTERVAL);
  }
}
