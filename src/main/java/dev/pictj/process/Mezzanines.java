package dev.pictj.process;

import dev.pictj.catalog.Media;
import dev.pictj.catalog.Variant;
import dev.pictj.catalog.VariantKey;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.Flight;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.OverloadedException;
import dev.pictj.engine.Party;
import dev.pictj.engine.RenderRequest;
import dev.pictj.engine.RenderStep;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.MissingBlobException;
import dev.pictj.store.StoreReadOnlyException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renders what is verified: from its mezzanine where that will do, and makes mezzanines. */
final class Mezzanines {
  private static final Logger log = LoggerFactory.getLogger(Mezzanines.class);

  private final Mezzanine rule;
  private final ImageEngine images;
  private final StoredVariants stored;
  private final VariantMaker maker;
  private final BlobStore store;
  private final HeaderProbe probe = new HeaderProbe();
  private final Demand demand = new Demand();
  private final Semaphore making = new Semaphore(1);

  /** Makes mezzanines by a rule. */
  Mezzanines(
      Mezzanine rule,
      ImageEngine images,
      StoredVariants stored,
      VariantMaker maker,
      BlobStore store) {
    this.rule = rule;
    this.images = images;
    this.stored = stored;
    this.maker = maker;
    this.store = store;
  }

  /**
   * What a rendering starts from.
   *
   * @param file that holds the media, as long as the rendering takes
   */
  record Source(Media media, Path file, Probed probed) {}

  /**
   * Renders from the mezzanine where there is one; a failure with it falls back to the original.
   */
  void render(Source source, Chain.Plan plan, VariantKey key, MediaType target, Path output)
      throws Exception {
    VariantKey middle = key(source);
    forgetOutdated(middle, source);
    Optional<Mezzanine.Use> use = rule.of(source.file(), source.probed(), plan.steps(), target);
    if (use.isPresent() && renderFrom(middle, use.get(), target, output)) {
      return;
    }
    images.render(source.file(), source.probed(), plan.steps(), target, output);
    if (use.isPresent() && demand.grows(key.filename(), key.name())) {
      make(middle, source.probed(), use.get().copy());
    }
  }

  private static VariantKey key(Source source) {
    MediaType type = Mezzanine.type(source.probed().type());
    return VariantKey.of(source.media(), Mezzanine.KEY + "." + type.extension());
  }

  /** Forgets a mezzanine that was made under other settings, so that no later request finds it. */
  private void forgetOutdated(VariantKey key, Source source) throws IOException {
    Optional<Variant> known = stored.recorded(key);
    if (known.isEmpty()) {
      return;
    }
    Optional<Mezzanine.Copy> copy = rule.copyOf(source.file(), source.probed());
    if (copy.isEmpty() || !copy.get().is(known.get())) {
      stored.remove(key, known.get());
    }
  }

  /** Renders from a stored mezzanine; false where there is none that can be used. */
  private boolean renderFrom(VariantKey key, Mezzanine.Use use, MediaType target, Path output)
      throws Exception {
    Optional<Variant> known = stored.find(key);
    if (known.isEmpty()) {
      return false;
    }
    try {
      store.withFile(
          StoredVariants.blobName(key, known.get()),
          file ->
              images.render(
                  new RenderRequest(
                      file, probe.probeAgain(file), use.steps(), target, use.result()),
                  output));
      return true;
    } catch (EngineException e) {
      log.info("rendering {} from the original, for {}", key.filename(), e.getMessage());
      return false;
    } catch (MissingBlobException | MediaException e) {
      log.warn("the mezzanine of {} is lost or damaged: {}", key.filename(), e.getMessage());
    }
    demand.forget(key.filename());
    stored.remove(key, known.get());
    return false;
  }

  /**
   * Makes a mezzanine in the background, one at a time, so that most of the machine stays with
   * clients who wait. It is made after the second variant, because by then decoding the original
   * has cost about as much as a mezzanine does: whatever is asked for later, the work is at most
   * about twice the least possible.
   */
  private void make(VariantKey key, Probed probed, Mezzanine.Copy copy) {
    if (!making.tryAcquire()) {
      return;
    }
    demand.meet(key.filename());
    List<RenderStep> steps =
        List.of(new RenderStep.Shrink(copy.size(), RenderStep.Quality.CAREFUL));
    Flight<Variant> work =
        maker.join(
            new VariantMaker.Order(
                key,
                copy.name(),
                copy.type(),
                true,
                output ->
                    store.withFile(
                        BlobName.original(key.filename()),
                        file ->
                            images.render(
                                new RenderRequest(file, probed, steps, copy.type(), copy.stored()),
                                output))),
            Party.SERVER);
    CompletableFuture<Variant> _ =
        work.result().whenComplete((_, failure) -> ended(key.filename(), failure));
  }

  private void ended(String filename, Throwable failure) {
    making.release();
    switch (failure) {
      // Counted anew, so that a mezzanine which is lost one day is made again.
      case null -> demand.forget(filename);
      case OverloadedException _, StoreReadOnlyException _ -> demand.forget(filename);
      default -> log.info("{} will have no mezzanine", filename, failure);
    }
  }
}
