package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which image tools a machine has, and what pictj makes of it. */
class ToolsIT {
  @TempDir private Path folder;

  private static Path imageMagick() {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .flatMap(place -> List.of(Path.of(place, "magick"), Path.of(place, "convert")).stream())
        .filter(ToolsIT::saysItIsImageMagick)
        .findFirst()
        .orElseThrow();
  }

  private static boolean saysItIsImageMagick(Path tool) {
    if (!Files.isExecutable(tool)) {
      return false;
    }
    try {
      Process process = new ProcessBuilder(tool.toString(), "-version").start();
      return new String(
              process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
          .startsWith("Version: ImageMagick");
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void script(String name, String line) throws Exception {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + line + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void theNameLayoutOfVersionSevenServesEverything() throws Exception {
    script("convert", "echo I am something else; exit 1");
    script("magick", "exec " + imageMagick() + " \"$@\"");
    try (RunningServer server = RunningServer.startWithTools(List.of(folder))) {
      String alias = server.accepted(Pictures.jpeg(100, 50));
      for (String extension : List.of("jpg", "png", "webp")) {
        Response response =
            server
                .request()
                .get(
                    "/image/process." + extension + "?src=" + alias + "&resize=50&blur=1&crop=1x1");
        assertThat(response.statusCode()).as(response.headers().toString()).isEqualTo(200);
      }
      Response gif = server.upload(Pictures.gif(10, 10, 3));
      assertThat(gif.statusCode()).isEqualTo(415);
      assertThat((String) gif.path("msg")).contains("ffmpeg is not installed");
      assertThat(server.upload(Pictures.gif(10, 10, 1)).statusCode()).isEqualTo(201);
      assertThat(server.request().get("/limits").<List<String>>path("upload.types"))
          .contains("image/gif")
          .noneMatch(type -> type.startsWith("video/"));
    }
  }

  @Test
  void withoutImageMagickTheStartEndsInWords() throws Exception {
    script("convert", "echo I am something else");
    assertThatThrownBy(() -> RunningServer.startWithTools(List.of(folder)))
        .rootCause()
        .hasMessageContaining("ImageMagick");
  }
}
