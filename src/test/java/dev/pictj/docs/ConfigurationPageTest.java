package dev.pictj.docs;

import static dev.pictj.docs.MarkdownPage.code;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.config.PictrsKey;
import dev.pictj.config.PictrsKeys;
import dev.pictj.config.Setting;
import dev.pictj.config.SettingsCatalogue;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The tables of the settings are the declarations; {@code -Ddocs.write=true} writes them. */
class ConfigurationPageTest {
  private static final String PAGE = "docs/configuration.md";
  private static final String GENERATED = "-->\n\n";

  private static String tables() {
    StringBuilder tables = new StringBuilder();
    SettingsCatalogue.sections()
        .forEach(
            (section, settings) -> {
              tables.append(
                  section.table().isEmpty()
                      ? "## %s\n".formatted(section.title())
                      : "## %s: `[%s]`\n".formatted(section.title(), section.table()));
              tables.append(
                  "\n| option | environment | default | meaning |\n| --- | --- | --- | --- |\n");
              settings.forEach(setting -> tables.append(row(setting)));
              tables.append('\n');
            });
    tables.append(
        "## Keys of pict-rs 0.5\n\n| key | option | what it does here |\n| --- | --- | --- |\n");
    PictrsKeys.all().forEach(key -> tables.append(row(key)));
    return tables.toString();
  }

  private static String row(PictrsKey key) {
    return "| `%s` | %s | %s |\n"
        .formatted(
            key.name(),
            key.option().map(PictrsKey.Option::inWords).map(MarkdownPage::code).orElse(""),
            key.meaning());
  }

  private static String row(Setting<?> setting) {
    String letter = setting.letter().isEmpty() ? "" : code("-" + setting.letter()) + " ";
    String value = setting.isSwitch() ? "" : " " + code(setting.placeholder());
    return "| %s`--%s`%s%s | %s | %s | %s |\n"
        .formatted(
            letter,
            setting.name(),
            value,
            setting.isList() ? " …" : "",
            code(setting.environment().getFirst()),
            code(setting.fallback()),
            setting.description());
  }

  @Test
  void theTablesAreTheDeclarations() throws Exception {
    String text = MarkdownPage.of(PAGE).text();
    int begin = text.indexOf(GENERATED) + GENERATED.length();
    assertThat(begin).isGreaterThan(GENERATED.length());
    if (Boolean.getBoolean("docs.write")) {
      text = text.substring(0, begin) + tables();
      Files.writeString(MarkdownPage.file(PAGE), text);
    }
    assertThat(text.substring(begin))
        .as("mvn -q test -Dtest=ConfigurationPageTest -Ddocs.write=true writes it")
        .isEqualTo(tables());
  }
}
