package dev.pictj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.pictj.config.Section;
import dev.pictj.config.Setting;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.config.SigningKey;
import dev.pictj.http.UrlSignature;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Commands commands =
      new Commands(
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
    assertThat(commands.run("--help")).isZero();
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
  void theLinesOfUsageStandBelowEachOther() {
    assertThat(commands.run("--help")).isZero();
    List<String> usage =
        out()
            .lines()
            .dropWhile(line -> !line.equals("USAGE:"))
            .skip(1)
            .takeWhile(line -> !line.isBlank())
            .toList();
    assertThat(usage)
        .hasSizeGreaterThanOrEqualTo(4)
        .allMatch(line -> line.startsWith("    pictj "));
  }

  @Test
  void helpAllShowsEverySetting() {
    assertThat(commands.run("--help-all")).isZero();
    for (Map.Entry<Section, List<Setting<?>>> one : SettingsCatalogue.sections().entrySet()) {
      Section section = one.getKey();
      assertThat(out()).contains("\n" + section.title() + ":\n");
      for (Setting<?> setting : one.getValue()) {
        assertThat(out()).contains("--" + setting.name());
      }
    }
  }

  @Test
  void configPrintsWhatIsSetAndWhere(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("pictj.toml"), "uploads.max-files = 3\n");
    Commands here =
        new Commands(
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
  void helpNamesEveryCommandAndIsOneItself() {
    assertThat(commands.run("--help")).isZero();
    String help = out();
    assertThat(help)
        .contains(
            "run --help",
            "config [check]",
            "pictj help serve|config|check|backup|adopt|sign|doctor|help");
    out.reset();
    assertThat(commands.run("help")).isZero();
    assertThat(out()).isEqualTo(help);
    for (String command :
        List.of("check", "backup", "adopt", "sign", "doctor", "config", "serve")) {
      out.reset();
      assertThat(commands.run(command, "--help")).isZero();
      String one = out();
      out.reset();
      assertThat(commands.run("help", command)).isZero();
      assertThat(out()).isEqualTo(one).isNotEmpty();
    }
    out.reset();
    assertOneLine(
        1,
        "error: there is no command chek, only serve, config, check, backup, adopt, sign,"
            + " doctor and help",
        "help",
        "chek");
  }

  @Test
  void configCheckSaysWhetherAServerWouldStart(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("pictj.toml");
    Files.writeString(file, "[data]\npath = '/data'\n[uploads]\nmax-files = 3\n");
    assertThat(commands.run("config", "check", "-c", file.toString())).isZero();
    assertThat(out()).isEqualTo("the settings are valid\n");
    assertThat(err()).isEmpty();

    Files.writeString(
        file,
        """
        [data]
        path = '/data'
        [uploads]
        max-files = 0
        preprocess-steps = 'rotate=90'
        [processing]
        whitelist = ['turn']
        """);
    out.reset();
    assertThat(commands.run("config", "check", "-c", file.toString(), "-m", "0")).isEqualTo(1);
    assertThat(err().lines())
        .hasSize(4)
        .anyMatch(line -> line.startsWith("error: --max-file-size is 0, but must be"))
        .anyMatch(line -> line.startsWith("error: " + file + ": uploads.max-files is 0, but must"))
        .anyMatch(
            line -> line.startsWith("error: " + file + ": uploads.preprocess-steps: `rotate`"))
        .anyMatch(line -> line.startsWith("error: " + file + ": processing.whitelist names turn,"));

    // What is found only when something is made of a value.
    for (String[] wrong :
        new String[][] {
          {"--preprocess-steps", "rotate=90", "--preprocess-steps: `rotate` is no operation"},
          {"--whitelist", "turn", "--whitelist names turn, but there is only identity"},
          {"--tls-key", "/none.pem", "--tls-key is given, but not --tls-certificate, which it"}
        }) {
      err.reset();
      assertThat(commands.run("config", "check", "-p", "/data", wrong[0], wrong[1])).isEqualTo(1);
      assertThat(err()).startsWith("error: " + wrong[2]).hasLineCount(1);
    }
    Files.writeString(file, "[data]\npath = \n");
    err.reset();
    assertThat(commands.run("config", "check", "-c", file.toString())).isEqualTo(1);
    assertThat(err()).contains(file + " is no TOML: line 2, column ");
    assertThat(out()).isEmpty();
  }

  /** All at once, for a start, too; each as it was given. */
  @Test
  void faultsOfTheKeysOfPictrsAreToldByTheirVariables() {
    Map<String, String> environment =
        Map.of(
            "PICTRS__MEDIA__FILTERS", "resize,foo",
            "PICTRS__MEDIA__PREPROCESS_STEPS", "resize=abc",
            "PICTRS__SERVER__CERTIFICATE", "/none.pem",
            "PICTRS__SERVER__MAX_FILE_COUNT", "0",
            "PICTRS_UNSIGNED", "none");
    for (String[] command : new String[][] {{"config", "check"}, {"serve"}}) {
      err.reset();
      List<String> words = new ArrayList<>(List.of(command));
      words.addAll(List.of("-p", "/nonexistent/data"));
      assertThat(
              new Commands(
                      new PrintStream(out, true, StandardCharsets.UTF_8),
                      new PrintStream(err, true, StandardCharsets.UTF_8),
                      environment)
                  .run(words.toArray(String[]::new)))
          .isEqualTo(1);
      assertThat(err().lines())
          .hasSize(5)
          .anyMatch(line -> line.startsWith("error: PICTRS__MEDIA__FILTERS names foo, but there"))
          .anyMatch(line -> line.startsWith("error: PICTRS__MEDIA__PREPROCESS_STEPS: resize=abc"))
          .anyMatch(line -> line.startsWith("error: PICTRS__SERVER__CERTIFICATE is given, but not"))
          .anyMatch(line -> line.startsWith("error: PICTRS__SERVER__MAX_FILE_COUNT is 0, but must"))
          .anyMatch(line -> line.startsWith("error: PICTRS_UNSIGNED is none, which needs"));
    }
  }

  /** Which needs no data folder. */
  @Test
  void theDoctorKnowsTheSettings() {
    assertThat(commands.run("doctor")).isZero();
    assertThat(out()).contains("\nJPEG ", "\nAVIF ");
    out.reset();
    assertThat(commands.run("doctor", "--engine", "imagemagick", "--accept-video", "false"))
        .isZero();
    assertThat(out())
        .containsPattern(
            "\nAVIF +\\| animations alone; stills: no: --engine is imagemagick \\| no: ")
        .containsPattern("\nGIF +\\| yes \\| yes \\|  \\| ImageMagick")
        .containsPattern("\nWebP +\\| yes \\| yes \\| yes \\| ImageMagick")
        .containsPattern("\nMP4 +\\| no: --accept-video is false ");
    assertThat(err()).isEmpty();
    assertThat(commands.run("doctor", "--engine", "magic")).isEqualTo(1);
    assertThat(err()).startsWith("error: --engine is magic, but must be").hasLineCount(1);
  }

  @Test
  void theDoctorSaysWhatKeepsAServerFromItsStart() {
    Commands bare =
        new Commands(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of("PATH", "/nonexistent"));
    assertThat(bare.run("doctor")).isEqualTo(1);
    assertThat(out()).contains("\nJPEG ");
    assertThat(err())
        .startsWith("error: a server does not start here: ImageMagick is not installed")
        .hasLineCount(1);
  }

  @Test
  void configTellsWhatIsWrong() {
    assertThat(commands.run("config", "-p", "/data", "-m", "0")).isEqualTo(1);
    assertThat(err()).startsWith("error: --max-file-size is 0, but must be a whole number from 1");
    assertThat(out()).isEmpty();
  }

  @Test
  void versionIsOneLine() {
    assertThat(commands.run("-V")).isZero();
    assertThat(out()).matches("pictj \\d+\\.\\d+\\.\\d+\\R");
  }

  @Test
  void wrongValuesEndWithOneLineAndStatusOne() {
    assertThat(commands.run("-p", "/tmp/x", "-f", "jpeg")).isEqualTo(1);
    assertThat(err())
        .isEqualTo(
            "error: --format is jpeg, but must be one of jpg, png, webp, avif, jxl (Invalid format"
                + " supplied, jpeg)\n");
  }

  @Test
  void aMissingPathAndAnUnknownOptionAreTold() {
    assertThat(commands.run()).isEqualTo(1);
    assertThat(err()).contains("--path");
    err.reset();
    assertThat(commands.run("--nonsense")).isEqualTo(1);
    assertThat(err())
        .startsWith("error: Unknown option: '--nonsense'; see pictj serve --help")
        .hasLineCount(1);
  }

  private void assertOneLine(int status, String line, String... arguments) {
    err.reset();
    assertThat(commands.run(arguments)).isEqualTo(status);
    assertThat(err()).isEqualTo(line + "\n");
    assertThat(out()).isEmpty();
  }

  @Test
  void whatIsMisspeltIsCorrected() {
    assertOneLine(
        1, "error: there is no option --adress; did you mean --addr?", "--adress", "127.0.0.1:0");
    assertOneLine(
        2,
        "error: there is no option --repiar; did you mean --repair?",
        "check",
        "-p",
        "/nowhere",
        "--repiar");
    assertOneLine(1, "error: there is no option --hlep; did you mean --help?", "--hlep");
    assertOneLine(1, "error: there is no option --adr; did you mean --addr?", "--adr=127.0.0.1:0");
    assertOneLine(1, "error: Unknown option: '--foo'; see pictj serve --help", "--foo");
    assertOneLine(
        1,
        "error: there is no command chek, only serve, config, check, backup, adopt, sign,"
            + " doctor and help",
        "chek");
  }

  @Test
  void whatIsTooMuchOrMissingIsTold(@TempDir Path folder) {
    String data = folder.toString();
    assertOneLine(
        1, "error: Unmatched argument at index 2: 'x'; see pictj serve --help", "-p", data, "x");
    assertOneLine(
        1,
        "error: Missing required parameter for option '--addr' (<addr>); see pictj serve --help",
        "-p",
        data,
        "--addr");
    assertOneLine(
        2, "error: Missing required parameter: '<dir>'; see pictj backup --help", "backup");
    assertOneLine(
        1,
        "error: Missing required parameter for option '--whitelist' at index 0 (<name>); see pictj"
            + " serve --help",
        "-p",
        data,
        "-w");
  }

  @Test
  void anAddressThatIsNoneIsTold(@TempDir Path folder) {
    for (String address : List.of("127.0.0.1:65536", "[::1]:99999", "0.0.0.0:123456")) {
      assertOneLine(
          1,
          "error: --addr is %s, but must be an address and a port from 0 to 65535, not %s"
              .formatted(address, address.substring(address.lastIndexOf(':') + 1)),
          "-p",
          folder.toString(),
          "--addr",
          address);
    }
    for (String address : List.of("[::1]", "127.0.0.1", "::1:8080x")) {
      assertOneLine(
          1,
          "error: --addr is %s, but must be an address and a port such as 0.0.0.0:8080 or [::]:8080,"
                  .formatted(address)
              + " not a host name",
          "-p",
          folder.toString(),
          "--addr",
          address);
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aServerForBackupThatIsNoneIsTold() throws Exception {
    String[] arguments = {"backup", "--api-key", "k", "--server", "x", "/tmp/backup"};
    for (String server : List.of("x", "localhost:8080", "/tmp", "ftp://host/")) {
      arguments[4] = server;
      assertOneLine(
          1,
          "error: --server must be where the server listens, such as http://127.0.0.1:8080, and not"
              + " "
              + server,
          arguments);
    }
    HttpServer other = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 1);
    other.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 4);
          exchange.getResponseBody().write("<h1>".getBytes(StandardCharsets.US_ASCII));
          exchange.close();
        });
    arguments[4] = "http://127.0.0.1:" + other.getAddress().getPort();
    other.start();
    try {
      assertOneLine(1, "error: what answers at " + arguments[4] + " is not pictj", arguments);
    } finally {
      other.stop(0);
    }
    assertOneLine(1, "error: no server answers at " + arguments[4], arguments);
    assertOneLine(
        1,
        "error: the server's key is needed: set PICTRS_API_KEY or give --api-key",
        "backup",
        "/tmp/backup");
  }

  @Test
  void anUnknownNameInTheWhitelistListsTheKnownOnes(@TempDir Path folder) {
    assertThat(commands.run("-p", folder.toString(), "-w", "thumbnail", "sharpen")).isEqualTo(1);
    assertThat(err()).contains("sharpen", "identity, thumbnail, resize, crop, blur");
  }

  @Test
  void aRequiredSandboxThatDoesNotWorkEndsTheStart(@TempDir Path folder) throws Exception {
    Path broken = Files.createDirectory(folder.resolve("bin")).resolve("bwrap");
    Files.writeString(broken, "#!/bin/sh\necho bwrap: No permissions >&2\nexit 1\n");
    assertThat(broken.toFile().setExecutable(true)).isTrue();
    String path = folder.resolve("bin") + ":" + System.getenv("PATH");
    Commands here =
        new Commands(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of("PATH", path, "PICTRS_SANDBOX", "required"));

    assertThat(here.run("-p", folder.resolve("data").toString(), "-a", "127.0.0.1:0")).isEqualTo(1);
    assertThat(err())
        .contains("the sandbox is required but incomplete: no bwrap (bwrap: No permissions)");
  }

  /** Who has misspelt the folder would not see why it is missing. */
  @Test
  void aStartThatFailsNamesVariablesThatDoNothing() {
    Commands misled =
        new Commands(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of("PATH", System.getenv("PATH"), "PICTRS_PAHT", "/secret"));
    assertThat(misled.run()).isEqualTo(1);
    assertThat(err())
        .contains("error: --path is required", "warning: PICTRS_PAHT is no setting", "PICTRS_PATH")
        .doesNotContain("/secret");
  }

  /** The same for keys of a file, and for what has another name by now, beside all faults. */
  @Test
  void aStartThatFailsTellsEveryWarningToo(@TempDir Path folder) throws Exception {
    Path theirs =
        Files.writeString(
            folder.resolve("theirs.toml"),
            "[server]\naddress = \"nowhere\"\n[media]\nmax_fiel_size = 3\n");
    Path ours =
        Files.writeString(
            folder.resolve("ours.toml"),
            "[uploads]\nmax-files = \"x\"\n[storage]\nwrite-behind = 3\n");
    for (List<String> command : List.of(List.of("serve"), List.of("config", "check"))) {
      err.reset();
      assertThat(start(command, theirs)).isEqualTo(1);
      assertThat(err())
          .contains("error: %s: server.address is nowhere".formatted(theirs))
          .contains("warning: %s: media.max_fiel_size is no setting".formatted(theirs));
      err.reset();
      assertThat(start(command, ours)).isEqualTo(1);
      assertThat(err())
          .contains("error: %s: uploads.max-files is".formatted(ours))
          .contains("warning: %s: storage.write-behind has no effect".formatted(ours));
    }
  }

  private int start(List<String> command, Path file) {
    List<String> words = new ArrayList<>(command);
    words.addAll(List.of("-c", file.toString(), "-p", file.resolveSibling("data").toString()));
    return commands.run(words.toArray(String[]::new));
  }

  private int sign(String keys, String... more) {
    Map<String, String> environment =
        keys.isEmpty() ? Map.of() : Map.of("PICTRS_SIGNING_KEYS", keys);
    String[] words = Stream.concat(Stream.of("sign"), Stream.of(more)).toArray(String[]::new);
    out.reset();
    err.reset();
    return new Commands(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment)
        .run(words);
  }

  @Test
  void signPrintsASignedUrl() {
    SigningKey site = new SigningKey("site", "s".repeat(32));
    SigningKey app = new SigningKey("app", "a".repeat(32));
    String keys = "site:" + site.secret() + ",app:" + app.secret();
    String url = "http://localhost:8080/image/process.webp?src=a.png&thumbnail=9";
    assertThat(sign(keys, url)).isZero();
    assertThat(out().strip()).isEqualTo(UrlSignature.signed(url, site, Optional.empty()));
    assertThat(sign(keys, "--key", "app", url)).isZero();
    assertThat(out().strip()).isEqualTo(UrlSignature.signed(url, app, Optional.empty()));
    assertThat(sign("", "--key", "app:" + app.secret(), url)).isZero();
    assertThat(out().strip()).isEqualTo(UrlSignature.signed(url, app, Optional.empty()));
    assertThat(sign(keys, "--expires-in", "3600", url)).isZero();
    Instant end =
        Instant.ofEpochSecond(Long.parseLong(out().strip().replaceAll(".*expires=|&key.*", "")));
    assertThat(out().strip()).isEqualTo(UrlSignature.signed(url, site, Optional.of(end)));
    assertThat(sign("", url)).isOne();
    assertThat(err()).isEqualTo("error: a key is needed: set PICTRS_SIGNING_KEYS or give --key\n");
    assertThat(sign(keys, "--key", "nobody", url)).isOne();
    assertThat(err()).isEqualTo("error: there is no key nobody in PICTRS_SIGNING_KEYS\n");
    assertThat(sign("", "--key", "app:short", url)).isOne();
    assertThat(err()).startsWith("error: --signing-keys must be an id").doesNotContain("short");
    assertThat(sign(keys, "http://localhost:8080/image/original/a.png")).isOne();
    assertThat(err()).startsWith("error: only URLs of variants are signed");
    assertThat(sign(keys, "--expires-in", "0", url)).isOne();
    assertThat(err()).startsWith("error: --expires-in must be");
  }
}
