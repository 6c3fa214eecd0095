package dev.pictj;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.rocksdb.DataFolder;
import dev.pictj.config.SettingsLoader;
import dev.pictj.pictures.Pictures;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.ForwardingBlobStore;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
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
  private volatile boolean forgetful;
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
        boolean refuses = broken;
        disk.acquireUninterruptibly();
        if (refuses) {
          throw new IOException("the disk is broken");
        }
      }
      super.put(sources);
    }
  }

  /** Fails to add one variant when it shall. */
  private Catalog watched(Catalog real) {
    return (Catalog)
        Proxy.newProxyInstance(
            Catalog.class.getClassLoader(),
            new Class<?>[] {Catalog.class},
            (self, method, arguments) -> {
              if (forgetful && method.getName().equals("addVariant")) {
                forgetful = false;
                throw new CatalogException("the catalog is broken");
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
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
            this::watched,
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
    await().untilAsserted(() -> assertThat(variantsPut).as("renderings").hasValue(1));

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
    byte[] picture = get(variant).asByteArray();
    await().untilAsserted(() -> assertThat(variantsPut).hasValue(1));
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
  void whatTheCatalogRefusesIsMadeAgain() throws Exception {
    start(8);
    String variant = "/image/process.png?thumbnail=8&src=" + upload();
    forgetful = true;
    byte[] picture = get(variant).asByteArray();
    disk.release();
    await().until(() -> !forgetful);
    disk.release();
    await()
        .untilAsserted(
            () -> {
              assertThat(get(variant).asByteArray()).isEqualTo(picture);
              assertThat(variantsPut).as("renderings").hasValue(2);
            });
  }

  @Test
  void whenTheBudgetIsUsedUpTheNextOneWaits() throws Exception {
    start(1);
    String variant = "/image/process.png?src=" + accepted(noise(560)) + "&thumbnail=";
    assertThat(get(variant + 500).statusCode()).isEqualTo(200);
    CompletableFuture<Response> second = CompletableFuture.supplyAsync(() -> get(variant + 501));
    await().untilAsserted(() -> assertThat(variantsPut).hasValue(2));
    assertThat(second).isNotDone();
    disk.release(2);
    assertThat(second.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    await().untilAsserted(() -> assertThat(stored()).isEqualTo(2));
    // What is stored counts no longer.
    assertThat(get(variant + 502).statusCode()).isEqualTo(200);
    assertThat(stored()).isEqualTo(2);
  }

  @Test
  void whatASlowClientReadsCounts() throws Exception {
    start(8);
    disk.release(1000);
    String variant = "/image/process.png?src=" + accepted(noise(1450)) + "&thumbnail=";
    // More than what the system takes off the server's hands.
    try (Socket slow = new Socket()) {
      slow.setReceiveBufferSize(4096);
      slow.connect(application.address());
      slow.getOutputStream()
          .write(
              ("GET " + variant + "1440 HTTP/1.1\r\nHost: x\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      await().untilAsserted(() -> assertThat(stored()).isOne());
      disk.drainPermits();
      CompletableFuture<Response> second = CompletableFuture.supplyAsync(() -> get(variant + 1441));
      await().untilAsserted(() -> assertThat(variantsPut).hasValue(2));
      assertThat(second).as("sent at once, beside one that is still read").isNotDone();
      disk.release(1000);
      assertThat(second.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whatIsDeletedMeanwhileIsGone() throws Exception {
    start(8);
    Response uploaded = put(Pictures.png(40, 30));
    String alias = uploaded.path("files[0].file");
    String variant = "/image/process.png?thumbnail=8&src=" + alias;
    assertThat(get(variant).statusCode()).isEqualTo(200);
    String token = uploaded.path("files[0].delete_token");
    assertThat(RestAssured.delete(url() + "/image/delete/" + token + "/" + alias).statusCode())
        .isEqualTo(204);
    assertThat(get(variant).statusCode()).isEqualTo(404);
    disk.release();
    await().ignoreException(UncheckedIOException.class).until(() -> leftovers().isEmpty());
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
    return accepted(Pictures.png(40, 30));
  }

  private String accepted(byte[] picture) {
    return put(picture).path("files[0].file");
  }

  /** Takes three bytes a pixel as a PNG, and little less once it is shrunk. */
  private static byte[] noise(int side) throws IOException {
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(3);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, random.nextInt(1 << 24));
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  private Response put(byte[] picture) {
    Response reply = RestAssured.given().multiPart("images[]", "a", picture).post(url() + "/image");
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
