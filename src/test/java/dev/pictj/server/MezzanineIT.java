package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.engine.metadata.JpegTraits;
import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The copy of middle size that small variants are made from: when there is one, and when not. */
class MezzanineIT {
  private static final int SIZE = 200;
  private static final int QUALITY = 95;

  private static RunningServer server;
  private static boolean changed;

  @BeforeAll
  static void start() {
    server = RunningServer.start(settings(SIZE, QUALITY));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @AfterEach
  void empty() {
    server.purgeAll();
    if (changed) {
      restart(SIZE, QUALITY);
      changed = false;
    }
  }

  private static String[] settings(int size, int quality) {
    return new String[] {
      "engine",
      "libvips",
      "mezzanine-size",
      String.valueOf(size),
      "mezzanine-quality",
      String.valueOf(quality),
      "trash-interval",
      "1"
    };
  }

  private byte[] resized(String alias, int side) {
    Response reply = server.request().get("/image/process.webp?src=" + alias + "&resize=" + side);
    assertThat(reply.statusCode()).as(reply.asString()).isEqualTo(200);
    return reply.asByteArray();
  }

  private List<Path> mezzanines() {
    return server.stored().stream()
        .filter(file -> file.getFileName().toString().startsWith("mezzanine"))
        .toList();
  }

  /** What is being removed may be gone when it is looked at. */
  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(20)).ignoreExceptions();
  }

  private Path mezzanine() {
    soon().untilAsserted(() -> assertThat(mezzanines()).hasSize(1));
    return mezzanines().getFirst();
  }

  @Test
  void theSecondSmallVariantBringsOneAndTheThirdComesOfIt() {
    byte[] picture = Pictures.png(401, 299);
    byte[] straight;
    try (RunningServer other = RunningServer.start("engine", "libvips", "mezzanine-size", "0")) {
      straight =
          other
              .request()
              .get("/image/process.webp?src=" + other.accepted(picture) + "&resize=66")
              .asByteArray();
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
    String alias = server.accepted(picture);
    resized(alias, 40);
    resized(alias, 40);
    assertThat(mezzanines()).isEmpty();
    resized(alias, 60);
    mezzanine();

    byte[] third = resized(alias, 66);

    // Twice resampled pixels are never quite the same ones.
    assertThat(third).isNotEqualTo(straight);
    assertThat(
            server
                .request()
                .get("/image/details/process.webp?src=" + alias + "&resize=66")
                .<Integer>path("height"))
        .isEqualTo(299 * 66 / 401);
  }

  @Test
  void aLostOneIsMadeAgain() throws Exception {
    String alias = server.accepted(Pictures.png(402, 299));
    resized(alias, 40);
    resized(alias, 60);
    Files.delete(mezzanine());
    resized(alias, 50);
    resized(alias, 56);
    mezzanine();
  }

  @Test
  void aDamagedOneIsForgottenAndTheOriginalUsed() throws Exception {
    String alias = server.accepted(Pictures.jpegProgressive(403, 299));
    resized(alias, 40);
    resized(alias, 60);
    Path damaged = mezzanine();
    Files.write(damaged, new byte[(int) Files.size(damaged)]);
    resized(alias, 50);
    resized(alias, 56);
    resized(alias, 66);
    soon().untilAsserted(() -> assertThat(mezzanines()).anyMatch(file -> !file.equals(damaged)));
  }

  @Test
  void itGoesWithItsPicture() {
    String alias = server.accepted(Pictures.png(404, 299));
    resized(alias, 40);
    resized(alias, 60);
    mezzanine();
    assertThat(server.admin().post("/internal/purge?alias=" + alias).statusCode()).isEqualTo(200);
    soon().untilAsserted(() -> assertThat(server.stored()).isEmpty());
  }

  private static void restart(int size, int quality) {
    server = server.restarted(settings(size, quality));
    changed = true;
  }

  @Test
  void anotherQualityBringsAnotherOne() throws Exception {
    String alias = server.accepted(Pictures.jpegProgressive(406, 299));
    resized(alias, 40);
    resized(alias, 60);
    assertThat(JpegTraits.of(mezzanine()).quality()).isEqualTo(95);
    restart(200, 88);
    // Those that were made before say nothing of it.
    resized(alias, 40);
    assertThat(JpegTraits.of(mezzanine()).quality()).isEqualTo(95);
    resized(alias, 50);
    resized(alias, 56);
    soon().untilAsserted(() -> assertThat(JpegTraits.of(mezzanine()).quality()).isEqualTo(88));
    Path made = mezzanine();
    resized(alias, 64);
    resized(alias, 66);
    assertThat(mezzanine()).isEqualTo(made);
  }

  @Test
  void oneWithoutLossStaysWhateverTheQuality() {
    String alias = server.accepted(Pictures.png(407, 299));
    resized(alias, 40);
    resized(alias, 60);
    Path made = mezzanine();
    restart(200, 88);
    resized(alias, 50);
    resized(alias, 56);
    assertThat(mezzanine()).isEqualTo(made);
  }

  @Test
  void anotherSizeBringsAnotherOneAndLosesNothingElseHoweverManyAskAtOnce() {
    String alias = server.accepted(Pictures.png(408, 299));
    resized(alias, 40);
    resized(alias, 60);
    Path old = mezzanine();
    final List<Path> rest = server.stored().stream().filter(file -> !file.equals(old)).toList();
    restart(180, 95);
    List<CompletableFuture<Void>> requests =
        IntStream.rangeClosed(41, 56)
            .mapToObj(
                side ->
                    CompletableFuture.runAsync(
                        () -> resized(alias, side), Thread::startVirtualThread))
            .toList();
    requests.forEach(CompletableFuture::join);
    soon().untilAsserted(() -> assertThat(mezzanine()).isNotEqualTo(old));
    assertThat(server.stored()).containsAll(rest).hasSize(rest.size() + 16 + 1);
    resized(alias, 57);
    assertThat(server.stored()).hasSize(rest.size() + 16 + 2);
  }

  @Test
  void withoutThemAnOldOneGoesWithTheNextVariant() {
    String alias = server.accepted(Pictures.png(409, 299));
    resized(alias, 40);
    resized(alias, 60);
    mezzanine();
    restart(0, 95);
    resized(alias, 50);
    soon().untilAsserted(() -> assertThat(mezzanines()).isEmpty());
  }

  @Test
  void whatStartsAtFullSizeBringsNone() {
    String alias = server.accepted(Pictures.png(405, 299));
    for (String query : List.of("resize=150", "resize=160", "crop=1x1&resize=40", "blur=2")) {
      assertThat(
              server.request().get("/image/process.webp?src=" + alias + "&" + query).statusCode())
          .isEqualTo(200);
    }
    assertThat(mezzanines()).isEmpty();
  }
}
