package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.http.jetty.ConnectionMemory;
import dev.pictj.store.BlobName;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import java.nio.file.Path;
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
import org.junit.jupiter.params.provider.ValueSource;

/** What is served before the routes are asked, which here all say 418, and what is not. */
class StoredMediaTest {
  private static final int ROUTES = 418;

  @TempDir private Path data;
  private StoredPicture picture;
  private Server server;
  private ServerConnector connector;

  @BeforeEach
  void start() throws Exception {
    picture = new StoredPicture(data);
    picture.addVariant("thumbnail-10.webp", "variant.webp");
    StoredMedia handler =
        new StoredMedia(
            picture.catalog,
            StoredPicture.parser(),
            picture.variants(picture.files),
            new MediaReply.Source(picture.files, picture.catalog, new ConnectionMemory(1 << 20)));
    handler.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            response.setStatus(ROUTES);
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
  void whatIsStoredIsServedWithoutTheRoutes(String target) {
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
  @ValueSource(
      strings = {
        "/image/original/nobody.png",
        "/image/details/original/alias.png",
        "/image/process.webp?src=alias.png&thumbnail=11",
        "/image/process.webp?src=alias.png&thumbnail=wide",
        "/image/process.webp?thumbnail=10",
        "/image/process.tiff?src=alias.png&thumbnail=10",
        "/healthz"
      })
  void theRestIsForTheRoutes(String target) {
    var reply = request().urlEncodingEnabled(false).get(target);
    assertThat(reply.statusCode()).isEqualTo(ROUTES);
    assertThat(reply.header("ETag")).isNull();
  }

  @Test
  void otherMethodsRangesBeyondTheEndAndLostBytesAreForTheRoutes() throws Exception {
    String target = "/image/original/alias.png";
    assertThat(request().delete(target).statusCode()).isEqualTo(ROUTES);
    var beyond = request().header("Range", "bytes=9-").get(target);
    assertThat(beyond.statusCode()).isEqualTo(ROUTES);
    assertThat(beyond.header("ETag")).isNull();
    picture.files.delete(BlobName.original(picture.media.filename()));
    assertThat(request().get(target).statusCode()).isEqualTo(ROUTES);
  }
}
