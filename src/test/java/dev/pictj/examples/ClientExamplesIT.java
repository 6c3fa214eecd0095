package dev.pictj.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.JarProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples do what their texts say, against the built jar, and leave nothing behind. */
final class ClientExamplesIT {
  private static final Path EXAMPLES = JarProcess.baseFolder().resolve("client-examples");
  private static final Pattern ALIAS = Pattern.compile("\"file\": ?\"([^\"]+)\"");

  @TempDir private static Path data;
  private static JarProcess server;

  @BeforeAll
  static void start() {
    server = JarProcess.server(data, "--trash-interval", "1");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** A client: how it is started, how many files it uploads, what it prints besides the reply. */
  record Example(List<String> command, int files, List<String> prints) {
    @Override
    public String toString() {
      return command.getLast();
    }
  }

  private static List<Example> examples() {
    return List.of(
        new Example(
            List.of("bash", file("bash/client.sh")),
            1,
            List.of("uploaded: ", "thumbnail: ", "\"content_type\":\"image/jpeg\"", "deleted: ")),
        new Example(
            List.of("python3", file("python/client.py")),
            8,
            List.of("image/png", "image/jpeg", "image/webp", "video/mp4", "deleted: 8 files")),
        new Example(
            List.of("node", file("javascript/client.mjs")),
            1,
            List.of("\"content_type\": \"image/png\"", "\"width\": 640", "deleted: ")),
        new Example(
            List.of(JarProcess.java().toString(), file("java/Client.java")),
            1,
            List.of("\"width\":1200", "bytes of JPEG", "deleted: ")));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void uploadsAndDeletes(Example example) throws Exception {
    Run run = run(example, server.url(), false);

    assertThat(run.status()).as(run.output()).isZero();
    assertThat(run.output()).contains(example.prints());
    List<String> aliases = aliases(run);
    assertThat(aliases).hasSize(example.files());
    for (String alias : aliases) {
      assertThat(status("/image/original/" + alias)).isEqualTo(404);
    }
    await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(stored()).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void keepsWhatItUploadedWhenAsked(Example example) throws Exception {
    Run run = run(example, server.url(), true);

    assertThat(run.status()).as(run.output()).isZero();
    List<String> aliases = aliases(run);
    assertThat(aliases).hasSize(example.files());
    for (String alias : aliases) {
      assertThat(status("/image/original/" + alias)).isEqualTo(200);
    }
    deleteAll(run);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void failsWhenTheServerRefuses(Example example) throws Exception {
    // Below this path there is no route: every request is answered with 404, perhaps before the
    // client has sent all, so that the client may see a closed connection instead.
    Run run = run(example, server.url() + "/nowhere", false);

    assertThat(run.status()).as(run.output()).isNotZero();
    assertThat(run.output()).contains("error: ").doesNotContain("deleted", "\tat ");
  }

  /** Of these two a later step fails on a server that permits no operation. */
  @ParameterizedTest
  @MethodSource("examplesThatProcess")
  void leavesNothingBehindWhenALaterStepFails(Example example, @TempDir Path folder)
      throws Exception {
    try (JarProcess strict =
        JarProcess.server(folder, "--trash-interval", "1", "--max-operations", "0")) {
      Run run = run(example, strict.url(), false);
      assertThat(run.status()).as(run.output()).isNotZero();
      assertThat(run.output()).contains("error: ", "delete_token");
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(stored(folder)).isEmpty());
    }
  }

  private static List<Example> examplesThatProcess() {
    return examples().stream()
        .filter(one -> one.command().getLast().matches(".*\\.(sh|java)"))
        .toList();
  }

  /** The script of the page, run by Node with as much of a page as it touches. */
  @Test
  void thePageUploadsShowsAndDeletes() throws Exception {
    Example page =
        new Example(
            List.of(
                "node",
                Path.of(getClass().getResource("/examples/page.mjs").toURI()).toString(),
                file("html/index.html")),
            1,
            List.of());
    Run run = run(page, server.url(), false, file("photo.jpg"));
    assertThat(run.status()).as(run.output()).isZero();
    assertThat(run.output()).contains("the page works");
  }

  @Test
  void thePageSendsTheFieldThatTheServerReads() throws IOException {
    assertThat(Files.readString(EXAMPLES.resolve("html/index.html")))
        .contains("action=\"/image\" method=\"post\" enctype=\"multipart/form-data\"")
        .containsPattern("<input [^>]*type=\"file\" name=\"images\\[]\" multiple");
  }

  @Test
  void thePicturesAreSmall() throws IOException {
    for (String name : List.of("photo.jpg", "spin.gif", "scene.webp", "test.png")) {
      assertThat(Files.size(EXAMPLES.resolve(name))).as(name).isBetween(1_000L, 150_000L);
    }
  }

  private record Run(int status, String output) {}

  private static Run run(Example example, String url, boolean keep, String... more)
      throws Exception {
    List<String> command = new ArrayList<>(example.command());
    command.add(url);
    command.addAll(List.of(more));
    Path output = Files.createTempFile("example", ".out");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().put("KEEP", keep ? "1" : "");
      builder.environment().put("NO_PROXY", "*");
      Process process = builder.start();
      try {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", example).isTrue();
      } finally {
        process.destroyForcibly();
      }
      return new Run(process.exitValue(), Files.readString(output, UTF_8));
    } finally {
      Files.delete(output);
    }
  }

  private static List<String> aliases(Run run) {
    return ALIAS.matcher(run.output()).results().map(found -> found.group(1)).toList();
  }

  private static void deleteAll(Run run) throws Exception {
    List<String> tokens =
        Pattern.compile("\"delete_token\": ?\"([^\"]+)\"")
            .matcher(run.output())
            .results()
            .map(found -> found.group(1))
            .toList();
    List<String> aliases = aliases(run);
    for (int i = 0; i < aliases.size(); i++) {
      assertThat(status("/image/delete/" + tokens.get(i) + "/" + aliases.get(i))).isEqualTo(204);
    }
  }

  private static int status(String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create(server.url() + path)).build(),
              BodyHandlers.discarding())
          .statusCode();
    }
  }

  /** Whole stored files; none may outlive its names. */
  private static List<Path> stored() throws IOException {
    return stored(data);
  }

  private static List<Path> stored(Path data) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String folder : List.of("files", "variants")) {
      try (Stream<Path> files = Files.walk(data.resolve(folder))) {
        files.filter(Files::isRegularFile).forEach(found::add);
      }
    }
    return found;
  }

  private static String file(String path) {
    return EXAMPLES.resolve(path).toString();
  }
}
