package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.rocksdb.Catalogs;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.Preview;
import dev.pictj.media.VerifiedBy;
import dev.pictj.pictures.Pictures;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.ContentHash;
import dev.pictj.store.file.FileBlobStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What versions that knew of no facts have stored gets them later, and stays as it is else. */
class OlderPreviewsIT {
  private static final String PHASH = "page.hashes[0].details.phash";

  @TempDir private Path data;

  private enum Kind {
    JPEG(MediaType.JPEG, Pictures.jpeg(32, 24)),
    PNG(MediaType.PNG, Pictures.png(32, 24));

    private final MediaType type;
    private final byte[] file;

    Kind(MediaType type, byte[] file) {
      this.type = type;
      this.file = file;
    }
  }

  /** Under the alias {@code old}, as an upload stores it. */
  private void store(Kind kind) throws Exception {
    byte[] stored;
    try (RunningServer server = RunningServer.start("dialect", "0.5")) {
      stored = server.request().get("/image/original/" + server.accepted(kind.file)).asByteArray();
    }
    Path temporary = Files.createDirectories(data.resolve("prepared"));
    Path file = Files.write(temporary.resolve("one"), stored);
    String filename = "picture001." + kind.type.extension();
    Media media =
        new Media(
            ContentHash.of(file),
            filename,
            stored.length,
            new Details(new Dimensions(32, 24), kind.type, 1, Instant.now()),
            VerifiedBy.WORKER,
            Optional.of(new Preview("00M^#R")));
    BlobStore files = FileBlobStore.open(data, temporary);
    files.put(BlobName.original(filename), file);
    try (Catalog catalog = Catalogs.open(data.resolve("catalog"), temporary)) {
      catalog.announce(List.of(filename));
      assertThat(catalog.link(List.of(new Link("old", "token", media, true))))
          .containsExactly(media);
    }
  }

  private RunningServer started(int wait) {
    return RunningServer.start(
        "dialect", "0.5", "facts", "", "path", data.toString(), "preview-wait", "" + wait);
  }

  @ParameterizedTest
  @EnumSource
  void previewsAreMadeWhenTheyAreListed(Kind kind) throws Exception {
    store(kind);
    try (RunningServer server = started(20)) {
      String told = listed(server);
      assertThat(told).hasSize(16);
      assertThat(server.request().get("/image/details/original/old").<String>path("phash"))
          .isEqualTo(told);
    }
  }

  private static String listed(RunningServer server) {
    return server.admin().get("/internal/hashes").path(PHASH);
  }

  @ParameterizedTest
  @EnumSource
  void factsAreMadeWhenDetailsAreAskedFor(Kind kind) throws Exception {
    store(kind);
    try (RunningServer server = started(0)) {
      assertThat(listed(server)).isNull();
      String told = server.request().get("/image/details/original/old").path("phash");
      assertThat(told).hasSize(16).isEqualTo(listed(server));
    }
  }

  @ParameterizedTest
  @EnumSource
  void factsAreMadeWhenTheSameBytesAreUploadedAgain(Kind kind) throws Exception {
    store(kind);
    try (RunningServer server = started(0)) {
      assertThat(listed(server)).isNull();
      String told = server.upload(kind.file).path("files[0].details.phash");
      assertThat(told).hasSize(16).isEqualTo(listed(server));
      List<Object> pages = server.admin().get("/internal/hashes").path("page.hashes");
      assertThat(pages).hasSize(1);
    }
  }
}
