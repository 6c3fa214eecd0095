package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.http.dialect.Dialect;
import dev.pictj.http.jetty.ConnectionMemory;
import dev.pictj.store.BlobName;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is answered before Javalin is asked, which here always says 418, and what is not. */
class MediaHandlerTest {
  private static final int JAVALIN = 418;

  @TempDir private Path data;
  private StoredPicture picture;
  private Server server;
  private ServerConnector connector;

  @BeforeEach
  void start() throws Exception {
    picture = new StoredPicture(data);
    picture.addVariant("thumbnail-10.webp", "variant.webp");
    Sources sources =
        new Sources(picture.catalog, picture.nothingProxied(), false, Optional.empty());
    RoutingTable table =
        new RoutingTable(
            new Uploads(null, null, null, null, null, null, false, null),
            new Adoptions(null, null, null),
            new Originals(sources, null, null, null),
            new Processing(
                sources,
                new Presets(StoredPicture.parser(), Map.of()),
                picture.variants(picture.files),
                null,
                null,
                null,
                StoredPicture.UNSIGNED,
                Dialect.V0_3,
                null),
            new ServerLimits(null, false),
            new Internal(null, null, null, null, null, null, null, 0, null),
            new Moderation(null, null, null, null, null, null),
            new Hashes(null, 0, null, null, Duration.ZERO),
            new AdminWork(null, null, null, null, 0, null, null),
            new Health(null, null),
            new BuildInfo(null),
            Dialect.V0_3,
            false);
    MediaHandler handler =
        new MediaHandler(
            table.media(),
            new MediaReply.Source(
                picture.files, picture.catalog, new ConnectionMemory(1 << 20), Dialect.V0_3),
            Dialect.V0_3);
    handler.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            response.setStatus(JAVALIN);
            callback.succeeded();
            return true;
          }
        });
    server = new Server();
    connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(handler);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
    picture.close();
  }

  private RequestSpecification request() {
    return RestAssured.given().port(connector.getLocalPort());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/image/original/alias.png",
        "/image/original/alias%2Epng",
        "/image/original/%61lias.png",
        "/image/process.webp?src=alias.png&thumbnail=10",
        "/image/process.web%70?src=%61lias.png&thumbnail=1%30"
      })
  void whatIsStoredIsSent(String target) {
    var whole = request().urlEncodingEnabled(false).get(target);
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.asByteArray()).isEqualTo(StoredPicture.BYTES);
    var head = request().urlEncodingEnabled(false).head(target);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.header("Content-Length")).isEqualTo("4");
    var part = request().urlEncodingEnabled(false).header("Range", "bytes=1-2").get(target);
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.asByteArray()).containsExactly(2, 3);
    var known =
        request()
            .urlEncodingEnabled(false)
            .header("If-None-Match", whole.header("ETag"))
            .get(target);
    assertThat(known.statusCode()).isEqualTo(304);
    assertThat(known.header("Content-Length")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "/image/original/nobody.png, 404, alias-not-found",
    "/image/original/alias.png;x=1, 404, alias-not-found",
    "/image/original/alias.png+, 404, alias-not-found",
    "/image/process.webp?src=nobody.png, 404, alias-not-found",
    "/image/process.webp?src=alias.png&thumbnail=wide, 400, invalid-process-path",
    "/image/process.webp?thumbnail=10, 400, invalid-query",
    "/image/process.tiff?src=alias.png&thumbnail=10, 400, invalid-file-extension",
  })
  void mistakesAreAnsweredHereToo(String target, int status, String code) {
    var reply = request().urlEncodingEnabled(false).get(target);
    assertThat(reply.statusCode()).isEqualTo(status);
    assertThat(reply.<String>path("code")).isEqualTo(code);
    assertThat(reply.header("ETag")).isNull();
    var head = request().urlEncodingEnabled(false).head(target);
    assertThat(head.statusCode()).isEqualTo(status);
    assertThat(head.header("Content-Length")).isEqualTo(reply.header("Content-Length"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/image/details/original/alias.png",
        "/image/original/",
        "/image/original/alias.png/",
        "/image/./original/alias.png",
        "/image/x/../original/alias.png",
        "/image/%6Friginal/alias.png",
        "/IMAGE/original/alias.png",
        "/image/process.",
        "/image/process%2Ewebp?src=alias.png&thumbnail=10",
        "/image/process.webp/?src=alias.png&thumbnail=10",
        "/healthz"
      })
  void whatIsNoPathOfMediaIsNotAnsweredHere(String target) {
    assertThat(request().urlEncodingEnabled(false).get(target).statusCode()).isEqualTo(JAVALIN);
  }

  @Test
  void otherMethodsAreForJavalin() {
    for (String method : List.of("POST", "DELETE", "OPTIONS", "PUT")) {
      assertThat(request().request(method, "/image/original/alias.png").statusCode())
          .isEqualTo(JAVALIN);
    }
  }

  @Test
  void rangesBeyondTheEndAndLostBytesAreToldWithoutWhatIsSaidOfContent() throws Exception {
    String target = "/image/original/alias.png";
    var beyond = request().header("Range", "bytes=9-").get(target);
    assertThat(beyond.statusCode()).isEqualTo(416);
    assertThat(beyond.header("Content-Range")).isEqualTo("bytes */4");
    picture.files.delete(BlobName.original(picture.media.filename()));
    var lost = request().get(target);
    assertThat(lost.statusCode()).isEqualTo(500);
    assertThat(lost.<String>path("code")).isEqualTo("missing-file");
    for (var reply : List.of(beyond, lost)) {
      assertThat(reply.header("ETag")).isNull();
      assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
    }
  }
}
