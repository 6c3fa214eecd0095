package dev.pictj;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rehearsal of the jar for all tests of a build, as {@code script/server} has it done before
 * its first start. What it leaves lies beside the jar, so that every JVM of the tests finds it.
 *
 * @param status of its end
 * @param folder with all that it has left
 */
public record Rehearsal(int status, Path folder) {
  private static @Nullable Rehearsal done;

  /** Does it, or takes what another JVM has done. */
  public static synchronized Rehearsal done() {
    if (done == null) {
      try {
        done = doneOnce(JarProcess.jar().resolveSibling("rehearsal"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted during the rehearsal", e);
      }
    }
    return done;
  }

  private static Rehearsal doneOnce(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path status = folder.resolve("status");
    // Of this jar, and of no other build's.
    String of = Files.getLastModifiedTime(JarProcess.jar()) + "\n";
    try (FileChannel lock =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = lock.lock()) {
      if (Files.notExists(status) || !Files.readString(status).startsWith(of)) {
        Files.writeString(status, of + rehearse(folder));
      }
      return new Rehearsal(
          Integer.parseInt(Files.readString(status).substring(of.length())), folder);
    }
  }

  private static int rehearse(Path folder) throws IOException, InterruptedException {
    Files.deleteIfExists(folder.resolve("pictj.aot"));
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    return new ProcessBuilder(
            JarProcess.java().toString(),
            "@" + JarProcess.baseFolder().resolve("script/jvm.options"),
            "-XX:AOTCacheOutput=" + folder.resolve("pictj.aot"),
            "-Djava.io.tmpdir=" + temporary,
            "-jar",
            JarProcess.jar().toString(),
            "rehearse",
            folder.resolve("native").toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("output").toFile())
        .start()
        .waitFor();
  }

  /** What it said. */
  String output() throws IOException {
    return Files.readString(folder.resolve("output"));
  }

  /** What the JVM has learnt. */
  Path cache() {
    return folder.resolve("pictj.aot");
  }

  /** Where libraries were unpacked to. */
  Path libraries() {
    return folder.resolve("native");
  }

  /** The folder for temporary files that it had. */
  Path temporary() {
    return folder.resolve("tmp");
  }

  /** With these a JVM starts several times as fast; none where the rehearsal has failed. */
  public List<String> options() {
    return status == 0
        ? List.of("-XX:AOTCache=" + cache(), "-Djava.library.path=" + libraries())
        : List.of();
  }
}
