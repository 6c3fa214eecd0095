package dev.pictj.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of the distribution's, running in a folder of its own. Closing it ends it. */
final class Tool implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  private final Process process;
  private final Path folder;

  private Tool(Process process, Path folder) {
    this.process = process;
    this.folder = folder;
  }

  /** An empty folder for a program's files. */
  static Path newFolder(String name) {
    try {
      return Files.createTempDirectory("pictj-" + name + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A port of the loopback address that nobody listens on. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts a program; what it says goes to the file {@code output} in its folder.
   *
   * @param name of the program, on PATH or where servers are
   * @param folder its home and where it may write, deleted when this is closed
   */
  static Tool start(String name, Path folder, List<String> arguments) {
    List<String> command =
        Stream.concat(Stream.of(find(name).toString()), arguments.stream()).toList();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile());
    String home = folder.toString();
    builder
        .environment()
        .putAll(
            Map.of("HOME", home, "XDG_CONFIG_HOME", home, "XDG_DATA_HOME", home, "TMPDIR", home));
    try {
      return new Tool(builder.start(), folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The program, which must be there: a test that is skipped shows nothing. */
  private static Path find(String name) {
    return Stream.of((System.getenv("PATH") + ":/usr/sbin:/sbin").split(":"))
        .map(place -> Path.of(place, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () -> new AssertionError(name + " is not installed: run script/bootstrap --clients"));
  }

  /** Waits until it listens on a port of the loopback address. */
  Tool awaitPort(int port) {
    return awaitReady(() -> listens(port));
  }

  /** Waits until something is so; fails when the program ends before. */
  Tool awaitReady(Callable<Boolean> ready) {
    try {
      await("start of " + folder.getFileName())
          .atMost(START)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> !process.isAlive() || ready.call());
      assertThat(process.isAlive()).as("it runs; it said: %s", output()).isTrue();
      return this;
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /** What it has said so far. */
  String output() {
    try {
      return Files.readString(folder.resolve("output"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its folder. */
  Path folder() {
    return folder;
  }

  /** Ends it and all that it has started, and deletes its folder. */
  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    children.forEach(ProcessHandle::destroyForcibly);
    children.forEach(child -> child.onExit().join());
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
