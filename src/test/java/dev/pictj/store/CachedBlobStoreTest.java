package dev.pictj.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.store.file.FileBlobStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CachedBlobStoreTest extends BlobStoreContract {
  private static final int LARGEST = 16;
  private static final BlobName SMALL = BlobName.original("sm4lL.jpg");
  private static final BlobName LARGE = BlobName.original("l4rgE.jpg");

  @TempDir private Path root;
  private final AtomicInteger opened = new AtomicInteger();
  private volatile Runnable afterOpening = () -> {};

  @Override
  protected BlobStore open() throws Exception {
    return open(1 << 20);
  }

  private BlobStore open(long capacity) throws IOException {
    return new CachedBlobStore(
        new ForwardingBlobStore(FileBlobStore.open(root, root.resolve("tmp"))) {
          @Override
          public Blob open(BlobName name) throws IOException {
            Blob blob = super.open(name);
            opened.incrementAndGet();
            afterOpening.run();
            return blob;
          }
        },
        capacity,
        LARGEST);
  }

  private void put(BlobName name, String text) throws IOException {
    store.put(name, Files.writeString(Files.createTempFile(scratch, "in", ""), text));
  }

  private String read(BlobName name) throws IOException {
    try (Blob blob = store.open(name)) {
      ByteBuffer buffer = ByteBuffer.allocate((int) blob.size());
      while (buffer.hasRemaining()) {
        blob.read(buffer, buffer.position());
      }
      return new String(buffer.array(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void whatLostAPartAndGotItBackIsWholeAgain() throws Exception {
    put(SMALL, "0123456789");
    Path file = root.resolve("files/sm/4l/sm4lL.jpg");
    Files.writeString(file, "01234");
    assertThatThrownBy(() -> store.open(SMALL, 10)).isInstanceOf(MissingBlobException.class);
    Files.writeString(file, "0123456789");
    try (Blob blob = store.open(SMALL, 10)) {
      assertThat(blob.size()).isEqualTo(10);
    }
  }

  @Test
  void aSmallBlobIsReadFromTheDiskOnceAndALargeOneEachTime() throws Exception {
    put(SMALL, "0123456789abcdef");
    put(LARGE, "0123456789abcdefg");
    for (int i = 0; i < 3; i++) {
      assertThat(read(SMALL)).isEqualTo("0123456789abcdef");
    }
    assertThat(opened).hasValue(1);
    for (int i = 0; i < 3; i++) {
      assertThat(read(LARGE)).isEqualTo("0123456789abcdefg");
    }
    assertThat(opened).hasValue(4);
    try (Blob small = store.open(SMALL);
        Blob large = store.open(LARGE)) {
      assertThat(small.inMemory())
          .hasValueSatisfying(bytes -> assertThat(bytes.isReadOnly()).isTrue());
      assertThat(large.inMemory()).isEmpty();
    }
  }

  @Test
  void withoutCapacityNothingIsKept() throws Exception {
    store = open(0);
    put(SMALL, "bytes");
    assertThat(read(SMALL)).isEqualTo("bytes");
    assertThat(read(SMALL)).isEqualTo("bytes");
    assertThat(opened).hasValue(2);
  }

  @Test
  void noMoreIsKeptThanTheCapacity() throws Exception {
    store = open(2_000);
    for (int i = 0; i < 50; i++) {
      BlobName name = BlobName.original("small" + i + ".jpg");
      put(name, "0123456789");
      read(name);
    }
    int before = opened.get();
    for (int i = 0; i < 50; i++) {
      read(BlobName.original("small" + i + ".jpg"));
    }
    // Some 300 bytes each beside its own: six or seven of them.
    assertThat(opened.get() - before).isBetween(43, 49);
  }

  @Test
  void whatIsLargerThanTheCapacityIsNotReadIntoMemory() throws Exception {
    store = open(310);
    put(SMALL, "0123456789a");
    try (Blob blob = store.open(SMALL)) {
      assertThat(blob.inMemory()).isEmpty();
    }
    put(SMALL, "0123456789");
    try (Blob blob = store.open(SMALL)) {
      assertThat(blob.inMemory()).isPresent();
    }
  }

  @Test
  void whatIsDeletedIsGoneAndWhatIsPutAnewIsNew() throws Exception {
    put(SMALL, "old");
    assertThat(read(SMALL)).isEqualTo("old");
    put(SMALL, "new");
    assertThat(read(SMALL)).isEqualTo("new");
    store.delete(SMALL);
    assertThatThrownBy(() -> store.open(SMALL)).isInstanceOf(MissingBlobException.class);
  }

  @Test
  void aDeleteThatMeetsAReadingLeavesNothing() throws Exception {
    put(SMALL, "bytes");
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch deleted = new CountDownLatch(1);
    afterOpening =
        () -> {
          reading.countDown();
          try {
            // The delete waits for this reading, unless it fails to do so.
            deleted.await(200, TimeUnit.MILLISECONDS);
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        };
    Thread reader =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    read(SMALL);
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                });
    assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();
    store.delete(SMALL);
    deleted.countDown();
    reader.join();
    afterOpening = () -> {};
    assertThatThrownBy(() -> store.open(SMALL)).isInstanceOf(MissingBlobException.class);
  }

  @Test
  void aSmallBlobCanBeReadWhileAndAfterItIsDeleted() throws Exception {
    put(SMALL, "bytes");
    try (Blob blob = store.open(SMALL)) {
      store.delete(SMALL);
      ByteBuffer buffer = ByteBuffer.allocate(9);
      assertThat(blob.read(buffer, 1)).isEqualTo(4);
      assertThat(blob.read(buffer, 5)).isEqualTo(-1);
    }
  }
}
