package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.engine.metadata.JpegTraits;
import dev.pictj.pictures.Pictures;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A quality of JPEG that is set holds for every variant, whatever the source has. */
final class JpegQualityIT {
  /** The second is made from a mezzanine. */
  @ParameterizedTest
  @CsvSource({"imagemagick, 200", "auto, 200", "auto, 1600"})
  void itIsThatOfTheResult(String engine, int side, @TempDir Path folder) throws Exception {
    try (RunningServer server =
        RunningServer.start("engine", engine, "jpeg-quality", "40", "mezzanine-size", "500")) {
      String alias = server.accepted(Pictures.png(side, side));
      byte[] jpeg =
          server
              .request()
              .get("/image/process.jpg?src=" + alias + "&thumbnail=100")
              .then()
              .statusCode(200)
              .extract()
              .asByteArray();
      assertThat(JpegTraits.of(Files.write(folder.resolve("a.jpg"), jpeg)).quality()).isEqualTo(40);
    }
  }
}
