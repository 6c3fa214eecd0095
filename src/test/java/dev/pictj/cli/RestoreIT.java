package dev.pictj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.app.Application;
import dev.pictj.config.SettingsLoader;
import dev.pictj.pictures.Pictures;
import dev.pictj.store.TempFolder;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup that shares no byte with the live files, and a server on what it was restored to. */
final class RestoreIT {
  private static final String KEY = "restore-key";
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final byte[] PICTURE = Pictures.png(40, 30);

  @TempDir private Path data;
  @TempDir private Path elsewhere;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private static Application serve(Path data) throws Exception {
    Map<String, List<String>> given =
        Map.of(
            "path", List.of(data.toString()),
            "addr", List.of("127.0.0.1:0"),
            "api-key", List.of(KEY),
            "engine", List.of("imagemagick"));
    return Application.started(new SettingsLoader(given, Map.of()).load(), System.getenv("PATH"));
  }

  private static String url(Application server) {
    return "http://127.0.0.1:" + server.address().getPort();
  }

  private static String upload(Application server) {
    Response reply =
        RestAssured.given().multiPart("images[]", "a", PICTURE).post(url(server) + "/image");
    assertThat(reply.statusCode()).isEqualTo(201);
    return reply.path("files[0].file");
  }

  private static Response original(Application server, String alias) {
    return RestAssured.get(url(server) + "/image/original/" + alias);
  }

  private int run(String... arguments) {
    return new Commands(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of())
        .run(arguments);
  }

  private static Path stored(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("files"))) {
      return files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
  }

  /** One bit, in place, as a disk would: every link to the file shows it. */
  private static void damage(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void aCopyBesideTheDataSharesNoByteWithIt() throws Exception {
    Path backup = elsewhere.resolve("copy");
    try (Application server = serve(data)) {
      upload(server);
      assertThat(copied(server, backup)).isZero();
      assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }
    try (Stream<Path> files = Files.walk(backup)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.getAttribute(file, "unix:nlink")).as("%s", file).isEqualTo(1);
      }
    }
    damage(stored(data));
    assertThat(stored(backup)).hasBinaryContent(PICTURE);
    assertThat(run("check", "-p", data.toString(), "--deep")).isEqualTo(1);
    assertThat(run("check", "-p", backup.toString(), "--deep")).isZero();
  }

  private int copied(Application server, Path backup) {
    return run("backup", backup.toString(), "--copy", "--server", url(server), "--api-key", KEY);
  }

  @Test
  void aBackupOnAnotherFileSystemWithOneBitFlippedComesBackWhole() throws Exception {
    assertThat(MEMORY).as("another file system than that of temporary folders").isDirectory();
    Path folder = Files.createTempDirectory(MEMORY, "pictj-restore-");
    try {
      assertThat(Files.getFileStore(folder)).isNotEqualTo(Files.getFileStore(data));
      Path restored = folder.resolve("backup");
      List<String> aliases = new ArrayList<>();
      try (Application server = serve(data)) {
        aliases.add(upload(server));
        aliases.add(upload(server));
        assertThat(copied(server, restored)).isZero();
      }
      damage(stored(restored));
      assertThat(run("check", "-p", restored.toString(), "--deep", "--repair")).isZero();
      try (Application server = serve(restored)) {
        assertThat(original(server, aliases.getFirst()).statusCode()).isEqualTo(500);
        aliases.add(upload(server));
        for (String alias : aliases) {
          assertThat(original(server, alias).asByteArray()).isEqualTo(PICTURE);
        }
      }
      assertThat(run("check", "-p", restored.toString(), "--deep")).isZero();
      assertThat(stored(data)).hasBinaryContent(PICTURE);
    } finally {
      TempFolder.remove(folder);
    }
  }
}
