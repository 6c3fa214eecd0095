package dev.pictj;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.pictures.Pictures;
import dev.pictj.store.TempFolder;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server whose jar is taken from under it, by a build or by an upgrade. */
final class UpgradeIT {
  @TempDir private Path folder;

  /** What becomes of the jar. */
  enum Fate {
    REPLACED {
      @Override
      void befall(Path jar) throws IOException {
        Path other = Files.writeString(jar.resolveSibling("other"), "another build");
        Files.move(other, jar, StandardCopyOption.ATOMIC_MOVE);
      }
    },
    CLEANED {
      @Override
      void befall(Path jar) throws IOException {
        TempFolder.remove(jar.getParent());
      }
    };

    abstract void befall(Path jar) throws IOException;
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private static List<ProcessHandle> workers(JarProcess server) {
    return ProcessHandle.of(server.pid()).stream()
        .flatMap(ProcessHandle::descendants)
        .filter(child -> child.info().commandLine().orElse("").contains(".Worker"))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void itGoesOnServing(Fate fate) throws Exception {
    String metrics = "127.0.0.1:" + freePort();
    Path build = Files.createDirectory(folder.resolve("target"));
    Path jar = Files.copy(JarProcess.jar(), build.resolve("pictj.jar"));
    try (JarProcess server =
        JarProcess.serverFrom(
            jar, folder.resolve("data"), "--api-key", "key", "--metrics-addr", metrics)) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> server.output().contains("engine: libvips"));
      fate.befall(jar);
      workers(server).forEach(ProcessHandle::destroyForcibly);
      await().until(() -> workers(server).isEmpty());

      String alias =
          RestAssured.given()
              .multiPart("images[]", "a", Pictures.jpeg(640, 480))
              .post(server.url() + "/image")
              .path("files[0].file");
      assertThat(alias).endsWith(".jpg");
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(500))
          .untilAsserted(
              () -> {
                assertThat(render(server, alias).statusCode()).isEqualTo(200);
                assertThat(workers(server)).as(server::output).isNotEmpty();
              });
      for (String target : List.of("/healthz", "/limits", "/version", "/image/original/" + alias)) {
        assertThat(RestAssured.get(server.url() + target).statusCode()).as(target).isEqualTo(200);
      }
      assertThat(RestAssured.get("http://" + metrics + "/metrics").asString())
          .contains("jvm_memory_used_bytes");
      assertThat(
              RestAssured.given()
                  .header("X-Api-Token", "key")
                  .get(server.url() + "/internal/stats")
                  .statusCode())
          .isEqualTo(200);
      assertThat(RestAssured.get(server.url() + "/image/original/nobody.png").statusCode())
          .isEqualTo(404);
      server.terminate();
      assertThat(server.exitStatus()).isZero();
      assertThat(server.output())
          .contains("engine: libvips")
          .doesNotContain("ERROR", "NoClassDefFound", "could not be started")
          .endsWith("pictj has stopped\n");
    }
    assertThat(folder.resolve("data/tmp/engine")).isDirectoryNotContaining("glob:**.jar");
  }

  private int side = 64;

  /** Another variant each time. */
  private Response render(JarProcess server, String alias) {
    return RestAssured.get(
        server.url() + "/image/process.webp?src=" + alias + "&thumbnail=" + side++);
  }
}
