package dev.pictj.process;

import dev.pictj.catalog.Media;
import dev.pictj.catalog.Variant;
import dev.pictj.catalog.VariantKey;
import dev.pictj.engine.AnimationRenderer;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.Party;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.VideoEngine;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.media.VerifiedBy;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Chooses what a variant is rendered from, and by which engine. */
final class Renderer {
  /**
   * The key of the first frame of a video, and the beginning of the keys of all variants made from
   * it; no chain has this key. Frames of versions up to 0.3 have another key, because their colours
   * are wrong.
   */
  static final String FRAME = "frame";

  private static final String OUTDATED_FRAME = "still.jpg";

  /** The key of the unpacked frames of an animation that is coded like a video. */
  private static final String FRAMES = "frames";

  private final Set<VerifiedBy> trusted;
  private final ImageEngine unverified;
  private final VideoEngine videos;
  private final AnimationRenderer animations;
  private final StoredVariants stored;
  private final VariantMaker maker;
  private final BlobStore store;
  private final Mezzanines mezzanines;
  private final HeaderProbe probe = new HeaderProbe();

  /** A renderer of these components; see {@link Variants}. */
  Renderer(
      Engines engines,
      StoredVariants stored,
      VariantMaker maker,
      BlobStore store,
      Mezzanine mezzanine) {
    this.trusted = engines.trusted();
    this.unverified = engines.unverified();
    this.videos = engines.videos();
    this.animations = new AnimationRenderer(engines.images(), engines.videos());
    this.stored = stored;
    this.maker = maker;
    this.store = store;
    this.mezzanines = new Mezzanines(mezzanine, engines.images(), stored, maker, store);
  }

  /** Renders one variant of a media into a file. */
  void render(
      Media media, Chain chain, Chain.Plan plan, VariantKey key, MediaType target, Path output)
      throws Exception {
    if (media.details().type().has(MediaType.Trait.VIDEO)) {
      renderFrame(media, chain, plan, target, output);
      return;
    }
    store.withFile(
        BlobName.original(media.filename()),
        file -> {
          Probed probed = probe.probeAgain(file);
          if (AnimationRenderer.isSequence(probed)) {
            renderFrames(media, plan, target, output);
          } else if (AnimationRenderer.becomesSequence(probed, target)) {
            animations.render(file, probed, plan.steps(), target, output);
          } else if (trusted.contains(media.verifiedBy())) {
            mezzanines.render(
                new Mezzanines.Source(media, file, probed), plan, key, target, output);
          } else {
            unverified.render(file, probed, plan.steps(), target, output);
          }
        });
  }

  /** Renders from all frames of the animation, which are unpacked once. */
  private void renderFrames(Media media, Chain.Plan plan, MediaType target, Path output)
      throws Exception {
    VariantKey key = VariantKey.of(media, FRAMES + "." + MediaType.ofFrames().extension());
    VariantMaker.Writer writer =
        unpacked ->
            store.withFile(
                BlobName.original(media.filename()),
                file -> videos.toApng(file, probe.probeAgain(file), unpacked));
    Variant frames = intermediate(key, FRAMES, MediaType.ofFrames(), writer);
    store.withFile(
        StoredVariants.blobName(key, frames),
        file -> animations.render(file, probe.probeAgain(file), plan.steps(), target, output));
  }

  /** Renders from the first frame of a video. */
  private void renderFrame(Media media, Chain chain, Chain.Plan plan, MediaType target, Path output)
      throws Exception {
    VariantKey key = VariantKey.of(media, FRAME + "." + MediaType.PNG.extension());
    store.withFile(
        StoredVariants.blobName(key, frame(media, key)),
        file -> {
          Probed probed = probe.probeAgain(file);
          Dimensions seen = probed.dimensions();
          // Videos that older versions imported as they were may be seen in another shape than
          // their details tell.
          List<RenderStep> steps =
              seen.equals(media.details().dimensions()) ? plan.steps() : chain.plan(seen).steps();
          unverified.render(file, probed, steps, target, output);
        });
  }

  /** The first frame of a video, which is stored because an engine reads it as a file. */
  private Variant frame(Media media, VariantKey key)
      throws IOException, MediaException, EngineException, InterruptedException {
    VariantKey outdated = VariantKey.of(media, OUTDATED_FRAME);
    stored.recorded(outdated).ifPresent(one -> stored.remove(outdated, one));
    VariantMaker.Writer writer =
        output ->
            store.withFile(
                BlobName.original(media.filename()),
                video -> videos.firstFrame(video, probe.probeAgain(video), output));
    return intermediate(key, FRAME, MediaType.PNG, writer);
  }

  private Variant intermediate(
      VariantKey key, String label, MediaType type, VariantMaker.Writer writer)
      throws IOException, MediaException, EngineException, InterruptedException {
    Optional<Variant> known = stored.find(key);
    if (known.isPresent()) {
      return known.get();
    }
    maker.requireNotFailed(key);
    return maker
        .join(new VariantMaker.Order(key, label, type, true, writer), Party.current())
        .awaitAsPart();
  }
}
