package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.config.Settings;
import dev.pictj.config.SettingsLoader;
import dev.pictj.engine.Abilities;
import dev.pictj.engine.StartTask;
import dev.pictj.ingest.SpoolBudget;
import dev.pictj.media.Dimensions;
import dev.pictj.observe.Metrics;
import dev.pictj.process.Chain;
import dev.pictj.store.Blob;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.ForwardingBlobStore;
import dev.pictj.upkeep.Trash;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that go in the moment between finding their name and opening them. */
@Tag("slow")
class VanishingMediaTest {
  @TempDir private Path data;
  private StoredPicture picture;
  private HttpServer server;
  private Runnable beforeOpening = () -> {};

  @BeforeEach
  void start() throws Exception {
    Settings settings =
        new SettingsLoader(
                Map.of("path", List.of(data.toString()), "addr", List.of("127.0.0.1:0")), Map.of())
            .load();
    picture = new StoredPicture(data);
    BlobStore store = new InTheLastMoment();
    // Nothing here uploads or renders.
    server =
        new HttpServer(
            settings,
            new HttpServer.Parts(
                null,
                null,
                Optional.empty(),
                null,
                picture.nothingProxied(),
                null,
                null,
                new Presets(StoredPicture.parser(), Map.of()),
                StoredPicture.UNSIGNED,
                picture.variants(store),
                null,
                null,
                null,
                picture.catalog,
                store,
                picture.temporary,
                new Trash(picture.catalog, store),
                new SpoolBudget(1, Duration.ofSeconds(20)),
                null,
                null,
                new Metrics(),
                StartTask.done(Abilities.ALL),
                Optional.empty()));
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
    picture.close();
  }

  private Response get(String path) {
    return RestAssured.given().port(server.address().getPort()).get(path);
  }

  private void deleted() {
    picture.catalog.unlink(StoredPicture.ALIAS, StoredPicture.TOKEN);
    lost();
  }

  private void lost() {
    try {
      picture.files.delete(BlobName.original(picture.media.filename()));
      picture.files.delete(BlobName.variant(picture.media.filename(), "variant.png"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void answers(String path, int status, String code) {
    Response response = get(path);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat((String) response.path("code")).isEqualTo(code);
    assertThat(response.header("ETag")).isNull();
  }

  @Test
  void anOriginalDeletedMeanwhileIsNotFoundAndALostOneIsMissing() {
    assertThat(get("/image/original/" + StoredPicture.ALIAS).asByteArray())
        .isEqualTo(StoredPicture.BYTES);
    beforeOpening = this::lost;
    answers("/image/original/" + StoredPicture.ALIAS, 500, "missing-file");
    beforeOpening = this::deleted;
    answers("/image/original/" + StoredPicture.ALIAS, 404, "alias-not-found");
  }

  @Test
  void aVariantWhosePictureIsDeletedMeanwhileIsNotFound() throws Exception {
    Dimensions size = picture.media.details().dimensions();
    picture.addVariant(new Chain(List.of()).plan(size).key() + ".png", "variant.png");
    assertThat(get("/image/process.png?src=" + StoredPicture.ALIAS).asByteArray())
        .isEqualTo(StoredPicture.BYTES);
    beforeOpening = this::deleted;
    answers("/image/process.png?src=" + StoredPicture.ALIAS, 404, "alias-not-found");
  }

  /** A store in which something happens just before a blob is opened. */
  private final class InTheLastMoment extends ForwardingBlobStore {
    InTheLastMoment() {
      super(picture.files);
    }

    @Override
    public Blob open(BlobName name) throws IOException {
      beforeOpening.run();
      return super.open(name);
    }
  }
}
