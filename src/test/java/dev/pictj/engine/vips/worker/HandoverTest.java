package dev.pictj.engine.vips.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder in which a worker finds its source, as the server sees it. */
class HandoverTest {
  private static final int MIN_LINKED_BYTES = 1 << 16;

  @TempDir private Path parent;
  @TempDir private Path elsewhere;
  private Handover handover;

  @BeforeEach
  void make() throws Exception {
    handover = Handover.in(parent);
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    handover.close();
    assertThat(parent).isEmptyDirectory();
  }

  private Path file(int length) throws Exception {
    return Files.write(elsewhere.resolve("file"), new byte[length]);
  }

  @Test
  void isTheFileItselfUntilItIsTakenAway() throws Exception {
    Path file = file(MIN_LINKED_BYTES);
    for (int turn = 0; turn < 2; turn++) {
      assertThat(handover.offer(file, MIN_LINKED_BYTES)).isTrue();
      assertThat(Files.isSameFile(Handover.source(handover.folder()), file)).isTrue();
      handover.withdraw();
      assertThat(handover.folder()).isEmptyDirectory();
      assertThat(file).exists();
    }
    assertThat(handover.offer(file, MIN_LINKED_BYTES)).isTrue();
  }

  @Test
  void fewBytesAreSent() throws Exception {
    assertThat(handover.offer(file(MIN_LINKED_BYTES - 1), MIN_LINKED_BYTES - 1)).isFalse();
    assertThat(handover.folder()).isEmptyDirectory();
  }

  @Test
  void whatIsNotThereSaysNothingOfOthers() throws Exception {
    assertThat(handover.offer(elsewhere.resolve("gone"), MIN_LINKED_BYTES)).isFalse();
    assertThat(handover.offer(file(MIN_LINKED_BYTES), MIN_LINKED_BYTES)).isTrue();
  }

  @Test
  void whereLinksCannotBeMadeItIsNotTriedAgain() throws Exception {
    // No file system links folders.
    assertThat(handover.offer(Files.createDirectory(elsewhere.resolve("folder")), MIN_LINKED_BYTES))
        .isFalse();
    assertThat(handover.offer(file(MIN_LINKED_BYTES), MIN_LINKED_BYTES)).isFalse();
  }

  @Test
  void whatTheWorkerCannotReadIsNotOfferedAgain() throws Exception {
    assertThat(handover.offer(file(MIN_LINKED_BYTES), MIN_LINKED_BYTES)).isTrue();
    handover.withdraw();
    handover.refused();
    assertThat(handover.offer(file(MIN_LINKED_BYTES), MIN_LINKED_BYTES)).isFalse();
  }
}
