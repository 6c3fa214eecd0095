package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose bytes are stored already is not decoded again; the gate stops whoever would do it. */
@Timeout(120)
class KnownContentIT {
  private static final byte[] PICTURE = Pictures.jpeg(90, 60);

  private GatedTools tools;
  private RunningServer server;
  private ExecutorService pool;

  @BeforeEach
  void start() throws IOException {
    tools = new GatedTools();
    server =
        RunningServer.startWithTools(
            tools.folders(), "sandbox", "off", "skip-validate-imports", "");
    pool = Executors.newVirtualThreadPerTaskExecutor();
  }

  @AfterEach
  void stop() throws Exception {
    tools.open();
    pool.close();
    server.close();
    tools.close();
  }

  private CompletableFuture<Response> upload(byte[] picture) {
    return CompletableFuture.supplyAsync(() -> server.upload(picture), pool);
  }

  private static int status(CompletableFuture<Response> reply) throws Exception {
    return reply.get(60, TimeUnit.SECONDS).statusCode();
  }

  /** Works only once the gate is open. */
  private void assertIsDecoded(byte[] picture) throws Exception {
    CompletableFuture<Response> reply = upload(picture);
    tools.awaitBusy();
    assertThat(reply).isNotDone();
    tools.open();
    assertThat(status(reply)).isEqualTo(201);
    tools.awaitIdle();
    tools.shut();
  }

  @Test
  void theSameBytesAgainNeedNoTool() throws Exception {
    assertThat(server.upload(PICTURE).statusCode()).isEqualTo(201);
    tools.shut();
    assertThat(status(upload(PICTURE))).isEqualTo(201);
    // What would be stored counts, not what was sent.
    assertThat(status(upload(JpegSegments.withExif(PICTURE, 1)))).isEqualTo(201);
    assertThat(server.stored()).hasSize(1);
    assertIsDecoded(Pictures.jpeg(91, 60));
  }

  @Test
  void bytesThatWereOnlyTrustedAreDecoded() throws Exception {
    assertThat(
            server
                .admin()
                .multiPart("images[]", "a.jpg", PICTURE)
                .post("/internal/import")
                .statusCode())
        .isEqualTo(201);
    tools.shut();
    assertIsDecoded(PICTURE);
    assertThat(server.stored()).hasSize(1);
  }

  @Test
  void bytesThatAreLostAreDecodedBeforeTheyAreRestored() throws Exception {
    assertThat(server.upload(PICTURE).statusCode()).isEqualTo(201);
    try (Stream<Path> files = Files.walk(server.data().resolve("files"))) {
      Files.delete(files.filter(Files::isRegularFile).findFirst().orElseThrow());
    }
    tools.shut();
    assertIsDecoded(PICTURE);
    assertThat(server.stored()).hasSize(1);
  }
}
