package dev.pictj.engine.preview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.NodeScripts;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every byte is that of the implementation by the author of the algorithm. */
@Tag("clients")
class ThumbhashReferenceIT {
  @TempDir private Path folder;

  @Test
  void theBytesAreThoseOfTheReference() throws Exception {
    NodeScripts scripts = NodeScripts.install("thumbhash", folder);
    List<TinyPicture> pictures = TinyPictures.various();
    Path file =
        Files.write(
            folder.resolve("pictures"), pictures.stream().map(ThumbhashReferenceIT::line).toList());
    assertThat(pictures.stream().map(Thumbhash::of))
        .containsExactlyElementsOf(scripts.run("thumbhash.mjs", file.toString()).lines().toList());
  }

  private static String line(TinyPicture picture) {
    int count = picture.width() * picture.height();
    ByteBuffer rgba = ByteBuffer.allocate(4 * count);
    for (int i = 0; i < count; i++) {
      rgba.putInt(Integer.rotateLeft(picture.argb(i), 8));
    }
    String pixels = Base64.getEncoder().encodeToString(rgba.array());
    return "%d %d %s".formatted(picture.width(), picture.height(), pixels);
  }
}
