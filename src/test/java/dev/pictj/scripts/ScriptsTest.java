package dev.pictj.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts on machines that have everything, something or nothing of what they need. */
final class ScriptsTest {
  static final Path BASE = Path.of(System.getProperty("pictj.basedir", "")).toAbsolutePath();

  /** Seven files are all that a build fetches, of which each is two percent of the work. */
  private static final String BUILD =
      """
      # A busy machine must not make a second of silence, at which the clock is looked at, too.
      read() { builtin read -r line; }
      fetched_files=7
      build() {
        for file in 1 2 3 4 5 6 7; do
          echo "Downloading from central: https://example.org/$file.pom"
          echo "Downloaded from central: https://example.org/$file.pom (1 kB at 2 kB/s)"
        done
        echo '[INFO] --- maven-compiler-plugin:3.16.0:compile (default-compile) @ pictj ---'
        echo '[INFO] --- maven-shade-plugin:3.6.2:shade (default) @ pictj ---'
      }
      build |\
      """;

  private static final String APT_INSTALL =
      "apt-get install -qq --no-install-recommends -o DPkg::Lock::Timeout=300";

  @TempDir private Path folder;

  private static String options(Machine machine) {
    return "@" + machine.root().resolve("script/jvm.options");
  }

  @Test
  void bootstrapIsSilentWhereNothingIsMissing() throws Exception {
    Machine machine = new Machine(folder).complete().withApt();

    assertThat(machine.run("bootstrap", "--test")).isEqualTo(new Machine.Run(0, ""));
    assertThat(machine.calls()).isEmpty();
  }

  @Test
  void bootstrapWithoutRootNamesTheCommandToRun() throws Exception {
    Machine.Run run = new Machine(folder).withApt().run("bootstrap");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.said())
        .contains(
            "sudo apt-get update && sudo apt-get install -y --no-install-recommends maven"
                + " imagemagick ffmpeg curl bubblewrap util-linux libvips42 libturbojpeg0\n")
        .doesNotContain("empty");
  }

  @Test
  void bootstrapForTestsAsksForWhatOnlyTestsUse() throws Exception {
    Machine.Run run = new Machine(folder).withApt().run("bootstrap", "--test");

    assertThat(run.said())
        .contains("ffmpeg curl python3 nodejs bubblewrap util-linux libvips42 libturbojpeg0");
  }

  @Test
  void turboJpegIsCalledAsTheDistributionCallsIt() throws Exception {
    for (List<String> one :
        List.of(
            List.of("PRETTY_NAME=\"Debian GNU/Linux\"\nID=debian\n", "libturbojpeg0\n"),
            List.of("ID=ubuntu\nID_LIKE=debian\n", "libturbojpeg\n"),
            List.of("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", "libturbojpeg\n"),
            List.of("", "libturbojpeg0\n"))) {
      Path release = Files.writeString(folder.resolve("os-release"), one.getFirst());
      Process process =
          new ProcessBuilder(
                  "bash", "-c", ". script/lib.sh; turbojpeg_package \"$0\"", release.toString())
              .directory(BASE.toFile())
              .start();
      assertThat(process.inputReader().readAllAsString()).isEqualTo(one.getLast());
      assertThat(process.waitFor()).isZero();
    }
  }

  @Test
  void codecsOfLibheifAreInstalledWhereTheyArePackages() throws Exception {
    Machine machine = new Machine(folder).complete().withApt().asRoot();
    assertThat(machine.run("bootstrap").said()).isEmpty();

    machine.withHeifPlugins("aomdec", "libde265");
    assertThat(machine.run("bootstrap").status()).isZero();
    assertThat(machine.calls()).last().asString().endsWith(" -y libheif-plugin-aomenc");

    machine.withHeifPlugins("aomenc");
    assertThat(machine.run("bootstrap").said()).isEmpty();
  }

  @Test
  void codecsOfLibheifAreAskedForWithTheRest() throws Exception {
    Machine machine = new Machine(folder).withApt().withHeifPlugins();

    assertThat(machine.run("bootstrap").said())
        .contains(
            " libturbojpeg0 libheif-plugin-aomenc libheif-plugin-dav1d libheif-plugin-libde265\n");
  }

  @Test
  void bootstrapWithoutAptListsWhatIsMissing() throws Exception {
    Machine.Run run = new Machine(folder).run("bootstrap");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.said()).contains("Missing: maven imagemagick ffmpeg").contains("no Debian");
  }

  @Test
  void bootstrapIsNotFooledByOtherProgramsNamedConvert() throws Exception {
    Machine machine = new Machine(folder).complete().withApt();
    machine.program("convert", "echo 'convert 1.0, turns units into others'");

    assertThat(machine.run("bootstrap").said()).contains("--no-install-recommends imagemagick\n");
  }

  @Test
  void bootstrapForTestsWantsNode18() throws Exception {
    Machine machine = new Machine(folder).complete().withApt();
    machine.program("node", "echo v16.20.0");

    assertThat(machine.run("bootstrap").status()).isZero();
    assertThat(machine.run("bootstrap", "--test").said()).contains("recommends nodejs\n");
  }

  @Test
  void bootstrapAsRootInstallsJustWhatIsMissing() throws Exception {
    Machine machine = new Machine(folder).complete().withApt().asRoot();
    Files.delete(machine.bin().resolve("ffmpeg"));
    machine.offer("ffmpeg", "echo ffmpeg version 5.1");

    assertThat(machine.run("bootstrap"))
        .isEqualTo(
            new Machine.Run(
                0, "Asking apt's archives what they have.\nInstalling with apt: ffmpeg\n"));
    assertThat(machine.calls())
        .containsExactly(
            "apt-get update -qq", APT_INSTALL + " -s ffmpeg", APT_INSTALL + " -y ffmpeg");
  }

  @Test
  void bootstrapInstallsWhatIsGoodToHaveWhereItMayAndGoesOnWhereItMayNot() throws Exception {
    Machine machine = new Machine(folder).complete().withApt();
    Files.delete(machine.bin().resolve("bwrap"));
    machine.offer("bwrap", "true");

    assertThat(machine.run("bootstrap")).isEqualTo(new Machine.Run(0, ""));
    assertThat(machine.run("bootstrap", "--test").status()).isEqualTo(1);
    machine.asRoot();
    assertThat(machine.run("bootstrap"))
        .isEqualTo(new Machine.Run(0, "Installing for safety and speed: bubblewrap\n"));
    assertThat(machine.bin().resolve("bwrap")).exists();

    Files.delete(machine.bin().resolve("bwrap"));
    machine.program("apt-get", "exit 100");
    assertThat(machine.run("bootstrap").said()).endsWith("Going on without bubblewrap.\n");
    assertThat(machine.run("bootstrap").status()).isZero();
    assertThat(machine.run("bootstrap", "--test").status()).isEqualTo(1);
  }

  @Test
  void bootstrapSaysWhatIsStillUnusableAfterInstalling() throws Exception {
    Machine machine = new Machine(folder).complete().withApt().asRoot();
    machine.program("node", "echo v12.0.0");
    machine.offer("node", "echo v12.22.0");

    Machine.Run run = machine.run("bootstrap", "--test");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.said()).contains("still not usable").endsWith(": nodejs\n");
  }

  @Test
  void bootstrapRefusesArgumentsThatItDoesNotKnow() throws Exception {
    Machine.Run run = new Machine(folder).complete().run("bootstrap", "--tests");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.said()).contains("usage: script/bootstrap [--test | --clients | --pictures]");
  }

  @Test
  void bootstrapForClientsNamesWhatItDrives() throws Exception {
    Machine machine = new Machine(folder).complete().withApt();

    Machine.Run run = machine.run("bootstrap", "--clients");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.said())
        .contains(
            "sudo apt-get update && sudo apt-get install -y --no-install-recommends nginx-light"
                + " varnish caddy haproxy postgresql chromium npm\n");
    assertThat(machine.run("bootstrap", "--test")).isEqualTo(new Machine.Run(0, ""));
  }

  @Test
  void bootstrapForPicturesNamesTheirEncoders() throws Exception {
    Machine machine = new Machine(folder).complete().withApt();

    assertThat(machine.run("bootstrap", "--pictures").said())
        .contains("-y --no-install-recommends libavif-bin libjxl-tools\n");

    machine.program("avifenc", "true");
    machine.program("cjxl", "true");
    assertThat(machine.run("bootstrap", "--pictures")).isEqualTo(new Machine.Run(0, ""));
  }

  /** The policy stands while packages are installed and is gone afterwards; others' stay. */
  @Test
  void bootstrapForClientsStartsNoService() throws Exception {
    Machine machine = new Machine(folder).complete().withApt().asRoot();
    for (String tool :
        List.of("varnishd", "caddy", "haproxy", "pg_ctlcluster", "chromium", "npm")) {
      machine.offer(tool, "true");
    }
    machine.program("nginx", "echo --with-http_slice_module");
    machine.program("chmod", "echo chmod \"$@\" >>'" + folder.resolve("calls") + "'");
    machine.program("systemctl", "echo systemctl \"$@\" >>'" + folder.resolve("calls") + "'");
    Path policy = machine.bin().resolve("policy-rc.d");

    assertThat(machine.run("bootstrap", "--clients").status()).isZero();

    assertThat(machine.calls())
        .containsExactly(
            "apt-get update -qq",
            APT_INSTALL + " -s varnish caddy haproxy postgresql chromium npm",
            "chmod +x " + policy,
            APT_INSTALL + " -y varnish caddy haproxy postgresql chromium npm",
            "systemctl --quiet disable varnish",
            "systemctl --quiet disable caddy",
            "systemctl --quiet disable haproxy",
            "systemctl --quiet disable postgresql");
    assertThat(policy).doesNotExist();

    Files.delete(machine.bin().resolve("caddy"));
    machine.offer("caddy", "true");
    machine.program("policy-rc.d", "exit 104");
    assertThat(machine.run("bootstrap", "--clients").status()).isZero();
    assertThat(policy).content().contains("exit 104");
  }

  @Test
  void serverBuildsOnlyWhenTheJarIsMissingOrOlderThanItsSources() throws Exception {
    Machine machine = new Machine(folder).complete();
    Path jar = machine.root().resolve("target/pictj.jar");
    Path source = Files.createFile(machine.root().resolve("src/main/Source.java"));

    machine.run("server", "-p", "data/");
    assertThat(machine.calls()).as("missing").hasSize(1);

    Files.createFile(jar);
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));
    machine.run("server", "-p", "data/");
    assertThat(machine.calls()).as("up to date").hasSize(1);

    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(120)));
    machine.run("server", "-p", "data/");
    assertThat(machine.calls()).as("older").hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-p", "--path", "--path=", "PICTRS_PATH"})
  void serverBuildsNothingWhereAnotherOneRuns(String option) throws Exception {
    Machine machine = new Machine(folder).complete();
    Path data = folder.resolve("data");
    Path lock = Files.createDirectories(data.resolve("catalog")).resolve("LOCK");
    String[] arguments =
        switch (option) {
          case "--path=" -> new String[] {"-f", "webp", option + data};
          case "PICTRS_PATH" -> new String[0];
          default -> new String[] {option, data.toString()};
        };
    if (arguments.length == 0) {
      machine.with(option, data.toString());
    }
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      assertThat(machine.run("server", arguments))
          .isEqualTo(
              new Machine.Run(
                  1,
                  "error: the data folder %s is in use by another running pictj (process %d); stop that one first\n"
                      .formatted(data, ProcessHandle.current().pid())));
      assertThat(machine.run("server", "check", "-p", data.toString()).said()).contains("java ");
    }
    assertThat(machine.run("server", arguments).said()).contains("java ");
  }

  @Test
  void serverHandsItsArgumentsToTheJar() throws Exception {
    Machine machine = new Machine(folder).complete();

    assertThat(machine.run("server", "-p", "my data", "-f", "webp").said())
        .endsWith(
            "java %s -jar %s -p my data -f webp\n"
                .formatted(options(machine), machine.root().resolve("target/pictj.jar")));
  }

  @Test
  void serverRehearsesANewJarOnceAndUsesWhatWasLearnt() throws Exception {
    Machine machine = new Machine(folder).complete();
    Path jar = Files.createFile(machine.root().resolve("target/pictj.jar"));
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minusSeconds(60)));
    machine.java(
        """
        for option; do
          case $option in -XX:AOTCacheOutput=*) echo learnt >"${option#*=}"; exit ;; esac
        done
        echo java "$@"
        """);

    for (String start : List.of("first", "second")) {
      Machine.Run run = machine.run("server", "-p", "data/");
      assertThat(run.said())
          .endsWith(
              "java %s -XX:AOTCache=%s -Djava.library.path=%s -jar %s -p data/\n"
                  .formatted(
                      options(machine),
                      machine.root().resolve("target/pictj.aot"),
                      machine.root().resolve("target/native"),
                      jar));
      assertThat(run.said().contains("Rehearsing")).isEqualTo(start.equals("first"));
    }

    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(machine.run("server", "-p", "data/").said()).contains("Rehearsing");
  }

  @Test
  void serverStartsAllTheSameWhenTheRehearsalFailsAndDoesNotTryAgain() throws Exception {
    Machine machine = new Machine(folder).complete();
    Path jar = Files.createFile(machine.root().resolve("target/pictj.jar"));
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minusSeconds(60)));

    assertThat(machine.run("server", "-p", "data/").said())
        .contains("That did not work")
        .endsWith("java %s -jar %s -p data/\n".formatted(options(machine), jar));
    assertThat(machine.run("server", "-p", "data/").said()).doesNotContain("Rehearsing");
  }

  @Test
  void halfOfARehearsalIsNotUsed() throws Exception {
    Machine machine = new Machine(folder).complete();
    Path jar = Files.createFile(machine.root().resolve("target/pictj.jar"));
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minusSeconds(60)));
    machine.java(
        """
        for option; do
          case $option in -XX:AOTCacheOutput=*) echo half >"${option#*=}"; exit 1 ;; esac
        done
        echo java "$@"
        """);

    assertThat(machine.run("server", "-p", "data/").said())
        .contains("That did not work")
        .endsWith("java %s -jar %s -p data/\n".formatted(options(machine), jar));
    assertThat(machine.root().resolve("target/pictj.aot")).isEmptyFile();
    assertThat(machine.leftovers()).isEmpty();
  }

  @Test
  void serverSaysEachStepOfABuildOnce() throws Exception {
    Machine machine = new Machine(folder).complete();
    machine.program(
        "mvn",
        """
        echo 'Downloaded from central: https://example.org/a.pom (1 kB at 2 kB/s)'
        echo '[INFO] --- maven-compiler-plugin:3.16.0:compile (default-compile) @ pictj ---'
        echo 'Downloaded from central: https://example.org/b.pom (1 kB at 2 kB/s)'
        echo '[INFO] --- maven-compiler-plugin:3.16.0:compile (compile-launcher) @ pictj ---'
        echo '[INFO] --- maven-shade-plugin:3.6.2:shade (default) @ pictj ---'\
        """);

    assertThat(machine.run("server", "-p", "data/").said())
        .startsWith(
            """
            Building pictj, once; the first time this fetches its libraries.
              fetching libraries
              compiling
              packing the jar
            """);
  }

  /** Its clock goes on by eight seconds each time that somebody looks at it. */
  @Test
  void aBuildSaysEveryHalfMinuteHowFarItIs() throws Exception {
    Machine machine = new Machine(folder).complete();
    script(
        machine, "steps", "now() { seconds=$((${seconds:-0} + 8)); }\n" + BUILD + " build_steps");

    assertThat(machine.run("steps"))
        .isEqualTo(
            new Machine.Run(
                0,
                """
                  fetching libraries
                  21 %, about 2 min left
                  compiling
                  37 %, about 2 min left
                  packing the jar
                """));
  }

  @Test
  void aBuildShowsABarOnATerminalWhichIsGoneAtItsEnd() throws Exception {
    Machine machine = new Machine(folder).complete();
    machine.program("script", "exec /usr/bin/script \"$@\"");
    script(
        machine, "steps", "now() { seconds=$((${seconds:-0} + 2)); }\n" + BUILD + " build_steps");
    script(machine, "terminal", "script -qec \"bash $here/steps\" /dev/null </dev/null");

    String clear = "\r\033[K";
    assertThat(machine.run("terminal").said())
        .startsWith(
            clear
                + "  fetching libraries\r\n"
                + clear
                + "  [=                        ] 5 %"
                + clear)
        .contains(clear + "  [=====                    ] 21 %, about 30 s left" + clear)
        .contains(clear + "  compiling\r\n" + clear + "  [=========                ] 36 %, ")
        .endsWith("left" + clear);
  }

  /** What a build has to do and has done: files, seconds of compiling, of packing, and of all. */
  @ParameterizedTest
  @CsvSource({
    "0 '' '' 5, 0 0",
    "350 '' '' 30, 18 130",
    "700 '' '' 60, 37 100",
    "9000 '' '' 60, 37 100",
    // Twice as long as it should have taken, and so will the rest.
    "700 20 '' 80, 51 74",
    "700 400 '' 460, 94 27",
    "700 400 5 465, 88 57",
    "700 800 400 860, 99 5",
    // No more than was said before.
    "700 400 5 465 27, 94 27",
    // One that fetches next to nothing is farther, and a few files tell nothing of the pace.
    "0 20 '' 40, 56 30",
    "7 20 '' 40, 56 30"
  })
  void theTimeLeftFollowsFromTheShareThatIsDone(String arguments, String estimate)
      throws Exception {
    Machine machine = new Machine(folder);
    script(machine, "estimate", "estimate_build " + arguments + "; echo $share $left");

    assertThat(machine.run("estimate").said()).isEqualTo(estimate + "\n");
  }

  /** Compiling takes several times as long on a machine that has other work. */
  @Test
  void theTimeLeftDoesNotGrowWhileItCompiles() throws Exception {
    Machine machine = new Machine(folder);
    script(
        machine,
        "estimate",
        """
        last=9999
        for ((passed = 0; passed < 300; passed += 10)); do
          estimate_build 700 $passed '' $((60 + passed))
          [ "$left" -le "$last" ] || echo "$left s after $last s"
          last=$left
        done
        echo "$last s"
        """);

    assertThat(machine.run("estimate").said()).isEqualTo("29 s\n");
  }

  /** Adds a script that has the functions which all share. */
  private static void script(Machine machine, String name, String line) throws IOException {
    Files.writeString(
        machine.root().resolve("script").resolve(name),
        """
        set -euo pipefail
        here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
        . "$here/lib.sh"
        %s
        """
            .formatted(line));
  }

  @Test
  void serverShowsTheLogOfABuildThatFailed() throws Exception {
    Machine machine = new Machine(folder).complete();
    machine.program("mvn", "echo 'Source.java: a mistake'; exit 1");

    Machine.Run run = machine.run("server", "-p", "data/");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.said()).contains("Source.java: a mistake").endsWith("failed, see above\n");
    assertThat(machine.leftovers()).isEmpty();
  }

  @Test
  void benchWithoutRootNamesTheCommandToRun() throws Exception {
    Machine machine = new Machine(folder).complete();

    Machine.Run run = machine.run("bench");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.said()).contains("--no-install-recommends wrk nginx-light libvips-tools\n");
  }

  @Test
  void benchGoesOnWithoutWhatItOnlyComparesWith() throws Exception {
    Machine machine = new Machine(folder).complete();
    machine.program("wrk", "true");
    machine.program("python3", "echo python3 \"$@\"");

    Machine.Run run = machine.run("bench", "--quick");

    assertThat(run.status()).isZero();
    assertThat(run.said())
        .startsWith("Going on without nginx-light libvips-tools.\n")
        .contains("--convert " + machine.bin().resolve("convert"))
        .endsWith(" --default-java-opts " + options(machine) + " --quick\n");
  }

  @Test
  void benchAsRootInstallsWhatIsMissing() throws Exception {
    Machine machine = new Machine(folder).complete().withApt().asRoot();
    for (String tool : List.of("wrk", "nginx", "vipsthumbnail")) {
      machine.offer(tool, "true");
    }

    Machine.Run run = machine.run("bench");

    assertThat(run.status()).isZero();
    assertThat(run.said())
        .startsWith("Installing for the benchmark: wrk nginx-light libvips-tools\n")
        .doesNotContain("Going on without");
  }

  @Test
  void testEndsWithTheTotals() throws Exception {
    Machine machine = new Machine(folder).complete();
    machine.program(
        "mvn",
        """
        echo '[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1 s - in A'
        echo '[INFO] Tests run: 5, Failures: 0, Errors: 0, Skipped: 0'
        printf '[\\033[34mINFO\\033[m] \\033[1mTests run: 7\\033[m, Failures: 0, Errors: 0, Skipped: 0\\n'
        echo '[INFO] BUILD SUCCESS'\
        """);

    Machine.Run run = machine.run("test");

    assertThat(run.status()).isZero();
    assertThat(run.said())
        .endsWith(
            """
            [INFO] BUILD SUCCESS

            [INFO] Tests run: 5, Failures: 0, Errors: 0, Skipped: 0
            [INFO] Tests run: 7, Failures: 0, Errors: 0, Skipped: 0
            """);
    assertThat(machine.leftovers()).isEmpty();
  }

  @Test
  void testLeavesOutOtherPeoplesClientsAndLongTestsUnlessItIsAskedForThem() throws Exception {
    Machine machine = new Machine(folder).complete();
    machine.program("nginx", "echo --with-http_slice_module");
    for (String tool :
        List.of(
            "varnishd",
            "caddy",
            "haproxy",
            "pg_ctlcluster",
            "chromium",
            "npm",
            "avifenc",
            "cjxl")) {
      machine.program(tool, "true");
    }

    machine.run("test", "-Dsome=thing");
    machine.run("test", "--clients", "-Dsome=thing");
    machine.run("test", "--pictures", "-Dsome=thing");

    assertThat(machine.calls())
        .containsExactly(
            "mvn -B --no-transfer-progress clean verify -Dsome=thing",
            "mvn -B --no-transfer-progress verify -Dgroups=clients -DexcludedGroups="
                + " -Dsome=thing",
            "mvn -B --no-transfer-progress verify -Dgroups=pictures -DexcludedGroups="
                + " -Dsome=thing");
    assertThat(machine.root().resolve("target"))
        .isDirectoryContaining("glob:**/totals.txt")
        .isDirectoryContaining("glob:**/totals-clients.txt")
        .isDirectoryContaining("glob:**/totals-pictures.txt");
    assertThat(Files.readString(BASE.resolve("pom.xml")))
        .contains("<excludedGroups>clients,pictures</excludedGroups>");
  }

  @Test
  void theQuickTestCompilesWhatHasChangedAndRunsWhatIsFast() throws Exception {
    Machine machine = new Machine(folder).complete();

    Machine.Run run = machine.run("test", "--quick", "-Dsome=thing");

    assertThat(run.status()).as(run.said()).isZero();
    assertThat(run.said())
        .startsWith("java " + machine.root().resolve("script/StaleClasses.java") + "\n");
    assertThat(machine.calls())
        .containsExactly(
            "mvn -B --no-transfer-progress test"
                + " -Dmaven.compiler.useIncrementalCompilation=false"
                + " -Dtest=*Test,UploadIT,DownloadIT,ProcessIT,DeleteAndInternalIT"
                + " -DexcludedGroups=clients,pictures,slow -Dsome=thing");
    for (String name : List.of("UploadIT", "DownloadIT", "ProcessIT", "DeleteAndInternalIT")) {
      assertThat(BASE.resolve("src/test/java/dev/pictj/server/" + name + ".java")).exists();
    }
  }

  @Test
  void coverageIsOneFigureBelowTheTotals() throws Exception {
    Machine machine = new Machine(folder).complete();
    machine.program("awk", "exec /usr/bin/awk \"$@\"");
    machine.program(
        "mvn",
        """
        echo mvn "$@" >>'%s/calls'
        echo '[INFO] Tests run: 5, Failures: 0, Errors: 0, Skipped: 0'
        mkdir -p target/site/jacoco
        printf 'GROUP,PACKAGE,CLASS,A,B,C,D,LINE_MISSED,LINE_COVERED,E\\n' >target/site/jacoco/jacoco.csv
        printf 'x,y,z,1,2,3,4,10,30,5\\nx,y,w,1,2,3,4,10,31,5\\n' >>target/site/jacoco/jacoco.csv\
        """
            .formatted(folder));

    Machine.Run run = machine.run("test", "--coverage");

    assertThat(machine.calls())
        .containsExactly("mvn -B --no-transfer-progress clean verify -Pcoverage");
    assertThat(run.said())
        .endsWith(
            """
            [INFO] Tests run: 5, Failures: 0, Errors: 0, Skipped: 0
            Line coverage: 75.3 % (61 of 81)
            """);
  }

  @Test
  void testHelpNamesItsOptions() throws Exception {
    Machine machine = new Machine(folder);

    Machine.Run run = machine.run("test", "--help");

    assertThat(run.status()).isZero();
    assertThat(run.said())
        .startsWith("Installs what is missing")
        .contains("  script/test --quick ", "  script/test --clients ", "  script/test --help ")
        .doesNotContain("set -e");
  }

  @Test
  void testFailsWhenMavenFails() throws Exception {
    Machine machine = new Machine(folder).complete();
    machine.program(
        "mvn", "echo '[ERROR] Tests run: 5, Failures: 1, Errors: 0, Skipped: 0'; exit 1");

    Machine.Run run = machine.run("test");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.said())
        .endsWith(
            """
            [ERROR] Tests run: 5, Failures: 1, Errors: 0, Skipped: 0
            error: the build or a test failed (Maven ended with status 1), see above
            """);
  }

  @Test
  void whatContinuousIntegrationRunsLeavesNothingOut() throws IOException {
    assertThat(Files.readAllLines(BASE.resolve(".ci/run")))
        .contains(
            "\"$root/script/test\"",
            "\"$root/script/test\" --clients",
            "\"$root/script/test\" --pictures")
        .last()
        .asString()
        .contains("totals.txt", "totals-clients.txt", "totals-pictures.txt");
    for (String script : List.of(".ci/run", "script/test")) {
      assertThat(Files.readString(BASE.resolve(script)).toLowerCase(Locale.ROOT))
          .doesNotContain("skiptests", "test.skip", "skipits");
    }
  }
}
