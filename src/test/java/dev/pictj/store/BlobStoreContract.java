package dev.pictj.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store does. */
public abstract class BlobStoreContract {
  private static final BlobName NAME = BlobName.original("aB3dE6gH9k.jpg");
  private static final BlobName VARIANT = BlobName.variant("aB3dE6gH9k.jpg", "thumbnail-9.0.webp");

  @TempDir protected Path scratch;
  protected BlobStore store;

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
    assertThat(store.file(NAME)).hasContent("0123456789");
    store.put(NAME, file("new"));
    assertThat(store.size(NAME)).hasValue(3);
  }

  @Test
  void whatIsMissingIsMissing() throws Exception {
    assertThat(store.size(NAME)).isEmpty();
    assertThatThrownBy(() -> store.open(NAME)).isInstanceOf(MissingBlobException.class);
    assertThatThrownBy(() -> store.file(NAME)).isInstanceOf(MissingBlobException.class);
    store.delete(NAME);
    store.delete(VARIANT);
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
}
