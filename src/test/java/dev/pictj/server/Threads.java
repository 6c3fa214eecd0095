package dev.pictj.server;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The threads of this JVM, virtual ones too. */
final class Threads {
  private static final Pattern BETWEEN = Pattern.compile("\n\n");

  private Threads() {}

  /** How many are in a method, which is written as in a stack trace. */
  static long in(String method) throws IOException {
    Path folder = Files.createTempDirectory("pictj-threads-");
    Path dump = folder.resolve("dump");
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
      return BETWEEN
          .splitAsStream(Files.readString(dump))
          .filter(thread -> thread.contains(method))
          .count();
    } finally {
      Files.deleteIfExists(dump);
      Files.delete(folder);
    }
  }
}
