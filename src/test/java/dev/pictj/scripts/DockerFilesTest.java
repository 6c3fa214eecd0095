package dev.pictj.scripts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators rely on in the Docker files, and that every script at least parses. */
final class DockerFilesTest {
  private static final Path BASE = Path.of(System.getProperty("pictj.basedir", ""));
  private static final Pattern SETTING = Pattern.compile("(PICTRS_[A-Z_]+):");

  @Test
  void theImageKeepsTheIdsFoldersAndPortThatDeploymentsKnow() throws IOException {
    assertThat(lines("docker/prod/Dockerfile"))
        .contains(
            "FROM eclipse-temurin:25-jre",
            "ARG UID=991",
            "ARG GID=991",
            "USER pictj",
            "WORKDIR /opt/pictj",
            "VOLUME /mnt",
            "EXPOSE 8080",
            "ENTRYPOINT [\"/usr/bin/tini\", \"--\"]",
            "COPY script/jvm.options docker/prod/start docker/prod/health /opt/pictj/",
            "RUN java @/opt/pictj/jvm.options -XX:AOTCacheOutput=/opt/pictj/pictj.aot \\",
            "CMD [\"/opt/pictj/start\"]");
    assertThat(text("docker/prod/Dockerfile"))
        .contains("maven:3-eclipse-temurin-25 AS build")
        .contains("useradd -o -u \"${UID}\" -g \"${GID}\" -m -d /opt/pictj")
        .contains("install -d -o \"${UID}\" -g \"${GID}\" /mnt")
        .containsPattern("HEALTHCHECK .* CMD \\[\"/opt/pictj/health\"]")
        .contains("org.opencontainers.image.title=\"pictj\"");
  }

  @Test
  void everyServerEndsWithoutMemoryAndIsStartedAgain() throws IOException {
    assertThat(lines("script/jvm.options"))
        .contains("-XX:+ExitOnOutOfMemoryError", "-XX:+UseSerialGC", "-Xmx256m");
    // Nobody has options of his own, which would be forgotten when these change.
    for (String file : List.of("docker/prod/Dockerfile", "script/lib.sh", "script/server")) {
      assertThat(text(file)).as(file).doesNotContain("-Xm", "GC");
    }
    assertThat(lines("docs/getting-started.md"))
        .contains("java @script/jvm.options -jar target/pictj.jar -p data/");
  }

  @Test
  void theVolumeIsDeclaredAfterItsOwnerIsSet() throws IOException {
    String file = text("docker/prod/Dockerfile");

    assertThat(file.indexOf("VOLUME /mnt")).isGreaterThan(file.indexOf("install -d -o"));
  }

  @Test
  void theImageHasTheProgramsThatPictjAndItsHealthCheckStart() throws IOException {
    assertThat(lines("docker/prod/Dockerfile").stream().map(line -> line.replace(" \\", "")))
        .contains(
            "      imagemagick",
            "      libvips42",
            "      libheif-plugin-aomenc",
            "      ffmpeg",
            "      tini",
            "      wget")
        .contains("      bubblewrap", "      util-linux", "      '^libturbojpeg0?$'");
  }

  @Test
  void composeListensOnTheHostOnlyAndLeavesTimeToStop() throws IOException {
    assertThat(lines("docker/prod/docker-compose.yml").stream().map(String::strip))
        .contains(
            "pictj:",
            "- \"127.0.0.1:${PICTJ_PORT:-8080}:${PICTJ_PORT:-8080}\"",
            "PICTRS_ADDR: \"0.0.0.0:${PICTJ_PORT:-8080}\"",
            "restart: unless-stopped",
            "- ./volumes/pictj:/mnt",
            "stop_grace_period: 35s",
            "dockerfile: docker/prod/Dockerfile");
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker/prod/docker-compose.yml", "docker/prod/lemmy.yml"})
  void composeNamesOnlySettingsThatExist(String file) throws IOException {
    List<String> known =
        dev.pictj.config.SettingsCatalogue.all().stream()
            .flatMap(setting -> setting.environment().stream())
            .toList();

    List<String> named =
        SETTING.matcher(text(file)).results().map(found -> found.group(1)).toList();

    assertThat(named).isNotEmpty().isSubsetOf(known);
  }

  @Test
  void aLemmyStackFindsItByTheNameAndAddressThatItKnows() throws IOException {
    assertThat(lines("docker/prod/lemmy.yml").stream().map(String::strip))
        .contains(
            "pictrs:",
            "hostname: pictrs",
            "user: 991:991",
            "restart: unless-stopped",
            "stop_grace_period: 35s",
            "- ./volumes/pictj:/mnt",
            "PICTRS_API_KEY: \"change-me\"")
        .noneMatch(line -> line.equals("ports:"));
  }

  /** What it would run, the variables and arguments of a container given. */
  private static String said(
      Path folder, String program, String script, Map<String, String> variables, String... more)
      throws Exception {
    Path stub =
        Files.writeString(folder.resolve(program), "#!/bin/sh\necho \"" + program + " $*\"\n");
    Files.setPosixFilePermissions(stub, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> command = new java.util.ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      // Nothing is forbidden to root, and the image has another user.
      command.addAll(List.of("setpriv", "--reuid=991", "--regid=991", "--clear-groups"));
    }
    command.addAll(List.of("sh", "-c", text("docker/prod/" + script), script));
    command.addAll(List.of(more));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("PICT"));
    builder.environment().merge("PATH", folder + ":", (path, own) -> own + path);
    builder.environment().putAll(variables);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return process.waitFor() + " " + output.strip();
  }

  @Test
  void theImageStartsWithTheHeapThatAVariableNames(@TempDir Path folder) throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    String data = folder.toString();
    String rest =
        "-XX:AOTCache=/opt/pictj/pictj.aot -Djava.library.path=/opt/pictj/native"
            + " -jar /opt/pictj/pictj.jar";
    assertThat(said(folder, "java", "start", Map.of("PICTRS_PATH", data)))
        .isEqualTo("0 java @/opt/pictj/jvm.options " + rest);
    assertThat(
            said(
                folder,
                "java",
                "start",
                Map.of("PICTRS__PATH", data, "PICTJ_HEAP", "512m"),
                "--max-files",
                "20"))
        .isEqualTo("0 java @/opt/pictj/jvm.options -Xmx512m " + rest + " --max-files 20");
  }

  /** In a variable, so that the command line of pict-rs 0.5 and its variables may say otherwise. */
  @ParameterizedTest
  @CsvSource({"PICTRS_PATH", "PICTRS__PATH"})
  void theDataFolderIsToldInAVariable(String variable, @TempDir Path folder) throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    Map<String, String> variables = Map.of(variable, folder.toString());
    Path java = Files.writeString(folder.resolve("java"), "#!/bin/sh\necho \"$PICTRS_PATH\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(said(folder, "another", "start", variables)).isEqualTo("0 " + folder);
  }

  @Test
  void aVolumeOfRootsIsCalledSo(@TempDir Path folder) throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("r-xr-xr-x"));
    assertThat(said(folder, "java", "start", Map.of("PICTRS_PATH", data.toString())))
        .matches(
            "1 error: the data folder .*/data belongs to user \\d+:\\d+, and pictj, user"
                + " \\d+:\\d+, may not write into it\\. On the host: sudo chown -R"
                + " \\d+:\\d+ the folder that is mounted there");
  }

  @ParameterizedTest
  @CsvSource({
    ",                             127.0.0.1:8080",
    "PICTRS_ADDR=0.0.0.0:9000,     127.0.0.1:9000",
    "PICTRS__ADDR=0.0.0.0:9001,    127.0.0.1:9001",
    "PICTRS_ADDR=[::]:9002,        127.0.0.1:9002",
    "PICTRS_ADDR=127.0.0.2:9003,   127.0.0.2:9003",
    "PICTRS__SERVER__ADDRESS=[::]:9004, 127.0.0.1:9004"
  })
  void theHealthCheckFollowsThePort(String variable, String asked, @TempDir Path folder)
      throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Map<String, String> variables =
        variable == null
            ? Map.of()
            : Map.of(
                variable.substring(0, variable.indexOf('=')),
                variable.substring(variable.indexOf('=') + 1));
    assertThat(said(folder, "wget", "health", variables))
        .isEqualTo("0 wget -q -O /dev/null http://" + asked + "/healthz");
  }

  @Test
  void theBuildContextLeavesOutWhatIsBigOrPrivate() throws IOException {
    assertThat(lines(".dockerignore"))
        .contains("target", ".git", "data", "docker/dev/volumes", "docker/prod/volumes");
  }

  @Test
  void theDevelopmentShellRefusesUnknownPlatforms() throws Exception {
    Process process =
        new ProcessBuilder("bash", BASE.resolve("docker/dev/dev.sh").toString(), "sparc")
            .redirectErrorStream(true)
            .start();

    assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
        .isEqualToIgnoringNewLines("usage: docker/dev/dev.sh [amd64|arm64v8]");
    assertThat(process.waitFor()).isEqualTo(1);
  }

  /** The docker of this test writes down how it is called; -t without a terminal is an error. */
  @Test
  void theDevelopmentShellAsksForATerminalOnlyWhereThereIsOne(@TempDir Path folder)
      throws Exception {
    Path calls = folder.resolve("calls");
    Path docker = folder.resolve("docker");
    Files.writeString(docker, "#!/bin/sh\necho \"$@\" >>'%s'\n".formatted(calls));
    Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwxr-xr-x"));
    ProcessBuilder builder =
        new ProcessBuilder("bash", BASE.resolve("docker/dev/dev.sh").toString(), "amd64")
            .redirectErrorStream(true);
    builder.environment().merge("PATH", folder + ":", (path, own) -> own + path);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    String run = Files.readAllLines(calls).getLast();
    assertThat(run)
        .startsWith("run --rm -i ")
        .contains("--platform linux/amd64", "/opt/build/repo");
    assertThat(run.split(" ")).doesNotContain("-t", "-it");
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void everyScriptParsesAndCanBeRun(Path script) throws Exception {
    Process process =
        new ProcessBuilder("bash", "-n", script.toString()).redirectErrorStream(true).start();

    assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).isEmpty();
    assertThat(process.waitFor()).isZero();
    // A script that is only sourced has no first line and needs no right to run.
    if (Files.readString(script).startsWith("#!")) {
      assertThat(Files.isExecutable(script)).as("%s is executable", script).isTrue();
    }
  }

  private static List<Path> scripts() throws IOException {
    List<Path> scripts = new java.util.ArrayList<>();
    for (String folder : List.of("docker", "script", "client-examples", ".ci")) {
      try (Stream<Path> files = Files.walk(BASE.resolve(folder))) {
        files
            .filter(Files::isRegularFile)
            .filter(file -> !file.toString().contains("/volumes/"))
            .filter(file -> isScript(file.getFileName().toString()))
            .sorted()
            .forEach(scripts::add);
      }
    }
    assertThat(scripts).hasSizeGreaterThan(5);
    return scripts;
  }

  private static boolean isScript(String name) {
    return name.endsWith(".sh") || (!name.contains(".") && !name.equals("Dockerfile"));
  }

  private static String text(String file) throws IOException {
    return Files.readString(BASE.resolve(file));
  }

  private static List<String> lines(String file) throws IOException {
    return Files.readAllLines(BASE.resolve(file));
  }
}
