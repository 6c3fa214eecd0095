package dev.pictj.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.JarProcess;
import dev.pictj.compat.LemmyStandIn.Version;
import dev.pictj.pictures.Pictures;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar set up as pict-rs 0.5 is, by its file alone or by the variables of its container alone: a
 * Lemmy in front of it uploads, shows and deletes.
 */
class PictrsSettingsIT {
  private static final String KEY = "my-pictrs-key";

  @TempDir private Path root;
  private Path store;
  private Path repo;

  @BeforeEach
  void names() {
    store = root.resolve("files");
    repo = root.resolve("sled-repo");
  }

  @Test
  void aFileAloneSetsItUp() throws Exception {
    int port = JarProcess.freePort();
    Path file = Files.writeString(root.resolve("pict-rs.toml"), toml(port));
    try (JarProcess server = JarProcess.serverAt(port, Map.of(), "-c", file.toString(), "run")) {
      servesLemmy(server);
      assertThat(server.output()).doesNotContain(" WARN ");
    }
  }

  /** The file that pict-rs brings, with its defaults but for the folders, the key and one limit. */
  private String toml(int port) {
    return """
    [server]
    address = "127.0.0.1:%d"
    read_only = false
    danger_dummy_mode = false
    api_key = "%s"
    max_file_count = 1
    temporary_directory = "%s"
    cleanup_temporary_directory = true

    [client]
    timeout = 30

    [upgrade]
    concurrency = 32

    [tracing.logging]
    format = "normal"
    targets = "info"
    log_spans = false
    no_ansi = false
    log_requests = false

    [tracing.console]
    buffer_capacity = 102400

    [tracing.opentelemetry]
    service_name = "pict-rs"
    targets = "info"

    [media]
    external_validation_timeout = 30
    max_file_size = 40
    process_timeout = 30
    filters = ["blur", "crop", "identity", "resize", "thumbnail"]

    [media.retention]
    variants = "7d"
    proxy = "7d"

    [media.magick]
    max_width = 10000
    max_height = 10000
    max_area = 20000
    memory = 256
    map = 512
    disk = 1024

    [media.image]
    max_width = 800
    max_height = 10000
    max_area = 40000000
    max_file_size = 40

    [media.image.quality]
    webp = 80

    [media.animation]
    max_width = 1920
    max_height = 1920
    max_area = 2073600
    max_frame_count = 900
    max_file_size = 40

    [media.video]
    enable = true
    allow_audio = false
    max_width = 3840
    max_height = 3840
    max_area = 8294400
    max_frame_count = 900
    max_file_size = 40
    video_codec = "vp9"

    [media.video.quality]
    crf_max = 32

    [repo]
    type = "sled"
    path = "%s"
    cache_capacity = 67108864
    export_path = "%s"

    [store]
    type = "filesystem"
    path = "%s"
    """
        .formatted(port, KEY, root, repo, root.resolve("exports"), store);
  }

  /** Those of the compose files that Lemmy's pages have, and the folders of this test. */
  @Test
  void variablesAloneSetItUp() throws Exception {
    int port = JarProcess.freePort();
    Map<String, String> environment =
        Map.ofEntries(
            Map.entry("PICTRS__SERVER__API_KEY", KEY),
            Map.entry("RUST_LOG", "info"),
            Map.entry("RUST_BACKTRACE", "full"),
            Map.entry("PICTRS__MEDIA__VIDEO__VIDEO_CODEC", "vp9"),
            Map.entry("PICTRS__MEDIA__ANIMATION__MAX_WIDTH", "256"),
            Map.entry("PICTRS__MEDIA__ANIMATION__MAX_HEIGHT", "256"),
            Map.entry("PICTRS__MEDIA__ANIMATION__MAX_FRAME_COUNT", "400"),
            Map.entry("PICTRS__MEDIA__IMAGE__MAX_WIDTH", "800"),
            Map.entry("PICTRS__SERVER__ADDRESS", "127.0.0.1:" + port),
            Map.entry("PICTRS__STORE__PATH", store.toString()),
            Map.entry("PICTRS__REPO__PATH", repo.toString()));
    try (JarProcess server = JarProcess.serverAt(port, environment)) {
      assertThat(upload(server.url() + "/image", Pictures.gif(300, 200, 2)).statusCode())
          .isEqualTo(400);
      servesLemmy(server);
    }
  }

  private void servesLemmy(JarProcess server) throws Exception {
    try (LemmyStandIn lemmy = new LemmyStandIn(Version.V0_19, server.port(), KEY)) {
      String images = lemmy.url() + "/pictrs/image";
      byte[] picture = Pictures.png(700, 500);
      Response reply = upload(images, picture);
      assertThat(reply.statusCode()).as(reply.asString()).isEqualTo(201);
      String alias = reply.path("files[0].file");
      assertThat(OffsetDateTime.parse(reply.path("files[0].details.created_at")).getYear())
          .isGreaterThan(2000);
      Response whole = RestAssured.get(images + "/" + alias);
      assertThat(whole.statusCode()).isEqualTo(200);
      assertThat(whole.contentType()).isEqualTo("image/png");
      Response thumbnail = RestAssured.get(images + "/" + alias + "?thumbnail=96&format=webp");
      assertThat(thumbnail.statusCode()).isEqualTo(200);
      assertThat(thumbnail.contentType()).isEqualTo("image/webp");
      assertThat(stored()).hasSize(2);

      Response wide = upload(images, Pictures.png(801, 5));
      assertThat(wide.statusCode()).isEqualTo(400);
      assertThat(wide.<String>path("code")).isEqualTo("validate-width");

      String token = reply.path("files[0].delete_token");
      assertThat(lemmy.delete(token, alias)).isEqualTo(204);
      String other = upload(images, Pictures.jpeg(300, 200)).path("files[0].file");
      lemmy.purge(other);
      for (String gone : List.of(alias, other)) {
        assertThat(RestAssured.get(images + "/" + gone).statusCode()).isEqualTo(404);
      }
      await().atMost(Duration.ofSeconds(20)).until(() -> stored().isEmpty());
    }
    assertThat(Files.isDirectory(repo)).isTrue();
    server.terminate();
    assertThat(server.exitStatus()).isZero();
    assertThat(server.errors()).isEmpty();
  }

  private static Response upload(String url, byte[] picture) {
    return RestAssured.given().multiPart("images[]", "image.png", picture, "image/png").post(url);
  }

  private List<Path> stored() throws Exception {
    try (Stream<Path> all = Files.walk(store)) {
      return all.filter(Files::isRegularFile)
          .filter(
              file ->
                  file.startsWith(store.resolve("files"))
                      || file.startsWith(store.resolve("variants")))
          .toList();
    }
  }

  /**
   * What a container without a way out has: nobody to ask for a name, and the loopback interface
   * alone where the kernel lets this user have such a network.
   */
  @Test
  void itStartsWithoutANetwork() throws Exception {
    List<String> network =
        List.of("bwrap", "--dev-bind", "/", "/", "--unshare-net", "--die-with-parent");
    Process trial =
        new ProcessBuilder(Stream.concat(network.stream(), Stream.of("true")).toList()).start();
    Path hosts = Files.createFile(root.resolve("hosts"));
    List<String> alone = new ArrayList<>(trial.waitFor() == 0 ? network : List.of());
    alone.addAll(List.of("env", "JDK_JAVA_OPTIONS=-Djdk.net.hosts.file=" + hosts));
    try (JarProcess server =
        JarProcess.commandBehind(
            alone, "run", "-a", "127.0.0.1:0", "filesystem", "-p", store.toString())) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> !server.isAlive() || server.output().contains(" listens on "));
      assertThat(server.isAlive()).as(server.errors() + server.output()).isTrue();
    }
  }
}
