package dev.pictj.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.catalog.AliasTakenException;
import dev.pictj.catalog.Denied;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.MediaVanishedException;
import dev.pictj.catalog.MemoryCatalog;
import dev.pictj.catalog.Unlinked;
import dev.pictj.ingest.Adoption.Adopted;
import dev.pictj.ingest.Adoption.Outcome;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import dev.pictj.media.Probed;
import dev.pictj.media.VerifiedBy;
import dev.pictj.pictures.Pictures;
import dev.pictj.store.BlobName;
import dev.pictj.store.ContentHash;
import dev.pictj.store.MemoryBlobStore;
import dev.pictj.store.TempFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of names and pictures that another server had. */
class AdoptionTest {
  private static final byte[] PICTURE = Pictures.png(16, 12);
  private static final Optional<String> NO_TOKEN = Optional.empty();

  @TempDir private Path folder;

  /** Somebody else may give a name just before it is given. */
  private static final class Raced extends MemoryCatalog {
    private Link before;

    @Override
    public synchronized List<Media> link(List<Link> links)
        throws AliasTakenException, MediaVanishedException {
      if (before != null) {
        Link first = before;
        before = null;
        super.link(List.of(first));
      }
      return super.link(links);
    }
  }

  private final Raced catalog = new Raced();
  private final MemoryBlobStore blobs = new MemoryBlobStore();
  private final CpuPool cpu = new CpuPool(1, 10);
  private TempFolder temporary;
  private SharedResults shared;
  private Adoption adoption;

  @BeforeEach
  void start() throws Exception {
    temporary = TempFolder.open(folder.resolve("tmp"));
    shared = Pipelines.shared(temporary);
    Ingest ingest = Pipelines.storing(catalog, blobs, temporary, cpu, shared, () -> {});
    adoption = new Adoption(ingest, catalog, blobs, cpu, new Names(new SecureRandom()));
  }

  @AfterEach
  void stop() {
    shared.close();
    cpu.close();
    assertThat(temporary.path()).isEmptyDirectory();
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(Files.createTempFile(folder, "received", ""), bytes);
  }

  private static String hash(byte[] bytes) {
    ContentHash hash = new ContentHash();
    hash.add(bytes, 0, bytes.length);
    return hash.text();
  }

  private Adopted store(byte[] bytes, String alias) throws Exception {
    return adoption.store(file(bytes), alias, Optional.empty(), Past.UNKNOWN);
  }

  private Adopted name(String alias, byte[] bytes, Optional<String> token) throws Exception {
    return adoption.name(alias, hash(bytes), bytes.length, token);
  }

  private void hasBytes(String alias, byte[] bytes) throws IOException {
    BlobName name = BlobName.original(catalog.find(alias).orElseThrow().filename());
    blobs.withFile(name, file -> assertThat(file).hasBinaryContent(bytes));
  }

  @Test
  void aNameBringsItsBytesTokenAndTime() throws Exception {
    Instant then = Instant.parse("2021-02-03T04:05:06.789Z");
    assertThat(name("a b/c\u00e9.x", PICTURE, NO_TOKEN).outcome()).isEqualTo(Outcome.WANTED);
    Adopted stored =
        adoption.store(
            file(PICTURE),
            "a b/c\u00e9.x",
            Optional.of(hash(PICTURE)),
            new Past(Optional.of("secret"), Optional.of(then), Optional.empty()));
    assertThat(stored).isEqualTo(new Adopted(Outcome.STORED, Optional.of("secret"), NO_TOKEN));
    assertThat(stored.toString()).doesNotContain("secret");
    hasBytes("a b/c\u00e9.x", PICTURE);
    assertThat(catalog.find("a b/c\u00e9.x").orElseThrow().details().createdAt()).isEqualTo(then);
    assertThat(catalog.unlink("a b/c\u00e9.x", "secret")).isEqualTo(Unlinked.MEDIA_REMOVED);
  }

  /** Neither a name for what is here still, nor its bytes. */
  @Test
  void whatIsDeniedGetsNoFurtherName() throws Exception {
    store(PICTURE, "a.png");
    catalog.denied().add(Denied.bytes(hash(PICTURE), Instant.EPOCH, "").stream().toList());
    assertThatThrownBy(() -> name("b.png", PICTURE, NO_TOKEN))
        .isInstanceOf(MediaException.class)
        .extracting(e -> ((MediaException) e).reason())
        .isEqualTo(MediaException.Reason.DENIED);
    assertThatThrownBy(() -> store(PICTURE, "b.png")).isInstanceOf(MediaException.class);
    assertThat(catalog.find("b.png")).isEmpty();
  }

  @Test
  void doingItAgainChangesNothing() throws Exception {
    String token = store(PICTURE, "a.png").deleteToken().orElseThrow();
    Media media = catalog.find("a.png").orElseThrow();
    for (Adopted again : List.of(store(PICTURE, "a.png"), name("a.png", PICTURE, NO_TOKEN))) {
      assertThat(again).isEqualTo(new Adopted(Outcome.THERE, Optional.of(token), NO_TOKEN));
    }
    assertThat(catalog.find("a.png")).contains(media);
  }

  @Test
  void aSecondNameNeedsNoBytes() throws Exception {
    store(PICTURE, "a.png");
    assertThat(name("b.png", PICTURE, Optional.of("t")))
        .isEqualTo(new Adopted(Outcome.NAMED, Optional.of("t"), NO_TOKEN));
    assertThat(catalog.find("b.png")).isEqualTo(catalog.find("a.png"));
  }

  @Test
  void aTokenThatIsKnownLaterTakesThePlaceOfAFreshOne() throws Exception {
    store(PICTURE, "a.png");
    assertThat(name("a.png", PICTURE, Optional.of("told")).deleteToken()).contains("told");
    assertThat(catalog.unlink("a.png", "told")).isEqualTo(Unlinked.MEDIA_REMOVED);
  }

  @Test
  void aNameOfSomethingElseIsLeftAlone() throws Exception {
    byte[] other = Pictures.png(12, 16);
    store(other, "a.png");
    Adopted taken = new Adopted(Outcome.TAKEN, NO_TOKEN, NO_TOKEN);
    assertThat(store(PICTURE, "a.png")).isEqualTo(taken);
    assertThat(name("a.png", PICTURE, Optional.of("t"))).isEqualTo(taken);
    hasBytes("a.png", other);
    assertThat(catalog.unlink("a.png", "t")).isEqualTo(Unlinked.WRONG_TOKEN);
  }

  @Test
  void whatWasDeletedHereDoesNotComeBack() throws Exception {
    catalog.keepAway("a.png");
    assertThat(store(PICTURE, "a.png").outcome()).isEqualTo(Outcome.DELETED);
    assertThat(name("a.png", PICTURE, NO_TOKEN).outcome()).isEqualTo(Outcome.DELETED);
    assertThat(catalog.find("a.png")).isEmpty();
  }

  @Test
  void whatLimitsWouldRefuseIsTakenAsItIsAndSaid() throws Exception {
    byte[] wide = Pictures.png(101, 5);
    Adopted stored = store(wide, "wide.png");
    assertThat(stored.outcome()).isEqualTo(Outcome.STORED);
    assertThat(stored.objection().orElseThrow()).contains("101").contains("100");
    hasBytes("wide.png", wide);
    byte[] gif = Pictures.gif(5, 5, 1);
    assertThat(store(gif, "a.gif").objection().orElseThrow()).contains("GIF");
    hasBytes("a.gif", gif);
  }

  @Test
  void whatNobodyCanReadIsTakenByWhatTheOtherServerSays() throws Exception {
    byte[] odd = "no picture".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertThatThrownBy(() -> store(odd, "odd.png")).isInstanceOf(MediaException.class);
    assertThat(catalog.find("odd.png")).isEmpty();
    MediaType png = MediaType.ofContentType("image/png").orElseThrow();
    Probed told = new Probed(png, new Dimensions(3, 4), 1, Orientation.UPRIGHT, false);
    Adopted stored =
        adoption.store(
            file(odd),
            "odd.png",
            Optional.empty(),
            new Past(NO_TOKEN, Optional.empty(), Optional.of(told)));
    assertThat(stored.objection()).isPresent();
    hasBytes("odd.png", odd);
    assertThat(catalog.find("odd.png").orElseThrow().details().dimensions())
        .isEqualTo(new Dimensions(3, 4));
  }

  @Test
  void whatIsSoundIsTrustedLikeAnUpload() throws Exception {
    store(PICTURE, "a.png");
    assertThat(catalog.find("a.png").orElseThrow().verifiedBy()).isEqualTo(VerifiedBy.WORKER);
    store(Pictures.png(13, 5), "damaged.png");
    assertThat(catalog.find("damaged.png").orElseThrow().verified()).isFalse();
    // What is over the limits no decoder is given.
    store(Pictures.png(101, 5), "wide.png");
    assertThat(catalog.find("wide.png").orElseThrow().verified()).isFalse();
  }

  @Test
  void bytesOfAnotherHashAreRefused() {
    assertThatThrownBy(
            () ->
                adoption.store(file(PICTURE), "a.png", Optional.of("ab".repeat(32)), Past.UNKNOWN))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("hash");
    assertThat(catalog.find("a.png")).isEmpty();
  }

  @Test
  void lostBytesAreWantedAgain() throws Exception {
    store(PICTURE, "a.png");
    blobs.delete(BlobName.original(catalog.find("a.png").orElseThrow().filename()));
    assertThat(name("b.png", PICTURE, NO_TOKEN).outcome()).isEqualTo(Outcome.WANTED);
    assertThat(store(PICTURE, "b.png").outcome()).isEqualTo(Outcome.STORED);
    hasBytes("a.png", PICTURE);
  }

  @Test
  void whoComesSecondFindsItThere() throws Exception {
    store(PICTURE, "a.png");
    Media media = catalog.find("a.png").orElseThrow();
    catalog.before = new Link("b.png", "theirs", media, false);
    assertThat(name("b.png", PICTURE, NO_TOKEN))
        .isEqualTo(new Adopted(Outcome.THERE, Optional.of("theirs"), NO_TOKEN));
    catalog.before = new Link("c.png", "theirs", media, false);
    byte[] other = Pictures.png(12, 16);
    assertThat(store(other, "c.png").outcome()).isEqualTo(Outcome.TAKEN);
  }
}
