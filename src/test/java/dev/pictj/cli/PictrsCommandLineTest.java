package dev.pictj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.config.PictrsKey;
import dev.pictj.config.PictrsKey.Effect;
import dev.pictj.config.PictrsKeys;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line of pict-rs 0.5, by what {@code pictj config} makes of it. */
class PictrsCommandLineTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... arguments) {
    out.reset();
    err.reset();
    return new Commands(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of("PATH", System.getenv("PATH")))
        .run(arguments);
  }

  private int config(String... arguments) {
    return run(Stream.concat(Stream.of("config"), Stream.of(arguments)).toArray(String[]::new));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aLineOfThatServerIsUnderstood() {
    assertThat(
            config(
                ("-c /dev/null --log-format json run -a 127.0.0.1:17 --max-file-count 3"
                        + " --media-filters resize --media-filters crop filesystem -p /data/files"
                        + " sled -p /data/repo -c 134217728")
                    .split(" ")))
        .isZero();
    assertThat(out())
        .contains(
            "addr = \"127.0.0.1:17\"  # --address\n",
            "dialect = \"0.5\"  # default\n",
            "path = \"/data/files\"  # filesystem --path\n",
            "catalog-path = \"/data/repo/pictj-catalog\"  # sled --path\n",
            "catalog-cache = 128  # sled --cache-capacity\n",
            "max-files = 3  # --max-file-count\n",
            "whitelist = [\"resize\",\"crop\"]  # --media-filters\n",
            "log-format = \"json\"  # --log-format\n");
    assertThat(err()).contains("note: answers as pict-rs 0.5 does, for there is the command run");
  }

  @Test
  void ourOptionsMayStandThere() {
    assertThat(config("--dialect", "0.6", "run", "--max-blur", "17", "-p", "/d")).isZero();
    assertThat(out())
        .contains("dialect = \"0.6\"  # --dialect\n", "max-blur = 17", "path = \"/d\"  # --path\n");
    assertThat(err()).isEmpty();
  }

  static Stream<Arguments> options() {
    return PictrsKeys.all().stream()
        .flatMap(
            key ->
                key.option().stream()
                    .flatMap(option -> option.names().stream())
                    .map(name -> Arguments.of(key, name)));
  }

  /** Each is told of, by its place or by what is said of it. */
  @ParameterizedTest
  @MethodSource("options")
  void everyOptionIsKnown(PictrsKey key, String name) {
    PictrsKey.Option option = key.option().orElseThrow();
    List<String> line = new ArrayList<>();
    if (option.command().isEmpty()) {
      add(line, option, name);
      line.add("run");
    } else {
      line.add("run");
      if (List.of("sled", "fjall").contains(option.command())) {
        line.add("filesystem");
      }
      if (!option.command().equals("run")) {
        line.add(option.command());
      }
      add(line, option, name);
    }
    int status = config(line.toArray(String[]::new));
    assertThat(err()).doesNotContain("Unknown option", "there is no option");
    String where = option.names().getLast();
    boolean isChecked = err().contains(where + " is 17, but must be ");
    if (key.effect() instanceof Effect.Sets && !isChecked) {
      assertThat(status).isZero();
      assertThat(out()).containsPattern("(# |from )(\\w+ )?" + where + "\n");
    } else {
      assertThat(err()).contains(where);
    }
  }

  private static void add(List<String> line, PictrsKey.Option option, String name) {
    line.add(name);
    if (option.switchText().isEmpty()) {
      line.add("17");
    }
  }

  @Test
  void aFileMayBeNamedBeforeTheCommand(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("pict-rs.toml"), "[media]\nmax_file_size = 17\n");
    for (String option : List.of("-c", "--config", "--config-file")) {
      assertThat(config(option, file.toString(), "run")).isZero();
      assertThat(out()).contains("max-file-size = 17  # " + file + "\n");
    }
  }

  @Test
  void settingsAreSavedWithoutSecrets(@TempDir Path folder) throws Exception {
    Path saved = folder.resolve("saved.toml");
    assertThat(
            config(
                "--save-to",
                saved.toString(),
                "run",
                "--api-key",
                "hunter2",
                "--media-max-file-size",
                "17",
                "filesystem",
                "-p",
                "/data"))
        .isZero();
    assertThat(saved)
        .content()
        .isEqualTo(out())
        .contains("max-file-size = 17  # --media-max-file-size\n", "# api-key is secret")
        .doesNotContain("hunter2");
    try (Stream<Path> inside = Files.list(folder)) {
      assertThat(inside).containsExactly(saved);
    }
    assertThat(config("-c", saved.toString())).isZero();
    assertThat(out()).contains("max-file-size = 17", "path = \"/data\"", "dialect = \"0.5\"");
    assertThat(config("--save-to", folder.resolve("no/such").toString(), "run")).isEqualTo(1);
    assertThat(err()).startsWith("error: ").contains("no/such.partial is missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run object-storage -e http://minio:9000 -b bucket -r local -a key -s hunter2",
        "run object-storage --endpoint http://minio:9000 sled -p /repo",
        "run filesystem -p /files postgres -u postgres://u:hunter2@db/x"
      })
  void whatWouldPutDataElsewhereIsRefusedByName(String line) {
    String[] words = line.split(" ");
    assertThat(run(words)).isEqualTo(1);
    assertThat(err())
        .startsWith("error: ")
        .hasLineCount(1)
        .containsPattern("object_storage|postgres")
        .doesNotContain("hunter2");
  }

  @ParameterizedTest
  @CsvSource({"--certificate, --tls-key", "--private-key, --tls-certificate"})
  void aCertificateWithoutItsKeyIsRefused(String given, String missing) {
    assertThat(run("run", given, "/a")).isEqualTo(1);
    assertThat(err())
        .isEqualTo("error: %s is given, but not %s, which it needs\n".formatted(given, missing));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "migrate-store filesystem -p /a object-storage -e http://minio",
        "-c /dev/null migrate-repo sled -p /a postgres -u postgres://db"
      })
  void whatIsNotThereIsSaid(String line) {
    assertThat(run(line.split(" "))).isEqualTo(1);
    assertThat(err())
        .startsWith("error: there is no migrate-")
        .contains("docs/migrating-from-pict-rs.md")
        .hasLineCount(1);
  }

  @Test
  void helpOfRunShowsItsOptionsAndWhatEachDoes() {
    assertThat(run("run", "--help")).isZero();
    String help = out();
    for (PictrsKey key : PictrsKeys.all()) {
      key.option()
          .ifPresent(option -> assertThat(help).contains(option.names().toArray(String[]::new)));
    }
    assertThat(help)
        .contains("--path <path>", "behind filesystem:", "--save-to")
        .containsPattern("--media-max-file-size=<value>\\s+--max-file-size\n")
        .containsPattern("--console-address=<value>\\s+nothing: ");
    assertThat(run("help", "run")).isZero();
    assertThat(out()).isEqualTo(help);
    assertThat(run("--help")).isZero();
    assertThat(out()).doesNotContain("--media-max-file-size");
  }

  @Test
  void whatIsMisspeltIsCorrected() {
    assertThat(run("run", "--media-max-filesize", "3")).isEqualTo(1);
    assertThat(err())
        .isEqualTo(
            "error: there is no option --media-max-filesize; did you mean"
                + " --media-max-file-size?\n");
  }
}
