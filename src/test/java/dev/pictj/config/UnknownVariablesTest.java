package dev.pictj.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownVariablesTest {
  private static final String SECRET = "hunter2";

  private static List<String> warnings(String... names) {
    Map<String, String> environment = new TreeMap<>(Map.of("PATH", SECRET, "MY_PICTRS_X", SECRET));
    for (String name : names) {
      environment.put(name, SECRET);
    }
    List<String> warnings = UnknownVariables.warnings(environment);
    assertThat(warnings).noneMatch(line -> line.contains(SECRET));
    return warnings;
  }

  @Test
  void everySettingIsKnownInEverySpelling() {
    String[] names =
        SettingsCatalogue.all().stream()
            .flatMap(setting -> setting.environment().stream())
            .toArray(String[]::new);
    assertThat(warnings(names)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "PICTRS_APIKEY,PICTRS_API_KEY",
    "PICTRS__APIKEY,PICTRS_API_KEY",
    "PICTRS_MAX_FILESIZE,PICTRS_MAX_FILE_SIZE",
    "PICTRS_MAX_FILE_SIZES,PICTRS_MAX_FILE_SIZE",
    "PICTRS_ADRR,PICTRS_ADDR",
    "PICTRS_ADRESS,PICTRS_ADDR",
    "PICTRS_max_files,PICTRS_MAX_FILES",
    "PICTRS_MAX_WIDTH,PICTRS_MAX_IMAGE_WIDTH",
    "PICTRS_FILTERS_WHITELIST,PICTRS_FILTER_WHITELIST"
  })
  void aMisspeltNameIsToldWithTheNearest(String name, String nearest) {
    assertThat(warnings(name))
        .containsExactly(name + " is no setting and does nothing; the nearest is " + nearest);
  }

  @Test
  void everyKeyOfPictrsIsKnown() {
    assertThat(warnings(PictrsKeys.all().stream().map(PictrsKey::variable).toArray(String[]::new)))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "PICTRS__SERVER__APIKEY,PICTRS__SERVER__API_KEY",
    "PICTRS_SERVER__API_KEY,PICTRS__SERVER__API_KEY",
    "PICTRS__server__address,PICTRS__SERVER__ADDRESS",
    "PICTRS__SEVER__ADDRESS,PICTRS__SERVER__ADDRESS",
    "PICTRS__MEDIA__MAX_SIZE,PICTRS__MEDIA__MAX_FILE_SIZE",
    "PICTRS__MEDIA__VIDEO__CRF_720,PICTRS__MEDIA__VIDEO__QUALITY__CRF_720",
    "PICTRS__STORE__SECRET,PICTRS__STORE__SECRET_KEY"
  })
  void aMisspeltKeyOfPictrsIsToldWithTheNearest(String name, String nearest) {
    assertThat(warnings(name))
        .containsExactly(name + " is no setting and does nothing; the nearest is " + nearest);
  }

  /** A name that is quite another helps nobody. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "PICTRS_A",
        "PICTRS_HOME",
        "PICTRS_DATABASE_URL",
        "PICTRS_MAX",
        "PICTRS__POSTGRES__PASSWORD",
        "PICTRS__MEDIA__A"
      })
  void nothingIsSaidToBeNearThatIsNot(String name) {
    assertThat(warnings(name)).containsExactly(name + " is no setting and does nothing");
  }

  @Test
  void eachIsToldOnceAndNoneAtLength() {
    assertThat(warnings("PICTRS_A", "PICTRS_B", "PICTRS__A")).hasSize(3);
    assertThat(warnings("PICTRS_" + "X".repeat(100_000)).getFirst()).hasSizeLessThan(300);
  }
}
