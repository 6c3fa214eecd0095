package dev.pictj.engine.child;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The arguments of bwrap(1) that isolate a child: no network but a loopback of its own, no other
 * user's processes, no privileges, and a root that holds the system's programs and libraries, the
 * files it was given and its temp folder. All but the last and the output cannot be written.
 * Neither {@code /proc} nor {@code /sys}, {@code /tmp} or {@code /dev/shm} exist.
 */
final class Bubblewrap {
  /** Folders of programs and their libraries; {@code /nix} and {@code /gnu} on some systems. */
  private static final List<String> SYSTEM_PATHS =
      List.of(
          "/usr",
          "/bin",
          "/sbin",
          "/lib",
          "/lib64",
          "/lib32",
          "/nix/store",
          "/gnu/store",
          "/etc/alternatives",
          "/etc/ld.so.cache",
          "/etc/ld.so.conf",
          "/etc/ld.so.conf.d",
          "/etc/ImageMagick-6",
          "/etc/ImageMagick-7");

  private static final List<String> DEVICES =
      List.of("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom");

  /** Folders beside the {@code bin} of a tool that is installed under a prefix of its own. */
  private static final List<String> PREFIX_FOLDERS = List.of("lib", "lib64", "etc", "share");

  private final Path program;
  private final List<Path> hidden;
  private final List<String> root;

  /**
   * Makes a sandbox.
   *
   * @param program bwrap itself
   * @param hidden folders that a child must not see even if they are inside of the system's
   */
  Bubblewrap(Path program, List<Path> hidden) {
    this.program = program;
    this.hidden = hidden.stream().map(Path::toAbsolutePath).toList();
    this.root = root();
  }

  /** The arguments before the command line of the tool. */
  List<String> words(ChildCommand command, Path scratch) {
    List<String> line = new ArrayList<>();
    line.add(program.toString());
    line.addAll(root);
    tool(line, command.tool());
    hidden.stream()
        .filter(Bubblewrap::isInSystem)
        .filter(Files::isDirectory)
        .forEach(folder -> line.addAll(List.of("--tmpfs", folder.toString())));
    command.readable().forEach(path -> bind(line, "--ro-bind", path));
    bind(line, "--bind", scratch);
    command.writable().forEach(path -> bind(line, "--bind", path));
    line.addAll(List.of("--remount-ro", "/", "--chdir", "/"));
    line.addAll(List.of("--unshare-net", "--unshare-pid", "--unshare-ipc", "--unshare-uts"));
    line.addAll(List.of("--die-with-parent", "--new-session", "--cap-drop", "ALL"));
    // The folder was made by this server, so its owner is the server's user.
    if (owner(scratch) == 0 && command.readable().stream().anyMatch(Bubblewrap::isKeptFromRoot)) {
      // Root without privileges cannot read private files of other users, such as a data folder
      // that
      // was filled by a server under another user. It still sees no more files than these.
      line.addAll(List.of("--cap-add", "CAP_DAC_OVERRIDE"));
    }
    return line;
  }

  private static List<String> root() {
    List<String> line = new ArrayList<>();
    for (String name : SYSTEM_PATHS) {
      Path path = Path.of(name);
      if (Files.isSymbolicLink(path)) {
        line.addAll(List.of("--symlink", target(path), name));
      } else if (Files.exists(path)) {
        bind(line, "--ro-bind", path);
      }
    }
    DEVICES.forEach(device -> bind(line, "--dev-bind", Path.of(device)));
    return List.copyOf(line);
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException unreadable) {
      return link.toString();
    }
  }

  /** Folders of a tool that is not the system's: its own, and those that a prefix usually has. */
  private static void tool(List<String> line, Path tool) {
    if (isInSystem(tool)) {
      return;
    }
    bind(line, "--ro-bind", tool);
    Path folder = tool.getParent();
    if (folder != null && folder.endsWith("bin") && folder.getParent() != null) {
      Stream.concat(
              Stream.of(folder), PREFIX_FOLDERS.stream().map(name -> folder.resolveSibling(name)))
          .filter(Files::isDirectory)
          .forEach(path -> bind(line, "--ro-bind", path));
    }
  }

  private static void bind(List<String> line, String how, Path path) {
    line.addAll(List.of(how, path.toString(), path.toString()));
  }

  private static boolean isInSystem(Path path) {
    return SYSTEM_PATHS.stream().anyMatch(path::startsWith);
  }

  private static boolean isKeptFromRoot(Path path) {
    try {
      return owner(path) > 0
          && !Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | UnsupportedOperationException unknown) {
      return false;
    }
  }

  private static int owner(Path path) {
    try {
      return (Integer) Files.getAttribute(path, "unix:uid");
    } catch (IOException | UnsupportedOperationException unknown) {
      return -1;
    }
  }
}
