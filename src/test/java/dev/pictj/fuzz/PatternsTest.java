package dev.pictj.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.Main;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No pattern that reads what strangers send goes back and forth over it: that would keep a core
 * busy for seconds. What is counted are looks at characters.
 */
class PatternsTest {
  private static final List<String> ROOMS =
      List.of("http", "ingest", "process", "media", "network");

  private static final int LENGTH = 4000;
  private static final int MAX_LOOKS_PER_CHARACTER = 30;

  /** Those that are only ever held against a whole text, or in a row from its beginning. */
  private static final Set<String> NOT_SEARCHED =
      Set.of(
          "dev.pictj.http.Acceptable.RANGE",
          "dev.pictj.http.ByteRange.RANGE",
          "dev.pictj.http.ByteRange.SPECIFIER",
          "dev.pictj.http.ForwardedFor.ELEMENT",
          "dev.pictj.http.ForwardedFor.PAIR",
          "dev.pictj.http.UrlSignature.URL",
          "dev.pictj.ingest.fetch.RemoteUrl.NUMBER",
          "dev.pictj.ingest.fetch.RemoteUrl.SCHEME_AND_AUTHORITY");

  /** A text that counts how often one of its characters is looked at. */
  private static final class Counted implements CharSequence {
    private final String text;
    private long looks;

    Counted(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      if (++looks > (long) MAX_LOOKS_PER_CHARACTER * text.length()) {
        throw new TooManyException();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private static final class TooManyException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void noneGoesBackAndForth() throws Exception {
    Map<String, Pattern> patterns = patterns();
    assertThat(patterns).containsKeys(NOT_SEARCHED.toArray(String[]::new)).hasSizeGreaterThan(20);
    List<String> slow = new ArrayList<>();
    patterns.forEach(
        (name, pattern) -> {
          for (String text : Monotony.texts(LENGTH).toList()) {
            if (isSlow(pattern, text, !NOT_SEARCHED.contains(name))) {
              slow.add(name + " on " + text.substring(0, 40));
            }
          }
        });
    assertThat(slow).isEmpty();
  }

  @Test
  void oneThatDoesIsNoticed() {
    assertThat(isSlow(Pattern.compile("a*a*b"), "a".repeat(LENGTH) + "!", false)).isTrue();
    assertThat(isSlow(Pattern.compile(" +b"), " ".repeat(LENGTH) + "!", true)).isTrue();
    assertThat(isSlow(Pattern.compile(" +b"), " ".repeat(LENGTH) + "!", false)).isFalse();
  }

  private static boolean isSlow(Pattern pattern, String text, boolean searched) {
    try {
      var _ = pattern.matcher(new Counted(text)).matches();
      var _ = pattern.matcher(new Counted(text)).lookingAt();
      Matcher anywhere = pattern.matcher(new Counted(text));
      while (searched && anywhere.find()) {
        // The next one.
      }
      return false;
    } catch (TooManyException | StackOverflowError _) {
      return true;
    }
  }

  private static Map<String, Pattern> patterns() throws Exception {
    Path classes = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Map<String, Pattern> patterns = new TreeMap<>();
    for (String room : ROOMS) {
      for (Path file : classFiles(classes.resolve("dev/pictj").resolve(room))) {
        String name = classes.relativize(file).toString().replace('/', '.');
        Class<?> type =
            Class.forName(
                name.substring(0, name.length() - ".class".length()),
                false,
                Main.class.getClassLoader());
        for (Field field : type.getDeclaredFields()) {
          if (field.getType() == Pattern.class && Modifier.isStatic(field.getModifiers())) {
            field.setAccessible(true);
            patterns.put(type.getName() + "." + field.getName(), (Pattern) field.get(null));
          }
        }
      }
    }
    return patterns;
  }

  private static List<Path> classFiles(Path room) throws IOException {
    try (Stream<Path> files = Files.walk(room)) {
      return files.filter(file -> file.toString().endsWith(".class")).toList();
    }
  }
}
