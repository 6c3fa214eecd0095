package dev.pictj;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The built jar as a process of its own, as an administrator runs it. Closing it kills it. */
public final class JarProcess implements AutoCloseable {
  private static final Duration START_OR_STOP_TIMEOUT = Duration.ofSeconds(60);

  /** The state of a socket that waits for connections, as the kernel's tables have it. */
  private static final String LISTENS = "0A";

  private final Process process;
  private final Path output;
  private final Path errors;
  private final int port;

  private JarProcess(Process process, Path output, Path errors, int port) {
    this.process = process;
    this.output = output;
    this.errors = errors;
    this.port = port;
  }

  /** The jar that the build made. */
  public static Path jar() {
    return Path.of(System.getProperty("pictj.jar", "target/pictj.jar")).toAbsolutePath();
  }

  /** The root of the repository. */
  public static Path baseFolder() {
    return Path.of(System.getProperty("pictj.basedir", "")).toAbsolutePath();
  }

  /** The java that the tests run on. */
  public static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /** Starts a server on a free port of the loopback address and waits until it is healthy. */
  public static JarProcess server(Path data, String... arguments) {
    return server(Map.of(), data, arguments);
  }

  /** The same with environment variables. */
  public static JarProcess server(Map<String, String> environment, Path data, String... arguments) {
    return server(List.of(), environment, data, arguments);
  }

  /**
   * The same behind another command.
   *
   * @param before a program and its arguments, which becomes what its last arguments name
   */
  public static JarProcess server(
      List<String> before, Map<String, String> environment, Path data, String... arguments) {
    return server(java(before), environment, data, List.of(arguments));
  }

  /** A server with options for its JVM, a smaller heap for instance, and without a cache. */
  public static JarProcess serverWithJvm(List<String> options, Path data, String... arguments) {
    return server(java(List.of(), options), Map.of(), data, List.of(arguments));
  }

  /** A server that runs from another jar than the build's, a copy of it for instance. */
  public static JarProcess serverFrom(Path jar, Path data, String... arguments) {
    return server(jar, java(List.of(), List.of()), Map.of(), data, List.of(arguments));
  }

  private static JarProcess server(
      List<String> java, Map<String, String> environment, Path data, List<String> arguments) {
    return server(jar(), java, environment, data, arguments);
  }

  private static JarProcess server(
      Path jar,
      List<String> java,
      Map<String, String> environment,
      Path data,
      List<String> arguments) {
    int port = freePort();
    List<String> all = new ArrayList<>(List.of("-p", data.toString(), "-a", "127.0.0.1:" + port));
    all.addAll(arguments);
    return answering(start(jar, java, environment, all, port));
  }

  /**
   * Starts a server that nothing is told but these, and waits until it is healthy.
   *
   * @param port that it is told to listen on
   */
  public static JarProcess serverAt(
      int port, Map<String, String> environment, String... arguments) {
    return answering(start(jar(), java(List.of()), environment, List.of(arguments), port));
  }

  private static JarProcess answering(JarProcess server) {
    try {
      await()
          .atMost(START_OR_STOP_TIMEOUT)
          .pollInterval(Duration.ofMillis(100))
          .until(server::answersOrEnded);
      assertThat(server.process.isAlive())
          .as("the server has started; it said: %s%s", server.errors(), server.output())
          .isTrue();
      return server;
    } catch (Throwable e) {
      server.close();
      throw e;
    }
  }

  /** Starts the jar with these arguments and nothing else. */
  public static JarProcess command(String... arguments) {
    return start(java(List.of()), Map.of(), List.of(arguments), 0);
  }

  /** Starts the jar with these arguments and environment variables. */
  public static JarProcess commandWith(Map<String, String> environment, String... arguments) {
    return start(java(List.of()), environment, List.of(arguments), 0);
  }

  /**
   * Starts the jar with these arguments behind another command.
   *
   * @param before a program and its arguments, which becomes what its last arguments name
   */
  public static JarProcess commandBehind(List<String> before, String... arguments) {
    return start(java(before), Map.of(), List.of(arguments), 0);
  }

  /** Starts the jar with some java. */
  public static JarProcess command(Path java, String... arguments) {
    return start(List.of(java.toString()), Map.of(), List.of(arguments), 0);
  }

  /** Starts the jar with options for the JVM; a server when there are settings for one. */
  public static JarProcess withJvm(List<String> options, String... arguments) {
    return start(java(List.of(), options), Map.of(), List.of(arguments), 0);
  }

  /** As {@code script/server} starts it after a rehearsal, behind another command. */
  private static List<String> java(List<String> before) {
    return java(before, Rehearsal.done().options());
  }

  /** The java that the tests run on, behind another command and with options. */
  private static List<String> java(List<String> before, List<String> options) {
    List<String> java = new ArrayList<>(before);
    java.add(java().toString());
    java.add("@" + baseFolder().resolve("script/jvm.options"));
    java.addAll(options);
    return java;
  }

  private static JarProcess start(
      List<String> java, Map<String, String> environment, List<String> arguments, int port) {
    return start(jar(), java, environment, arguments, port);
  }

  private static JarProcess start(
      Path jar,
      List<String> java,
      Map<String, String> environment,
      List<String> arguments,
      int port) {
    List<String> command = new ArrayList<>(java);
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(arguments);
    try {
      Path output = Files.createTempFile("pictj", ".out");
      Path errors = Files.createTempFile("pictj", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile());
      // Settings of whoever runs the tests are not the test's.
      builder.environment().keySet().removeIf(JarProcess::isSetting);
      builder.environment().putAll(environment);
      return new JarProcess(builder.start(), output, errors, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isSetting(String name) {
    return name.startsWith("PICTRS_") || name.equals("RUST_LOG") || name.startsWith("JAVA_TOOL");
  }

  /** A port of the loopback address that nobody listens on. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean answersOrEnded() throws InterruptedException {
    if (!process.isAlive()) {
      return true;
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url() + "/healthz"))
              .timeout(Duration.ofSeconds(5))
              .build();
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200 && hasPort();
    } catch (IOException _) {
      return false;
    }
  }

  /**
   * Whether the port is this process's: tests that run at the same time choose free ports too, and
   * a server that found its port taken is not the one that answers there.
   */
  private boolean hasPort() throws IOException {
    List<String> sockets = new ArrayList<>();
    Path proc = Path.of("/proc", "" + process.pid());
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(proc.resolve("net").resolve(table))) {
        String[] fields = line.strip().split("\\s+");
        if (fields[1].endsWith(":%04X".formatted(port)) && fields[3].equals(LISTENS)) {
          sockets.add("socket:[" + fields[9] + "]");
        }
      }
    }
    try (Stream<Path> open = Files.list(proc.resolve("fd"))) {
      for (Path file : open.toList()) {
        if (Files.isSymbolicLink(file)
            && sockets.contains(Files.readSymbolicLink(file).toString())) {
          return true;
        }
      }
    }
    return false;
  }

  /** Where it listens, without a slash at the end. */
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** The process id, to look at its memory for instance. */
  public long pid() {
    return process.pid();
  }

  /** Whether it still runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** What it has written to standard output so far: the log. */
  public String output() {
    return read(output);
  }

  /** What it has written to standard error so far. */
  public String errors() {
    return read(errors);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends SIGTERM and does not wait. */
  public void terminate() {
    process.destroy();
  }

  /** Sends SIGKILL and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    exitStatus();
  }

  /** Waits for its end, at most a minute. */
  public int exitStatus() {
    try {
      assertThat(process.waitFor(START_OR_STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS))
          .as("the process has ended; it said: %s%s", errors(), output())
          .isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the jar", e);
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    kill();
    try {
      Files.deleteIfExists(output);
      Files.deleteIfExists(errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
