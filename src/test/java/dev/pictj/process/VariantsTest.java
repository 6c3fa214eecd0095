package dev.pictj.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.MemoryCatalog;
import dev.pictj.catalog.Variant;
import dev.pictj.catalog.VariantKey;
import dev.pictj.engine.AbandonedWork;
import dev.pictj.engine.Caller;
import dev.pictj.engine.FirstFrames;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.RenderRequest;
import dev.pictj.engine.SingleFlight;
import dev.pictj.engine.Verification;
import dev.pictj.engine.VideoEngine;
import dev.pictj.engine.admission.FailureMemory;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.media.VerifiedBy;
import dev.pictj.pictures.Pictures;
import dev.pictj.store.Blob;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.ContentHash;
import dev.pictj.store.ForwardingBlobStore;
import dev.pictj.store.MemoryBlobStore;
import dev.pictj.store.MissingBlobException;
import dev.pictj.store.StoreReadOnlyException;
import dev.pictj.store.TempFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
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

/** Finder, maker and what is stored, with a catalog and a store in memory and scripted engines. */
class VariantsTest {
  private static final Chain BLURRED = new Chain(List.of(new Operation.Blur(BigDecimal.TWO)));
  private static final Chain PLAIN = new Chain(List.of());

  @TempDir private Path folder;

  private final MemoryCatalog catalog = new MemoryCatalog();
  private final MemoryBlobStore blobs = new MemoryBlobStore();
  private final List<String> rendered = new ArrayList<>();
  private final FailureMemory failures = new FailureMemory(10, Duration.ofHours(1));
  private final Random random = new Random(1);
  private Step duringRendering = () -> {};
  private int evictions;
  private TempFolder temporary;
  private Variants variants;

  private interface Step {
    void run() throws Exception;
  }

  /** Writes a small PNG, whatever it is told, and notes who was told. */
  private final class Scripted implements ImageEngine {
    private final String name;

    Scripted(String name) {
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
    public void render(RenderRequest request, Path output) throws MediaException {
      rendered.add(name + " " + request.probed().dimensions().width());
      write(output, Pictures.png(5, 5));
    }
  }

  private final VideoEngine videos =
      new FirstFrames() {
        @Override
        public void firstFrame(Path source, Probed probed, Path output) throws MediaException {
          rendered.add("frame");
          write(output, Pictures.png(16, 12));
        }
      };

  private void write(Path output, byte[] bytes) throws MediaException {
    try {
      Files.write(output, bytes);
      duringRendering.run();
    } catch (MediaException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void start() throws Exception {
    temporary = TempFolder.open(folder.resolve("tmp"));
    variants = variants(blobs, 10);
  }

  /** As after a start: what was verified before is not known any more. */
  private Variants variants(BlobStore store, int most) {
    return new Variants(
        new Engines(
            new Scripted("trusting"), Set.of(VerifiedBy.WORKER), new Scripted("careful"), videos),
        failures,
        catalog,
        store,
        temporary,
        new SingleFlight<>(Runnable::run, AbandonedWork.lasting(Duration.ZERO)),
        random,
        Clock.systemUTC(),
        new Mezzanine(0, 95),
        most,
        () -> evictions++);
  }

  private Media stored(String filename, MediaType type, byte[] bytes, VerifiedBy by)
      throws Exception {
    Details details = new Details(new Dimensions(16, 12), type, 1, Instant.EPOCH);
    Media media = new Media(filename, filename, bytes.length, details, by);
    blobs.put(BlobName.original(filename), Files.write(folder.resolve("in"), bytes));
    catalog.announce(List.of(filename));
    catalog.link(List.of(new Link("alias-" + filename, "token", media, true)));
    return media;
  }

  private Media png() throws Exception {
    return stored("abcdefghij.png", MediaType.PNG, Pictures.png(16, 12), VerifiedBy.WORKER);
  }

  private Variant made(Media media) throws Exception {
    return variants.findOrMake(media, BLURRED, MediaType.PNG, Caller.PATIENT);
  }

  private static VariantKey key(Media media) {
    return VariantKey.of(media, BLURRED.plan(media.details().dimensions()).key() + ".png");
  }

  private List<String> trash() {
    return catalog.journal().discarded("", 10);
  }

  private List<String> listed() throws IOException {
    List<String> names = new ArrayList<>();
    blobs.list(10, page -> page.forEach(one -> names.add(one.name().toString())));
    return names;
  }

  @Test
  void aVariantIsMadeOnceRecordedAndFound() throws Exception {
    Media media = png();
    assertThat(catalog.variant(key(media))).isEmpty();
    Variant made = made(media);
    assertThat(made(media)).isEqualTo(made);
    assertThat(rendered).containsExactly("trusting 16");
    assertThat(catalog.variant(key(media))).contains(made);
    assertThat(made.details().dimensions()).isEqualTo(new Dimensions(5, 5));
    try (Blob blob = blobs.open(Variants.blobName(media, made))) {
      assertThat(ContentHash.of(blob)).isEqualTo(made.hash());
    }
    assertThat(temporary.path()).isEmptyDirectory();
  }

  @Test
  void whatNobodyTrustedHasVerifiedIsForTheCarefulEngine() throws Exception {
    made(stored("abcdefghij.png", MediaType.PNG, Pictures.png(16, 12), VerifiedBy.NOBODY));
    made(stored("abcdefghik.png", MediaType.PNG, Pictures.png(16, 12), VerifiedBy.REFERENCE));
    assertThat(rendered).containsExactly("careful 16", "careful 16");
  }

  @Test
  void whatIsLostIsMadeAgain() throws Exception {
    Media media = png();
    Variant lost = made(media);
    blobs.delete(Variants.blobName(media, lost));
    Variant again = variants.makeAgain(media, BLURRED, MediaType.PNG, Caller.PATIENT);
    assertThat(again.blob()).isNotEqualTo(lost.blob());
    assertThat(rendered).hasSize(2);
    assertThat(trash()).containsExactly(Variants.blobName(media, lost).toString());
  }

  @Test
  void whatWasTornBeforeThisStartIsNoticedBeforeItIsSent() throws Exception {
    Media media = png();
    Variant torn = made(media);
    byte[] other = new byte[(int) torn.size()];
    blobs.put(Variants.blobName(media, torn), Files.write(folder.resolve("torn"), other));
    variants = variants(blobs, 10);
    assertThat(made(media).blob()).isNotEqualTo(torn.blob());
    assertThat(rendered).hasSize(2);
  }

  /** Another server on the same catalog was faster. */
  @Test
  void whoLosesARaceAnswersWithTheWinner() throws Exception {
    Media media = png();
    Variant winner = new Variant("theirs.0.png", ContentHash.of(new byte[3]), 3, media.details());
    duringRendering =
        () -> {
          blobs.put(
              Variants.blobName(media, winner), Files.write(folder.resolve("w"), new byte[3]));
          catalog.addVariant(key(media), winner, 10);
        };
    assertThat(made(media)).isEqualTo(winner);
    assertThat(made(media)).isEqualTo(winner);
    assertThat(trash()).hasSize(1).allMatch(one -> one.startsWith("abcdefghij.png/blur"));
    assertThat(rendered).hasSize(1);
  }

  @Test
  void aVariantOfAMediaThatWasDeletedMeanwhileIsNotKept() throws Exception {
    Media media = png();
    duringRendering = () -> catalog.purge(media.hash());
    assertThatThrownBy(() -> made(media)).isInstanceOf(MediaGoneException.class);
    assertThat(listed()).containsExactly("abcdefghij.png");
  }

  @Test
  void aFailureOfAMediaThatWasDeletedMeanwhileIsNotItsOwn() throws Exception {
    Media media = png();
    duringRendering =
        () -> {
          catalog.purge(media.hash());
          throw new MediaException(MediaException.Reason.INVALID, "half a file");
        };
    assertThatThrownBy(() -> made(media)).isInstanceOf(MediaGoneException.class);
    assertThat(failures.isEmpty()).isTrue();
  }

  @Test
  void whatFailedForGoodIsNotTriedAgain() throws Exception {
    Media media = png();
    duringRendering =
        () -> {
          throw new MediaException(MediaException.Reason.INVALID, "odd");
        };
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> made(media)).isInstanceOf(MediaException.class).hasMessage("odd");
    }
    assertThat(rendered).hasSize(1);
    assertThat(listed()).containsExactly("abcdefghij.png");
    assertThat(temporary.path()).isEmptyDirectory();
  }

  @Test
  void theOldestGoesAndTheTrashHearsOfIt() throws Exception {
    Media media = png();
    variants = variants(blobs, 1);
    Variant first = made(media);
    assertThat(evictions).isZero();
    Variant second = variants.findOrMake(media, PLAIN, MediaType.WEBP, Caller.PATIENT);
    assertThat(evictions).isEqualTo(1);
    assertThat(trash()).containsExactly(Variants.blobName(media, first).toString());
    assertThat(variants.findOrMake(media, PLAIN, MediaType.WEBP, Caller.PATIENT)).isEqualTo(second);
  }

  @Test
  void nothingIsRenderedForAStoreThatTakesNothing() throws Exception {
    Media media = png();
    variants =
        variants(
            new ForwardingBlobStore(blobs) {
              @Override
              public void requireWritable() throws IOException {
                throw new StoreReadOnlyException("full");
              }
            },
            10);
    assertThatThrownBy(() -> made(media)).isInstanceOf(StoreReadOnlyException.class);
    assertThat(rendered).isEmpty();
  }

  @Test
  void aLostOriginalIsSaidToBeMissing() throws Exception {
    Media media = png();
    blobs.delete(BlobName.original(media.filename()));
    assertThatThrownBy(() -> made(media)).isInstanceOf(MissingBlobException.class);
    assertThat(rendered).isEmpty();
  }

  @Test
  void variantsOfAVideoAreMadeFromItsFirstFrameWhichIsMadeOnce() throws Exception {
    Media video =
        stored("abcdefghij.mp4", MediaType.MP4, Pictures.mp4(16, 12, 2), VerifiedBy.REFERENCE);
    VariantKey outdated = VariantKey.of(video, "still.jpg");
    catalog.addVariant(outdated, new Variant("still.0.jpg", "00", 1, video.details()), 0);
    made(video);
    variants.findOrMake(video, PLAIN, MediaType.WEBP, Caller.PATIENT);
    assertThat(rendered).containsExactly("frame", "careful 16", "careful 16");
    assertThat(catalog.variant(outdated)).isEmpty();
    Optional<Variant> frame = catalog.variant(VariantKey.of(video, "frame.png"));
    assertThat(frame).isPresent();
    blobs.delete(Variants.blobName(video, frame.get()));
    variants.findOrMake(video, PLAIN, MediaType.JPEG, Caller.PATIENT);
    assertThat(rendered).endsWith("frame", "careful 16");
  }
}
