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

  @Test
  void oldBlobsAreListedYoungOnesAreNot() throws Exception {
    store.put(NAME, file("a"));
    store.put(VARIANT, file("b"));
    List<BlobName> found = new ArrayList<>();
    store.forEachOlderThan(Instant.now().minusSeconds(60), found::add);
    assertThat(found).isEmpty();
    store.forEachOlderThan(Instant.now().plusSeconds(60), found::add);
    assertThat(found).containsExactlyInAnyOrder(NAME, VARIANT);
    store.check();
  }
}
