package dev.pictj.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.catalog.Inspection;
import dev.pictj.catalog.MemoryCatalog;
import dev.pictj.store.BlobName;
import dev.pictj.store.MemoryBlobStore;
import dev.pictj.store.MissingBlobException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a backup refuses, counts and leaves behind; what is in it, BackupIT looks at. */
class BackupTest {
  /** What can fail while one is made. */
  private enum Step {
    CATALOG,
    LOOK,
    BLOB,
    DISK,
    NONE
  }

  /** A catalog of an original and two variants, of which the store has lost one. */
  private static class Source implements Backup.Source {
    private final Step failing;

    Source(Step failing) {
      this.failing = failing;
    }

    private void fail(Step step) throws IOException {
      if (failing == step) {
        throw new IOException("no " + step);
      }
    }

    private void failUnchecked(Step step) {
      try {
        fail(step);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void copyCatalog(Path folder) {
      assertThat(folder.toFile().mkdir()).isTrue();
      failUnchecked(Step.CATALOG);
    }

    @Override
    public Inspection openCopy(Path folder) {
      assertThat(folder).isDirectory();
      return (Inspection)
          Proxy.newProxyInstance(
              Inspection.class.getClassLoader(),
              new Class<?>[] {Inspection.class},
              (_, method, arguments) -> {
                if (method.getName().equals("walk")) {
                  failUnchecked(Step.LOOK);
                  Inspection.Findings findings = (Inspection.Findings) arguments[0];
                  findings.blob("abcd.png", null, 100, "h", "k");
                  findings.blob("abcd.png", "one.png", 20, "h", "k");
                  findings.blob("abcd.png", "lost.png", 3, "h", "k");
                }
                return null;
              });
    }

    @Override
    public void copyBlob(BlobName name, Path backup) throws IOException {
      fail(Step.BLOB);
      if ("lost.png".equals(name.variant())) {
        throw new MissingBlobException(name);
      }
      Files.createFile(backup.resolve(name.toString().replace('/', '_')));
    }

    @Override
    public void finishBlobs(Path backup) throws IOException {
      fail(Step.DISK);
    }
  }

  @TempDir private Path root;
  private Path data;
  private Path temporary;
  private Path backups;

  @BeforeEach
  void folders() throws IOException {
    data = Files.createDirectory(root.resolve("data"));
    temporary = Files.createDirectory(root.resolve("temporary"));
    backups = Files.createDirectory(root.resolve("backups"));
  }

  private Backup backup(Backup.Source source) {
    return new Backup(
        List.of(data, temporary), source, new Trash(new MemoryCatalog(), new MemoryBlobStore()));
  }

  @Test
  void itCountsWhatIsThereAndWhatIsMissing() throws Exception {
    Path target = backups.resolve("one");
    assertThat(backup(new Source(Step.NONE)).run(target, true))
        .isEqualTo(new Backup.Report(1, 1, 120, 1, 0));
    assertThat(target).isDirectoryContaining("glob:**/abcd.png");
    assertThat(backups).isDirectoryNotContaining("glob:**partial**");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void oneThatFailsLeavesNothingAndMayBeTriedAgain(Step step) throws Exception {
    Backup backup = backup(new Source(step));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> backup.run(backups.resolve("one"), true))
          .isNotInstanceOf(BackupRefusedException.class)
          .hasMessageContaining("no " + step);
      assertThat(backups).isEmptyDirectory();
    }
  }

  private void refused(Path target, String why) {
    assertThatThrownBy(() -> backup(new Source(Step.NONE)).run(target, true))
        .isInstanceOf(BackupRefusedException.class)
        .hasMessageContaining(why);
  }

  @Test
  void targetsThatWillNotDoAreRefusedAndNotTouched() throws Exception {
    refused(Path.of("relative"), "absolute");
    refused(Path.of("/"), "absolute");
    refused(Files.createFile(root.resolve("file")), "already");
    refused(Files.createDirectory(root.resolve("empty")), "already");
    refused(root.resolve("none/one"), "no folder");
    refused(root.resolve("file/one"), "no folder");
    refused(data.resolve("one"), data + ", which the server itself works in");
    refused(temporary.resolve("one"), temporary + ", which the server itself works in");
    refused(backups.resolve("../data/one"), "works in");
    refused(Files.createSymbolicLink(root.resolve("link"), data).resolve("one"), "works in");
    assertThat(data).isEmptyDirectory();
    assertThat(temporary).isEmptyDirectory();
    assertThat(backups).isEmptyDirectory();
  }

  @Test
  void whileOneIsMadeAnotherIsRefused() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    Backup backup =
        backup(
            new Source(Step.NONE) {
              @Override
              public void copyCatalog(Path folder) {
                super.copyCatalog(folder);
                begun.countDown();
                try {
                  mayEnd.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              }
            });
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Backup.Report> first = pool.submit(() -> backup.run(backups.resolve("one"), true));
      begun.await();
      assertThatThrownBy(() -> backup.run(backups.resolve("two"), true))
          .isInstanceOf(BackupRefusedException.class)
          .hasMessageContaining("Another backup");
      mayEnd.countDown();
      assertThat(first.get().originals()).isEqualTo(1);
    }
    assertThat(backups.resolve("two")).doesNotExist();
  }
}
