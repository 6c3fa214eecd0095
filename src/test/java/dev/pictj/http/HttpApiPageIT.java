package dev.pictj.http;

import static dev.pictj.docs.MarkdownPage.code;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.docs.MarkdownPage;
import dev.pictj.http.dialect.Dialect;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.server.RunningServer;
import io.javalin.http.HandlerType;
import io.restassured.response.Response;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

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
}
