package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.http.dialect.Dialect;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.http.jetty.ConnectionMemory;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.store.BlobName;
import dev.pictj.store.CachedBlobStore;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionMemoryTest {
  private static final int KIB = 1024;
  private final ConnectionMemory memory = new ConnectionMemory(1000 * KIB);

  @Test
  void whatIsForSpeedLeavesHalfToTheOthers() {
    ConnectionMemory.Share fast = memory.open();
    assertThat(fast.takeForSpeed(500 * KIB)).isTrue();
    assertThat(fast.takeForSpeed(1)).isFalse();
    ConnectionMemory.Share small = memory.open();
    assertThat(small.take(500 * KIB)).isTrue();
    assertThat(small.take(1)).isFalse();
    fast.giveBack();
    assertThat(small.take(1)).isTrue();
    assertThat(memory.held()).isEqualTo(500 * KIB + 1);
    fast.close();
    small.close();
    small.close();
    assertThat(memory.held()).isZero();
    assertThat(small.take(1)).as("closed for good").isFalse();
  }

  @Test
  void connectionsOfTlsHaveHalfOfItAtMost() {
    assertThat(memory.maxTlsConnections()).isEqualTo(1000 / 2 / 64);
    assertThat(new ConnectionMemory(1).maxTlsConnections()).isEqualTo(1);
  }

  /** Replies that are opened and not sent yet are those of readers who do not read. */
  @ParameterizedTest
  @ValueSource(ints = {100, 9_000, 60_000, 200_000, 3_000_000})
  void manyReadersAreServedByLessUntilNothingIsLeft(int size, @TempDir Path data) throws Exception {
    byte[] bytes = new byte[size];
    new Random(1).nextBytes(bytes);
    try (StoredPicture picture = new StoredPicture(data)) {
      BlobName name = BlobName.original("qrstuvwxyz.png");
      picture.files.put(name, Files.write(data.resolve("source"), bytes));
      MediaReply.Source source =
          new MediaReply.Source(
              new CachedBlobStore(picture.files, 1 << 20, 64 * KIB),
              picture.catalog,
              memory,
              Dialect.V0_3);
      List<MediaReply> open = new ArrayList<>();
      ApiException refusal = null;
      while (refusal == null && open.size() < 1000) {
        try {
          open.add(reply(source, name, size));
        } catch (ApiException e) {
          refusal = e;
        }
      }
      assertThat(refusal).isNotNull();
      assertThat(refusal.code()).isEqualTo(ErrorCode.OVERLOADED);
      assertThat(refusal.headers()).containsKey("Retry-After");
      // Of eight kilobytes each where they are many, and of a page where the file is that small.
      assertThat(open).hasSizeGreaterThanOrEqualTo(500 / 8);
      assertThat(memory.held()).isBetween(980L * KIB, 1000L * KIB);
      // Those who have nothing to read need nothing.
      MediaReply.to(HttpFields.EMPTY, false, source, wanted(name, size)).close();
      for (MediaReply one : List.of(open.getFirst(), open.getLast())) {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        one.send(
            (last, part, callback) -> {
              byte[] piece = new byte[part.remaining()];
              part.get(piece);
              sent.writeBytes(piece);
              assertThat(last).isEqualTo(sent.size() == size);
              callback.succeeded();
            },
            new ArrayByteBufferPool());
        assertThat(Arrays.equals(sent.toByteArray(), bytes)).isTrue();
      }
      for (MediaReply one : open) {
        one.close();
      }
      assertThat(memory.held()).isZero();
    }
  }

  @Test
  void whatCannotBeOpenedTakesNothing(@TempDir Path data) throws Exception {
    try (StoredPicture picture = new StoredPicture(data)) {
      MediaReply.Source source =
          new MediaReply.Source(picture.files, picture.catalog, memory, Dialect.V0_3);
      BlobName lost = BlobName.original("qrstuvwxyz.png");
      assertThatThrownBy(() -> reply(source, lost, 50_000)).isInstanceOf(ApiException.class);
      assertThat(memory.held()).isZero();
    }
  }

  private static MediaReply reply(MediaReply.Source source, BlobName name, int size)
      throws Exception {
    return MediaReply.to(HttpFields.EMPTY, true, source, wanted(name, size));
  }

  private static MediaReply.Representation wanted(BlobName name, int size) {
    return new MediaReply.Representation(
        name,
        "ab".repeat(32),
        size,
        new Details(new Dimensions(1, 1), MediaType.PNG, 1, Instant.EPOCH));
  }
}
