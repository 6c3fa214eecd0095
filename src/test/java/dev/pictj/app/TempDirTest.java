package dev.pictj.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.config.Settings;
import dev.pictj.config.SettingsLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TempDirTest {
  private static Settings load(Map<String, List<String>> options) throws Exception {
    return new SettingsLoader(options, Map.of()).load();
  }

  @Test
  void temporaryFilesLieInTheDataFolderUnlessSetOtherwise() throws Exception {
    assertThat(Backends.tempDir(load(Map.of("path", List.of("/data")))))
        .isEqualTo(Path.of("/data/tmp"));
  }

  @Test
  void aTemporaryFolderOfOthersIsNotTakenOver() throws Exception {
    Map<String, List<String>> options =
        Map.of("path", List.of("/data"), "temp-dir", List.of("/tmp"));
    assertThat(Backends.tempDir(load(options)))
        .isNotEqualTo(Path.of("/tmp"))
        .hasParentRaw(Path.of("/tmp"));
  }
}
