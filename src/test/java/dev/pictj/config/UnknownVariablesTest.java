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
    "PICTRS_max_files,PICTRS_MAX_FILES",
    "PICTRS_MAX_WIDTH,PICTRS_MAX_IMAGE_WIDTH",
    "PICTRS_FILTERS_WHITELIST,PICTRS_FILTER_WHITELIST"
  })
  void aMisspeltNameIsToldWithTheNearest(String name, String nearest) {
    assertThat(warnings(name))
        .containsExactly(name + " is no setting and does nothing; the nearest is " + nearest);
  }

  @ParameterizedTest
  @CsvSource({
    "PICTRS__SERVER__API_KEY,PICTRS_API_KEY (--api-key)",
    "PICTRS_SERVER__API_KEY,PICTRS_API_KEY (--api-key)",
    "PICTRS__SERVER__ADDRESS,PICTRS_ADDR (--addr)",
    "PICTRS__SERVER__READ_ONLY,nothing",
    "PICTRS__SERVER__CERTIFICATE,a proxy in front",
    "PICTRS__CLIENT__TIMEOUT,PICTRS_DOWNLOAD_TIMEOUT (--download-timeout)",
    "PICTRS__MEDIA__MAX_FILE_SIZE,PICTRS_MAX_FILE_SIZE (--max-file-size)",
    "PICTRS__MEDIA__MAX_WIDTH,PICTRS_MAX_IMAGE_WIDTH (--max-image-width)",
    "PICTRS__MEDIA__IMAGE__MAX_WIDTH,PICTRS_MAX_IMAGE_WIDTH (--max-image-width)",
    "PICTRS__MEDIA__ANIMATION__MAX_FRAME_COUNT,PICTRS_MAX_IMAGE_FRAMES (--max-image-frames)",
    "PICTRS__MEDIA__VIDEO__MAX_FILE_SIZE,PICTRS_MAX_FILE_SIZE (--max-file-size)",
    "PICTRS__MEDIA__VIDEO__QUALITY__CRF_720,nothing",
    "PICTRS__MEDIA__FILTERS,PICTRS_FILTER_WHITELIST (--whitelist)",
    "PICTRS__REPO__PATH,PICTRS_PATH (--path)",
    "PICTRS__STORE__PATH,PICTRS_PATH (--path)",
    "PICTRS__STORE__SECRET_KEY,nothing: pictures lie in files",
    "PICTRS__REPO__URL,nothing: pictures lie in files",
    "PICTRS__TRACING__LOGGING__TARGETS,PICTRS_LOG_LEVEL (--log-level)",
    "PICTRS__METRICS__PROMETHEUS_ADDRESS,nothing"
  })
  void aNameOfLaterLinesIsToldWithWhatToUse(String name, String use) {
    assertThat(warnings(name))
        .singleElement()
        .asString()
        .startsWith(name + " is a setting of later pict-rs and does nothing here; use " + use);
  }

  /** What is recommended exists, by its variable and by its option. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SERVER__ADDRESS",
        "SERVER__API_KEY",
        "SERVER__MAX_FILE_COUNT",
        "SERVER__TEMPORARY_DIRECTORY",
        "CLIENT__TIMEOUT",
        "CLIENT__ALLOW_LOCAL_CONNECTIONS",
        "TRACING__LOGGING__FORMAT",
        "TRACING__LOGGING__TARGETS",
        "MEDIA__MAX_FILE_SIZE",
        "MEDIA__MAX_WIDTH",
        "MEDIA__MAX_HEIGHT",
        "MEDIA__MAX_AREA",
        "MEDIA__MAX_FRAME_COUNT",
        "MEDIA__FILTERS",
        "MEDIA__FORMAT",
        "MEDIA__PROCESS_TIMEOUT",
        "MEDIA__SKIP_VALIDATE_IMPORTS",
        "MEDIA__MAGICK__MEMORY",
        "MEDIA__MAGICK__MAP",
        "MEDIA__MAGICK__DISK",
        "REPO__PATH",
        "REPO__CACHE_CAPACITY",
        "STORE__PATH"
      })
  void whatIsRecommendedExists(String key) {
    String warning = warnings("PICTRS__" + key).getFirst();
    assertThat(SettingsCatalogue.all())
        .anyMatch(
            setting ->
                warning.contains(setting.environment().getFirst() + " (--" + setting.name() + ")"));
  }

  @Test
  void eachIsToldOnceAndNoneAtLength() {
    assertThat(warnings("PICTRS_A", "PICTRS_B", "PICTRS__A")).hasSize(3);
    assertThat(warnings("PICTRS_" + "X".repeat(100_000)).getFirst()).hasSizeLessThan(300);
  }
}
