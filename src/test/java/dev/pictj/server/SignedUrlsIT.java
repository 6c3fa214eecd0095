package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.config.SigningKey;
import dev.pictj.http.UrlSignature;
import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that makes no variant for a stranger who has not been given its URL. */
@Execution(ExecutionMode.SAME_THREAD)
class SignedUrlsIT {
  private static final SigningKey SITE = new SigningKey("site", "s".repeat(32));
  private static final SigningKey APP = new SigningKey("app", "a".repeat(32));

  /** By what they are told. No test changes what another sees. */
  private static final Map<List<String>, RunningServer> SERVERS = new HashMap<>();

  private RunningServer server;
  private String alias;

  @BeforeEach
  void start() {
    server = started("0.5", "none");
    alias = server.accepted(Pictures.jpeg(90, 60));
  }

  @AfterAll
  static void stop() throws IOException {
    for (RunningServer each : SERVERS.values()) {
      each.close();
    }
    SERVERS.clear();
  }

  private static RunningServer started(String dialect, String unsigned) {
    return SERVERS.computeIfAbsent(
        List.of(dialect, unsigned),
        _ ->
            RunningServer.start(
                "dialect",
                dialect,
                "unsigned",
                unsigned,
                "presets",
                "card=thumbnail=30",
                "signing-keys",
                "site:" + SITE.secret() + ",app:" + APP.secret()));
  }

  private static String signed(String path) {
    return UrlSignature.signed(path, SITE, Optional.of(Instant.now().plusSeconds(3600)));
  }

  private static void assertRefused(Response reply, String code) {
    assertThat(reply.statusCode()).as(reply.asString()).isEqualTo(403);
    if (!reply.asString().isEmpty()) {
      assertThat(reply.<String>path("code")).isEqualTo(code);
      assertThat(reply.<String>path("msg")).isNotEmpty();
    }
    assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
  }

  @ParameterizedTest
  @CsvSource({"0.3, GET", "0.3, HEAD", "0.5, GET", "0.5, HEAD", "0.6, GET"})
  void noRouteMakesAVariantForAStranger(String dialect, String method) {
    RunningServer closed = started(dialect, "none");
    String mine = closed.accepted(Pictures.jpeg(90, 60));
    int before = closed.stored().size();
    for (String route :
        List.of(
            "process.webp",
            "process.jpg",
            "process.auto",
            "process.bmp",
            "auto",
            "details/process.webp",
            "process_backgrounded.webp")) {
      if (method.equals("HEAD") && route.matches("(details|process_b).*")) {
        continue;
      }
      for (String source :
          List.of("src=" + mine, "alias=" + mine, "src=none.png", "proxy=http://x.test/a")) {
        for (String operations : List.of("", "&thumbnail=20", "&preset=card")) {
          assertRefused(
              closed.request().request(method, "/image/" + route + "?" + source + operations),
              "signature-required");
          // Nor for who administers: caches would keep it for everybody.
          assertRefused(
              closed.admin().request(method, "/image/" + route + "?" + source + operations),
              "signature-required");
        }
      }
    }
    assertThat(closed.stored()).hasSize(before);
    assertThat(closed.request().get("/image/original/" + mine).statusCode()).isEqualTo(200);
    assertThat(closed.request().get("/image/details/original/" + mine).statusCode()).isEqualTo(200);
    assertThat(closed.request().get("/image/blurhash?alias=" + mine).statusCode()).isEqualTo(200);
  }

  @Test
  void oneSignatureIsGoodForAllThatIsAboutAVariant() {
    String path = signed("/image/process.webp?src=" + alias + "&thumbnail=20");
    Response made = server.request().get(path);
    assertThat(made.statusCode()).as(made.asString()).isEqualTo(200);
    assertThat(made.contentType()).isEqualTo("image/webp");
    assertThat(server.request().head(path).statusCode()).isEqualTo(200);
    Response details = server.request().get(path.replace("/process", "/details/process"));
    assertThat((int) details.path("width")).isEqualTo(20);
    assertThat(server.request().get(path.replace("process", "process_backgrounded")).statusCode())
        .isEqualTo(202);
    String auto = signed("/image/auto?src=" + alias + "&preset=card");
    assertThat(server.request().header("Accept", "image/webp").get(auto).contentType())
        .isEqualTo("image/webp");
    assertThat(
            server
                .request()
                .header("Accept", "*/*")
                .get(auto.replace("auto", "process.auto"))
                .contentType())
        .isEqualTo("image/jpeg");
  }

  @Test
  void whatIsLateForgedOrOfAnotherPictureIsRefused() {
    String other = server.accepted(Pictures.jpeg(91, 60));
    String path = "/image/process.webp?src=" + alias + "&thumbnail=20";
    String good = signed(path);
    // What is stored already is no exception.
    assertThat(server.request().get(good).statusCode()).isEqualTo(200);
    assertRefused(server.request().get(path), "signature-required");
    assertRefused(
        server.request().get(UrlSignature.signed(path, SITE, Optional.of(Instant.now()))),
        "signature-expired");
    for (String forged :
        List.of(
            good.replace(alias, other),
            good.replace("src=", "alias="),
            good.replace("thumbnail=20", "thumbnail=21"),
            good.replace("webp", "png"),
            good + "&blur=1",
            good.replace("key=site", "key=app"),
            good.replace("key=site", "key=nobody"),
            good.replaceAll("expires=1", "expires=2"),
            UrlSignature.signed(path, new SigningKey("site", "x".repeat(32)), Optional.empty()))) {
      assertRefused(server.request().get(forged), "invalid-signature");
    }
  }

  /** Or a cache would answer when the server does not any more. */
  @ParameterizedTest
  @CsvSource({
    "0.3, 3600, 3600",
    "0.3, 9000000, 604800",
    "0.5, 3600, 0",
    "0.6, 3600, 5",
  })
  void nobodyKeepsItBeyondItsEnd(String dialect, int seconds, int age) {
    RunningServer one = started(dialect, "all");
    String mine = one.accepted(Pictures.jpeg(90, 60));
    for (String operations : List.of("&thumbnail=20", "")) {
      String path = "/image/process.jpg?src=" + mine + operations;
      Instant end = Instant.now().plusSeconds(seconds);
      Response reply = one.request().get(UrlSignature.signed(path, APP, Optional.of(end)));
      Matcher kept =
          Pattern.compile("public, max-age=(\\d+), must-revalidate")
              .matcher(reply.header("Cache-Control"));
      assertThat(kept.matches()).as(reply.header("Cache-Control")).isTrue();
      assertThat(Integer.parseInt(kept.group(1)))
          .isBetween(Math.min(age, age - 20 + age % 20), age);
      Response endless = one.request().get(UrlSignature.signed(path, APP, Optional.empty()));
      assertThat(endless.header("Cache-Control"))
          .isEqualTo(one.request().get(path).header("Cache-Control"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.3", "0.5"})
  void presetsAreForEverybodyWhereTheyAreLeft(String dialect) {
    RunningServer one = started(dialect, "presets");
    String mine = one.accepted(Pictures.jpeg(90, 60));
    assertThat(one.request().get("/image/process.webp?src=" + mine + "&preset=card").statusCode())
        .isEqualTo(200);
    assertThat(one.request().get("/image/auto?preset=card&src=" + mine).statusCode())
        .isEqualTo(200);
    assertRefused(
        one.request().get("/image/process.webp?src=" + mine + "&thumbnail=30"),
        "signature-required");
    assertRefused(one.request().get("/image/process.webp?src=" + mine), "signature-required");
    assertThat(
            one.request()
                .get("/image/process.webp?src=" + mine + "&preset=card&thumbnail=31")
                .statusCode())
        .isEqualTo(400);
    assertThat(
            one.request()
                .get(signed("/image/process.webp?src=" + mine + "&thumbnail=31"))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void theLogHasNoSignature() throws Exception {
    try (LoggedRequests log = LoggedRequests.open()) {
      String path = signed("/image/process.webp?src=" + alias + "&thumbnail=22");
      server.request().get(path);
      server.request().get(path.replace("process.webp", "process_backgrounded.webp"));
      server.request().get(path.replace("process.webp", "auto"));
      String signature = path.replaceAll(".*signature=", "");
      assertThat(log.lines(3)).noneMatch(line -> line.contains(signature));
      log.awaitLine("signature=***");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none | '' | --unsigned is none, which needs --signing-keys",
        "presets | '' | --unsigned is presets, which needs --presets or --signing-keys",
        "all | site:short | --signing-keys must be an id of letters",
        "all | sssssssssssssssssssssssssssssssss | --signing-keys must be an id of letters",
        "some | '' | --unsigned is some, but must be one of all, presets, none",
      })
  void settingsThatMakeNoSenseAreToldAtTheStart(String unsigned, String keys, String problem) {
    assertThatThrownBy(() -> RunningServer.start("unsigned", unsigned, "signing-keys", keys))
        .rootCause()
        .hasMessageContaining(problem)
        .hasMessageNotContaining("short")
        .hasMessageNotContaining("ssssssss");
  }

  @Test
  void idsOfKeysDiffer() {
    assertThatThrownBy(
            () -> RunningServer.start("signing-keys", "a:" + SITE.secret() + " a:" + APP.secret()))
        .rootCause()
        .hasMessage("--signing-keys must be keys of different ids")
        .hasMessageNotContaining(SITE.secret());
  }
}
