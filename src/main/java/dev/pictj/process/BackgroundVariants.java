package dev.pictj.process;

import dev.pictj.catalog.Media;
import dev.pictj.catalog.Variant;
import dev.pictj.engine.OverloadedException;
import dev.pictj.engine.Party;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes variants while nobody waits for them. A variant that a stop of the server cuts off is made
 * when a client asks for it.
 */
public final class BackgroundVariants {
  private static final Logger log = LoggerFactory.getLogger(BackgroundVariants.class);

  private final Variants variants;
  private final Semaphore free;

  /**
   * Makes variants by these components.
   *
   * @param most under way at a time
   */
  public BackgroundVariants(Variants variants, int most) {
    this.variants = variants;
    this.free = new Semaphore(most);
  }

  /**
   * Begins to make a variant, unless it is there.
   *
   * @param party on whose behalf
   * @throws OverloadedException when as many are under way as may be
   * @throws MediaException when it was tried in vain lately
   */
  public void begin(Media media, Chain chain, MediaType target, Party party)
      throws IOException, MediaException {
    if (variants.find(media, chain, target).isPresent()) {
      return;
    }
    if (!free.tryAcquire()) {
      throw new OverloadedException("too many variants in the background", Duration.ofSeconds(5));
    }
    boolean begun = false;
    try {
      Optional<CompletableFuture<Variant>> result = variants.begin(media, chain, target, party);
      if (result.isPresent()) {
        begun = true;
        CompletableFuture<Variant> _ =
            result.get().whenComplete((_, failure) -> ended(media, failure));
      }
    } finally {
      if (!begun) {
        free.release();
      }
    }
  }

  private void ended(Media media, Throwable failure) {
    free.release();
    if (failure != null) {
      log.info("a variant of {} was not made: {}", media.filename(), failure.toString());
    }
  }
}
