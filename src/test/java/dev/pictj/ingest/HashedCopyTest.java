package dev.pictj.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.store.ContentHash;
import dev.pictj.store.TempFile;
import dev.pictj.store.TempFolder;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashedCopyTest {
  @TempDir private Path folder;
  private final Random random = new Random(20261124);
  private TempFolder temporary;
  private Path source;

  @BeforeEach
  void open() throws Exception {
    temporary = TempFolder.open(folder.resolve("tmp"));
    source = folder.resolve("source");
  }

  @Test
  void theSameAgainIsALink() throws Exception {
    for (int length : new int[] {0, 1, 65_535, 65_536, 65_537, 300_000}) {
      byte[] bytes = bytes(length);
      assertThat(isLinkAfter(bytes, bytes)).isTrue();
    }
  }

  @Test
  void aDifferenceAnywhereMakesAFileOfItsOwn() throws Exception {
    for (int round = 0; round < 200; round++) {
      byte[] bytes = bytes(1 + random.nextInt(200_000));
      byte[] other = bytes.clone();
      other[random.nextInt(other.length)] ^= 1;
      assertThat(isLinkAfter(bytes, other)).isFalse();
    }
  }

  @Test
  void whatIsShorterOrLongerIsNotTheSame() throws Exception {
    for (int round = 0; round < 50; round++) {
      byte[] bytes = bytes(random.nextInt(200_000));
      assertThat(isLinkAfter(bytes, Arrays.copyOf(bytes, bytes.length + 1))).isFalse();
      byte[] longer = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(70_000));
      assertThat(isLinkAfter(longer, bytes)).isFalse();
    }
  }

  @Test
  void somethingTakenOutOfTheMiddleMovesTheRest() throws Exception {
    for (int round = 0; round < 50; round++) {
      byte[] bytes = bytes(100 + random.nextInt(200_000));
      int at = random.nextInt(bytes.length - 50);
      ByteArrayOutputStream rest = new ByteArrayOutputStream();
      rest.write(bytes, 0, at);
      rest.write(bytes, at + 50, bytes.length - at - 50);
      assertThat(isLinkAfter(bytes, rest.toByteArray())).isFalse();
    }
  }

  @Test
  void whatWasNotFinishedLeavesNothing() throws Exception {
    Files.write(source, bytes(200_000));
    try (TempFile target = temporary.next("copy")) {
      try (HashedCopy copy = new HashedCopy(source, target)) {
        copy.write(bytes(100_000));
      }
    }
    assertThat(temporary.path()).isEmptyDirectory();
    assertThat(source).hasSize(200_000);
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Writes in pieces of any size, and proves that bytes and hash are right. */
  private boolean isLinkAfter(byte[] original, byte[] written) throws Exception {
    Files.write(source, original);
    try (TempFile target = temporary.next("copy")) {
      try (HashedCopy copy = new HashedCopy(source, target)) {
        for (int at = 0; at < written.length; ) {
          int some = Math.min(written.length - at, 1 + random.nextInt(100_000));
          if (some % 5 == 0) {
            copy.write(written[at]);
            some = 1;
          } else {
            copy.write(written, at, some);
          }
          at += some;
        }
        assertThat(copy.finish()).isEqualTo(ContentHash.of(written));
      }
      assertThat(target.path()).hasBinaryContent(written);
      assertThat(source).hasBinaryContent(original);
      return key(source).equals(key(target.path()));
    } finally {
      Files.delete(source);
    }
  }

  private static Object key(Path file) throws Exception {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }
}
