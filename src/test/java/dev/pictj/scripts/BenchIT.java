package dev.pictj.scripts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pictj.JarProcess;
import dev.pictj.Rehearsal;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The benchmark, very briefly: what it asks, what it writes down, and that no wrong answer counts.
 * curl is its client here, so that the tests need nothing that only benchmarks use.
 */
@Tag("clients")
final class BenchIT {
  /** How the kinds of servers are told a size. */
  private static final Pattern SIZE =
      Pattern.compile("(?:resize=|thumbnail=|rs:fit:\\d+:|fit-in/\\d+x)(\\d+)");

  @TempDir private Path folder;
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final AtomicInteger uploaded = new AtomicInteger();
  private HttpServer server;

  /** What the server of a test does about a request for a picture. */
  private interface Answer {
    void to(HttpExchange exchange, int size) throws IOException;
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  @Test
  void measuresTheJar() throws Exception {
    Run run = bench("--only", "cached-variant/8,cached-304,cached-range,upload-1mb,memory");

    assertThat(run.status()).as(run.said()).isZero();
    for (String line :
        List.of("cached-variant/8", "cached-304/8", "cached-range/8", "upload-1mb")) {
      JsonNode row = run.line(line, "pictj");
      assertThat(row.get("ok").booleanValue()).as(line).isTrue();
      assertThat(row.get("per_second").doubleValue()).as(line).isPositive();
      assertThat(row.get("p99_ms").doubleValue()).as(line).isPositive();
    }
    assertThat(run.line("memory-pss/idle", "pictj").get("value").doubleValue()).isGreaterThan(20);
    assertThat(run.said()).contains("variant of 10 KB, 8 connections");
  }

  /**
   * Frames and sizes of what comes are looked at, and an upload in the background until claimed.
   */
  @Test
  void measuresMotionAndTheBackgroundInALaterDialect() throws Exception {
    List<String> lines = List.of("variant-gif/1", "variant-gif-webp/1", "upload-behind-1mb");
    Run run = bench("--dialect", "0.5", "--only", String.join(",", lines));

    assertThat(run.status()).as(run.said()).isZero();
    for (String line : lines) {
      assertThat(run.line(line, "pictj").get("per_second").doubleValue()).as(line).isPositive();
    }
  }

  @Test
  void animationsAreNotMeasuredWhereTheyAreKeptAsFilms() throws Exception {
    Run run = bench("--only", "variant-gif/1");

    assertThat(run.status()).as(run.said()).isZero();
    assertThat(run.line("variant-gif/1", "pictj").get("unsupported").textValue())
        .contains("video/mp4");
  }

  @Test
  void asksEachKindOfServerInItsOwnWords() throws Exception {
    start(BenchIT::picture);

    List<String> arguments = new ArrayList<>();
    for (String kind : List.of("pictj", "pict-rs", "imgproxy", "imagor", "thumbor")) {
      arguments.addAll(List.of("--target", url(), "--kind", kind, "--files", folder.toString()));
    }
    arguments.addAll(List.of("--key", "secret", "--only", "variant-jpeg2/1,upload-1mb"));
    Run run = bench(arguments.toArray(String[]::new));

    assertThat(run.status()).as(run.said()).isZero();
    assertThat(asked).contains("POST /internal/import secret", "POST /image");
    for (String form :
        List.of(
            "/image/process\\.jpg\\?src=name\\d+\\.jpg&resize=480",
            "/unsafe/rs:fit:480:480/plain/local:///jpeg-2mp-\\d+\\.jpg@jpg",
            "/unsafe/fit-in/480x480/filters:format\\(jpeg\\)/jpeg-2mp-\\d+\\.jpg")) {
      assertThat(asked).anyMatch(each -> each.matches("GET " + form));
    }
    assertThat(run.line("variant-jpeg2/1", "imgproxy").get("ok").booleanValue()).isTrue();
    assertThat(run.line("upload-1mb", "thumbor").get("ok").booleanValue()).isTrue();
    assertThat(run.line("upload-1mb", "imgproxy").get("unsupported").textValue()).isNotEmpty();
  }

  /** Of each kind of picture; Pillow is an extra that a machine need not have. */
  @Test
  void measuresWhatEnginesOfOthersDo() throws Exception {
    List<String> lines = List.of("variant-thumbnail2/1", "variant-png/8", "variant-webp/1");
    Run run = bench("--engines", "--only", String.join(",", lines));

    assertThat(run.status()).as(run.said()).isZero();
    List<String> engines = new ArrayList<>(List.of("imagor's", "imgproxy's"));
    if (!run.said().contains("Without thumbor's engine, which lacks its library here.")) {
      engines.add("thumbor's");
    }
    for (String line : lines) {
      for (String engine : engines) {
        JsonNode row = run.line(line, engine + " engine");
        assertThat(row.get("ok").booleanValue()).as(line + engine).isTrue();
        assertThat(row.get("per_second").doubleValue()).as(line + engine).isPositive();
        assertThat(run.line(line, "pictj").get("ratios").get(engine + " engine").doubleValue())
            .isPositive();
      }
    }
  }

  @Test
  void aPictureOfAnotherSizeIsAFailureAndNotFast() throws Exception {
    start((exchange, size) -> picture(exchange, size - 1));

    failsWith("a picture of ", "variant-jpeg2/1");
  }

  @Test
  void anErrorIsAFailureAndNotFast() throws Exception {
    start((exchange, size) -> exchange.sendResponseHeaders(503, -1));

    failsWith("status 503", "variant-jpeg2/1");
  }

  @Test
  void storedBytesThatBecomeOthersAreAFailure() throws Exception {
    AtomicInteger turn = new AtomicInteger();
    start((exchange, size) -> picture(exchange, turn.getAndIncrement() % 5 == 0 ? 100 : size));

    failsWith("bytes instead of", "cached-original/8");
  }

  private void failsWith(String problem, String line) throws Exception {
    Run run =
        bench("--target", url(), "--kind", "imgproxy", "--files", "" + folder, "--only", line);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.said()).contains("FAILED");
    JsonNode row = run.line(line, "imgproxy");
    assertThat(row.get("ok").booleanValue()).isFalse();
    assertThat(row.get("problem").textValue()).contains(problem);
    assertThat(row.get("per_second").isNull()).isTrue();
  }

  private record Run(int status, String said, JsonNode written) {
    JsonNode line(String line, String subject) {
      return StreamSupport.stream(written.get("lines").spliterator(), false)
          .filter(row -> row.get("line").textValue().equals(line))
          .filter(row -> row.get("subject").textValue().equals(subject))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no " + line + " of " + subject + " in " + said));
    }
  }

  private Run bench(String... arguments) throws Exception {
    Path json = folder.resolve("figures.json");
    Path output = folder.resolve("output");
    String program =
        """
        . "$0/script/lib.sh"
        exec python3 -B "$0/script/bench.py" --convert "$(find_imagemagick)" \
          --default-java-opts "$default_java_opts $1" --root "$0" "${@:2}"
        """;
    List<String> command = new ArrayList<>(List.of("bash", "-c", program));
    command.add(JarProcess.baseFolder().toString());
    command.add(String.join(" ", Rehearsal.done().options()));
    command.addAll(
        List.of("--java", "" + JarProcess.java(), "--default-jar", "" + JarProcess.jar()));
    command.addAll(
        List.of("--client", "curl", "--seconds", "0.05", "--runs", "1", "--json", "" + json));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("TMPDIR", Files.createDirectory(folder.resolve("tmp")).toString());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("it ends").isTrue();
    } finally {
      process.destroy();
    }
    assertThat(folder.resolve("tmp")).as("what it leaves behind").isEmptyDirectory();
    String said = Files.readString(output, UTF_8);
    assertThat(json).as(said).exists();
    return new Run(process.exitValue(), said, new ObjectMapper().readTree(json.toFile()));
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** A server that writes down what it is asked and takes every upload. */
  private void start(Answer answer) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          String key = exchange.getRequestHeaders().getFirst("X-Api-Token");
          String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
          asked.add(key == null ? request : request + " " + key);
          if (request.startsWith("POST")) {
            String alias = "name%d.jpg".formatted(uploaded.getAndIncrement());
            byte[] body = "{\"files\":[{\"file\":\"%s\"}]}".formatted(alias).getBytes(UTF_8);
            exchange.getResponseHeaders().add("Location", "/image/name.jpg");
            exchange.sendResponseHeaders(201, body.length);
            exchange.getResponseBody().write(body);
          } else {
            Matcher matcher = SIZE.matcher(request);
            answer.to(exchange, matcher.find() ? Integer.parseInt(matcher.group(1)) : 1000);
          }
          exchange.close();
        });
    server.start();
  }

  private static void picture(HttpExchange exchange, int size) throws IOException {
    var out = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(size, size / 2, BufferedImage.TYPE_INT_RGB), "jpg", out);
    exchange.getResponseHeaders().add("Content-Type", "image/jpeg");
    exchange.sendResponseHeaders(200, out.size());
    out.writeTo(exchange.getResponseBody());
  }
}
