package dev.pictj.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which folders may lie in which. */
class FileVolumeTest {
  @TempDir private Path root;
  private Path data;

  @BeforeEach
  void name() {
    data = root.resolve("data");
  }

  private void refused(String temporary, String catalog, String inner, String outer) {
    assertThatThrownBy(() -> check(temporary, catalog))
        .isInstanceOf(IOException.class)
        .hasMessageMatching(
            "\\Q%s\\E, for .+, lies in \\Q%s\\E, for .+; give each a folder of its own"
                .formatted(root.resolve(inner), root.resolve(outer)));
  }

  private void check(String temporary, String catalog) throws IOException {
    new FileVolume(data, root.resolve(catalog), _ -> false).requireApart(root.resolve(temporary));
  }

  @ParameterizedTest
  @CsvSource({
    "data/files, data/catalog, data/files, data/files",
    "data/files/a/b, data/catalog, data/files/a/b, data/files",
    "data/variants/a, data/catalog, data/variants/a, data/variants",
    "data/lost+found/a, data/catalog, data/lost+found/a, data/lost+found",
    "data/catalog/a, data/catalog, data/catalog/a, data/catalog",
    "repo/a, repo, repo/a, repo",
    "data/tmp/staging/a, data/catalog, data/tmp/staging/a, data/tmp/staging",
    "data, data/catalog, data/files, data",
    "data/tmp, data/tmp/repo, data/tmp/repo, data/tmp",
    "fast, data/tmp/staging, data/tmp/staging, data/tmp/staging",
    "fast, data/files/repo, data/files/repo, data/files",
    "fast, data/variants, data/variants, data/variants",
    "fast, fast/repo, fast/repo, fast"
  })
  void whatIsEmptiedOrNamesFilesLiesApart(
      String temporary, String catalog, String inner, String outer) throws Exception {
    refused(temporary, catalog, inner, outer);
    Files.createDirectories(root.resolve(inner));
    Files.createDirectories(root.resolve(outer));
    refused(temporary, catalog, inner, outer);
  }

  @ParameterizedTest
  @CsvSource({
    "data/tmp, data/catalog",
    "data/tmp/a, data/catalog",
    "data/a, data/catalog",
    "data/files-of-others, data/catalogs",
    "fast, repo",
    "repo/tmp, repo/catalog"
  })
  void allElseMayBe(String temporary, String catalog) throws Exception {
    assertThatCode(() -> check(temporary, catalog)).doesNotThrowAnyException();
    Files.createDirectories(root.resolve(temporary));
    Files.createDirectories(root.resolve(catalog));
    assertThatCode(() -> check(temporary, catalog)).doesNotThrowAnyException();
  }

  @Test
  void linksAreFollowed() throws Exception {
    Path disk = Files.createDirectories(root.resolve("disk"));
    Files.createDirectories(data);
    Files.createSymbolicLink(data.resolve("files"), disk);
    refused("disk/a", "data/catalog", "disk/a", "data/files");
    Files.createSymbolicLink(root.resolve("fast"), data.resolve("files"));
    refused("fast/a", "data/catalog", "fast/a", "data/files");
    refused("tmp", "fast/a", "fast/a", "data/files");
    Files.createSymbolicLink(data.resolve("catalog"), Files.createDirectory(root.resolve("repo")));
    refused("repo/a", "data/catalog", "repo/a", "data/catalog");
  }

  @Test
  void whereNoFolderCanBeMadeThatIsSaid() {
    Path nowhere = Path.of("/proc/pictj");
    assertThatThrownBy(
            () ->
                new FileVolume(nowhere, nowhere.resolve("catalog"), _ -> false)
                    .protect(nowhere, false))
        .isInstanceOf(IOException.class)
        .message()
        .containsAnyOf("/proc/pictj cannot be made", "no permission");
  }

  /** A check that repairs makes files and folders before any start sets the umask. */
  @Test
  void whatIsMadeMeanwhileIsClosedToOthers() throws IOException {
    Umask.set(0022);
    FileVolume.keepOthersOut();
    assertThat(Files.getPosixFilePermissions(Files.createDirectory(root.resolve("lost+found"))))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }
}
