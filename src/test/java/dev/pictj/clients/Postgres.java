package dev.pictj.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.server.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL with data of its own, on a port of the loopback address, that wants a password. */
public final class Postgres implements AutoCloseable {
  /** Who may do all. */
  public static final String USER = "pictrs";

  /** Its password, in which each sign means something in a URL. */
  public static final String PASSWORD = "p@ss/w:r?d%#&+ \u00e9";

  private final Tool tool;
  private final int port;

  private Postgres(Tool tool, int port) {
    this.tool = tool;
    this.port = port;
  }

  /** Starts one, which speaks TLS with this certificate to whoever wants it. */
  public static Postgres start(Certificates tls) throws Exception {
    Path folder = Tool.newFolder("postgres");
    int port = Tool.freePort();
    Path data = folder.resolve("data");
    Path password = Files.writeString(folder.resolve("password"), PASSWORD);
    Path certificate = Files.writeString(folder.resolve("certificate"), tls.certificatePem());
    Path key = Files.writeString(folder.resolve("key"), tls.keyPem());
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    if (isRoot()) {
      UserPrincipal nobody =
          folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
      for (Path file : List.of(folder, password, certificate, key)) {
        Files.setOwner(file, nobody);
      }
    }
    List<String> initdb =
        asNobody(
            "initdb",
            List.of(
                "-D",
                data.toString(),
                "-U",
                USER,
                "--auth=scram-sha-256",
                "--pwfile=" + password,
                "--no-sync",
                "--no-locale",
                "--encoding=UTF8"));
    Path said = folder.resolve("initdb");
    Process made =
        new ProcessBuilder(initdb)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(made.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(made.exitValue()).as(Files.readString(said)).isZero();
    List<String> arguments =
        new ArrayList<>(
            List.of("-D", data.toString(), "-h", "127.0.0.1", "-p", Integer.toString(port), "-F"));
    for (String setting :
        List.of(
            "unix_socket_directories=",
            "ssl=on",
            "ssl_cert_file=" + certificate,
            "ssl_key_file=" + key)) {
      arguments.addAll(List.of("-c", setting));
    }
    List<String> command = asNobody("postgres", arguments);
    Tool tool = Tool.start(command.getFirst(), folder, command.subList(1, command.size()));
    // It listens before it takes anybody in.
    tool.awaitReady(() -> tool.output().contains("ready to accept connections"));
    return new Postgres(tool, port);
  }

  /** It refuses to run as root. */
  private static List<String> asNobody(String name, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(
        isRoot()
            ? List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")
            : List.of("env"));
    command.add(find(name).toString());
    command.addAll(arguments);
    return command;
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /** Debian has these programs of each version in a folder that is in nobody's PATH. */
  private static Path find(String name) throws IOException {
    Path versions = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(versions)) {
      try (Stream<Path> all = Files.list(versions)) {
        List<Path> found =
            all.map(version -> version.resolve("bin").resolve(name))
                .filter(Files::isExecutable)
                .sorted()
                .toList();
        if (!found.isEmpty()) {
          return found.getLast();
        }
      }
    }
    throw new AssertionError(name + " is not installed: run script/bootstrap --clients");
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  @Override
  public void close() {
    tool.close();
  }
}
