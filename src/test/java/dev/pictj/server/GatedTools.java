package dev.pictj.server;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The real image tools behind a gate: while it is closed, whoever is started waits there. In a
 * sandbox they would not see the gate.
 */
final class GatedTools implements AutoCloseable {
  private final Path folder;
  private final Path gate;

  GatedTools() throws IOException {
    folder = Files.createTempDirectory("pictj-gated-");
    gate = folder.resolve("closed");
    Path script = folder.resolve("convert");
    Files.writeString(
        script,
        """
        #!/bin/sh
        if [ "$1" != -version ]; then
          echo run >> %s
          while read -r stopped < %s; do
            case "$*" in *"$stopped"*) /bin/sleep 0.05 ;; *) break ;; esac
          done 2> /dev/null
        fi
        exec /usr/bin/convert "$@"
        """
            .formatted(folder.resolve("runs"), gate));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String program : List.of("ffmpeg", "ffprobe")) {
      Path counted = folder.resolve(program);
      Files.writeString(
          counted,
          """
          #!/bin/sh
          [ "$1" = -version ] || echo run >> %s
          exec /usr/bin/%s "$@"
          """
              .formatted(folder.resolve("video-runs"), program));
      Files.setPosixFilePermissions(counted, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /** Where a server finds them; in others it would find ImageMagick itself. */
  List<Path> folders() {
    return List.of(folder);
  }

  void shut() throws IOException {
    shutFor("");
  }

  /** Closed only to runs whose arguments hold this text. */
  void shutFor(String argument) throws IOException {
    Files.writeString(gate, argument + "\n");
  }

  void open() {
    try {
      Files.deleteIfExists(gate);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How often ImageMagick was started to work. */
  long runs() throws IOException {
    Path runs = folder.resolve("runs");
    return Files.exists(runs) ? Files.readAllLines(runs).size() : 0;
  }

  /** How often ffmpeg or ffprobe was started to work. */
  long videoRuns() throws IOException {
    Path runs = folder.resolve("video-runs");
    return Files.exists(runs) ? Files.readAllLines(runs).size() : 0;
  }

  /** Counts them from 0 again. */
  void forgetVideoRuns() throws IOException {
    Files.deleteIfExists(folder.resolve("video-runs"));
  }

  /** Whether ImageMagick waits at the gate. A server that has just started tries its tools too. */
  boolean busy() {
    String program = folder.resolve("convert").toString();
    return ProcessHandle.current()
        .descendants()
        .map(child -> child.info().commandLine().orElse(""))
        .anyMatch(line -> line.contains(program) && !line.contains(program + " -version"));
  }

  void awaitBusy() {
    await().atMost(Duration.ofSeconds(20)).until(this::busy);
  }

  void awaitIdle() {
    await().atMost(Duration.ofSeconds(20)).until(() -> !busy());
  }

  @Override
  public void close() throws IOException {
    open();
    awaitIdle();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
