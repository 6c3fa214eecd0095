package dev.pictj.hostile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Samples the memory of a process and of everything it starts, from {@code /proc}. The kernel keeps
 * the peak of each process itself, so a child is measured well if it is seen at all before its end.
 */
final class ProcessWatch implements AutoCloseable {
  private static final int MILLIS = 10;

  private final long pid;
  private final AtomicLong children = new AtomicLong();
  private volatile String largest = "";
  private final Thread thread;

  ProcessWatch(long pid) {
    this.pid = pid;
    this.thread = Thread.ofPlatform().daemon().name("watch").start(this::watch);
  }

  /** The most memory that the process ever had resident, in MiB. */
  long peak() {
    return peak(pid);
  }

  /** The most that any one of its descendants was seen to have had resident, in MiB. */
  long peakOfChildren() {
    return children.get();
  }

  /** The command of that one. */
  String largestChild() {
    return largest;
  }

  /** Those of now. */
  List<ProcessHandle> running() {
    return ProcessHandle.of(pid).stream().flatMap(ProcessHandle::descendants).toList();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void watch() {
    try {
      while (true) {
        for (ProcessHandle child : running()) {
          // Until it becomes the tool, a child shows the memory of the server it was forked from.
          if (!isYetToBegin(child.pid())) {
            long peak = peak(child.pid());
            if (peak > children.get()) {
              children.set(peak);
              largest = command(child.pid());
            }
          }
        }
        // The kernel tells nobody when the memory of a process grows: it has to be asked.
        Thread.sleep(MILLIS);
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  /** A worker is Java too, but its command is another. */
  private boolean isYetToBegin(long child) {
    try {
      String program = Files.readSymbolicLink(Path.of("/proc/" + child + "/exe")).toString();
      return program.endsWith("/jspawnhelper")
          || (program.endsWith("/java") && command(child).equals(command(pid)));
    } catch (IOException gone) {
      return true;
    }
  }

  private static String command(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ').strip();
    } catch (IOException gone) {
      return "";
    }
  }

  private static long peak(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException gone) {
      return 0;
    }
  }
}
