package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Variant;
import dev.pictj.catalog.rocksdb.RocksCatalog;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsLoader;
import dev.pictj.ingest.SpoolBudget;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.process.ChainParser;
import dev.pictj.process.ChainRules;
import dev.pictj.process.Mezzanine;
import dev.pictj.process.Variants;
import dev.pictj.store.Blob;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.TempFolder;
import dev.pictj.store.file.FileBlobStore;
import dev.pictj.upkeep.Trash;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that go in the moment between finding their name and opening them. */
class VanishingMediaTest {
  private static final String ALIAS = "alias.png";
  private static final String TOKEN = "token";
  private static final byte[] BYTES = {1, 2, 3, 4};

  @TempDir private Path data;
  private RocksCatalog catalog;
  private FileBlobStore files;
  private HttpServer server;
  private Runnable beforeOpening = () -> {};
  private Media media;

  @BeforeEach
  void start() throws Exception {
    Settings settings =
        new SettingsLoader(
                Map.of("path", List.of(data.toString()), "addr", List.of("127.0.0.1:0")), Map.of())
            .load();
    TempFolder temporary = TempFolder.open(data.resolve("tmp"));
    catalog =
        RocksCatalog.open(data.resolve("catalog"), temporary.path(), 1 << 20, 4, Clock.systemUTC());
    files = FileBlobStore.open(data, Files.createDirectories(data.resolve("staging")));
    BlobStore store = new InTheLastMoment();
    Details details = new Details(new Dimensions(2, 2), MediaType.PNG, 1, Instant.now());
    media = new Media("ab".repeat(32), "abcdefghij.png", BYTES.length, details);
    put(BlobName.original(media.filename()));
    catalog.link(List.of(new Link(ALIAS, TOKEN, media, true)));
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
    // Nothing here uploads or renders.
    server =
        new HttpServer(
            settings,
            new HttpServer.Parts(
                null,
                null,
                new ChainParser(new ChainRules(100, 10, 20, 100, Optional.empty())),
                variants,
                catalog,
                store,
                temporary,
                new Trash(catalog, store),
                new SpoolBudget(1),
                null));
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
    catalog.close();
  }

  private void put(BlobName name) throws IOException {
    files.put(name, Files.write(data.resolve("source"), BYTES));
  }

  private Response get(String path) {
    return RestAssured.given().port(server.address().getPort()).get(path);
  }

  private void deleted() {
    catalog.unlink(ALIAS, TOKEN);
    lost();
  }

  private void lost() {
    try {
      files.delete(BlobName.original(media.filename()));
      files.delete(BlobName.variant(media.filename(), "variant.png"));
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
    assertThat(get("/image/original/" + ALIAS).asByteArray()).isEqualTo(BYTES);
    beforeOpening = this::lost;
    answers("/image/original/" + ALIAS, 500, "missing-file");
    beforeOpening = this::deleted;
    answers("/image/original/" + ALIAS, 404, "alias-not-found");
  }

  @Test
  void aVariantWhosePictureIsDeletedMeanwhileIsNotFound() throws Exception {
    BlobName name = BlobName.variant(media.filename(), "variant.png");
    put(name);
    String key = new dev.pictj.process.Chain(List.of()).plan(media.details().dimensions()).key();
    catalog.addVariant(
        media,
        key + ".png",
        new Variant("variant.png", "cd".repeat(32), BYTES.length, media.details()));
    assertThat(get("/image/process.png?src=" + ALIAS).asByteArray()).isEqualTo(BYTES);
    beforeOpening = this::deleted;
    answers("/image/process.png?src=" + ALIAS, 404, "alias-not-found");
  }

  /** A store in which something happens just before a blob is opened. */
  private final class InTheLastMoment implements BlobStore {
    @Override
    public void put(Map<BlobName, Path> sources) throws IOException {
      files.put(sources);
    }

    @Override
    public void requireWritable() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Blob open(BlobName name) throws IOException {
      beforeOpening.run();
      return files.open(name);
    }

    @Override
    public Path file(BlobName name) throws IOException {
      return files.file(name);
    }

    @Override
    public OptionalLong size(BlobName name) throws IOException {
      return files.size(name);
    }

    @Override
    public void delete(BlobName name) throws IOException {
      files.delete(name);
    }

    @Override
    public void forEachOlderThan(Instant before, Consumer<BlobName> action) throws IOException {
      files.forEachOlderThan(before, action);
    }

    @Override
    public void check() throws IOException {
      files.check();
    }

    @Override
    public void copy(BlobName name, Path root) throws IOException {
      files.copy(name, root);
    }

    @Override
    public void finishCopy(Path root) throws IOException {
      files.finishCopy(root);
    }
  }
}
