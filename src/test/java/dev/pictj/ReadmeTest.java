package dev.pictj;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.config.Setting;
import dev.pictj.config.SettingsCatalogue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README is true of the code. */
class ReadmeTest {
  private static String readme() throws Exception {
    return Files.readString(Path.of("README.md"));
  }

  @Test
  void everySettingHasItsRow() throws Exception {
    for (Setting setting : SettingsCatalogue.all()) {
      assertThat(readme().lines())
          .anyMatch(
              line ->
                  line.startsWith("|")
                      && line.contains("`--" + setting.name() + "`")
                      && line.contains("`" + setting.environment().getFirst() + "`")
                      && line.contains(setting.fallback())
                      && line.contains(setting.description()));
    }
  }

  @Test
  void everyErrorCodeIsNamed() throws Exception {
    String source = Files.readString(Path.of("src/main/java/dev/pictj/http/ErrorCode.java"));
    Matcher words = Pattern.compile("\\(\\d{3}, \"([a-z-]+)\"\\)").matcher(source);
    int found = 0;
    while (words.find()) {
      found++;
      assertThat(readme()).contains("`" + words.group(1) + "`");
    }
    assertThat(found).isGreaterThan(20);
  }
}
