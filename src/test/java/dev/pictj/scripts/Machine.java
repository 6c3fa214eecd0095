package dev.pictj.scripts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.store.TempFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A machine for the scripts to run on: a PATH of one folder, which holds the ordinary commands and
 * whatever a test puts there, and a copy of the scripts below a root of their own.
 */
final class Machine {
  private static final List<String> ORDINARY =
      List.of(
          "bash",
          "cat",
          "cp",
          "dirname",
          "env",
          "find",
          "grep",
          "mkdir",
          "mktemp",
          "getconf",
          "gzip",
          "mv",
          "readlink",
          "rm",
          "rmdir",
          "sed",
          "sha256sum",
          "sleep",
          "stat",
          "tail",
          "tar",
          "tee",
          "touch",
          "tr");

  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();

  Machine(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(bin());
    for (String name : ORDINARY) {
      program(name, "exec " + real(name) + " \"$@\"");
    }
    Files.createDirectories(root().resolve("script"));
    Files.createDirectories(root().resolve("src/main"));
    Files.createDirectories(root().resolve("target"));
    Files.writeString(root().resolve("pom.xml"), "<project/>");
    for (String name :
        List.of(
            "lib.sh", "bootstrap", "fetch-jdk", "server", "test", "bench", "StaleClasses.java")) {
      Path original = ScriptsTest.BASE.resolve("script").resolve(name);
      Files.copy(
          original, root().resolve("script").resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
    }
    program("id", "echo 1000");
    program("uname", "case $1 in -s) echo Linux ;; *) echo x86_64 ;; esac");
    // The machine under the tests may have libraries that this one has not.
    program("ldconfig", "true");
    jdk("25.0.3");
  }

  /** The programs on PATH. */
  Path bin() {
    return folder.resolve("bin");
  }

  /** Programs that the machine's package manager can install. */
  Path shelf() {
    return folder.resolve("shelf");
  }

  /** The repository. */
  Path root() {
    return folder.resolve("root");
  }

  /** What the programs have written down about their calls, one call a line. */
  List<String> calls() throws IOException {
    Path file = folder.resolve("calls");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /** Puts a program on PATH that runs this shell script. */
  void program(String name, String script) throws IOException {
    executable(bin().resolve(name), script);
  }

  /** Everything that script/bootstrap --test asks for. */
  Machine complete() throws IOException {
    program("mvn", "echo mvn \"$@\" >>'" + folder.resolve("calls") + "'");
    program("convert", "echo 'Version: ImageMagick 6.9.11-60'");
    program("ffmpeg", "echo 'ffmpeg version 5.1'");
    program("ffprobe", "echo 'ffprobe version 5.1'");
    program("curl", "true");
    program("python3", "true");
    program("node", "echo v20.1.0");
    program("prlimit", "true");
    program("bwrap", "true");
    program(
        "ldconfig",
        "for name in libvips.so.42 libturbojpeg.so.0; do"
            + " echo \"$name (libc6,x86-64) => /usr/lib/$name\"; done");
    return this;
  }

  /** An apt that installs what is on the shelf, has read its lists, and knows no JDK. */
  Machine withApt() throws IOException {
    Files.createDirectories(shelf());
    program(
        "apt-get",
        """
        echo apt-get "$@" >>'%s'
        case "$*" in *' -y '*) cp '%s'/* '%s' ;; esac\
        """
            .formatted(folder.resolve("calls"), shelf(), bin()));
    program("apt-cache", "[ \"$1\" != madison ] || echo 'apt | 3.0.4'");
    return this;
  }

  /** An apt that has this version of a JDK, in the words of apt-cache(8). */
  Machine withAptJdk(String version) throws IOException {
    program(
        "apt-cache",
        "echo openjdk-25-jdk-headless:; echo '  Installed: (none)'; echo '  Candidate: "
            + version
            + "'");
    return this;
  }

  /** Gives it a libheif whose codecs are packages of their own, and these of them. */
  Machine withHeifPlugins(String... names) throws IOException {
    Path plugins = Files.createDirectories(libraries().resolve("libheif/plugins"));
    for (String name : names) {
      Files.writeString(plugins.resolve("libheif-" + name + ".so"), "");
    }
    return this;
  }

  private Path libraries() {
    return folder.resolve("libraries");
  }

  /** Something for apt to install. */
  void offer(String name, String script) throws IOException {
    executable(shelf().resolve(name), script);
  }

  Machine asRoot() throws IOException {
    program("id", "echo 0");
    return this;
  }

  /** Replaces the JDK's java by this shell script. */
  void java(String script) throws IOException {
    executable(jdk().resolve("bin/java"), script);
  }

  /** Gives it a JDK of this version. */
  Machine jdk(String version) throws IOException {
    Path jdk = jdk();
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"%s\"\n".formatted(version));
    executable(jdk.resolve("bin/javac"), "echo javac " + version);
    executable(jdk.resolve("bin/java"), "echo java \"$@\"");
    return this;
  }

  Machine withoutJdk() throws IOException {
    TempFolder.remove(jdk());
    return this;
  }

  /** The JDK that JAVA_HOME names. */
  Path jdk() {
    return folder.resolve("jdk");
  }

  /** Sets an environment variable of the scripts. */
  Machine with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** What a script said, both streams together, and how it ended. */
  record Run(int status, String said) {}

  /** Runs a script of the copied repository. */
  Run run(String script, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("bash"));
    command.add(root().resolve("script").resolve(script).toString());
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", bin().toString());
    builder.environment().put("JAVA_HOME", jdk().toString());
    // The JDKs and servers of the machine under the tests are not this one's.
    builder.environment().put("PICTJ_JDK_FOLDERS", "");
    builder.environment().put("PICTJ_SYSTEM_FOLDERS", bin().toString());
    builder.environment().put("PICTJ_LIBRARY_FOLDER", libraries().toString());
    builder.environment().put("TMPDIR", Files.createDirectories(folder.resolve("tmp")).toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", script).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Run(process.exitValue(), Files.readString(output, UTF_8));
  }

  /** What the scripts have left in the folder for temporary files. */
  List<Path> leftovers() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("tmp"))) {
      return files.toList();
    }
  }

  private static void executable(Path file, String script) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Path real(String name) {
    return Stream.of("/usr/bin", "/bin")
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }
}
