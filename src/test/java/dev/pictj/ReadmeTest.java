package dev.pictj;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.config.Setting;
import dev.pictj.config.SettingsCatalogue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables of the README say what the code says, no more and no less. */
class ReadmeTest {
  private static final Pattern LONG_NAME = Pattern.compile("`--([a-z-]+)`");
  private static final Pattern CODE = Pattern.compile("\\((\\d{3}), \"([a-z-]+)\"\\)");

  /** The cells of every row between this heading and the next, the table's own heading left out. */
  private static List<List<String>> table(String heading) throws Exception {
    return Files.readString(Path.of("README.md"))
        .lines()
        .dropWhile(line -> !line.equals(heading))
        .skip(1)
        .takeWhile(line -> !line.startsWith("#"))
        .filter(line -> line.startsWith("| `"))
        .map(line -> Arrays.stream(line.split("\\|", -1)).skip(1).map(String::strip).toList())
        .toList();
  }

  private static String coded(String text) {
    return text.isEmpty() ? "" : "`" + text + "`";
  }

  @Test
  void everySettingHasItsRow() throws Exception {
    List<List<String>> rows = table("## Options");
    for (Setting setting : SettingsCatalogue.all()) {
      List<String> row =
          rows.stream()
              .filter(cells -> cells.getFirst().contains("`--" + setting.name() + "`"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no row for --" + setting.name()));
      assertThat(row.get(0).startsWith("`-" + setting.shortName() + "`"))
          .as("the short name of --%s", setting.name())
          .isEqualTo(!setting.shortName().isEmpty());
      assertThat(row.subList(1, 4))
          .as("--%s", setting.name())
          .containsExactly(
              coded(setting.environment().getFirst()),
              coded(setting.fallback()),
              setting.description());
    }
  }

  @Test
  void everyRowIsASetting() throws Exception {
    List<String> named =
        table("## Options").stream()
            .map(cells -> LONG_NAME.matcher(cells.getFirst()))
            .filter(Matcher::find)
            .map(matcher -> matcher.group(1))
            .toList();
    assertThat(named)
        .containsExactlyElementsOf(SettingsCatalogue.all().stream().map(Setting::name).toList());
  }

  @Test
  void everyErrorCodeStandsWithItsStatus() throws Exception {
    String source = Files.readString(Path.of("src/main/java/dev/pictj/http/ErrorCode.java"));
    List<List<String>> codes =
        CODE.matcher(source)
            .results()
            .map(found -> List.of(coded(found.group(2)), found.group(1)))
            .toList();
    assertThat(codes).hasSizeGreaterThan(20);
    assertThat(table("### Errors").stream().map(cells -> cells.subList(0, 2)))
        .containsExactlyInAnyOrderElementsOf(codes);
  }
}
