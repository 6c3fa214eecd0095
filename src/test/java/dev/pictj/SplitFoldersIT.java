package dev.pictj;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.app.Application;
import dev.pictj.cli.Commands;
import dev.pictj.config.SettingsLoader;
import dev.pictj.pictures.Pictures;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures in one folder and the catalog in another, as pict-rs 0.5 names them. */
final class SplitFoldersIT {
  @TempDir private Path root;
  private Path store;
  private Path repo;

  @BeforeEach
  void names() {
    store = root.resolve("files");
    repo = root.resolve("sled-repo");
  }

  private Application start(Path repo) throws Exception {
    return start(
        Map.of(
            "PICTRS__STORE__PATH",
            store.toString(),
            "PICTRS__REPO__PATH",
            repo.toString(),
            "PICTRS__SERVER__ADDRESS",
            "127.0.0.1:0"));
  }

  private static Application start(Map<String, String> environment) throws Exception {
    return Application.started(
        new SettingsLoader(Map.of(), environment).load(), System.getenv("PATH"));
  }

  private static Response get(Application server, String target) {
    return RestAssured.get("http://127.0.0.1:" + server.address().getPort() + target);
  }

  private int check() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    return new Commands(print, print, Map.of()).run("check", "-p", store.toString());
  }

  private static void write(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "of somebody else");
  }

  private Stream<String> inside(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).toList().stream();
    }
  }

  @Test
  void eachLiesInItsFolderAndIsFoundAgain() throws Exception {
    String original;
    try (Application server = start(repo)) {
      original =
          "/image/original/"
              + RestAssured.given()
                  .multiPart("images[]", "a.png", Pictures.png(40, 30))
                  .post("http://127.0.0.1:" + server.address().getPort() + "/image")
                  .path("files[0].file");
    }
    assertThat(inside(repo)).containsExactly("pictj-catalog");
    assertThat(inside(store)).contains("files", "variants");
    assertThat(store.resolve("catalog")).isSymbolicLink();
    assertThat(check()).isZero();
    try (Application server = start(repo)) {
      assertThat(get(server, original).statusCode()).isEqualTo(200);
    }
    Map<String, String> ours =
        Map.of("PICTRS_PATH", store.toString(), "PICTRS_ADDR", "127.0.0.1:0");
    try (Application server = start(ours)) {
      assertThat(get(server, original).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void filesHaveOneCatalog() throws Exception {
    start(repo).close();
    assertThatThrownBy(() -> start(root.resolve("other")))
        .hasMessage(
            "the catalog of %s is %s, and cannot be %s too; give that one, or another --path"
                .formatted(
                    store,
                    repo.resolve("pictj-catalog"),
                    root.resolve("other").resolve("pictj-catalog")));
    assertThat(root.resolve("other")).doesNotExist();
  }

  @Test
  void aCatalogThatMovedIsFoundWhereItIsNow() throws Exception {
    start(repo).close();
    Path moved = root.resolve("moved");
    Files.move(repo, moved);
    start(moved).close();
    assertThat(store.resolve("catalog").toRealPath())
        .isEqualTo(moved.resolve("pictj-catalog").toRealPath());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sled-repo/v0.5.0/db",
        "sled-repo/v0.4.0-alpha.1/db",
        "sled-repo/v0.5.18/version",
        "sled-repo/db-0.34/db",
        "files/0a/fc/00/1d2c.png",
        "files/sled-repo/v0.5.0/db"
      })
  void overAnOldServersFilesItDoesNotStart(String file) throws Exception {
    write(root.resolve(file));
    assertThatThrownBy(() -> start(repo))
        .hasMessageContaining("is a data folder of pict-rs")
        .hasMessageContaining("nothing in it was changed");
    try (Stream<Path> all = Files.walk(root)) {
      assertThat(all.filter(Files::isRegularFile)).containsExactly(root.resolve(file));
    }
  }

  @Test
  void aForeignDatabaseIsLeftAlone() throws Exception {
    Path foreign = repo.resolve("pg_wal/000001");
    write(foreign);
    start(repo).close();
    assertThat(foreign).hasContent("of somebody else");
    assertThat(inside(repo)).containsExactlyInAnyOrder("pg_wal", "pictj-catalog");
  }
}
