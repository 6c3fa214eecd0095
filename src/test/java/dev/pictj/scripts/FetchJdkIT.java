package dev.pictj.scripts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A machine without a JDK fetches one, from a stand-in for Adoptium that has this machine's own.
 */
final class FetchJdkIT {
  @TempDir private static Path shared;
  private static Path archive;
  private static String checksum;

  @TempDir private Path folder;
  private final List<URI> asked = new CopyOnWriteArrayList<>();
  private HttpServer adoptium;
  private Machine machine;
  private String published;
  private long sent;

  @BeforeAll
  static void pack() throws Exception {
    Path jdk = Path.of(System.getProperty("java.home"));
    archive = shared.resolve("jdk.tar.gz");
    Process tar =
        new ProcessBuilder(
                "tar",
                "--use-compress-program=gzip -1",
                "--exclude=src.zip",
                // As whoever published it is called there, whose number may be anybody's here.
                "--owner=12345",
                "--group=12345",
                "--transform=s,^" + jdk.getFileName() + ",jdk-as-published,",
                "-chf",
                archive.toString(),
                jdk.getFileName().toString())
            .directory(jdk.getParent().toFile())
            .inheritIO()
            .start();
    assertThat(tar.waitFor()).isZero();
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(Files.readAllBytes(archive));
    checksum = HexFormat.of().formatHex(digest.digest());
  }

  @BeforeEach
  void start() throws IOException {
    published = checksum;
    sent = Files.size(archive);
    adoptium = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    adoptium.createContext("/v3/assets/latest/25/hotspot", this::describe);
    adoptium.createContext("/download/OpenJDK25U-jdk.tar.gz", this::send);
    adoptium.start();
    machine = new Machine(folder).complete().withoutJdk().with("PICTJ_JDK_API", url());
    machine.program("curl", "exec /usr/bin/curl \"$@\"");
  }

  @AfterEach
  void stop() {
    adoptium.stop(0);
  }

  private String url() {
    return "http://127.0.0.1:" + adoptium.getAddress().getPort();
  }

  /** As the real one answers, with all of its members that have a name like one of ours. */
  private void describe(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestURI());
    byte[] answer =
        """
        [
            {
                "binary": {
                    "architecture": "x64",
                    "image_type": "jdk",
                    "os": "linux",
                    "package": {
                        "checksum": "%s",
                        "checksum_link": "%s/download/OpenJDK25U-jdk.tar.gz.sha256.txt",
                        "download_count": 42,
                        "link": "%s/download/OpenJDK25U-jdk.tar.gz",
                        "metadata_link": "%s/download/OpenJDK25U-jdk.tar.gz.json",
                        "name": "OpenJDK25U-jdk.tar.gz",
                        "signature_link": "%s/download/OpenJDK25U-jdk.tar.gz.sig",
                        "size": %d
                    },
                    "scm_ref": "jdk-25.0.3+9_adopt"
                },
                "release_link": "%s/releases/jdk-25.0.3+9",
                "release_name": "jdk-25.0.3+9",
                "version": { "major": 25 }
            }
        ]
        """
            .formatted(published, url(), url(), url(), url(), Files.size(archive), url())
            .getBytes(UTF_8);
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private void send(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestURI());
    exchange.sendResponseHeaders(200, Files.size(archive));
    try (var in = Files.newInputStream(archive)) {
      byte[] buffer = new byte[1 << 16];
      for (long left = sent; left > 0; ) {
        int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        exchange.getResponseBody().write(buffer, 0, count);
        left -= count;
      }
    } catch (IOException _) {
      // Whoever fetches it has gone.
    }
    exchange.close();
  }

  private List<Path> tools() throws IOException {
    Path tools = machine.root().resolve(".tools");
    if (!Files.exists(tools)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(tools)) {
      return files.toList();
    }
  }

  @Test
  void aJdkIsFetchedOnceAndFoundFromThenOn() throws Exception {
    Machine.Run first = machine.run("bootstrap");

    String version = System.getProperty("java.version");
    assertThat(first.status()).as(first.said()).isZero();
    assertThat(first.said())
        .isEqualTo(
            """
            Fetching OpenJDK25U-jdk.tar.gz, %d MB, into .tools/
            JDK %s is in .tools/jdk-%s
            """
                .formatted(Files.size(archive) / 1_000_000, version, version));
    assertThat(tools()).containsExactly(machine.root().resolve(".tools/jdk-" + version));
    assertThat(asked)
        .extracting(URI::toString)
        .contains(
            "/v3/assets/latest/25/hotspot?architecture=x64&image_type=jdk&os=linux&vendor=eclipse");
    Path java = machine.root().resolve(".tools/jdk-" + version + "/bin/java");
    assertThat(Files.getOwner(java)).isEqualTo(Files.getOwner(machine.root()));
    asked.clear();
    assertThat(machine.run("bootstrap")).isEqualTo(new Machine.Run(0, ""));
    assertThat(asked).isEmpty();
    assertThat(machine.leftovers()).isEmpty();
  }

  @Test
  void anotherFileThanWasPublishedIsRefused() throws Exception {
    published = "0".repeat(64);

    Machine.Run run = machine.run("bootstrap");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.said())
        .contains("its SHA-256 is " + checksum + ", not " + published + "; nothing was installed");
    assertThat(tools()).isEmpty();
  }

  @Test
  void aDownloadThatBreaksOffLeavesNothing() throws Exception {
    sent = sent / 2;

    Machine.Run run = machine.run("bootstrap");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.said()).contains("the download failed: curl: (18)", "nothing was installed");
    assertThat(tools()).isEmpty();
    assertThat(machine.leftovers()).isEmpty();
  }

  /** What is missing too is not installed for nothing. */
  @Test
  void offlineNothingIsInstalled() throws Exception {
    adoptium.stop(0);
    machine.withApt().asRoot();
    Files.delete(machine.bin().resolve("ffmpeg"));
    machine.offer("ffmpeg", "echo ffmpeg version 5.1");

    Machine.Run run = machine.run("bootstrap");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.said())
        .contains("there is no JDK 25, and Adoptium, which has some, does not answer at " + url())
        .contains("Is this machine online? Install a JDK 25.0.3 or newer");
    assertThat(machine.calls()).noneMatch(call -> call.contains("-y"));
    assertThat(machine.leftovers()).isEmpty();
  }

  @Test
  void whatWasLeftByOneThatWasKilledGoesAway() throws Exception {
    Files.createDirectories(machine.root().resolve(".tools/fetching-4194305/unpacked"));
    Path busy =
        Files.createDirectories(
            machine.root().resolve(".tools/fetching-" + ProcessHandle.current().pid()));
    published = "0".repeat(64);

    machine.run("fetch-jdk");

    assertThat(tools()).containsExactly(busy);
  }

  @ParameterizedTest
  @CsvSource({
    "uname, case $1 in -s) echo Linux;; *) echo riscv64;; esac, no JDK to fetch for Linux on"
        + " riscv64",
    "getconf, exit 1, needs glibc"
  })
  void aSystemThatItIsNotMadeForIsToldSo(String program, String script, String words)
      throws Exception {
    machine.program(program, script);

    Machine.Run run = machine.run("bootstrap");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.said()).contains(words, "Install a JDK 25.0.3 or newer");
    assertThat(asked).isEmpty();
  }

  @Test
  void aptsJdkIsTakenWhereItIsGood() throws Exception {
    machine.withApt().withAptJdk("25.0.5+8-1~deb13u1");

    assertThat(machine.run("bootstrap").said())
        .contains("--no-install-recommends openjdk-25-jdk-headless\n")
        .contains("script/fetch-jdk fetches a JDK into this folder");
    assertThat(asked).isEmpty();
  }

  /** Rather an old one than none. */
  @ParameterizedTest
  @ValueSource(strings = {"25.0.1+8-1~24.04", "25~36ea-1"})
  void anOldJdkOfAptIsTakenWhereNoOtherCanBeHad(String version) throws Exception {
    machine.withApt().withAptJdk(version);
    adoptium.stop(0);

    assertThat(machine.run("bootstrap").said()).contains("recommends openjdk-25-jdk-headless\n");
  }

  @Test
  void anOldJdkIsUsedWithAWarningUnlessThereIsANewerOne() throws Exception {
    machine.jdk("25.0.2");

    Machine.Run run = machine.run("bootstrap");

    assertThat(run.status()).isZero();
    assertThat(run.said())
        .isEqualTo(
            "warning: with the JDK 25.0.2 in %s requests may hang for ever (JDK-8369227, mended in"
                    .formatted(machine.jdk())
                + " 25.0.3); script/fetch-jdk fetches a newer one\n");

    assertThat(machine.run("fetch-jdk").status()).isZero();
    assertThat(machine.run("bootstrap")).isEqualTo(new Machine.Run(0, ""));
  }

  @Test
  void withoutCurlAptBringsItAlong() throws Exception {
    machine.withApt();
    Files.delete(machine.bin().resolve("curl"));

    assertThat(machine.run("bootstrap").said())
        .contains("--no-install-recommends curl ca-certificates\n")
        .contains("A JDK 25 is missing, too; run this again afterwards");
  }

  @Test
  void emptyListsAreCalledEmpty() throws Exception {
    machine.withApt();
    machine.program("apt-cache", "exit 100");
    Files.delete(machine.bin().resolve("ffmpeg"));

    assertThat(machine.run("bootstrap").said())
        .startsWith("apt's lists of packages are empty; its update fills them.\nPlease run: ");

    machine.asRoot();
    Machine.Run run = machine.run("bootstrap");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.said()).contains("apt has no list of packages, not even after apt-get update");
  }

  @Test
  void whatAptCannotInstallStopsItBeforeAnythingIsInstalled() throws Exception {
    machine.withApt().asRoot().jdk("25.0.3");
    Files.delete(machine.bin().resolve("ffmpeg"));
    Files.delete(machine.bin().resolve("bwrap"));
    machine.program(
        "apt-get",
        "case \"$*\" in *-s*bubblewrap*) exit 100 ;; *-s*ffmpeg*) echo no ffmpeg; exit 100 ;; esac;"
            + " echo \"$@\" >>'"
            + folder.resolve("calls")
            + "'");

    Machine.Run run = machine.run("bootstrap");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.said())
        .contains("no ffmpeg\nerror: apt cannot install this, and nothing was installed: ffmpeg");
    assertThat(machine.calls()).containsExactly("update -qq");
  }
}
