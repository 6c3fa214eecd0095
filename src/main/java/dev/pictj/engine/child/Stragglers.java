package dev.pictj.engine.child;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds processes that a child has started and detached. A process whose parent has died is no
 * longer a descendant of the child, but it still is in the session that the child was given, or
 * else still has the name of the private temp folder in its environment (proc(5)). Only a process
 * that leaves the session and cleans its environment as well escapes: that takes the pid namespace
 * of {@code bwrap}.
 */
final class Stragglers {
  private static final Path PROC = Path.of("/proc");

  /** A process may start another one while we look. */
  private static final int MAX_ROUNDS = 20;

  private final String scratch;

  /**
   * Looks for the processes of one run.
   *
   * @param scratch its temp folder, whose name no other run has
   */
  Stragglers(Path scratch) {
    this.scratch = scratch.toString();
  }

  /**
   * Kills them all.
   *
   * @param session the child's process id, which is its session's where it was given one, and else
   *     no session's at all
   */
  void kill(long session) {
    for (int round = 0; round < MAX_ROUNDS; round++) {
      List<ProcessHandle> found = find(session);
      if (found.isEmpty()) {
        return;
      }
      found.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private List<ProcessHandle> find(long session) {
    List<ProcessHandle> found = new ArrayList<>();
    long self = ProcessHandle.current().pid();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        long pid = Long.parseLong(process.getFileName().toString());
        if (pid != self && isOurs(process, session)) {
          ProcessHandle.of(pid).ifPresent(found::add);
        }
      }
    } catch (IOException unreadable) {
      // Not Linux, or a /proc that hides processes: no process can be found.
      return List.of();
    }
    return found;
  }

  private boolean isOurs(Path process, long session) {
    try {
      // pid (name) state parent group session ...; the name may hold anything, brackets included.
      String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5);
      if (fields[0].equals("Z") || fields[0].equals("X")) {
        return false;
      }
      return Long.parseLong(fields[3]) == session
          || new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.UTF_8)
              .contains(scratch);
    } catch (IOException | RuntimeException goneOrNotOurs) {
      return false;
    }
  }
}
