package dev.pictj.process;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.MemoryCatalog;
import dev.pictj.engine.AbandonedWork;
import dev.pictj.engine.Caller;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.Nobody;
import dev.pictj.engine.RenderRequest;
import dev.pictj.engine.SingleFlight;
import dev.pictj.engine.Verification;
import dev.pictj.engine.admission.FailureMemory;
import dev.pictj.engine.preview.PreviewMaker;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.Preview;
import dev.pictj.media.Probed;
import dev.pictj.media.VerifiedBy;
import dev.pictj.pictures.Pictures;
import dev.pictj.store.BlobName;
import dev.pictj.store.MemoryBlobStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What is told of media that no preview can be made of. */
class PreviewsTest {
  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(Previews.class);

  @TempDir private Path folder;

  private final MemoryBlobStore blobs = new MemoryBlobStore();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final MemoryCatalog catalog = new MemoryCatalog();
  private Previews previews;

  @BeforeEach
  void start() {
    lines.start();
    LOGGER.addAppender(lines);
    LOGGER.setLevel(Level.DEBUG);
    previews = previews(new Nobody(), true);
  }

  private Previews previews(ImageEngine engine, boolean facts) {
    return new Previews(
        new PreviewMaker(engine, Set.of(VerifiedBy.WORKER), new Nobody(), null, folder),
        new FailureMemory(10, Duration.ofHours(1)),
        catalog,
        blobs,
        new SingleFlight<>(Runnable::run, AbandonedWork.lasting(Duration.ZERO)),
        true,
        facts);
  }

  @AfterEach
  void stop() {
    LOGGER.detachAppender(lines);
    LOGGER.setLevel(null);
  }

  private static Media media(String filename) {
    Details details =
        new Details(new Dimensions(16, 12), MediaType.PNG, 1, Instant.ofEpochSecond(1));
    return new Media(filename, filename, 1, details, VerifiedBy.WORKER);
  }

  private void put(Media media, byte[] bytes) throws Exception {
    blobs.put(
        BlobName.original(media.filename()), Files.write(folder.resolve(media.filename()), bytes));
  }

  /** Whether it cannot be read, cannot be made, or is not there. */
  @Test
  void thatThereIsNoneIsToldOnceOfEach() throws Exception {
    Media damaged = media("damaged.png");
    put(damaged, new byte[] {1, 2, 3});
    Media sound = media("sound.png");
    put(sound, Pictures.png(16, 12));
    for (int i = 0; i < 3; i++) {
      for (Media media : new Media[] {damaged, sound, media("lost.png")}) {
        assertThat(previews.find(media, Caller.PATIENT)).isEmpty();
      }
    }
    assertThat(lines.list).hasSize(9).allMatch(one -> one.getMessage().contains("no preview"));
    assertThat(lines.list.stream().filter(one -> one.getLevel() == Level.INFO))
        .extracting(one -> one.getArgumentArray()[0])
        .containsExactly("damaged.png", "sound.png", "lost.png");
  }

  /** What is small and sRGB is its own tiny copy. */
  private static final class Copier implements ImageEngine {
    private int asked;

    @Override
    public Verification verify(Path source, Probed probed, Duration atMost) {
      throw new AssertionError("nothing is verified");
    }

    @Override
    public void render(RenderRequest request, Path output) {
      asked++;
      try {
        Files.copy(request.source(), output);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** As a version that knew of no facts has left it. */
  private Media older() throws Exception {
    Media bare = media("older.png");
    Media media =
        new Media(
            bare.hash(),
            bare.filename(),
            bare.size(),
            bare.details(),
            bare.verifiedBy(),
            Optional.of(new Preview("L0")));
    put(media, Pictures.png(16, 12));
    catalog.announce(List.of(media.filename()));
    assertThat(catalog.link(List.of(new Link("a", "t", media, true)))).containsExactly(media);
    return media;
  }

  @Test
  void factsThatAnOlderVersionDidNotKnowAreMadeAndNotedWhenTheyAreAskedFor() throws Exception {
    Media media = older();
    Copier engine = new Copier();
    assertThat(previews(engine, true).get(media, Caller.PATIENT).blurhash()).isEqualTo("L0");
    assertThat(previews(engine, false).find(media, Caller.PATIENT)).contains(new Preview("L0"));
    assertThat(engine.asked).isZero();

    Optional<Preview> whole = previews(engine, true).find(media, Caller.PATIENT);
    assertThat(whole.flatMap(Preview::facts)).isPresent();
    Media noted = catalog.find("a").orElseThrow();
    assertThat(noted.preview()).isEqualTo(whole);
    assertThat(previews(engine, true).find(noted, Caller.PATIENT)).isEqualTo(whole);
    assertThat(engine.asked).isEqualTo(1);
  }

  @Test
  void aBlurhashIsToldWhereFactsCannotBeMade() throws Exception {
    assertThat(previews.find(older(), Caller.PATIENT)).contains(new Preview("L0"));
  }
}
