package dev.pictj.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsFileTest {
  @TempDir private Path folder;
  private Path file;

  private Settings load(String toml, Map<String, String> environment) throws Exception {
    file = Files.writeString(folder.resolve("pictj.toml"), toml);
    return new SettingsLoader(
            Map.of("path", List.of("/data"), "config", List.of(file.toString())), environment)
        .load();
  }

  private List<String> problems(String toml) {
    return catchThrowableOfType(InvalidSettingsException.class, () -> load(toml, Map.of()))
        .problems()
        .stream()
        .map(line -> line.replace(file.toString(), "FILE"))
        .toList();
  }

  @Test
  void tablesAreSectionsAndKeysAreOptions() throws Exception {
    Settings settings =
        load(
            """
            [server]
            addr = "127.0.0.1:9000"
            cors-origins = ["https://a.example", "https://b.example"]
            [uploads]
            max-file-size = 7
            fit-large-images = true
            """,
            Map.of());
    assertThat(settings.get(SettingsCatalogue.ADDR).getPort()).isEqualTo(9000);
    assertThat(settings.get(SettingsCatalogue.CORS_ORIGINS))
        .containsExactly("https://a.example", "https://b.example");
    assertThat(settings.get(SettingsCatalogue.MAX_FILE_SIZE)).isEqualTo(7 << 20);
    assertThat(settings.get(SettingsCatalogue.FIT_LARGE_IMAGES)).isTrue();
  }

  @Test
  void theCommandLineAndTheEnvironmentBeatIt() throws Exception {
    Settings settings =
        load(
            """
            [data]
            path = "/file"
            [uploads]
            max-files = 3
            max-file-size = 7
            """,
            Map.of("PICTRS_MAX_FILES", "4"));
    assertThat(settings.get(SettingsCatalogue.PATH)).isEqualTo(Path.of("/data"));
    assertThat(settings.get(SettingsCatalogue.MAX_FILES)).isEqualTo(4);
    assertThat(settings.get(SettingsCatalogue.MAX_FILE_SIZE)).isEqualTo(7 << 20);
  }

  @Test
  void aVariableNamesItToo() throws Exception {
    file = Files.writeString(folder.resolve("pictj.toml"), "[data]\npath = '/file'\n");
    Map<String, String> environment = Map.of("PICTRS_CONFIG", file.toString());
    assertThat(new SettingsLoader(Map.of(), environment).load().get(SettingsCatalogue.PATH))
        .isEqualTo(Path.of("/file"));
  }

  @Test
  void unknownKeysAreErrorsThatNameTheNearest() {
    assertThat(
            problems(
                """
                max-files = 3
                adress = "127.0.0.1:80"
                frobnicate = 1
                [server]
                max-file-sise = 3
                adress = "127.0.0.1:80"
                adr = "127.0.0.1:80"
                config = "other.toml"
                [sever]
                api-key = "hunter2"
                """))
        .containsExactly(
            "FILE: max-files is no setting; the nearest is uploads.max-files",
            "FILE: adress is no setting; the nearest is server.addr",
            "FILE: frobnicate is no setting",
            "FILE: server.max-file-sise is no setting; the nearest is uploads.max-file-size",
            "FILE: server.adress is no setting; the nearest is server.addr",
            "FILE: server.adr is no setting; the nearest is server.addr",
            "FILE: server.config is no setting",
            "FILE: sever.api-key is no setting; the nearest is server.api-key");
  }

  @Test
  void wrongTypesAndValuesAreToldAtOnce() {
    assertThat(
            problems(
                """
                [server]
                addr = 8080
                api-key = 1234
                cors-origins = "*"
                [uploads]
                max-file-size = "40"
                max-files = 0
                fit-large-images = 1
                [log]
                log-level = "loud"
                [data.path]
                x = 1
                """))
        .containsExactly(
            "FILE: server.addr is 8080, but must be a text in quotes",
            "FILE: server.api-key must be a text in quotes",
            "FILE: server.cors-origins is \"*\", but must be a list of texts in quotes",
            "FILE: uploads.max-file-size is \"40\", but must be a whole number",
            "FILE: uploads.max-files is 0, but must be a whole number from 1 to 1000",
            "FILE: uploads.fit-large-images is 1, but must be true or false",
            "FILE: log.log-level is loud, but must be one of trace, debug, info, warn, error, off");
  }

  @Test
  void whatIsNoTomlIsToldWithItsPlaceAndWithoutItsText() {
    assertThat(problems("[server]\napi-key = hunter2\n"))
        .containsExactly("FILE is no TOML: line 2, column 11");
    assertThat(problems("[server]\napi-key = 'hunter2'\napi-key = 'hunter2'\n"))
        .singleElement()
        .asString()
        .startsWith("FILE is no TOML: line ")
        .doesNotContain("hunter2");
  }

  @Test
  void oldNamesWarnAndAreNoErrors() throws Exception {
    Map<String, Optional<String>> old =
        Map.of("heap-slack", Optional.empty(), "files-at-once", Optional.of("max-files"));
    file =
        Files.writeString(
            folder.resolve("pictj.toml"), "[server]\nheap-slack = 3\nfiles-at-once = 4\n");
    Settings settings =
        new SettingsLoader(
                Map.of("path", List.of("/data"), "config", List.of(file.toString())), Map.of(), old)
            .load();
    assertThat(settings.warnings())
        .containsExactlyInAnyOrder(
            file + ": server.heap-slack has no effect any more",
            file + ": server.files-at-once is called --max-files now");
    assertThat(settings.get(SettingsCatalogue.MAX_FILES)).isEqualTo(4);
  }

  @Test
  void aFileThatIsNotUtf8IsTold() throws Exception {
    file = Files.write(folder.resolve("latin.toml"), new byte[] {'#', (byte) 0xE4, '\n'});
    Map<String, String> environment = Map.of("PICTRS_PATH", "/d", "PICTRS_CONFIG", file.toString());
    assertThat(
            catchThrowableOfType(
                    InvalidSettingsException.class,
                    () -> new SettingsLoader(Map.of(), environment).load())
                .problems())
        .containsExactly(file + " is not UTF-8");
  }

  @Test
  void aFileThatCannotBeReadIsTold() throws IOException {
    Map<String, String> environment = Map.of("PICTRS_PATH", "/d", "PICTRS_CONFIG", "/no/such/file");
    assertThat(
            catchThrowableOfType(
                    InvalidSettingsException.class,
                    () -> new SettingsLoader(Map.of(), environment).load())
                .problems())
        .containsExactly("/no/such/file cannot be read: there is no such file");
    Path directory = Files.createDirectory(folder.resolve("folder"));
    Map<String, String> other = Map.of("PICTRS_PATH", "/d", "PICTRS_CONFIG", directory.toString());
    assertThat(
            catchThrowableOfType(
                    InvalidSettingsException.class,
                    () -> new SettingsLoader(Map.of(), other).load())
                .problems())
        .singleElement()
        .asString()
        .startsWith(directory + " cannot be read: ");
  }
}
