package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.rocksdb.Catalogs;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.VerifiedBy;
import dev.pictj.pictures.Pictures;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.file.FileBlobStore;
import io.restassured.response.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which engine renders what. The two engines never write the same bytes of a reduced picture. */
class EngineIT {
  private static final byte[] PICTURE = Pictures.jpeg(400, 300);

  private static byte[] rendered(RunningServer server, String alias) {
    Response response =
        server.request().get("/image/process.png?src=" + alias + "&resize=100&blur=1.5");
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
    return response.asByteArray();
  }

  private static String imported(RunningServer server) {
    Response response =
        server.admin().multiPart("images[]", "import.jpg", PICTURE).post("/internal/import");
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(201);
    return response.path("files[0].file");
  }

  private static byte[] byImageMagick() throws Exception {
    try (RunningServer server = RunningServer.start("engine", "imagemagick")) {
      return rendered(server, server.accepted(PICTURE));
    }
  }

  @Test
  void libvipsRendersWhatWasVerifiedInAProcessOfItsOwnOrInTheServer() throws Exception {
    byte[] reference = byImageMagick();
    byte[] isolated;
    try (RunningServer server = RunningServer.start("engine", "libvips")) {
      isolated = rendered(server, server.accepted(PICTURE));
      assertThat(isolated).isNotEqualTo(reference);
      // A verified import counts as well.
      assertThat(rendered(server, imported(server))).isEqualTo(isolated);
    }
    try (RunningServer server =
        RunningServer.start("engine", "libvips", "isolate-engine", "false")) {
      assertThat(rendered(server, server.accepted(PICTURE))).isEqualTo(isolated);
    }
  }

  @Test
  void whatNobodyHasVerifiedNeverReachesLibvips() throws Exception {
    byte[] reference = byImageMagick();
    for (String isolate : List.of("true", "false")) {
      try (RunningServer server =
          RunningServer.start(
              "engine", "libvips", "isolate-engine", isolate, "skip-validate-imports", "")) {
        assertThat(rendered(server, imported(server))).isEqualTo(reference);
      }
    }
  }

  /** Puts the picture there once for everybody who may have verified it; the alias is the name. */
  private static void store(Path data) throws Exception {
    Path temporary = Files.createDirectories(data.resolve("prepared"));
    BlobStore files = FileBlobStore.open(data, temporary);
    try (Catalog catalog = Catalogs.open(data.resolve("catalog"), temporary)) {
      for (VerifiedBy by : VerifiedBy.values()) {
        String filename = "picture00" + by.ordinal() + ".jpg";
        files.put(BlobName.original(filename), Files.write(temporary.resolve("one"), PICTURE));
        Details details = new Details(new Dimensions(400, 300), MediaType.JPEG, 1, Instant.now());
        Media media =
            new Media(
                String.valueOf(by.ordinal()).repeat(64), filename, PICTURE.length, details, by);
        catalog.announce(List.of(media.filename()));
        catalog.link(List.of(new Link(by.name(), "token", media, true)));
      }
    }
  }

  @Test
  void libvipsInTheServerRendersOnlyWhatImageMagickHasVerified(@TempDir Path folder)
      throws Exception {
    byte[] reference = byImageMagick();
    for (boolean isolated : List.of(true, false)) {
      Path data = Files.createDirectory(folder.resolve("isolated-" + isolated));
      store(data);
      try (RunningServer server =
          RunningServer.start(
              "engine", "libvips", "isolate-engine", "" + isolated, "path", data.toString())) {
        assertThat(rendered(server, VerifiedBy.NOBODY.name())).isEqualTo(reference);
        assertThat(rendered(server, VerifiedBy.REFERENCE.name())).isNotEqualTo(reference);
        assertThat(Arrays.equals(rendered(server, VerifiedBy.WORKER.name()), reference))
            .isEqualTo(!isolated);
      }
    }
  }

  @Test
  void encodersTryAsHardAsTheyAreTold() throws Exception {
    int[] sizes = new int[2];
    for (int i = 0; i < 2; i++) {
      try (RunningServer server =
          RunningServer.start("engine", "libvips", "png-level", i == 0 ? "1" : "9")) {
        sizes[i] = rendered(server, server.accepted(PICTURE)).length;
      }
    }
    assertThat(sizes[1]).isLessThan(sizes[0]);
  }
}
