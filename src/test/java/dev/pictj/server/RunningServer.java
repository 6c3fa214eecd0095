package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.app.Application;
import dev.pictj.config.SettingsLoader;
import io.restassured.RestAssured;
import io.restassured.builder.RequestSpecBuilder;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A whole pictj in this JVM on a port of its own, with a data folder that goes when it stops. */
public final class RunningServer implements AutoCloseable {
  public static final String KEY = "the-key";

  private final Path data;
  private final Application application;

  private RunningServer(Path data, Application application) {
    this.data = data;
    this.application = application;
  }

  /** Starts one; options come in pairs of long name and value. */
  public static RunningServer start(String... options) {
    return startAt(Clock.systemUTC(), options);
  }

  /** The same by another clock. */
  static RunningServer startAt(Clock clock, String... options) {
    return start(System.getenv("PATH"), "auto", clock, options);
  }

  /** As {@link #start}, with image tools from these folders only, and no libvips. */
  public static RunningServer startWithTools(List<Path> folders, String... options) {
    String path = folders.stream().map(Path::toString).collect(Collectors.joining(":"));
    return start(path, "imagemagick", Clock.systemUTC(), options);
  }

  private static RunningServer start(String path, String engine, Clock clock, String... options) {
    try {
      Map<String, List<String>> given = new HashMap<>();
      given.put("addr", List.of("127.0.0.1:0"));
      given.put("api-key", List.of(KEY));
      given.put("engine", List.of(engine));
      // The client of the tests keeps its connections open.
      given.put("stop-grace", List.of("0"));
      for (int i = 0; i < options.length; i += 2) {
        given.put(options[i], List.of(options[i + 1]));
      }
      if (!given.containsKey("path")) {
        given.put("path", List.of(Files.createTempDirectory("pictj-server-").toString()));
      }
      Path data = Path.of(given.get("path").getFirst());
      return new RunningServer(
          data, Application.started(new SettingsLoader(given, Map.of()).load(), path, clock));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stops, and starts with other options on the same data. */
  public RunningServer restarted(String... options) {
    application.close();
    String[] all = Arrays.copyOf(options, options.length + 2);
    all[options.length] = "path";
    all[options.length + 1] = data.toString();
    return start(all);
  }

  public int port() {
    return application.address().getPort();
  }

  public Path data() {
    return data;
  }

  /** A request to this server. Paths are sent as they are written. */
  public RequestSpecification request() {
    return RestAssured.given()
        .spec(
            new RequestSpecBuilder()
                .setBaseUri("http://127.0.0.1")
                .setPort(port())
                .setUrlEncodingEnabled(false)
                .build());
  }

  /** Asks for all of these at the same time. */
  List<CompletableFuture<Response>> getAll(Executor pool, Stream<String> paths) {
    return paths
        .map(path -> CompletableFuture.supplyAsync(() -> request().get(path), pool))
        .toList();
  }

  public RequestSpecification admin() {
    return request().header("X-Api-Token", KEY);
  }

  public Response upload(byte[] picture) {
    return upload("picture", picture);
  }

  public Response upload(String name, byte[] picture) {
    return request().multiPart("images[]", name, picture).post("/image");
  }

  /** Uploads what must be accepted and returns its alias. */
  public String accepted(byte[] picture) {
    Response response = upload(picture);
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(201);
    return response.path("files[0].file");
  }

  /** Purges every media, for the next test, where the dialect lists them. */
  void purgeAll() {
    List<List<String>> aliases;
    do {
      aliases = admin().get("/internal/hashes?limit=100").path("page.hashes.aliases");
      aliases.stream().flatMap(List::stream).forEach(this::purge);
    } while (!aliases.isEmpty());
    await().atMost(Duration.ofSeconds(10)).until(() -> stored().isEmpty());
  }

  private void purge(String alias) {
    // Another of the same media's may have taken this one with it.
    assertThat(admin().post("/internal/purge?alias=" + alias).statusCode()).isIn(200, 404);
  }

  /** Every stored file, originals and variants; those also that were sent and are being stored. */
  public List<Path> stored() {
    settle();
    return files("files", "variants");
  }

  /** Waits, but not for ever, until no variant is on its way to where it stays. */
  private void settle() {
    Instant end = Instant.now().plusSeconds(2);
    while (Instant.now().isBefore(end)
        && leftovers().stream()
            .anyMatch(file -> file.getFileName().toString().startsWith("variant"))) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** What uploads and renderings have left in the folder for unfinished files. */
  public List<Path> leftovers() {
    return files("tmp").stream()
        .filter(file -> !file.startsWith(data.resolve("tmp").resolve("engine").resolve("magick")))
        .filter(file -> !file.startsWith(data.resolve("tmp").resolve("engine").resolve("fit")))
        .toList();
  }

  private List<Path> files(String... folders) {
    return Arrays.stream(folders)
        .flatMap(
            folder -> {
              try (Stream<Path> files = Files.walk(data.resolve(folder))) {
                return files.filter(Files::isRegularFile).toList().stream();
              } catch (UncheckedIOException e) {
                // One of them has gone to where it stays while this looked.
                return files(folder).stream();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            })
        .toList();
  }

  /** Stops it, and fails when a test has left an unfinished file behind. */
  @Override
  public void close() throws IOException {
    try {
      await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertThat(leftovers()).isEmpty());
    } finally {
      stop();
    }
  }

  private void stop() throws IOException {
    application.close();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
