package dev.pictj.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.MemoryCatalog;
import dev.pictj.catalog.Variant;
import dev.pictj.catalog.VariantKey;
import dev.pictj.engine.AbandonedWork;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.RenderRequest;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.ShrinkOnLoad;
import dev.pictj.engine.SingleFlight;
import dev.pictj.engine.Verification;
import dev.pictj.engine.VideoEngine;
import dev.pictj.engine.admission.FailureMemory;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.media.VerifiedBy;
import dev.pictj.pictures.AnimatedPngs;
import dev.pictj.pictures.Movies;
import dev.pictj.pictures.Pictures;
import dev.pictj.store.BlobName;
import dev.pictj.store.MemoryBlobStore;
import dev.pictj.store.MissingBlobException;
import dev.pictj.store.TempFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a variant is rendered from and by whom, with scripted engines. */
class RendererTest {
  private static final int MEZZANINE = 64;
  private static final Chain PLAIN = new Chain(List.of());

  @TempDir private Path folder;

  private final MemoryCatalog catalog = new MemoryCatalog();
  private final MemoryBlobStore blobs = new MemoryBlobStore();
  private final List<String> asked = new ArrayList<>();
  private byte[] firstFrame = Pictures.png(16, 12);
  private MediaException refusal;
  private EngineException fault;
  private int media;
  private StoredVariants stored;
  private Renderer renderer;

  /** Notes what it is asked to make of what, and writes something of that type and size. */
  private final class Images implements ImageEngine {
    private final String name;

    Images(String name) {
      this.name = name;
    }

    @Override
    public Verification verify(Path source, Probed probed) {
      throw new AssertionError("what is stored is verified already");
    }

    @Override
    public Verification verify(Path source, Probed probed, Duration atMost) {
      throw new AssertionError("what is stored is verified already");
    }

    @Override
    public void render(RenderRequest request, Path output) throws EngineException {
      Probed from = request.probed();
      Dimensions to =
          ShrinkOnLoad.first(request.steps()).map(RenderStep.Shrink::to).orElse(from.dimensions());
      asked.add(
          "%s: %s %s to %s %s"
              .formatted(name, from.type(), from.dimensions(), request.target(), to));
      if (fault != null && from.type() == MediaType.WEBP) {
        throw fault;
      }
      write(
          output,
          switch (request.target()) {
            case WEBP -> Pictures.webpLossless(to.width(), to.height());
            case APNG -> AnimatedPngs.of(to.width(), to.height(), 2);
            default -> Pictures.png(to.width(), to.height());
          });
    }
  }

  private final VideoEngine videos =
      new VideoEngine() {
        @Override
        public void firstFrame(Path source, Probed probed, Path output) throws MediaException {
          asked.add("frame of " + probed.type());
          if (refusal != null) {
            throw refusal;
          }
          write(output, firstFrame);
        }

        @Override
        public void toApng(Path source, Probed probed, Path output) {
          asked.add("frames of " + probed.type());
          write(output, AnimatedPngs.of(64, 48, 2));
        }

        @Override
        public void toAvif(Path apng, Probed probed, Path output) {
          asked.add("coded from " + probed.type());
          write(output, Movies.avif(false));
        }

        @Override
        public void store(Path source, Probed probed, Path output) {
          throw new AssertionError("nothing is stored");
        }
      };

  private static void write(Path output, byte[] bytes) {
    try {
      Files.write(output, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void start() throws Exception {
    stored = new StoredVariants(catalog, blobs, 10, () -> {});
    VariantMaker maker =
        new VariantMaker(
            new FailureMemory(10, Duration.ofHours(1)),
            stored,
            blobs,
            TempFolder.open(folder.resolve("tmp")),
            new SingleFlight<>(Runnable::run, AbandonedWork.lasting(Duration.ZERO)),
            new Random(1),
            Clock.systemUTC());
    renderer =
        new Renderer(
            new Engines(
                new Images("trusting"), Set.of(VerifiedBy.WORKER), new Images("careful"), videos),
            stored,
            maker,
            blobs,
            new Mezzanine(MEZZANINE, 95));
  }

  private Media media(byte[] bytes, VerifiedBy by) throws Exception {
    Path file = Files.write(folder.resolve("in"), bytes);
    Probed probed = new HeaderProbe().probe(file);
    String filename = "abcdefghi%d.%s".formatted(++media, probed.type().extension());
    Details details =
        new Details(probed.dimensions(), probed.type(), probed.frames(), Instant.EPOCH);
    Media made = new Media(filename, filename, bytes.length, details, by);
    blobs.put(BlobName.original(filename), file);
    catalog.announce(List.of(filename));
    catalog.link(List.of(new Link("alias-" + filename, "token", made, true)));
    return made;
  }

  private static Chain thumbnail(int side) {
    return new Chain(List.of(new Operation.Thumbnail(side, Rounding.DOWN)));
  }

  private void render(Media media, Chain chain, MediaType target) throws Exception {
    Chain.Plan plan = chain.plan(media.details().dimensions());
    VariantKey key = VariantKey.of(media, plan.key() + "." + target.extension());
    renderer.render(media, chain, plan, key, target, folder.resolve("out"));
  }

  @Test
  void aStillIsMadeFromTheOriginalByWhoeverMayDecodeIt() throws Exception {
    render(media(Pictures.png(16, 12), VerifiedBy.WORKER), PLAIN, MediaType.JPEG);
    render(media(Pictures.png(16, 12), VerifiedBy.REFERENCE), PLAIN, MediaType.JPEG);
    render(media(Pictures.png(16, 12), VerifiedBy.NOBODY), PLAIN, MediaType.JPEG);
    assertThat(asked)
        .containsExactly(
            "trusting: PNG 16x12 to JPEG 16x12",
            "careful: PNG 16x12 to JPEG 16x12",
            "careful: PNG 16x12 to JPEG 16x12");
  }

  @Test
  void aVideoIsSeenAsItsFirstFrameWhichIsKept() throws Exception {
    Media video = media(Pictures.mp4(16, 12, 2), VerifiedBy.REFERENCE);
    render(video, PLAIN, MediaType.WEBP);
    render(video, thumbnail(8), MediaType.WEBP);
    assertThat(asked)
        .containsExactly(
            "frame of MP4", "careful: PNG 16x12 to WEBP 16x12", "careful: PNG 16x12 to WEBP 8x6");
    assertThat(catalog.variant(VariantKey.of(video, "frame.png"))).isPresent();
  }

  /** As videos are that an older version imported; the chain is worked out for what is seen. */
  @Test
  void aFrameOfAnotherShapeThanTheDetailsTellIsShrunkByItsOwn() throws Exception {
    firstFrame = Pictures.png(12, 16);
    render(media(Pictures.mp4(16, 12, 2), VerifiedBy.REFERENCE), thumbnail(8), MediaType.WEBP);
    assertThat(asked).containsExactly("frame of MP4", "careful: PNG 12x16 to WEBP 6x8");
  }

  @Test
  void aVideoWithoutAFrameFailsAndIsNotTriedAgain() throws Exception {
    refusal = new MediaException(MediaException.Reason.INVALID, "no frame");
    Media video = media(Pictures.mp4(16, 12, 2), VerifiedBy.REFERENCE);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> render(video, PLAIN, MediaType.WEBP)).hasMessage("no frame");
    }
    assertThat(asked).containsExactly("frame of MP4");
  }

  @Test
  void theFramesOfASequenceAreUnpackedOnce() throws Exception {
    Media animation = media(Movies.avif(false), VerifiedBy.REFERENCE);
    render(animation, PLAIN, MediaType.WEBP);
    render(animation, thumbnail(32), MediaType.WEBP);
    assertThat(asked)
        .containsExactly(
            "frames of AVIF",
            "trusting: APNG 64x48 to WEBP 64x48",
            "trusting: APNG 64x48 to WEBP 32x24");
    assertThat(catalog.variant(VariantKey.of(animation, "frames.apng"))).isPresent();
  }

  @Test
  void anAnimationBecomesASequenceByWayOfFrames() throws Exception {
    render(media(AnimatedPngs.of(16, 12, 2), VerifiedBy.NOBODY), PLAIN, MediaType.AVIF);
    assertThat(asked).containsExactly("trusting: APNG 16x12 to APNG 16x12", "coded from APNG");
  }

  private Media large(VerifiedBy by) throws Exception {
    return media(Pictures.png(256, 256), by);
  }

  private VariantKey mezzanine(Media media) {
    return VariantKey.of(media, "mezzanine.webp");
  }

  @Test
  void theThirdSmallVariantIsMadeFromAMezzanine() throws Exception {
    Media media = large(VerifiedBy.WORKER);
    render(media, thumbnail(8), MediaType.JPEG);
    assertThat(catalog.variant(mezzanine(media))).isEmpty();
    render(media, thumbnail(12), MediaType.JPEG);
    render(media, thumbnail(16), MediaType.JPEG);
    assertThat(asked)
        .containsExactly(
            "trusting: PNG 256x256 to JPEG 8x8",
            "trusting: PNG 256x256 to JPEG 12x12",
            "trusting: PNG 256x256 to WEBP 64x64",
            "trusting: WEBP 64x64 to JPEG 16x16");
  }

  @Test
  void noMezzanineIsForWhatIsLargeOrNotVerifiedOrHasNoLoss() throws Exception {
    Media unverified = large(VerifiedBy.NOBODY);
    Media media = large(VerifiedBy.WORKER);
    for (int side = 8; side <= 10; side++) {
      render(unverified, thumbnail(side), MediaType.JPEG);
      render(media, thumbnail(side), MediaType.PNG);
      render(media, thumbnail(100 + side), MediaType.JPEG);
    }
    assertThat(asked).hasSize(9).allMatch(one -> one.contains(": PNG 256x256 to "));
    assertThat(catalog.variant(mezzanine(media))).isEmpty();
  }

  @Test
  void whereTheMezzanineIsLostOrNoEngineTakesItTheOriginalWillDo() throws Exception {
    Media media = large(VerifiedBy.WORKER);
    render(media, thumbnail(8), MediaType.JPEG);
    render(media, thumbnail(12), MediaType.JPEG);
    Variant made = catalog.variant(mezzanine(media)).orElseThrow();
    asked.clear();
    fault = new EngineException("no worker");
    render(media, thumbnail(16), MediaType.JPEG);
    assertThat(asked)
        .containsExactly(
            "trusting: WEBP 64x64 to JPEG 16x16", "trusting: PNG 256x256 to JPEG 16x16");
    assertThat(stored.recorded(mezzanine(media))).contains(made);
    asked.clear();
    blobs.delete(StoredVariants.blobName(mezzanine(media), made));
    render(media, thumbnail(10), MediaType.JPEG);
    assertThat(asked).startsWith("trusting: PNG 256x256 to JPEG 10x10");
    assertThat(stored.recorded(mezzanine(media))).isNotEqualTo(Optional.of(made));
  }

  @Test
  void aLostOriginalIsMissing() throws Exception {
    Media media = media(Pictures.png(16, 12), VerifiedBy.WORKER);
    blobs.delete(BlobName.original(media.filename()));
    assertThatThrownBy(() -> render(media, PLAIN, MediaType.WEBP))
        .isInstanceOf(MissingBlobException.class);
    assertThat(asked).isEmpty();
  }
}
