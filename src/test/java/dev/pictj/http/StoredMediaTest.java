package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Variant;
import dev.pictj.catalog.rocksdb.RocksCatalog;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.process.ChainParser;
import dev.pictj.process.ChainRules;
import dev.pictj.process.Mezzanine;
import dev.pictj.process.Variants;
import dev.pictj.store.BlobName;
import dev.pictj.store.TempFolder;
import dev.pictj.store.file.FileBlobStore;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
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
  private static final String ALIAS = "alias.png";
  private static final String TOKEN = "token";
  private static final byte[] BYTES = {1, 2, 3, 4};

  @TempDir private Path data;
  private RocksCatalog catalog;
  private FileBlobStore store;
  private Media media;
  private Server server;
  private ServerConnector connector;

  @BeforeEach
  void start() throws Exception {
    TempFolder temporary = TempFolder.open(data.resolve("tmp"));
    catalog =
        RocksCatalog.open(data.resolve("catalog"), temporary.path(), 1 << 20, 4, Clock.systemUTC());
    store = FileBlobStore.open(data, Files.createDirectories(data.resolve("staging")));
    Details details = new Details(new Dimensions(40, 40), MediaType.PNG, 1, Instant.now());
    media = new Media("ab".repeat(32), "abcdefghij.png", BYTES.length, details);
    put(BlobName.original(media.filename()));
    catalog.link(List.of(new Link(ALIAS, TOKEN, media, true)));
    put(BlobName.variant(media.filename(), "variant.webp"));
    catalog.addVariant(
        media,
        "thumbnail-10.webp",
        new Variant("variant.webp", "cd".repeat(32), BYTES.length, details));
    Variants variants =
        new Variants(
            catalog,
            store,
            null,
            Set.of(),
            null,
            null,
            temporary,
            Runnable::run,
            new Random(1),
            Clock.systemUTC(),
            new Mezzanine(0, 95));
    StoredMedia handler =
        new StoredMedia(
            catalog,
            new ChainParser(new ChainRules(100, 10, 20, 100, Optional.empty())),
            variants,
            new MediaReply.Source(store, catalog));
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
    catalog.close();
  }

  private void put(BlobName name) throws IOException {
    store.put(name, Files.write(data.resolve("source"), BYTES));
  }

  private RequestSpecification request() {
    return RestAssured.given().port(connector.getLocalPort());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/image/original/alias.png", "/image/process.webp?src=alias.png&thumbnail=10"})
  void whatIsStoredIsServedWithoutTheRoutes(String target) {
    var whole = request().get(target);
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.asByteArray()).isEqualTo(BYTES);
    var head = request().head(target);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.header("Content-Length")).isEqualTo("4");
    var part = request().header("Range", "bytes=1-2").get(target);
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.asByteArray()).containsExactly(2, 3);
    var known = request().header("If-None-Match", whole.header("ETag")).get(target);
    assertThat(known.statusCode()).isEqualTo(304);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/image/original/nobody.png",
        "/image/original/alias%2Epng",
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
    store.delete(BlobName.original(media.filename()));
    assertThat(request().get(target).statusCode()).isEqualTo(ROUTES);
  }
}
