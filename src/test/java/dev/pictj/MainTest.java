package dev.pictj;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.config.Section;
import dev.pictj.config.Setting;
import dev.pictj.config.SettingsCatalogue;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Main main =
      new Main(
          new PrintStream(out, true, StandardCharsets.UTF_8),
          new PrintStream(err, true, StandardCharsets.UTF_8),
          Map.of("PATH", System.getenv("PATH")));

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void helpShowsTheDozenThatMatterBySection() {
    assertThat(main.run("--help")).isZero();
    assertThat(out())
        .contains("pictj [OPTIONS] --path <path>", "--help-all", "-V", "\nServer:\n")
        .doesNotContain("--linger-size");
    List<Setting<?>> basic =
        SettingsCatalogue.all().stream().<Setting<?>>filter(Setting::isBasic).toList();
    assertThat(basic).hasSizeBetween(12, 18);
    for (Setting<?> setting : basic) {
      assertThat(out()).contains("--" + setting.name());
    }
  }

  @Test
  void helpAllShowsEverySetting() {
    assertThat(main.run("--help-all")).isZero();
    for (Section section : SettingsCatalogue.sections()) {
      assertThat(out()).contains("\n" + section.title() + ":\n");
      for (Setting<?> setting : section.settings()) {
        assertThat(out()).contains("--" + setting.name());
      }
    }
  }

  @Test
  void configPrintsWhatIsSetAndWhere(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("pictj.toml"), "uploads.max-files = 3\n");
    Main here =
        new Main(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of("PICTRS_API_KEY", "hunter2", "PICTRS_WRITE_BEHIND", "1"));
    String[] arguments = {
      "config", "-p", "/data", "-c", file.toString(), "-s", "-w", "blur", "crop"
    };
    assertThat(here.run(arguments)).isZero();
    assertThat(out())
        .contains(
            "[uploads]\n",
            "path = \"/data\"  # --path\n",
            "max-files = 3  # " + file + "\n",
            "max-blur = 100  # default\n",
            "skip-validate-imports = true  # --skip-validate-imports\n",
            "whitelist = [\"blur\",\"crop\"]  # --whitelist\n",
            "# api-key is secret, from PICTRS_API_KEY\n")
        .doesNotContain("hunter2");
    assertThat(err()).isEqualTo("warning: PICTRS_WRITE_BEHIND has no effect any more\n");
  }

  @Test
  void configTellsWhatIsWrong() {
    assertThat(main.run("config", "-p", "/data", "-m", "0")).isEqualTo(1);
    assertThat(err()).startsWith("error: --max-file-size is 0, but must be a whole number from 1");
    assertThat(out()).isEmpty();
  }

  @Test
  void versionIsOneLine() {
    assertThat(main.run("-V")).isZero();
    assertThat(out()).matches("pictj \\d+\\.\\d+\\.\\d+\\R");
  }

  @Test
  void wrongValuesEndWithOneLineAndStatusOne() {
    assertThat(main.run("-p", "/tmp/x", "-f", "jpeg")).isEqualTo(1);
    assertThat(err())
        .isEqualTo(
            "error: --format is jpeg, but must be one of jpg, png, webp (Invalid format supplied,"
                + " jpeg)\n");
  }

  @Test
  void aMissingPathAndAnUnknownOptionAreTold() {
    assertThat(main.run()).isEqualTo(1);
    assertThat(err()).contains("--path");
    assertThat(main.run("--nonsense")).isEqualTo(1);
    assertThat(err()).contains("--nonsense", "USAGE");
  }

  @Test
  void anUnknownNameInTheWhitelistListsTheKnownOnes(@TempDir Path folder) {
    assertThat(main.run("-p", folder.toString(), "-w", "thumbnail", "sharpen")).isEqualTo(1);
    assertThat(err()).contains("sharpen", "identity, thumbnail, resize, crop, blur");
  }

  @Test
  void aRequiredSandboxThatDoesNotWorkEndsTheStart(@TempDir Path folder) throws Exception {
    Path broken = Files.createDirectory(folder.resolve("bin")).resolve("bwrap");
    Files.writeString(broken, "#!/bin/sh\necho bwrap: No permissions >&2\nexit 1\n");
    assertThat(broken.toFile().setExecutable(true)).isTrue();
    String path = folder.resolve("bin") + ":" + System.getenv("PATH");
    Main here =
        new Main(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of("PATH", path, "PICTRS_SANDBOX", "required"));

    assertThat(here.run("-p", folder.resolve("data").toString(), "-a", "127.0.0.1:0")).isEqualTo(1);
    assertThat(err())
        .contains("the sandbox is required but incomplete: no bwrap (bwrap: No permissions)");
  }

  /** Who has set the folder under the name of another line would not see why it is missing. */
  @Test
  void aStartThatFailsNamesVariablesThatDoNothing() {
    Main misled =
        new Main(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of("PATH", System.getenv("PATH"), "PICTRS__STORE__PATH", "/secret"));
    assertThat(misled.run()).isEqualTo(1);
    assertThat(err())
        .contains("error: --path is required", "warning: PICTRS__STORE__PATH", "use PICTRS_PATH")
        .doesNotContain("/secret");
  }
}
