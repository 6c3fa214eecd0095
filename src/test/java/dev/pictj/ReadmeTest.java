package dev.pictj;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.config.Section;
import dev.pictj.config.Setting;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.media.MediaType;
import dev.pictj.media.MediaType.Trait;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables of the README say what the code says, no more and no less. */
class ReadmeTest {
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

  /** The tables of the options, as the declarations have them. */
  private static String options() {
    StringBuilder tables = new StringBuilder();
    for (Section section : SettingsCatalogue.sections()) {
      tables.append(
          section.table().isEmpty()
              ? "### %s\n".formatted(section.title())
              : "### %s: `[%s]`\n".formatted(section.title(), section.table()));
      tables.append("\n| option | environment | default | meaning |\n| --- | --- | --- | --- |\n");
      for (Setting<?> setting : section.settings()) {
        String letter = setting.letter().isEmpty() ? "" : coded("-" + setting.letter()) + " ";
        String value = setting.isSwitch() ? "" : " " + coded(setting.placeholder());
        tables.append(
            "| %s`--%s`%s%s | %s | %s | %s |\n"
                .formatted(
                    letter,
                    setting.name(),
                    value,
                    setting.isList() ? " …" : "",
                    coded(setting.environment().getFirst()),
                    coded(setting.fallback()),
                    setting.description()));
      }
      tables.append('\n');
    }
    return tables.toString();
  }

  @Test
  void theTablesOfTheOptionsAreTheDeclarations() throws Exception {
    assertThat(Files.readString(Path.of("README.md"))).contains("\n" + options());
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

  @Test
  void everyFormatHasItsRow() throws Exception {
    List<List<String>> rows =
        Arrays.stream(MediaType.values())
            .map(
                type ->
                    List.of(
                        coded(type.contentType()),
                        type.label(),
                        yes(type, Trait.STORED),
                        MediaType.byExtension().entrySet().stream()
                            .filter(made -> made.getValue() == type)
                            .map(made -> coded("." + made.getKey()))
                            .collect(Collectors.joining(", ")),
                        yes(type, Trait.ALPHA),
                        yes(type, Trait.ANIMATION)))
            .toList();
    assertThat(table("### Formats").stream().map(cells -> cells.subList(0, 6)))
        .containsExactlyElementsOf(rows);
  }

  private static String yes(MediaType type, Trait trait) {
    return type.has(trait) ? "yes" : "";
  }
}
