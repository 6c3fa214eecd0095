import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs google-java-format over every Java file of the project: {@code check} fails and names the files that are not
 * formatted, {@code write} rewrites them. What has not been written to since all was found well is not read again.
 * Started by the build under the JDK 25 toolchain, because the formatter uses the parser of the JVM it runs on.
 */
final class Format {
  public static void main(String[] arguments) throws Exception {
    boolean write = arguments[0].equals("write");
    Path base = Path.of(arguments[1]);
    Path good = base.resolve("target/formatted");
    FileTime begin = FileTime.from(Instant.now());
    FileTime since = since(good, base.resolve("target/tools/google-java-format.jar"));
    List<String> command = new ArrayList<>();
    if (write) {
      command.add("--replace");
    } else {
      command.addAll(List.of("--dry-run", "--set-exit-if-changed"));
    }
    for (String folder : List.of("src", "client-examples")) {
      if (Files.isDirectory(base.resolve(folder))) {
        try (Stream<Path> files = Files.walk(base.resolve(folder))) {
          files
              .filter(file -> file.toString().endsWith(".java") && isNewer(file, since))
              .map(Path::toString)
              .sorted()
              .forEach(command::add);
        }
      }
    }
    if (command.stream().noneMatch(word -> word.endsWith(".java"))) {
      return;
    }
    var out = new java.io.PrintWriter(System.out, true);
    int status = new Main(out, new java.io.PrintWriter(System.err, true), System.in).format(command.toArray(String[]::new));
    out.flush();
    if (status == 0) {
      Files.write(good, new byte[0]);
      Files.setLastModifiedTime(good, begin);
    } else {
      System.err.println("The files named above are not formatted: run mvn -q process-sources -Dformat=write");
    }
    System.exit(status);
  }

  private static FileTime since(Path good, Path formatter) throws IOException {
    boolean known = Files.exists(good) && isNewer(good, Files.getLastModifiedTime(formatter));
    return known ? Files.getLastModifiedTime(good) : FileTime.fromMillis(0);
  }

  private static boolean isNewer(Path file, FileTime time) {
    try {
      return Files.getLastModifiedTime(file).compareTo(time) >= 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
