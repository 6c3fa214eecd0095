package dev.pictj.engine.magick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.engine.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MagickToolsTest {
  private static final Path INSTALLED = Path.of("/usr/bin");

  @TempDir Path folder;

  static Path script(Path file, String body) throws Exception {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void passesOverAProgramThatIsNotImageMagick() throws Exception {
    script(folder.resolve("convert"), "echo Converts units of measurement");

    MagickTools tools = MagickTools.find(List.of(folder, INSTALLED));

    assertThat(tools).isEqualTo(MagickTools.find(List.of(INSTALLED)));
    assertThat(tools.versionText()).matches("ImageMagick [67]\\.\\d+\\.\\d+-\\d+");
  }

  @Test
  void prefersTheNameOfVersionSeven() throws Exception {
    script(
        folder.resolve("magick"),
        "[ \"$1\" = -version ] && echo 'Version: ImageMagick 7.1.1-43 Q16-HDRI' && exit 0\n"
            + "exec /usr/bin/convert \"$@\"");

    Path six = Files.createDirectory(folder.resolve("six"));
    Files.createSymbolicLink(six.resolve("convert"), INSTALLED.resolve("convert"));

    MagickTools tools = MagickTools.find(List.of(six, folder));

    assertThat(tools).isEqualTo(new MagickTools(folder.resolve("magick"), "7.1.1-43"));
  }

  @Test
  void saysWhatItFoundInstead() throws Exception {
    Path other = script(folder.resolve("convert"), "exit 1");

    assertThatThrownBy(() -> MagickTools.find(List.of(folder)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("ImageMagick is not installed")
        .hasMessageContaining(other.toString());
  }

  @Test
  void saysThatThereIsNone() {
    assertThatThrownBy(() -> MagickTools.find(List.of(folder)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("neither magick nor convert");
  }
}
