package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.JarProcess;
import dev.pictj.pictures.Pictures;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may read the data folder, and what is said when one of its folders cannot be used. */
final class DataFolderIT {
  private static final List<String> TOPS = List.of("catalog", "files", "variants", "tmp");

  @TempDir private Path root;

  private static List<String> openFor(Path folder, String folders, String files)
      throws IOException {
    List<String> wrong = new ArrayList<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.toList()) {
        String expected = Files.isDirectory(path) ? folders : files;
        String found = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        if (!found.equals(expected)) {
          wrong.add(path + " " + found);
        }
      }
    }
    return wrong;
  }

  private static void use(JarProcess server) {
    String alias =
        RestAssured.given()
            .multiPart("images[]", "a", Pictures.png(40, 30))
            .post(server.url() + "/image")
            .path("files[0].file");
    assertThat(
            RestAssured.get(server.url() + "/image/process.png?thumbnail=8&src=" + alias)
                .statusCode())
        .isEqualTo(200);
  }

  private static List<String> withUmask(String umask) {
    return List.of("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh");
  }

  @ParameterizedTest
  @CsvSource({
    "0000,false,rwx------,rw-------",
    "0077,true,rwxr-x---,rw-r-----",
  })
  void onlyWhoMayReadCan(String umask, boolean group, String folders, String files)
      throws Exception {
    Path data = root.resolve("data");
    Path backup = root.resolve("backup");
    String[] options =
        group ? new String[] {"--api-key", "k", "--group-access"} : new String[] {"--api-key", "k"};
    try (JarProcess server = JarProcess.server(withUmask(umask), Map.of(), data, options)) {
      use(server);
      assertThat(
              RestAssured.given()
                  .header("X-Api-Token", "k")
                  .post(server.url() + "/internal/backup?path=" + backup)
                  .statusCode())
          .isEqualTo(200);
      for (String top : TOPS) {
        // What is for the owner alone in either case is made by the system for one moment.
        assertThat(openFor(data.resolve(top), folders, files))
            .filteredOn(one -> !one.contains("/tmp/"))
            .isEmpty();
      }
      assertThat(openFor(backup, folders, files)).isEmpty();
    }
  }

  /** The folders of older versions, and of a server whose group could read them, or could not. */
  @Test
  void foldersOfOlderVersionsAreClosedAndOpenedForTheGroup() throws Exception {
    Path data = root.resolve("data");
    try (JarProcess server = JarProcess.server(data)) {
      use(server);
      server.terminate();
      assertThat(server.exitStatus()).isZero();
    }
    for (String top : TOPS) {
      Files.setPosixFilePermissions(
          data.resolve(top), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    try (JarProcess _ = JarProcess.server(data)) {
      for (String top : TOPS) {
        assertThat(Files.getPosixFilePermissions(data.resolve(top)))
            .isEqualTo(PosixFilePermissions.fromString("rwx------"));
      }
    }
    try (JarProcess _ = JarProcess.server(data, "--group-access")) {
      for (String top : List.of("files", "variants", "catalog")) {
        Set<PosixFilePermission> missing = new TreeSet<>();
        assertThat(openFor(data.resolve(top), "rwxr-x---", "rw-r-----"))
            .as(top + missing)
            .isEmpty();
      }
    }
  }

  /** One after another, by a user that is not the owner. */
  @ParameterizedTest
  @CsvSource({
    "'',false",
    "catalog,false",
    "files,false",
    "variants,false",
    "tmp,false",
    "'',true",
    "catalog,true",
    "files,true",
    "variants,true",
    "files/ab,true",
  })
  void aFolderOfAnotherOwnerIsCalledByItsName(String folder, boolean check) throws Exception {
    Path jar = root.resolve("pictj.jar");
    Files.copy(JarProcess.jar(), jar);
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
    Path data = Files.createDirectory(root.resolve("data"));
    if (folder.contains("/")) {
      try (JarProcess server = JarProcess.server(data)) {
        server.terminate();
        assertThat(server.exitStatus()).isZero();
      }
    }
    for (String top : TOPS) {
      Files.createDirectories(data.resolve(top));
    }
    if (!folder.equals("tmp")) {
      // Beside which a new catalog would be refused.
      Files.createDirectories(data.resolve("files/ab/cd"));
      Files.writeString(data.resolve("files/ab/cd/abcd000000.png"), "a picture");
    }
    own(data, "991");
    own(data.resolve(folder), "0");
    List<String> command =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--reuid=991",
                "--regid=991",
                "--clear-groups",
                JarProcess.java().toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                jar.toString()));
    command.addAll(
        check
            ? List.of("check", "-p", data.toString())
            : List.of("-p", data.toString(), "-a", "127.0.0.1:0"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isEqualTo(check ? 2 : 1);
    assertThat(said.strip())
        .hasLineCount(1)
        .matches(
            "error: no permission (to read in|to read and write in|for) "
                + data.resolve(folder)
                + "(/[^ ]*)?:.*")
        .contains("belongs to root", "runs as", "chown")
        .doesNotContain("--new-catalog");
  }

  private static void own(Path folder, String uid) throws Exception {
    String recursive = uid.equals("0") ? "-h" : "-R";
    Process chown =
        new ProcessBuilder("chown", recursive, uid + ":" + uid, folder.toString()).start();
    assertThat(chown.waitFor()).isZero();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
  }
}
