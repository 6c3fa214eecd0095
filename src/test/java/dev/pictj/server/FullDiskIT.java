package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.JarProcess;
import dev.pictj.pictures.Pictures;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is full to the last byte, with no watermark that warns before: files cannot be
 * written, and then neither can the catalog's own log.
 */
class FullDiskIT {
  private static final String KEY = "key";

  private static final int DISK_MEBIBYTES = 48;

  /** Below the nine that RocksDB reserves for a log, or the log would have room for hours. */
  private static final long TOO_LITTLE_TO_RESERVE = 7L << 20;

  private final byte[] picture = Pictures.png(40, 30);
  private final Map<String, String> acknowledged = new HashMap<>();
  private final List<String> deleted = new ArrayList<>();
  private int names;

  @TempDir private Path folder;

  @Test
  void readsGoOnNothingIsLostAndWritesComeBackWithRoom() throws Exception {
    Path mount = Files.createDirectory(folder.resolve("disk"));
    Path temporary = Files.createDirectory(folder.resolve("temp"));
    String[] options = {
      "--min-free-space", "0", "-s", "--api-key", KEY, "--temp-dir", "" + temporary
    };
    try (SmallDisk disk = SmallDisk.make(mount, DISK_MEBIBYTES)) {
      disk.fillBut(TOO_LITTLE_TO_RESERVE);
      try (JarProcess server = disk.server(options)) {
        accept(importAgain(server));
        accept(importAgain(server));
        disk.fillBut(0);
        readOnly(server, upload(server, Pictures.png(399, 300)));

        // Bytes that are there need no room of their own, so only the catalog's log grows.
        Response refused = importUntilRefused(server);
        readOnly(refused);
        readOnly(server, upload(server, Pictures.png(400, 300)));
        readOnly(server, upload(server, Pictures.png(401, 300)));
        assertEverythingReads(server);
        assertNoTemporaryFile(temporary);
        assertThat(server.output()).contains("read-only: ").contains("No space left on device");
        assertThat(server.output()).doesNotContain("\tat ");

        disk.free();
        // RocksDB looks every five seconds whether it may go on.
        await()
            .atMost(Duration.ofSeconds(30))
            .pollInterval(Duration.ofMillis(500))
            .until(() -> isAccepted(importAgain(server)));
        accept(upload(server, Pictures.png(402, 300)));
        deleteOne(server);
        assertEverythingReads(server);
      }
      // The server was killed, not stopped.
      try (JarProcess server = disk.server(options)) {
        assertEverythingReads(server);
        accept(importAgain(server));
        deleteOne(server);
        server.terminate();
        assertThat(server.exitStatus()).isZero();
      }
      assertThat(disk.run("check", "-p", disk.data().toString(), "--deep")).isZero();
    }
  }

  /** Not the picture's fault, wherever in the making of the variant the disk is found full. */
  @Test
  void aVariantThatFindsNoRoomIsRefusedWith503() throws Exception {
    Path mount = Files.createDirectory(folder.resolve("disk"));
    try (SmallDisk disk = SmallDisk.make(mount, DISK_MEBIBYTES);
        JarProcess server = disk.server("--min-free-space", "0")) {
      Response stored = upload(server, Pictures.jpeg(1200, 900));
      String process = "/image/process.png?src=" + stored.path("files[0].file");
      for (long room : new long[] {0, 50_000, 200_000}) {
        disk.fillBut(room);
        readOnly(server, RestAssured.get(server.url() + process + "&blur=9"));
        disk.free();
      }
      assertThat(RestAssured.get(server.url() + process + "&blur=9").statusCode()).isEqualTo(200);
    }
  }

  private static RequestSpecification admin() {
    return RestAssured.given().header("X-Api-Token", KEY);
  }

  /** The same content under ten new names; long ones, to fill the log sooner. */
  private Response importAgain(JarProcess server) {
    RequestSpecification request = admin();
    for (int i = 0; i < 10; i++) {
      String name = "n" + names++ + "x".repeat(150) + ".png";
      request.multiPart("images[]", name, picture, "image/png");
    }
    return request.post(server.url() + "/internal/import");
  }

  private Response importUntilRefused(JarProcess server) {
    for (int i = 0; i < 2000; i++) {
      Response reply = importAgain(server);
      if (!isAccepted(reply)) {
        return reply;
      }
    }
    throw new AssertionError(
        "20000 aliases found room on a full disk of " + DISK_MEBIBYTES + " MiB");
  }

  private static Response upload(JarProcess server, byte[] bytes) {
    return RestAssured.given()
        .multiPart("images[]", "a.png", bytes, "image/png")
        .post(server.url() + "/image");
  }

  private boolean isAccepted(Response reply) {
    if (reply.statusCode() != 201) {
      return false;
    }
    List<Map<String, Object>> files = reply.path("files");
    files.forEach(f -> acknowledged.put((String) f.get("file"), (String) f.get("delete_token")));
    return true;
  }

  private void accept(Response reply) {
    assertThat(isAccepted(reply)).as(reply.asString()).isTrue();
  }

  private static void readOnly(JarProcess server, Response reply) {
    assertThat(reply.statusCode()).as(reply.asString() + server.output()).isEqualTo(503);
    readOnly(reply);
  }

  private static void readOnly(Response reply) {
    assertThat(reply.statusCode()).as(reply.asString()).isEqualTo(503);
    assertThat((String) reply.path("code")).isEqualTo("read-only");
    assertThat(reply.header("Retry-After")).isNotNull();
  }

  private void deleteOne(JarProcess server) {
    String alias = acknowledged.keySet().iterator().next();
    String token = acknowledged.remove(alias);
    deleted.add(alias);
    assertThat(
            RestAssured.delete(server.url() + "/image/delete/" + token + "/" + alias).statusCode())
        .isEqualTo(204);
  }

  private void assertEverythingReads(JarProcess server) {
    for (String alias : acknowledged.keySet()) {
      Response reply = RestAssured.get(server.url() + "/image/original/" + alias);
      assertThat(reply.statusCode()).as(alias).isEqualTo(200);
    }
    for (String alias : deleted) {
      assertThat(RestAssured.get(server.url() + "/image/original/" + alias).statusCode())
          .isEqualTo(404);
    }
  }

  private static void assertNoTemporaryFile(Path temporary) throws IOException {
    try (Stream<Path> files = Files.walk(temporary)) {
      assertThat(files.filter(Files::isRegularFile).filter(f -> !isTools(f))).isEmpty();
    }
  }

  /** What the tools are set up with, and the native library, are there for good. */
  private static boolean isTools(Path file) {
    return file.toString().contains("/engine/") || file.toString().contains("rocksdb");
  }
}
