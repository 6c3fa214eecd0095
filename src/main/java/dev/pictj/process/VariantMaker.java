package dev.pictj.process;

import dev.pictj.catalog.Variant;
import dev.pictj.catalog.VariantKey;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.Flight;
import dev.pictj.engine.Party;
import dev.pictj.engine.SingleFlight;
import dev.pictj.engine.admission.FailureMemory;
import dev.pictj.media.Details;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.store.BlobStore;
import dev.pictj.store.ContentHash;
import dev.pictj.store.TempFile;
import dev.pictj.store.TempFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

/** Makes variants and stores them: once for all who want the same one at the same time. */
final class VariantMaker {
  private final FailureMemory failures;
  private final StoredVariants stored;
  private final BlobStore store;
  private final TempFolder temporary;
  private final RandomGenerator random;
  private final Clock clock;
  private final HeaderProbe probe = new HeaderProbe();
  private final SingleFlight<VariantKey, Variant> underWay;
  private final LongAdder made = new LongAdder();

  /** Takes what {@link Variants} is given. */
  VariantMaker(
      FailureMemory failures,
      StoredVariants stored,
      BlobStore store,
      TempFolder temporary,
      SingleFlight<VariantKey, Variant> underWay,
      RandomGenerator random,
      Clock clock) {
    this.failures = failures;
    this.stored = stored;
    this.store = store;
    this.temporary = temporary;
    this.underWay = underWay;
    this.random = random;
    this.clock = clock;
  }

  /**
   * A variant to be made.
   *
   * @param label what its blob's name begins with
   * @param intermediate whether others are made from it
   */
  record Order(
      VariantKey key, String label, MediaType target, boolean intermediate, Writer writer) {}

  /** Renders into a file; what it throws is thrown again for everyone who waits. */
  @FunctionalInterface
  interface Writer {
    void write(Path output) throws Exception;
  }

  /** How many were made and stored since the start. */
  long made() {
    return made.sum();
  }

  /**
   * Tells whether a variant was tried in vain lately.
   *
   * @throws MediaException if it was, the same again
   */
  void requireNotFailed(VariantKey key) throws MediaException {
    failures.requireNone(key.toString());
  }

  /**
   * The work under way for this variant, begun now if there is none.
   *
   * @param party on whose behalf it is begun
   */
  Flight<Variant> join(Order order, Party party) {
    return underWay.join(order.key(), party, flight -> run(order, flight));
  }

  private Variant run(Order order, Flight<Variant> flight) throws Exception {
    try {
      // Another request may have finished between the look-up and the claim.
      Optional<Variant> known = stored.find(order.key());
      return known.isPresent() ? known.get() : make(order, flight);
    } catch (IOException | MediaException | EngineException e) {
      stored.requireStillThere(order.key(), e);
      failures.add(order.key().toString(), e);
      throw e;
    }
  }

  private Variant make(Order order, Flight<Variant> flight) throws Exception {
    store.requireWritable();
    try (TempFile rendered = temporary.next("variant")) {
      Path file = rendered.path();
      order.writer().write(file);
      Probed probed = probe.probeAgain(file);
      long size = Files.size(file);
      flight.commit();
      String blob =
          "%s.%s.%s"
              .formatted(
                  order.label(),
                  HexFormat.of().toHexDigits(random.nextInt()),
                  order.target().extension());
      Details details =
          new Details(probed.dimensions(), probed.type(), probed.frames(), clock.instant());
      Variant variant = new Variant(blob, ContentHash.of(file), size, details);
      Variant winner = stored.add(order.key(), variant, order.intermediate(), file);
      made.increment();
      return winner;
    }
  }
}
