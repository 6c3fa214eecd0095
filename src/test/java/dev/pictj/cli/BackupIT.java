package dev.pictj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.JarProcess;
import dev.pictj.catalog.rocksdb.DataFolder;
import dev.pictj.pictures.Pictures;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pictj backup} of a server at work, proved by starting another one on the copy. */
final class BackupIT {
  private static final String KEY = "backup-key";

  @TempDir private Path data;
  @TempDir private Path elsewhere;
  @TempDir private Path scratch;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private static JarProcess serve(Path folder) {
    return JarProcess.server(folder, "--api-key", KEY, "--trash-interval", "1");
  }

  private int backup(JarProcess server, String target) {
    return run("backup", target, "--server", server.url(), "--api-key", KEY);
  }

  private int run(String... arguments) {
    out.reset();
    err.reset();
    return new Commands(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of())
        .run(arguments);
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static Response upload(JarProcess server, byte[] picture) {
    return RestAssured.given().multiPart("images[]", "a", picture).post(server.url() + "/image");
  }

  private static Response original(JarProcess server, String alias) {
    return RestAssured.get(server.url() + "/image/original/" + alias);
  }

  @Test
  void aBackupTakenAmidUploadsAndDeletesIsWhole() throws Exception {
    Map<String, byte[]> before = new HashMap<>();
    Map<String, String> busy = new ConcurrentHashMap<>();
    Path copy = elsewhere.resolve("copy");
    try (JarProcess server = serve(data)) {
      for (int i = 0; i < 6; i++) {
        byte[] picture = Pictures.png(40 + i, 30);
        before.put(upload(server, picture).path("files[0].file"), picture);
      }
      String seen = before.keySet().iterator().next();
      String query = "/image/process.png?thumbnail=8&src=" + seen;
      assertThat(RestAssured.get(server.url() + query).statusCode()).isEqualTo(200);

      AtomicBoolean stop = new AtomicBoolean();
      CompletableFuture<Void> load =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; !stop.get(); i++) {
                  Response reply = upload(server, Pictures.png(20 + i % 40, 20 + i / 40));
                  String alias = reply.path("files[0].file");
                  busy.put(alias, "");
                  String token = reply.path("files[0].delete_token");
                  if (i % 2 == 0) {
                    RestAssured.delete(server.url() + "/image/delete/" + token + "/" + alias);
                  }
                }
              });
      while (busy.size() < 2) {
        Thread.onSpinWait();
      }
      assertThat(backup(server, copy.toString())).as(errors()).isZero();
      stop.set(true);
      load.join();
      assertThat(out.toString(StandardCharsets.UTF_8)).startsWith(copy + ": ");
      assertThat(errors()).startsWith("warning: ").contains("--copy").hasLineCount(1);
    }
    assertThat(run("check", "-p", copy.toString(), "--deep"))
        .as(out.toString(StandardCharsets.UTF_8))
        .isZero();
    try (JarProcess restored = serve(copy)) {
      before.forEach(
          (alias, picture) ->
              assertThat(original(restored, alias).asByteArray()).isEqualTo(picture));
      // What was uploaded meanwhile is there or not, but never half.
      busy.keySet()
          .forEach(alias -> assertThat(original(restored, alias).statusCode()).isIn(200, 404));
      assertThat(upload(restored, Pictures.png(90, 90)).statusCode()).isEqualTo(201);
      restored.terminate();
      assertThat(restored.exitStatus()).isZero();
    }
    assertThat(DataFolder.faults(copy, scratch)).isEmpty();
    try (Stream<Path> left = Files.list(elsewhere)) {
      assertThat(left).containsExactly(copy);
    }
  }

  @Test
  void whatIsDeletedAfterwardsStaysInTheBackup() throws Exception {
    byte[] picture = Pictures.png(44, 33);
    Path copy = elsewhere.resolve("copy");
    String alias;
    try (JarProcess server = serve(data)) {
      Response reply = upload(server, picture);
      alias = reply.path("files[0].file");
      assertThat(backup(server, copy.toString())).isZero();
      String token = reply.path("files[0].delete_token");
      String path = "/image/delete/" + token + "/" + alias;
      assertThat(RestAssured.delete(server.url() + path).statusCode()).isEqualTo(204);
      assertThat(original(server, alias).statusCode()).isEqualTo(404);
    }
    try (JarProcess restored = serve(copy)) {
      assertThat(original(restored, alias).asByteArray()).isEqualTo(picture);
    }
  }

  @Test
  void aTargetThatWillNotDoIsRefusedWithAReason() throws IOException {
    Path taken = Files.createDirectories(elsewhere.resolve("taken"));
    try (JarProcess server = serve(data)) {
      Map<String, String> refused = new HashMap<>();
      refused.put(taken.toString(), "already");
      refused.put(elsewhere.resolve("no/such/parent").toString(), "no folder");
      refused.put(data.resolve("files/backup").toString(), "works in");
      refused.forEach(
          (target, reason) -> {
            assertThat(backup(server, target)).isEqualTo(1);
            assertThat(errors()).startsWith("error: ").contains(reason).hasLineCount(1);
          });
      for (String query : List.of("?path=relative/path", "", "?path=a%00b")) {
        assertThat(
                RestAssured.given()
                    .urlEncodingEnabled(false)
                    .header("X-Api-Token", KEY)
                    .post(server.url() + "/internal/backup" + query)
                    .statusCode())
            .isEqualTo(400);
      }
      assertThat(RestAssured.post(server.url() + "/internal/backup?path=/tmp/x").statusCode())
          .isEqualTo(401);
      assertThat(run("backup", elsewhere + "/x", "--server", server.url(), "--api-key", "wrong"))
          .isEqualTo(1);
      assertThat(errors()).contains("Invalid API Key");
    }
    try (Stream<Path> left = Files.list(elsewhere)) {
      assertThat(left).containsExactly(taken);
    }
  }

  @Test
  void aLostFileIsCountedAndTheRestIsCopied() throws Exception {
    Path copy = elsewhere.resolve("copy");
    byte[] kept = Pictures.png(61, 33);
    try (JarProcess server = serve(data)) {
      upload(server, Pictures.png(60, 33));
      try (Stream<Path> files = Files.walk(data.resolve("files"))) {
        Files.delete(files.filter(Files::isRegularFile).findFirst().orElseThrow());
      }
      String alias = upload(server, kept).path("files[0].file");
      assertThat(backup(server, copy.toString())).isEqualTo(1);
      assertThat(errors()).contains("1 files are missing");
      try (JarProcess restored = serve(copy)) {
        assertThat(original(restored, alias).asByteArray()).isEqualTo(kept);
      }
    }
  }

  @Test
  void withoutServerOrKeyItSaysSo() {
    String target = elsewhere.resolve("x").toString();
    assertThat(run("backup", target)).isEqualTo(1);
    assertThat(errors()).contains("PICTRS_API_KEY");
    assertThat(run("backup", target, "--api-key", KEY, "--server", "http://127.0.0.1:1"))
        .isEqualTo(1);
    assertThat(errors()).startsWith("error: no server answers at http://127.0.0.1:1");
    assertThat(run("backup")).isEqualTo(2);
    assertThat(run("backup", "--help")).isZero();
  }
}
