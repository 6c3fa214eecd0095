package dev.pictj.process;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.MemoryCatalog;
import dev.pictj.engine.AbandonedWork;
import dev.pictj.engine.Caller;
import dev.pictj.engine.Nobody;
import dev.pictj.engine.SingleFlight;
import dev.pictj.engine.admission.FailureMemory;
import dev.pictj.engine.preview.PreviewMaker;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.VerifiedBy;
import dev.pictj.pictures.Pictures;
import dev.pictj.store.BlobName;
import dev.pictj.store.MemoryBlobStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
  private Previews previews;

  @BeforeEach
  void start() {
    lines.start();
    LOGGER.addAppender(lines);
    LOGGER.setLevel(Level.DEBUG);
    previews =
        new Previews(
            new PreviewMaker(new Nobody(), Set.of(), new Nobody(), null, folder),
            new FailureMemory(10, Duration.ofHours(1)),
            new MemoryCatalog(),
            blobs,
            new SingleFlight<>(Runnable::run, AbandonedWork.lasting(Duration.ZERO)),
            true);
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
}
