import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Deletes the classes below {@code target} that are older than their sources or the pom, or have no source, and those
 * that use one of these. Maven's compiler either compiles everything for one changed file, or, with {@code
 * -Dmaven.compiler.useIncrementalCompilation=false}, just the sources that have no class newer than themselves. After
 * this, that is what has changed and what the change may break.
 *
 * <p>A class uses another when its class file names it, or its source does: a constant is copied into a class without
 * the name of its owner. What inherits from a changed class has changed as well, and its users with it.
 */
final class StaleClasses {
  private static final Map<String, String> SOURCES =
      Map.of("target/classes", "src/main/java", "target/test-classes", "src/test/java");
  private static final Pattern INHERITS = Pattern.compile("\\b(?:extends|implements)\\b([^{;]*)");
  private static final Pattern WORD = Pattern.compile("\\w+");
  private static final Pattern NAMED = Pattern.compile("dev/pictj/[\\w/]+");

  /** A source or its class files: the words of it, the classes named, and the words after "extends". */
  private static final class Type {
    private final Set<String> uses = new HashSet<>();
    private final Set<String> inherits = new HashSet<>();
    private final Set<Path> classes = new HashSet<>();
    private FileTime written;
    private FileTime compiled;
  }

  private final Map<String, Type> types = new HashMap<>();

  public static void main(String[] arguments) throws IOException {
    StaleClasses stale = new StaleClasses();
    for (Map.Entry<String, String> place : SOURCES.entrySet()) {
      stale.read(Path.of(place.getValue()), ".java");
      stale.read(Path.of(place.getKey()), ".class");
    }
    stale.delete();
  }

  private void read(Path folder, String ending) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.filter(each -> each.toString().endsWith(ending))::iterator) {
        String path = folder.relativize(file).toString();
        // A nested class is compiled with the source of the outermost.
        String name = path.substring(0, path.length() - ending.length()).replaceFirst("\\$.*", "");
        Type type = types.computeIfAbsent(name, unused -> new Type());
        if (ending.equals(".java")) {
          readSource(Files.readString(file), type);
          type.written = Files.getLastModifiedTime(file);
        } else {
          // Names stand in a class file as they are; what else there is does no harm.
          collect(NAMED, Files.readString(file, StandardCharsets.ISO_8859_1), type.uses);
          type.classes.add(file);
          if (!path.contains("$")) {
            type.compiled = Files.getLastModifiedTime(file);
          }
        }
      }
    }
  }

  private static void readSource(String text, Type type) {
    collect(WORD, text, type.uses);
    for (Matcher found = INHERITS.matcher(text); found.find(); ) {
      collect(WORD, found.group(1), type.inherits);
    }
  }

  private static void collect(Pattern pattern, String text, Set<String> into) {
    for (Matcher found = pattern.matcher(text); found.find(); ) {
      into.add(found.group());
    }
  }

  private void delete() throws IOException {
    // It holds the compiler's options and the libraries.
    FileTime pom = Files.getLastModifiedTime(Path.of("pom.xml"));
    Deque<String> changed = new ArrayDeque<>();
    types.forEach(
        (name, type) -> {
          boolean current =
              type.written != null
                  && type.compiled != null
                  && type.compiled.compareTo(type.written) >= 0
                  && type.compiled.compareTo(pom) >= 0;
          if (!current) {
            changed.add(name);
          }
        });
    int first = changed.size();
    Set<String> stale = new HashSet<>(changed);
    Set<String> done = new HashSet<>(changed);
    while (!changed.isEmpty()) {
      String name = changed.remove();
      String simple = name.substring(name.lastIndexOf('/') + 1);
      types.forEach(
          (user, type) -> {
            if (type.uses.contains(name) || type.uses.contains(simple)) {
              stale.add(user);
            }
            if (type.inherits.contains(simple) && done.add(user)) {
              changed.add(user);
            }
          });
    }
    for (String name : stale) {
      for (Path file : types.get(name).classes) {
        Files.delete(file);
      }
    }
    if (first > 0) {
      System.out.printf("%d sources have changed, %d are compiled%n", first, stale.size());
    }
  }
}
