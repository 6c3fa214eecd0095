package dev.pictj;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.catalog.rocksdb.DataFolder;
import dev.pictj.config.SettingsLoader;
import dev.pictj.pictures.Pictures;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.ForwardingBlobStore;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A variant is sent while it is being stored, by a store that stops until it is told to go on. */
final class WriteBehindIT {
  @TempDir private Path data;
  @TempDir private Path scratch;

  private final Semaphore disk = new Semaphore(0);
  private final AtomicInteger variantsPut = new AtomicInteger();
  private volatile boolean broken;
  private Application application;

  /** Only variants wait. */
  private final class Slow extends ForwardingBlobStore {
    private Slow(BlobStore store) {
      super(store);
    }

    @Override
    public void put(Map<BlobName, Path> sources) throws IOException {
      if (sources.keySet().iterator().next().variant() != null) {
        variantsPut.incrementAndGet();
        disk.acquireUninterruptibly();
        if (broken) {
          throw new IOException("the disk is broken");
        }
      }
      super.put(sources);
    }
  }

  private void start(int mebibytes) throws Exception {
    Map<String, List<String>> given = new HashMap<>();
    given.put("path", List.of(data.toString()));
    given.put("addr", List.of("127.0.0.1:0"));
    given.put("write-behind", List.of(Integer.toString(mebibytes)));
    // One that makes the same bytes each time.
    given.put("engine", List.of("imagemagick"));
    application =
        Application.start(
            new SettingsLoader(given, Map.of()).load(),
            Headstart.begin(Arrays.stream(System.getenv("PATH").split(":")).map(Path::of).toList()),
            UnaryOperator.identity(),
            Slow::new);
  }

  @AfterEach
  void stop() throws Exception {
    disk.release(1000);
    application.close();
    DataFolder.tidy(data, scratch);
    assertThat(DataFolder.faults(data, scratch)).isEmpty();
  }

  @Test
  void itIsSentAndCanBeAskedForAgainMeanwhile() throws Exception {
    start(8);
    String variant = "/image/process.png?thumbnail=8&src=" + upload();
    Response first = get(variant);
    assertThat(first.statusCode()).isEqualTo(200);
    byte[] picture = first.asByteArray();
    assertThat(stored()).isZero();

    Response again = get(variant);
    assertThat(again.asByteArray()).isEqualTo(picture);
    assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
    Response head = RestAssured.head(url() + variant);
    assertThat(head.header("Content-Length")).isEqualTo(Integer.toString(picture.length));
    Response part = RestAssured.given().header("Range", "bytes=1-3").get(url() + variant);
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.asByteArray()).isEqualTo(Arrays.copyOfRange(picture, 1, 4));
    Response same =
        RestAssured.given().header("If-None-Match", first.header("ETag")).get(url() + variant);
    assertThat(same.statusCode()).isEqualTo(304);
    assertThat(get("/image/details" + variant.substring(6)).<Integer>path("width")).isEqualTo(8);
    assertThat(variantsPut).as("renderings").hasValue(1);

    disk.release();
    await().untilAsserted(() -> assertThat(stored()).isOne());
    assertThat(get(variant).asByteArray()).isEqualTo(picture);
    assertThat(variantsPut).as("renderings").hasValue(1);
  }

  @Test
  void withoutABudgetTheDiskComesFirst() throws Exception {
    start(0);
    String variant = "/image/process.png?thumbnail=8&src=" + upload();
    CompletableFuture<Response> reply = CompletableFuture.supplyAsync(() -> get(variant));
    await().untilAsserted(() -> assertThat(variantsPut).hasValue(1));
    assertThat(reply).isNotDone();
    disk.release();
    assertThat(reply.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(stored()).isOne();
  }

  @Test
  void whatTheDiskRefusesIsMadeAgain() throws Exception {
    start(8);
    String variant = "/image/process.png?thumbnail=8&src=" + upload();
    broken = true;
    disk.release();
    byte[] picture = get(variant).asByteArray();
    await().until(() -> disk.availablePermits() == 0);
    broken = false;
    disk.release(2);
    await()
        .untilAsserted(
            () -> {
              assertThat(get(variant).asByteArray()).isEqualTo(picture);
              assertThat(stored()).isOne();
            });
    assertThat(variantsPut).as("renderings").hasValue(2);
  }

  @Test
  void whatIsDeletedMeanwhileIsGone() throws Exception {
    start(8);
    Response uploaded = put();
    String alias = uploaded.path("files[0].file");
    String variant = "/image/process.png?thumbnail=8&src=" + alias;
    assertThat(get(variant).statusCode()).isEqualTo(200);
    String token = uploaded.path("files[0].delete_token");
    assertThat(RestAssured.delete(url() + "/image/delete/" + token + "/" + alias).statusCode())
        .isEqualTo(204);
    assertThat(get(variant).statusCode()).isEqualTo(404);
    disk.release();
    await().untilAsserted(() -> assertThat(leftovers()).isEmpty());
    assertThat(stored()).isZero();
  }

  @Test
  void theEndWaitsForTheDisk() throws Exception {
    start(8);
    String variant = "/image/process.png?thumbnail=8&src=" + upload();
    byte[] picture = get(variant).asByteArray();
    CompletableFuture<Void> end = CompletableFuture.runAsync(application::close);
    await().pollDelay(300, TimeUnit.MILLISECONDS).untilAsserted(() -> assertThat(end).isNotDone());
    disk.release();
    end.get(30, TimeUnit.SECONDS);
    assertThat(stored()).isOne();

    start(8);
    assertThat(get(variant).asByteArray()).isEqualTo(picture);
    assertThat(variantsPut).as("renderings").hasValue(1);
  }

  private String upload() {
    return put().path("files[0].file");
  }

  private Response put() {
    Response reply =
        RestAssured.given().multiPart("images[]", "a", Pictures.png(40, 30)).post(url() + "/image");
    assertThat(reply.statusCode()).isEqualTo(201);
    return reply;
  }

  private Response get(String path) {
    return RestAssured.get(url() + path);
  }

  private String url() {
    return "http://127.0.0.1:" + application.address().getPort();
  }

  private long stored() throws IOException {
    return files("variants");
  }

  private List<Path> leftovers() throws IOException {
    try (Stream<Path> found = Files.walk(data.resolve("tmp"))) {
      return found.filter(file -> file.getFileName().toString().startsWith("variant")).toList();
    }
  }

  private long files(String folder) throws IOException {
    try (Stream<Path> found = Files.walk(data.resolve(folder))) {
      return found.filter(Files::isRegularFile).count();
    }
  }
}
