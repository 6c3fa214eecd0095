package dev.pictj.docs;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation, in Markdown.
 *
 * @param path relative to the root of the repository
 */
public record MarkdownPage(Path path, String text) {
  private static final Path ROOT = Path.of(System.getProperty("pictj.basedir", ""));
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
  private static final Pattern INLINE = Pattern.compile("`([^`\\n]+)`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

  /** The page at this path, relative to the root of the repository. */
  public static MarkdownPage of(String path) {
    try {
      return new MarkdownPage(Path.of(path), Files.readString(ROOT.resolve(path)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those at the top, all below {@code docs/}, and that of the examples. */
  static List<MarkdownPage> all() throws IOException {
    List<MarkdownPage> pages = new ArrayList<>();
    for (String folder : List.of("", "docs", "client-examples")) {
      int depth = folder.isEmpty() ? 1 : Integer.MAX_VALUE;
      try (Stream<Path> files = Files.walk(ROOT.resolve(folder), depth)) {
        files
            .filter(file -> file.toString().endsWith(".md"))
            .map(file -> ROOT.relativize(file).toString())
            .sorted()
            .forEach(file -> pages.add(of(file)));
      }
    }
    return pages;
  }

  /** A file of the repository. */
  static Path file(String path) {
    return ROOT.resolve(path);
  }

  /** The rows between this heading and the next whose first cell begins with code, cell by cell. */
  public List<List<String>> table(String heading) {
    return text.lines()
        .dropWhile(line -> !line.equals(heading))
        .skip(1)
        .takeWhile(line -> !line.startsWith("#"))
        .filter(line -> line.startsWith("| `"))
        .map(line -> Arrays.stream(line.split("\\|", -1)).skip(1).map(String::strip).toList())
        .toList();
  }

  /** What stands below a heading of the second level, the next of which ends it. */
  public MarkdownPage section(String heading) {
    return new MarkdownPage(
        path,
        text.lines()
                .dropWhile(line -> !line.equals(heading))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .collect(joining("\n"))
            + "\n");
  }

  /** What stands in blocks of code. */
  List<String> blocks() {
    return BLOCK.matcher(text).results().map(found -> found.group(2)).toList();
  }

  /** What stands in blocks of code in this language. */
  public List<String> blocks(String language) {
    return BLOCK
        .matcher(text)
        .results()
        .filter(found -> found.group(1).equals(language))
        .map(found -> found.group(2))
        .toList();
  }

  /**
   * Commands in blocks of code, with the lines that a backslash adds, and code within sentences.
   */
  List<String> commands() {
    Stream<String> lines =
        blocks().stream().flatMap(block -> block.replace("\\\n", " ").lines()).map(String::strip);
    return Stream.concat(lines, inline().stream()).toList();
  }

  /** Code within sentences. */
  List<String> inline() {
    return INLINE
        .matcher(BLOCK.matcher(text).replaceAll(""))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  /** Where its links lead, those within code left out. */
  List<String> links() {
    return LINK.matcher(INLINE.matcher(BLOCK.matcher(text).replaceAll("")).replaceAll(""))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  /** The names by which its headings are linked, as GitHub and others make them. */
  Set<String> anchors() {
    return Pattern.compile("(?m)^#+ (.+)$")
        .matcher(BLOCK.matcher(text).replaceAll(""))
        .results()
        .map(MarkdownPage::anchor)
        .collect(toSet());
  }

  private static String anchor(MatchResult heading) {
    return heading
        .group(1)
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N} _-]", "")
        .replace(' ', '-');
  }

  /** A text as code, or nothing where there is none. */
  public static String code(String text) {
    return text.isEmpty() ? "" : "`" + text + "`";
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
