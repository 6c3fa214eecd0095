package dev.pictj.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.catalog.rocksdb.DataFolder;
import dev.pictj.config.SettingsLoader;
import dev.pictj.pictures.Pictures;
import dev.pictj.store.Blob;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.Durability;
import dev.pictj.store.ForwardingBlobStore;
import dev.pictj.store.StoreReadOnlyException;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Variants are stored without waiting for the disk. What a power cut makes of them is seen before
 * they are sent, and they are made again; so are those that vanish in the last moment.
 */
final class UnsyncedVariantsIT {
  @TempDir private Path data;
  @TempDir private Path scratch;

  private final AtomicInteger variantsPut = new AtomicInteger();
  private final AtomicInteger variantsOpened = new AtomicInteger();
  private final AtomicInteger toVanish = new AtomicInteger();
  private volatile boolean full;
  private Application application;

  /** What a power cut may leave of bytes that were not synced. */
  private enum Tear {
    OTHER_BYTES {
      @Override
      void at(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 0);
        Files.write(file, bytes);
      }
    },
    NO_BYTES {
      @Override
      void at(Path file) throws IOException {
        Files.write(file, new byte[0]);
      }
    },
    NO_NAME {
      @Override
      void at(Path file) throws IOException {
        Files.delete(file);
      }
    };

    abstract void at(Path file) throws IOException;
  }

  /** Counts what happens to variants, is full when it shall, and lets some vanish. */
  private final class Watched extends ForwardingBlobStore {
    private Watched(BlobStore store) {
      super(store);
    }

    @Override
    public void put(Map<BlobName, Path> sources, Durability durability) throws IOException {
      boolean variant = sources.keySet().iterator().next().variant() != null;
      assertThat(durability).isEqualTo(variant ? Durability.REMADE_IF_LOST : Durability.SYNCED);
      if (full) {
        throw new StoreReadOnlyException("the disk has become full");
      }
      if (variant) {
        variantsPut.incrementAndGet();
      }
      super.put(sources, durability);
    }

    @Override
    public Blob open(BlobName name) throws IOException {
      vanish(name);
      return super.open(name);
    }

    @Override
    public Blob openFile(BlobName name) throws IOException {
      vanish(name);
      return super.openFile(name);
    }

    private void vanish(BlobName name) throws IOException {
      if (name.variant() != null) {
        variantsOpened.incrementAndGet();
        if (toVanish.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
          delete(name);
        }
      }
    }
  }

  private void start() throws Exception {
    Map<String, List<String>> given = new HashMap<>();
    given.put("path", List.of(data.toString()));
    given.put("addr", List.of("127.0.0.1:0"));
    // Each opening is one of the store's.
    given.put("blob-cache", List.of("0"));
    // One that makes the same bytes each time.
    given.put("engine", List.of("imagemagick"));
    application = new Application(System.getenv("PATH"));
    application.start(new SettingsLoader(given, Map.of()).load(), catalog -> catalog, Watched::new);
  }

  @AfterEach
  void stop() throws Exception {
    application.close();
    DataFolder.tidy(data, scratch);
    assertThat(DataFolder.faults(data, scratch)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void whatAPowerCutToreIsMadeAgainAndNeverSent(Tear tear) throws Exception {
    start();
    String picture = accepted(Pictures.png(40, 30));
    String video = accepted(Pictures.mp4(64, 48, 3));
    Map<String, byte[]> before = new HashMap<>();
    for (String of : List.of(picture, video)) {
      for (String format : List.of("jpg", "png", "webp")) {
        String path = "/image/process." + format + "?thumbnail=8&src=" + of;
        before.put(path, get(path).asByteArray());
      }
    }
    assertThat(variantsPut).hasValue(7);
    application.close();
    for (Path file : variants()) {
      tear.at(file);
    }

    start();
    for (Map.Entry<String, byte[]> one : before.entrySet()) {
      Response head = RestAssured.head(url() + one.getKey());
      assertThat(head.header("Content-Length")).isEqualTo("" + one.getValue().length);
      assertThat(get(one.getKey()).asByteArray()).as(one.getKey()).isEqualTo(one.getValue());
    }
    assertThat(variantsPut).as("each is made again, and the still of the video").hasValue(14);
    String another = "/image/process.png?thumbnail=9&src=" + video;
    assertThat(get(another).statusCode()).isEqualTo(200);
    assertThat(variantsPut).hasValue(15);
  }

  @Test
  void bytesAreComparedOnceInARun() throws Exception {
    start();
    String variant = "/image/process.png?thumbnail=8&src=" + accepted(Pictures.png(40, 30));
    assertThat(get(variant).statusCode()).isEqualTo(200);
    // What this run has made it knows.
    assertThat(get(variant).statusCode()).isEqualTo(200);
    assertThat(variantsOpened).hasValue(2);
    application.close();

    start();
    variantsOpened.set(0);
    for (int i = 0; i < 5; i++) {
      assertThat(get(variant).statusCode()).isEqualTo(200);
    }
    assertThat(variantsOpened).hasValue(1 + 5);
    assertThat(variantsPut).hasValue(1);
  }

  /** Evicted or removed by hand between its making and its opening. */
  @Test
  void whatVanishesInTheLastMomentIsMadeAgain() throws Exception {
    start();
    String variant = "/image/process.png?thumbnail=8&src=" + accepted(Pictures.png(40, 30));
    byte[] picture = get(variant).asByteArray();
    // The handler before the routes looks first.
    toVanish.set(4);
    assertThat(get(variant).asByteArray()).isEqualTo(picture);
    toVanish.set(1000);
    Response reply = get(variant);
    assertThat(reply.statusCode()).isEqualTo(503);
    assertThat(reply.<String>path("code")).isEqualTo("overloaded");
    toVanish.set(0);
    assertThat(get(variant).asByteArray()).isEqualTo(picture);
  }

  @Test
  void aDiskThatFillsUpWhileItIsMadeIsNoLostFile() throws Exception {
    start();
    String variant = "/image/process.png?thumbnail=8&src=" + accepted(Pictures.png(40, 30));
    full = true;
    for (int i = 0; i < 3; i++) {
      Response reply = get(variant);
      assertThat(reply.statusCode()).isEqualTo(503);
      assertThat(reply.<String>path("code")).isEqualTo("read-only");
    }
    full = false;
    assertThat(get(variant).statusCode()).isEqualTo(200);
    full = true;
    assertThat(get(variant).statusCode()).as("what is there is served").isEqualTo(200);
    for (Path file : variants()) {
      Files.delete(file);
    }
    assertThat(get(variant).<String>path("code")).isEqualTo("read-only");
    full = false;
    assertThat(get(variant).statusCode()).isEqualTo(200);
  }

  @Test
  void aWalkThroughAllSizesKeepsAsManyAsAreAllowed() throws Exception {
    start();
    application.close();
    Map<String, List<String>> given = new HashMap<>();
    given.put("path", List.of(data.toString()));
    given.put("addr", List.of("127.0.0.1:0"));
    given.put("max-variants-per-media", List.of("3"));
    application =
        Application.started(new SettingsLoader(given, Map.of()).load(), System.getenv("PATH"));
    String variant = "/image/process.png?src=" + accepted(Pictures.png(40, 30)) + "&thumbnail=";
    for (int size = 5; size < 20; size++) {
      assertThat(get(variant + size).statusCode()).isEqualTo(200);
    }
    assertThat(get(variant + 5).statusCode()).isEqualTo(200);
    // Long before the trash is looked at by itself.
    await().ignoreException(UncheckedIOException.class).until(() -> variants().size() == 3);
  }

  private List<Path> variants() throws IOException {
    try (Stream<Path> found = Files.walk(data.resolve("variants"))) {
      return found.filter(Files::isRegularFile).toList();
    }
  }

  private String accepted(byte[] media) {
    Response reply = RestAssured.given().multiPart("images[]", "a", media).post(url() + "/image");
    assertThat(reply.statusCode()).as(reply.asString()).isEqualTo(201);
    return reply.path("files[0].file");
  }

  private Response get(String path) {
    return RestAssured.get(url() + path);
  }

  private String url() {
    return "http://127.0.0.1:" + application.address().getPort();
  }
}
