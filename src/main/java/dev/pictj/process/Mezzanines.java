package dev.pictj.process;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Variant;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.Flight;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.OverloadedException;
import dev.pictj.engine.Party;
import dev.pictj.engine.RenderStep;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
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
  private final Catalog catalog;
  private final BlobStore store;
  private final Renderings renderings;
  private final HeaderProbe probe = new HeaderProbe();
  private final Demand demand = new Demand();
  private final Semaphore making = new Semaphore(1);

  /** What follows that rule. */
  Mezzanines(
      Mezzanine rule, ImageEngine images, Catalog catalog, BlobStore store, Renderings renderings) {
    this.rule = rule;
    this.images = images;
    this.catalog = catalog;
    this.store = store;
    this.renderings = renderings;
  }

  /** What a rendering starts from. */
  record Source(Path file, Probed probed, boolean verified) {}

  /** From the mezzanine where there is one for it, which nothing depends on. */
  void render(Media media, Source source, Chain.Plan plan, MediaType target, Path output)
      throws IOException, MediaException, EngineException, InterruptedException {
    forgetOutdated(media, source);
    Optional<Mezzanine.Use> use = rule.of(source.file(), source.probed(), plan.steps(), target);
    if (use.isPresent() && renderFrom(media, use.get(), target, output)) {
      return;
    }
    images.render(source.file(), source.probed(), plan.steps(), target, output);
    if (use.isPresent() && demand.grows(media.filename(), Variants.key(plan.key(), target))) {
      make(media, source, use.get().copy());
    }
  }

  /** One that was made under other settings; whoever comes later shall not find it. */
  private void forgetOutdated(Media media, Source source) throws IOException {
    String key = Variants.key(Mezzanine.KEY, Mezzanine.type(source.probed().type()));
    Optional<Variant> known = catalog.variant(media, key);
    if (known.isEmpty()) {
      return;
    }
    Optional<Mezzanine.Copy> copy = rule.copyOf(source.file(), source.probed());
    if (copy.isEmpty() || !copy.get().is(known.get())) {
      catalog.removeVariant(media, key, known.get());
    }
  }

  /** Whether that could be done. */
  private boolean renderFrom(Media media, Mezzanine.Use use, MediaType target, Path output)
      throws IOException, InterruptedException {
    String key = Variants.key(Mezzanine.KEY, use.copy().type());
    Optional<Variant> known = renderings.find(media, key);
    if (known.isEmpty()) {
      return false;
    }
    try {
      Path file = store.file(Variants.blobName(media, known.get()));
      images.render(file, probe.probeAgain(file), use.steps(), target, use.result(), output);
      return true;
    } catch (EngineException e) {
      log.info("rendering {} from the original, for {}", media.filename(), e.getMessage());
      return false;
    } catch (MissingBlobException | MediaException e) {
      log.warn("the mezzanine of {} is lost or damaged: {}", media.filename(), e.getMessage());
    }
    demand.forget(media.filename());
    catalog.removeVariant(media, key, known.get());
    return false;
  }

  /**
   * In the background, one at a time, so that most of the machine stays with those who wait for
   * something. With the second variant, because by then the originals' decoding has cost about as
   * much as a mezzanine does: whatever is asked for later, at most about twice of what was needed
   * is spent.
   */
  private void make(Media media, Source source, Mezzanine.Copy copy) {
    if (!making.tryAcquire()) {
      return;
    }
    demand.meet(media.filename());
    Flight<Variant> work =
        renderings.join(
            new Renderings.Order(
                media,
                Variants.key(Mezzanine.KEY, copy.type()),
                copy.name(),
                copy.type(),
                output ->
                    images.render(
                        source.file(),
                        source.probed(),
                        List.of(new RenderStep.Shrink(copy.size(), RenderStep.Quality.CAREFUL)),
                        copy.type(),
                        copy.stored(),
                        output),
                true),
            Party.SERVER);
    CompletableFuture<Variant> _ =
        work.result().whenComplete((_, failure) -> ended(media, failure));
  }

  private void ended(Media media, Throwable failure) {
    making.release();
    switch (failure) {
      // Were it lost one day, it would be made again.
      case null -> demand.forget(media.filename());
      case OverloadedException _, StoreReadOnlyException _ -> demand.forget(media.filename());
      default -> log.info("{} will have no mezzanine", media.filename(), failure);
    }
  }
}
