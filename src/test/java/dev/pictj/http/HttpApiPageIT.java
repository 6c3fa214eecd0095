package dev.pictj.http;

import static dev.pictj.docs.MarkdownPage.code;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.JarProcess;
import dev.pictj.docs.MarkdownPage;
import dev.pictj.http.dialect.Dialect;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.server.RunningServer;
import io.javalin.http.HandlerType;
import io.restassured.response.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of the HTTP API says what the routing table, a running server and the errors say. */
class HttpApiPageIT {
  private static final MarkdownPage PAGE = MarkdownPage.of("docs/http-api.md");

  /** Path to methods, as the page has them. */
  private static Map<String, String> documented() {
    return PAGE.table("## Routes").stream().collect(toMap(List::getFirst, row -> row.get(1)));
  }

  @Test
  void everyRouteHasItsRow() {
    Map<String, String> routes =
        ReplyHeadersIT.routes().entrySet().stream()
            .collect(
                toMap(
                    route -> code(route.getKey()),
                    route ->
                        new TreeSet<>(route.getValue().stream().map(HandlerType::name).toList())
                            .stream().collect(joining(", "))));
    assertThat(documented()).containsExactlyInAnyOrderEntriesOf(routes);
  }

  @Test
  void aRunningServerAllowsTheMethodsOfThePage() throws Exception {
    try (RunningServer server = RunningServer.start()) {
      documented()
          .forEach(
              (route, methods) -> {
                String path =
                    route
                        .replace("`", "")
                        .replace("{ext}", "webp")
                        .replaceAll("\\{\\w+}", "AbCdEfGhIj.png");
                Response reply = server.admin().options(path);
                assertThat(reply.statusCode()).as(path).isEqualTo(204);
                TreeSet<String> allowed = new TreeSet<>(List.of(reply.header("Allow").split(", ")));
                allowed.remove("OPTIONS");
                assertThat(String.join(", ", allowed)).as(path).isEqualTo(methods);
              });
    }
  }

  @Test
  void everyErrorCodeStandsWithItsStatus() {
    // Several that clients of 0.5 tell apart are one here.
    assertThat(PAGE.table("## Errors"))
        .extracting(row -> row.get(0) + " " + row.get(1))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ErrorCode.values())
                .map(error -> code(error.word(Dialect.V0_3)) + " " + error.status(Dialect.V0_3))
                .distinct()
                .toList());
  }

  @Test
  void everyCodeThatLaterLinesTellOtherwiseStandsWithBoth() {
    assertThat(PAGE.table("### Codes"))
        .extracting(row -> String.join(" ", row.subList(0, 4)))
        .containsExactlyElementsOf(
            Arrays.stream(ErrorCode.values())
                .filter(error -> !told(error, Dialect.V0_3).equals(told(error, Dialect.V0_5)))
                .map(error -> told(error, Dialect.V0_3) + " " + told(error, Dialect.V0_5))
                .toList());
  }

  private static String told(ErrorCode error, Dialect dialect) {
    return code(error.word(dialect)) + " " + error.status(dialect);
  }

  /** One after the other, against one server. */
  @Test
  void theExamplesOfDialect05AreWhatItAnswers(@TempDir Path folder) throws Exception {
    Files.createSymbolicLink(
        folder.resolve("client-examples"), JarProcess.baseFolder().resolve("client-examples"));
    List<String> examples =
        PAGE.section("## Dialect 0.5").blocks("sh").stream()
            .flatMap(block -> Arrays.stream(block.split("(?m)^\\$ ")))
            .filter(example -> !example.isEmpty())
            .toList();
    assertThat(examples).hasSizeGreaterThan(20);
    try (RunningServer server = RunningServer.start("dialect", "0.5")) {
      for (String example : examples) {
        String[] lines = example.split("\n", 2);
        assertThat(masked(run(folder, server, lines[0]))).as(lines[0]).isEqualTo(masked(lines[1]));
      }
    }
  }

  private static String run(Path folder, RunningServer server, String command) throws Exception {
    assertThat(command).startsWith("curl ");
    String here =
        command
            .replace("localhost:8080", "127.0.0.1:" + server.port())
            .replace("X-Api-Token: KEY", "X-Api-Token: " + RunningServer.KEY);
    Process process =
        new ProcessBuilder("bash", "-c", "curl -sS " + here.substring("curl ".length()))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  /** Without names, times and pixels, which are others each time, or with other libraries. */
  private static String masked(String answer) {
    return answer
        .strip()
        .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID")
        .replaceAll("20[0-9]{2}-[0-9T:.-]+Z", "TIME")
        .replaceAll("\"blurhash\":\"[^\"]+\"", "BLURHASH")
        .replaceAll("files/../../[A-Za-z0-9]{14}", "PLACE")
        .replaceAll("[0-9a-f]{78}", "HEX")
        .replaceAll("[A-Za-z0-9_-]{52}", "SLUG");
  }
}
