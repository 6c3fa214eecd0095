package dev.pictj.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store does. */
public abstract class BlobStoreContract {
  private static final BlobName NAME = BlobName.original("aB3dE6gH9k.jpg");
  private static final BlobName VARIANT = BlobName.variant("aB3dE6gH9k.jpg", "thumbnail-9.0.webp");

  private static final BlobName OTHER = BlobName.original("zz00000000.png");

  @TempDir protected Path scratch;
  protected BlobStore store;

  /** Opens the store of this test; called again it opens what is stored already. */
  protected abstract BlobStore open() throws Exception;

  @BeforeEach
  void start() throws Exception {
    store = open();
  }

  private Path file(String text) throws Exception {
    return Files.writeString(Files.createTempFile(scratch, "in", ""), text);
  }

  @Test
  void whatIsPutCanBeReadAtAnyOffset() throws Exception {
    Path source = file("0123456789");
    store.put(NAME, source);
    assertThat(source).doesNotExist();
    assertThat(store.size(NAME)).hasValue(10);
    try (Blob blob = store.open(NAME)) {
      assertThat(blob.size()).isEqualTo(10);
      ByteBuffer buffer = ByteBuffer.allocate(4);
      assertThat(blob.read(buffer, 7)).isEqualTo(3);
      assertThat(blob.read(buffer, 10)).isEqualTo(-1);
    }
    store.withFile(NAME, file -> assertThat(file).hasContent("0123456789"));
    store.put(NAME, file("new"));
    assertThat(store.size(NAME)).hasValue(3);
  }

  private String text(BlobName name) throws Exception {
    try (Blob blob = store.open(name)) {
      return text(blob);
    }
  }

  private static String text(Blob blob) throws Exception {
    ByteBuffer buffer = ByteBuffer.allocate((int) blob.size());
    while (buffer.hasRemaining() && blob.read(buffer, buffer.position()) >= 0) {
      // A read may bring less than was asked for.
    }
    return new String(buffer.array(), StandardCharsets.UTF_8);
  }

  @Test
  void anEmptyBlobIsABlob() throws Exception {
    store.put(NAME, file(""));
    assertThat(store.size(NAME)).hasValue(0);
    try (Blob blob = store.open(NAME, 0)) {
      assertThat(blob.read(ByteBuffer.allocate(4), 0)).isEqualTo(-1);
    }
  }

  @Test
  void whatIsStoredIsThereWhenItIsOpenedAgain() throws Exception {
    store.put(Map.of(NAME, file("original"), VARIANT, file("variant")));
    store.put(Map.of(OTHER, file("remade")), Durability.REMADE_IF_LOST);
    store = open();
    assertThat(text(NAME)).isEqualTo("original");
    assertThat(text(VARIANT)).isEqualTo("variant");
    assertThat(text(OTHER)).isEqualTo("remade");
  }

  @Test
  void aBlobOfAnotherLengthIsMissing() throws Exception {
    store.put(NAME, file("0123456789"));
    for (int size : List.of(9, 11)) {
      assertThatThrownBy(() -> store.open(NAME, size)).isInstanceOf(MissingBlobException.class);
      assertThatThrownBy(() -> store.openFile(NAME, size)).isInstanceOf(MissingBlobException.class);
    }
    try (Blob blob = store.open(NAME, 10);
        Blob file = store.openFile(NAME, 10)) {
      assertThat(text(blob)).isEqualTo(text(file)).isEqualTo("0123456789");
      assertThat(file.inMemory())
          .satisfiesAnyOf(
              none -> assertThat(none).isEmpty(),
              some -> assertThat(some.get().isReadOnly()).isTrue());
    }
  }

  /** Whoever has opened a blob reads the bytes that it had then. */
  @Test
  void anOpenBlobIsReadToItsEndWhateverBecomesOfItsName() throws Exception {
    store.put(NAME, file("first"));
    try (Blob first = store.open(NAME)) {
      store.put(NAME, file("second"));
      try (Blob second = store.open(NAME)) {
        store.delete(NAME);
        assertThat(text(first)).isEqualTo("first");
        assertThat(text(second)).isEqualTo("second");
      }
    }
    assertThat(store.size(NAME)).isEmpty();
  }

  @Test
  void whatCannotBePutIsNotThereAndNeitherIsAnythingElse() throws Exception {
    store.put(NAME, file("before"));
    Path missing = scratch.resolve("missing");
    assertThatThrownBy(() -> store.put(NAME, missing)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> store.put(OTHER, missing)).isInstanceOf(IOException.class);
    assertThat(text(NAME)).isEqualTo("before");
    assertThat(listed(10)).containsExactly(NAME.toString());
  }

  @Test
  void aFileOfABlobHasItsBytesAndChangesNothing() throws Exception {
    store.put(NAME, file("bytes"));
    List<Path> seen = new ArrayList<>();
    store.withFile(
        NAME,
        file -> {
          seen.add(file);
          assertThat(file).hasContent("bytes");
          // Its scope is entered again by others.
          store.withFile(NAME, again -> assertThat(again).hasContent("bytes"));
        });
    assertThat(seen).hasSize(1);
    assertThatThrownBy(
            () ->
                store.withFile(
                    NAME,
                    _ -> {
                      throw new TimeoutException("of the work");
                    }))
        .isInstanceOf(TimeoutException.class);
    assertThat(text(NAME)).isEqualTo("bytes");
  }

  @Test
  void manyNamesAreListedInOrderOnceEachWhilePagesAreSmall() throws Exception {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      // Some share folders, most do not.
      names.add("%s%04d.png".formatted(i % 3 == 0 ? "aaaa" : "%04x".formatted(i * 7919), i));
    }
    for (String name : names) {
      store.put(Map.of(BlobName.original(name), file("x")), Durability.REMADE_IF_LOST);
    }
    names.sort(null);
    assertThat(listed(7)).isEqualTo(names);
    // What is deleted as it is listed is listed at most once, and all others exactly once.
    List<String> found = new ArrayList<>();
    store.list(
        7,
        page -> {
          for (BlobStore.Listed one : page) {
            found.add(one.name().toString());
            store.delete(one.name());
          }
        });
    assertThat(found).isEqualTo(names);
    assertThat(listed(7)).isEmpty();
  }

  @Test
  void aListingEndsWithWhatItsPagesThrow() throws Exception {
    store.put(Map.of(NAME, file("x"), OTHER, file("y")));
    IOException thrown = new IOException("of the page");
    assertThatThrownBy(
            () ->
                store.list(
                    1,
                    _ -> {
                      throw thrown;
                    }))
        .isSameAs(thrown);
  }

  /** Readers see all of a blob or none of it, whoever puts and deletes it meanwhile. */
  @Test
  void eightAtOnceSeeWholeBlobsOnly() throws Exception {
    List<String> texts = List.of("a".repeat(5000), "b".repeat(70_000));
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int mine = t;
        all.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < 40; i++) {
                    if (mine < 2) {
                      store.put(Map.of(VARIANT, file(texts.get(mine))), Durability.REMADE_IF_LOST);
                    } else if (mine == 2) {
                      store.delete(VARIANT);
                    } else {
                      try {
                        assertThat(text(VARIANT)).isIn(texts);
                      } catch (MissingBlobException _) {
                        // It was deleted.
                      }
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  @Test
  void whatIsMissingIsMissing() throws Exception {
    assertThat(store.size(NAME)).isEmpty();
    assertThatThrownBy(() -> store.open(NAME)).isInstanceOf(MissingBlobException.class);
    assertThatThrownBy(() -> store.withFile(NAME, _ -> fail("there is a file")))
        .isInstanceOf(MissingBlobException.class);
    store.delete(NAME);
    store.delete(VARIANT);
    store.setAside(NAME);
    store.deleteSetAside(NAME.filename());
    assertThat(lost()).isEmpty();
  }

  @Test
  void deletingTakesOneBlobOnly() throws Exception {
    store.put(NAME, file("a"));
    store.put(VARIANT, file("b"));
    store.delete(NAME);
    assertThat(store.size(NAME)).isEmpty();
    assertThat(store.size(VARIANT)).hasValue(1);
    store.delete(VARIANT);
    assertThat(store.size(VARIANT)).isEmpty();
  }

  private List<String> listed(int atOnce) throws Exception {
    List<String> found = new ArrayList<>();
    store.list(
        atOnce,
        page -> {
          assertThat(page).isNotEmpty().hasSizeLessThanOrEqualTo(atOnce);
          page.forEach(one -> found.add(one.name().toString()));
        });
    return found;
  }

  private List<String> lost() throws Exception {
    List<String> found = new ArrayList<>();
    store.listSetAside(2, found::addAll);
    return found;
  }

  @Test
  void blobsAreListedInOrderAndInPages() throws Exception {
    List<String> originals =
        List.of("Zz00000000.png", "aB3dE6gH9k.jpg", "aB3dE6gH9l.jpg", "zz00000000.webp");
    List<String> variants =
        List.of("aB3dE6gH9k.jpg/a.0.webp", "aB3dE6gH9k.jpg/b.0.webp", "zz00000000.webp/a.0.png");
    List<String> all = new ArrayList<>(originals);
    all.addAll(variants);
    for (String name : all.reversed()) {
      store.put(BlobName.parse(name).orElseThrow(), file("x"));
    }
    for (int atOnce : List.of(1, 2, 100)) {
      assertThat(listed(atOnce)).isEqualTo(all);
    }
    store.list(
        100,
        page ->
            assertThat(page)
                .allMatch(one -> one.written().isAfter(Instant.now().minusSeconds(600))));
    store.check();
  }

  @Test
  void whatIsSetAsideIsReadByNobodyAndStaysUntilItIsDeleted() throws Exception {
    store.put(NAME, file("first"));
    store.setAside(NAME);
    assertThat(store.size(NAME)).isEmpty();
    assertThatThrownBy(() -> store.open(NAME)).isInstanceOf(MissingBlobException.class);
    assertThat(listed(10)).isEmpty();
    store.setAside(NAME);
    store.put(NAME, file("second"));
    store.setAside(NAME);
    assertThat(lost()).hasSize(2);
    store.deleteSetAside(lost().getFirst());
    assertThat(lost()).hasSize(1);
    store.deleteSetAside(lost().getFirst());
    assertThat(lost()).isEmpty();
    assertThatThrownBy(() -> store.deleteSetAside("../files/x"))
        .isInstanceOf(java.io.IOException.class);
  }

  @Test
  void whatIsDamagedIsSetAsideForGoodAndItsNameIsFree() throws Exception {
    store.setDamagedAside(NAME);
    assertThat(store.isDamagedAside(NAME)).isFalse();
    store.put(NAME, file("damaged"));
    store.setDamagedAside(NAME);
    assertThat(store.isDamagedAside(NAME)).isTrue();
    assertThat(store.isDamagedAside(OTHER)).isFalse();
    assertThat(store.size(NAME)).isEmpty();
    assertThatThrownBy(() -> store.open(NAME)).isInstanceOf(MissingBlobException.class);
    assertThat(listed(10)).isEmpty();
    assertThat(lost()).isEmpty();
    store.put(NAME, file("whole"));
    assertThat(text(NAME)).isEqualTo("whole");
    assertThat(store.isDamagedAside(NAME)).isTrue();
  }

  @Test
  void everyBlobHasAPlaceOfItsOwn() {
    assertThat(store.place(NAME)).contains(NAME.filename()).isNotEqualTo(store.place(OTHER));
    assertThat(store.place(VARIANT)).contains(VARIANT.variant()).isNotEqualTo(store.place(NAME));
  }
}
