package dev.pictj.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.catalog.AliasTakenException;
import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.MediaVanishedException;
import dev.pictj.catalog.MemoryCatalog;
import dev.pictj.pictures.Pictures;
import dev.pictj.store.BlobName;
import dev.pictj.store.MemoryBlobStore;
import dev.pictj.store.TempFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How files of a request are stored and named together, whatever happens meanwhile. */
class IngestTest {
  private static final byte[] PICTURE = Pictures.png(16, 12);
  private static final byte[] OTHER = Pictures.png(12, 16);

  @TempDir private Path folder;

  private final Interrupted catalog = new Interrupted();
  private final MemoryBlobStore blobs = new MemoryBlobStore();
  private final CpuPool cpu = new CpuPool(1, 10);
  private TempFolder temporary;
  private SharedResults shared;
  private Ingest ingest;
  private int abandoned;

  /** A catalog in which something else happens just before names are given. */
  private static final class Interrupted extends MemoryCatalog {
    private final List<Meanwhile> meanwhile = new ArrayList<>();

    interface Meanwhile {
      void before(List<Link> links) throws AliasTakenException, MediaVanishedException;
    }

    @Override
    public synchronized List<Media> link(List<Link> links)
        throws AliasTakenException, MediaVanishedException {
      if (!meanwhile.isEmpty()) {
        meanwhile.removeFirst().before(links);
      }
      return super.link(links);
    }
  }

  @BeforeEach
  void start() throws Exception {
    temporary = TempFolder.open(folder.resolve("tmp"));
    shared = Pipelines.shared(temporary);
    ingest = Pipelines.storing(catalog, blobs, temporary, cpu, shared, () -> abandoned++);
  }

  @AfterEach
  void stop() {
    shared.close();
    cpu.close();
    assertThat(temporary.path()).isEmptyDirectory();
  }

  private List<Stored> store(Received... received) throws Exception {
    return ingest.storeUnchecked(List.of(received));
  }

  private Received received(byte[] bytes, String... alias) throws IOException {
    Path file = Files.write(Files.createTempFile(folder, "received", ""), bytes);
    return new Received(file, List.of(alias).stream().findFirst());
  }

  private List<String> originals() throws IOException {
    List<String> names = new ArrayList<>();
    blobs.list(10, page -> page.forEach(one -> names.add(one.name().filename())));
    return names;
  }

  private Media media(Stored stored) {
    return catalog.find(stored.alias()).orElseThrow();
  }

  /** Nothing that is stored lacks a name, unless it is in the trash. */
  private void nothingIsLeftOver() throws IOException {
    List<String> unnamed = originals();
    unnamed.removeAll(catalog.discarded("", 10));
    unnamed.removeIf(name -> catalog.findByFilename(name).isPresent());
    assertThat(unnamed).isEmpty();
    catalog.expireAnnounced(Duration.ZERO);
    assertThat(catalog.unaccounted(new TreeSet<>(originals()))).isEmpty();
  }

  @Test
  void theSameContentTwiceInOneRequestIsOneBlobWithTwoNames() throws Exception {
    List<Stored> stored = store(received(PICTURE), received(PICTURE), received(OTHER));
    assertThat(stored).extracting(Stored::alias).doesNotHaveDuplicates();
    assertThat(media(stored.get(0))).isEqualTo(media(stored.get(1)));
    assertThat(originals()).hasSize(2);
    assertThat(abandoned).isZero();
    nothingIsLeftOver();
  }

  @Test
  void knownContentIsNotStoredAgain() throws Exception {
    Stored first = store(received(PICTURE)).getFirst();
    Stored second = store(received(PICTURE)).getFirst();
    assertThat(media(second)).isEqualTo(media(first));
    assertThat(originals()).hasSize(1);
    assertThat(abandoned).isZero();
  }

  @Test
  void lostBytesComeBackForEveryNameThatHadThem() throws Exception {
    Stored first = store(received(PICTURE)).getFirst();
    Media lost = media(first);
    blobs.delete(BlobName.original(lost.filename()));
    List<Stored> again = store(received(PICTURE), received(PICTURE));
    assertThat(media(first)).isEqualTo(media(again.get(0))).isEqualTo(media(again.get(1)));
    assertThat(media(first).filename()).isNotEqualTo(lost.filename());
    assertThat(originals()).containsExactly(media(first).filename());
    nothingIsLeftOver();
  }

  @Test
  void bytesThatChangedAndKeptTheirLengthAreReplacedForEveryName() throws Exception {
    Stored first = store(received(PICTURE)).getFirst();
    Media damaged = media(first);
    byte[] flipped = PICTURE.clone();
    flipped[flipped.length / 2] ^= 1;
    blobs.put(BlobName.original(damaged.filename()), received(flipped).file());
    Stored again = store(received(PICTURE)).getFirst();
    assertThat(media(first)).isEqualTo(media(again));
    blobs.withFile(
        BlobName.original(media(first).filename()),
        file -> assertThat(file).hasBinaryContent(PICTURE));
    assertThat(catalog.discarded("", 10)).containsExactly(damaged.filename());
    nothingIsLeftOver();
  }

  @Test
  void aWantedNameThatIsTakenMeanwhileUndoesTheRequest() throws Exception {
    catalog.meanwhile.add(
        _ -> {
          Media theirs = new Media("theirs", "theirs0000.png", 1, null);
          catalog.announce(List.of(theirs.filename()));
          catalog.link(List.of(new Link("wanted.png", "t", theirs, true)));
        });
    assertThatThrownBy(() -> store(received(OTHER), received(PICTURE, "wanted.png")))
        .isInstanceOf(AliasTakenException.class);
    assertThat(abandoned).isEqualTo(1);
    assertThat(catalog.discarded("", 10)).hasSize(2).isEqualTo(originals());
    nothingIsLeftOver();
  }

  @Test
  void aNameOfOursThatIsTakenIsReplacedByAnother() throws Exception {
    catalog.meanwhile.add(
        links -> {
          throw new AliasTakenException(links.getFirst().alias());
        });
    Stored stored = store(received(PICTURE)).getFirst();
    assertThat(catalog.find(stored.alias())).isPresent();
    // What was put for the first attempt.
    assertThat(catalog.discarded("", 10)).hasSize(1);
    assertThat(abandoned).isEqualTo(1);
    nothingIsLeftOver();
  }

  @Test
  void contentThatIsDeletedMeanwhileIsStoredAgain() throws Exception {
    Stored first = store(received(PICTURE)).getFirst();
    Media before = media(first);
    catalog.meanwhile.add(_ -> catalog.purge(before.hash()));
    Stored second = store(received(PICTURE)).getFirst();
    assertThat(media(second).filename()).isNotEqualTo(before.filename());
    assertThat(originals()).contains(media(second).filename());
    assertThat(catalog.discarded("", 10)).containsExactly(before.filename());
    nothingIsLeftOver();
  }

  /** Another upload of the same content was faster: its bytes stay, and ours go. */
  @Test
  void whoComesSecondJoins() throws Exception {
    catalog.meanwhile.add(
        links -> {
          Media mine = links.getFirst().media();
          Media theirs = new Media(mine.hash(), "theirs0000.png", mine.size(), mine.details());
          catalog.announce(List.of(theirs.filename()));
          catalog.link(List.of(new Link("theirs.png", "t", theirs, true)));
        });
    Stored stored = store(received(PICTURE)).getFirst();
    assertThat(media(stored).filename()).isEqualTo("theirs0000.png");
    assertThat(catalog.discarded("", 10)).hasSize(1).isEqualTo(originals());
    assertThat(abandoned).isEqualTo(1);
  }

  /** The step may have been done all the same, so nothing that it may name is given up. */
  @Test
  void whatMayHaveANameIsLeftToTheSweep() throws Exception {
    catalog.meanwhile.add(
        _ -> {
          throw new CatalogException("the disk is gone");
        });
    assertThatThrownBy(() -> store(received(PICTURE))).isInstanceOf(CatalogException.class);
    assertThat(abandoned).isZero();
    assertThat(originals()).hasSize(1);
    assertThat(catalog.discarded("", 10)).isEmpty();
    assertThat(catalog.unaccounted(new TreeSet<>(originals()))).as("announced").isEmpty();
  }

  @Test
  void aNameThatExistsIsRefusedBeforeAnythingIsStored() throws Exception {
    store(received(PICTURE, "taken.png"));
    assertThatThrownBy(() -> store(received(OTHER, "taken.png")))
        .isInstanceOf(AliasTakenException.class);
    assertThat(originals()).hasSize(1);
    assertThat(abandoned).isZero();
  }
}
