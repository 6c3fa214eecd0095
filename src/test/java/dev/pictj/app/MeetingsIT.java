package dev.pictj.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.rocksdb.DataFolder;
import dev.pictj.config.SettingsLoader;
import dev.pictj.pictures.Pictures;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Uploads, deletes, purges and variants of the same content meet: once in every order we could
 * think of as dangerous, made to happen, and then for some seconds in any order at all. Afterwards
 * catalog and files agree without any help from a restart.
 */
final class MeetingsIT {
  private static final String KEY = "meetings-key";
  private static final int ROUNDS_PER_CLIENT = 40;

  @TempDir private Path data;
  @TempDir private Path scratch;

  /** What happens just before the next call of a method of the store, once. */
  private record Ambush(String method, Runnable action) {}

  private record Uploaded(String alias, String token, byte[] picture) {}

  private final AtomicReference<Ambush> ambush = new AtomicReference<>();
  private Application application;
  private Catalog catalog;
  private BlobStore store;

  @BeforeEach
  void start() throws Exception {
    Map<String, List<String>> given =
        Map.of(
            "path", List.of(data.toString()),
            "addr", List.of("127.0.0.1:0"),
            "api-key", List.of(KEY),
            "trash-interval", List.of("1"));
    application = new Application(System.getenv("PATH"));
    application.start(
        new SettingsLoader(given, Map.of()).load(),
        real -> catalog = real,
        real -> {
          store = real;
          return watched(real);
        });
  }

  @AfterEach
  void stop() {
    application.close();
  }

  private BlobStore watched(BlobStore real) {
    return (BlobStore)
        Proxy.newProxyInstance(
            BlobStore.class.getClassLoader(),
            new Class<?>[] {BlobStore.class},
            (self, method, arguments) -> {
              Ambush waiting = ambush.get();
              if (waiting != null
                  && waiting.method().equals(method.getName())
                  && ambush.compareAndSet(waiting, null)) {
                waiting.action().run();
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Purges a picture and does at once what the trash would do a moment later. */
  private void removeWholly(String alias) {
    var media = catalog.find(alias).orElseThrow();
    catalog.purge(media.hash());
    try {
      store.delete(BlobName.original(media.filename()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    catalog.journal().forgetDiscarded(List.of(media.filename()));
  }

  private void assertNothingContradicts() throws Exception {
    assertThat(ambush.get()).as("what should have happened did").isNull();
    await().atMost(20, TimeUnit.SECONDS).until(() -> catalog.journal().discarded("", 1).isEmpty());
    application.close();
    assertThat(DataFolder.faults(data, scratch)).isEmpty();
  }

  @Test
  void aPictureDeletedWhileItIsUploadedAgainLeavesNoSecondFile() throws Exception {
    byte[] picture = Pictures.png(31, 17);
    Uploaded first = accepted(picture);
    ambush.set(new Ambush("size", () -> removeWholly(first.alias())));
    Uploaded second = accepted(picture);
    assertThat(original(second.alias()).asByteArray()).isEqualTo(picture);
    assertThat(original(first.alias()).statusCode()).isEqualTo(404);
    assertNothingContradicts();
  }

  @Test
  void aPictureDeletedWhileItIsOpenedWasNotLost() throws Exception {
    Uploaded uploaded = accepted(Pictures.png(31, 18));
    ambush.set(new Ambush("open", () -> removeWholly(uploaded.alias())));
    assertThat(original(uploaded.alias()).statusCode()).isEqualTo(404);
    assertNothingContradicts();
  }

  @Test
  void aVariantOfAPictureThatWentAndCameBackMeanwhileIsNobodys() throws Exception {
    byte[] picture = Pictures.png(31, 19);
    Uploaded first = accepted(picture);
    CompletableFuture<Uploaded> second = new CompletableFuture<>();
    ambush.set(
        new Ambush(
            "put",
            () -> {
              removeWholly(first.alias());
              second.complete(accepted(picture));
            }));
    assertThat(variant(first.alias(), 8).statusCode()).isEqualTo(404);
    String alias = second.get(30, TimeUnit.SECONDS).alias();
    assertThat(variant(alias, 8).statusCode()).isEqualTo(200);
    assertNothingContradicts();
  }

  @Test
  void muchOfEverythingAtOnceLeavesNothingBehind() throws Exception {
    long seed = Long.getLong("pictj.seed", 20_260_102L);
    // The first three may be purged by anyone; of the others nobody loses what he does not delete.
    List<byte[]> pictures = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      pictures.add(Pictures.png(40, 20 + i));
    }
    Queue<Uploaded> kept = new ConcurrentLinkedQueue<>();
    Queue<String> gone = new ConcurrentLinkedQueue<>();
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      for (int client = 0; client < 8; client++) {
        Random random = new Random(seed + client);
        running.add(
            pool.submit(
                () -> {
                  for (int round = 0; round < ROUNDS_PER_CLIENT; round++) {
                    oneRound(pictures, random, kept, gone);
                  }
                  return null;
                }));
      }
    }
    for (Future<?> one : running) {
      one.get();
    }
    for (Uploaded one : kept) {
      assertThat(original(one.alias()).asByteArray()).as("seed %d", seed).isEqualTo(one.picture());
    }
    for (String alias : gone) {
      assertThat(original(alias).statusCode()).as("seed %d", seed).isEqualTo(404);
    }
    System.out.printf("meetings: seed %d, %d kept, %d gone%n", seed, kept.size(), gone.size());
    assertNothingContradicts();
  }

  private void oneRound(
      List<byte[]> pictures, Random random, Queue<Uploaded> kept, Queue<String> gone) {
    int index = random.nextInt(pictures.size());
    boolean purged = index < 3;
    Uploaded mine = accepted(pictures.get(index));
    Response seen = original(mine.alias());
    assertThat(seen.statusCode()).isIn(purged ? List.of(200, 404) : List.of(200));
    if (seen.statusCode() == 200) {
      assertThat(seen.asByteArray()).isEqualTo(mine.picture());
    }
    if (random.nextBoolean()) {
      // 503 is the honest answer of a machine that is busy with other things.
      assertThat(variant(mine.alias(), 4 + 4 * random.nextInt(3)).statusCode())
          .isIn(purged ? List.of(200, 404, 503) : List.of(200, 503));
    }
    if (purged && random.nextInt(3) == 0) {
      Response purge =
          RestAssured.given()
              .header("X-Api-Token", KEY)
              .post(url() + "/internal/purge?alias=" + mine.alias());
      assertThat(purge.statusCode()).isIn(200, 404);
      gone.add(mine.alias());
    } else if (purged || random.nextInt(8) != 0) {
      Response delete =
          RestAssured.delete(url() + "/image/delete/" + mine.token() + "/" + mine.alias());
      assertThat(delete.statusCode()).isIn(purged ? List.of(204, 404) : List.of(204));
      gone.add(mine.alias());
    } else {
      kept.add(mine);
    }
  }

  private String url() {
    return "http://127.0.0.1:" + application.address().getPort();
  }

  private Uploaded accepted(byte[] picture) {
    Response reply = RestAssured.given().multiPart("images[]", "a", picture).post(url() + "/image");
    assertThat(reply.statusCode()).as(reply.asString()).isEqualTo(201);
    return new Uploaded(reply.path("files[0].file"), reply.path("files[0].delete_token"), picture);
  }

  private Response original(String alias) {
    return RestAssured.get(url() + "/image/original/" + alias);
  }

  private Response variant(String alias, int size) {
    return RestAssured.get(url() + "/image/process.png?thumbnail=" + size + "&src=" + alias);
  }
}
