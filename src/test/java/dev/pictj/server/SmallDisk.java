package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.JarProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A small memory disk in a mount namespace of its own, which a process that does nothing keeps
 * alive while servers come and go.
 */
final class SmallDisk implements AutoCloseable {
  private static final String BALLAST = "ballast";

  private final Process holder;
  private final Path mount;
  private final boolean asRoot;

  private SmallDisk(Process holder, Path mount, boolean asRoot) {
    this.holder = holder;
    this.mount = mount;
    this.asRoot = asRoot;
  }

  /**
   * A disk.
   *
   * @param mount an empty folder; it stays empty for everyone outside
   */
  static SmallDisk make(Path mount, int mebibytes) throws Exception {
    boolean asRoot = "root".equals(System.getProperty("user.name"));
    Process holder =
        new ProcessBuilder(
                "unshare",
                asRoot ? "--mount" : "--map-root-user",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o size=\"$1\"m tmpfs \"$2\" && echo ready && exec cat",
                "sh",
                Integer.toString(mebibytes),
                mount.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    SmallDisk disk = new SmallDisk(holder, mount, asRoot);
    try {
      assertThat(holder.inputReader().readLine())
          .as("this machine lets us mount a small disk in a namespace (see unshare(1))")
          .isEqualTo("ready");
      return disk;
    } catch (Throwable e) {
      disk.close();
      throw e;
    }
  }

  /** A server whose data folder is on this disk. */
  JarProcess server(String... arguments) {
    return JarProcess.server(enter(), Map.of(), data(), arguments);
  }

  /** Runs a command of the jar inside and returns its exit status. */
  int run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(enter());
    command.addAll(List.of(JarProcess.java().toString(), "-jar", JarProcess.jar().toString()));
    command.addAll(Arrays.asList(arguments));
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  /** Lets nothing be written any more, or again; no file may be open for writing. */
  void writable(boolean writable) throws Exception {
    List<String> command = new ArrayList<>(enter());
    command.addAll(List.of("mount", "-o", "remount," + (writable ? "rw" : "ro"), mount.toString()));
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }

  private List<String> enter() {
    List<String> command = new ArrayList<>(List.of("nsenter", "--target", "" + holder.pid()));
    if (!asRoot) {
      command.addAll(List.of("--user", "--preserve-credentials"));
    }
    command.addAll(List.of("--mount", "--"));
    return command;
  }

  /** The data folder as servers inside see it. */
  Path data() {
    return mount.resolve("data");
  }

  /** The disk as it is seen from outside. */
  Path outside() {
    return Path.of("/proc", "" + holder.pid(), "root").resolve(mount.toString().substring(1));
  }

  /** Takes all but so many bytes. */
  void fillBut(long bytes) throws IOException {
    byte[] block = new byte[4096];
    try (OutputStream out =
        Files.newOutputStream(
            outside().resolve(BALLAST), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (outside().toFile().getUsableSpace() > bytes) {
        out.write(block);
      }
    }
    assertThat(outside().toFile().getUsableSpace()).isLessThanOrEqualTo(bytes);
  }

  /** Gives back what {@link #fillBut} took. */
  void free() throws IOException {
    Files.delete(outside().resolve(BALLAST));
  }

  @Override
  public void close() {
    holder.destroyForcibly();
  }
}
