package dev.pictj.config;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pictj.config.PictrsKey.Effect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys of pict-rs 0.5: all are known, each does what the table says, however it is given. */
class PictrsKeysTest {
  /** As its documentation and its defaults list them. */
  private static final String KEYS =
      """
      server.address server.api_key server.read_only server.danger_dummy_mode server.max_file_count
      server.temporary_directory server.cleanup_temporary_directory server.certificate
      server.private_key client.timeout client.allow_local_connections upgrade.concurrency
      tracing.logging.format tracing.logging.targets tracing.logging.log_spans
      tracing.logging.log_requests tracing.logging.no_ansi tracing.console.address
      tracing.console.buffer_capacity tracing.opentelemetry.url tracing.opentelemetry.service_name
      tracing.opentelemetry.targets metrics.prometheus_address old_repo.path old_repo.cache_capacity
      media.external_validation media.external_validation_timeout media.max_file_size
      media.process_timeout media.preprocess_steps media.filters media.retention.variants
      media.retention.proxy media.magick.max_width media.magick.max_height media.magick.max_area
      media.magick.memory media.magick.map media.magick.disk media.image.max_width
      media.image.max_height media.image.max_area media.image.max_file_size media.image.format
      media.image.quality.avif media.image.quality.png media.image.quality.jpeg
      media.image.quality.jxl media.image.quality.webp media.animation.max_width
      media.animation.max_height media.animation.max_area media.animation.max_file_size
      media.animation.max_frame_count media.animation.format media.animation.quality.apng
      media.animation.quality.avif media.animation.quality.webp media.video.enable
      media.video.allow_audio media.video.max_width media.video.max_height media.video.max_area
      media.video.max_file_size media.video.max_frame_count media.video.video_codec
      media.video.audio_codec media.video.quality.crf_max media.video.quality.crf_240
      media.video.quality.crf_360 media.video.quality.crf_480 media.video.quality.crf_720
      media.video.quality.crf_1080 media.video.quality.crf_1440 media.video.quality.crf_2160
      repo.type repo.path repo.fjall_path repo.debug_dump_db_path repo.cache_capacity
      repo.export_path repo.url repo.use_tls repo.certificate_file store.type store.path
      store.endpoint store.bucket_name store.region store.access_key store.secret_key
      store.use_path_style store.session_token store.client_timeout store.public_endpoint
      store.signature_duration store.tag_healthz
      """;

  /**
   * Values that are no defaults here, and what our settings would have for them where they differ.
   */
  private static final Map<String, List<String>> VALUES =
      """
      server.address 127.0.0.1:1717
      server.api_key hunter2
      server.read_only true
      server.danger_dummy_mode true
      server.temporary_directory /tmp/of/pictrs
      server.certificate /certificate.pem
      server.private_key /key.pem
      client.allow_local_connections true
      tracing.logging.format json
      tracing.logging.targets warn,tracing_actix_web=info warn
      metrics.prometheus_address 127.0.0.1:9000
      media.external_validation http://127.0.0.1:9/check
      media.preprocess_steps resize=1200
      media.filters blur
      media.retention.variants 12h
      media.retention.proxy 12h
      media.image.format jpeg jpg
      media.image.quality.png 17 1
      media.video.quality.crf_720 99 63
      media.video.quality.crf_max 64 63
      media.animation.quality.apng 17 1
      media.animation.format webp
      media.video.enable false
      media.video.allow_audio true
      media.video.video_codec vp9
      media.video.audio_codec opus
      repo.type sled
      repo.path /mnt/repo /mnt/repo/pictj-catalog
      repo.fjall_path /mnt/repo /mnt/repo/pictj-catalog
      repo.cache_capacity 17000000 17
      repo.export_path /mnt/somewhere
      store.type filesystem
      store.path /mnt/pictures
      """
          .lines()
          .map(line -> List.of(line.split(" ")))
          .collect(toMap(List::getFirst, words -> words.subList(1, words.size())));

  private static final List<String> NUMBER = List.of("17");

  @TempDir private Path folder;

  static List<PictrsKey> keys() {
    return PictrsKeys.all();
  }

  static String value(PictrsKey key) {
    return VALUES.getOrDefault(key.name(), NUMBER).getFirst();
  }

  private static Settings load(Map<String, List<String>> options, Map<String, String> environment)
      throws InvalidSettingsException {
    return new SettingsLoader(options, environment).load();
  }

  private Settings loadFile(String toml, Map<String, String> environment) throws Exception {
    Path file = Files.writeString(folder.resolve("pict-rs.toml"), toml);
    return load(Map.of("config", List.of(file.toString())), environment);
  }

  private static String toml(String key, String value) {
    String table = key.substring(0, key.lastIndexOf('.'));
    boolean bare = value.matches("[0-9]+|true|false");
    return "[%s]\n%s = %s\n"
        .formatted(
            table,
            key.substring(table.length() + 1),
            key.equals("media.filters") ? "['" + value + "']" : bare ? value : "'" + value + "'");
  }

  @Test
  void allAreKnown() {
    assertThat(keys().stream().map(PictrsKey::name))
        .containsExactlyInAnyOrder(KEYS.strip().split("\\s+"))
        .doesNotHaveDuplicates();
  }

  static Stream<Arguments> keysInEachWay() {
    return keys().stream()
        .flatMap(
            key ->
                Stream.of("file", "variable", "option")
                    .filter(way -> !way.equals("option") || key.option().isPresent())
                    .map(way -> Arguments.of(key, way)));
  }

  private Settings given(PictrsKey key, String way) throws Exception {
    return switch (way) {
      case "file" -> loadFile(toml(key.name(), value(key)), Map.of());
      case "variable" -> load(Map.of(), Map.of(key.variable(), value(key)));
      default -> load(Map.of(PictrsKeys.RUN, List.of(), key.name(), List.of(value(key))), Map.of());
    };
  }

  private String where(PictrsKey key, String way) {
    return switch (way) {
      case "file" -> folder.resolve("pict-rs.toml") + ": " + key.name();
      case "variable" -> key.variable();
      default -> key.option().orElseThrow().inWords();
    };
  }

  @ParameterizedTest
  @MethodSource("keysInEachWay")
  void eachDoesWhatTheTableSays(PictrsKey key, String way) throws Exception {
    String where = where(key, way);
    Settings settings = given(key, way);
    assertThat(settings.get(SettingsCatalogue.DIALECT)).isEqualTo(DialectName.V0_5);
    switch (key.effect()) {
      case Effect.Sets sets -> {
        String ours = VALUES.getOrDefault(key.name(), NUMBER).getLast();
        for (Setting<?> setting : sets.settings()) {
          Map<String, List<String>> same = new HashMap<>(Map.of("path", List.of("/mnt/files")));
          same.put(setting.name(), List.of(setting.isSwitch() && ours.equals("true") ? "" : ours));
          assertThat(settings.get(setting)).isEqualTo(load(same, Map.of()).get(setting));
          Settings without = load(Map.of(PictrsKeys.RUN, List.of()), Map.of());
          // Sound is kept where nothing is said, and the option can only say so.
          if (setting != SettingsCatalogue.VIDEO_SOUND) {
            assertThat(settings.get(setting)).isNotEqualTo(without.get(setting));
          }
        }
        assertThat(settings.warnings()).isEmpty();
      }
      case Effect.Only _ -> assertThat(settings.warnings()).isEmpty();
      case Effect.Nothing(String why) -> assertIdle(settings, where, why);
      case Effect.NoDatabase(String why, String _) -> assertIdle(settings, where, why);
    }
    assertThat(settings.toToml() + settings.notes()).doesNotContain("hunter2");
  }

  private static void assertIdle(Settings settings, String where, String why) {
    assertThat(settings.notes()).anyMatch(note -> note.contains("%s (%s)".formatted(where, why)));
    assertThat(settings.warnings()).isEmpty();
  }

  /** Else the server would be there without all the pictures that were to be upgraded. */
  @ParameterizedTest
  @CsvSource({
    "repo/v0.4.0-alpha.1/db,repo",
    "repo/v0.4.0-alpha.1/db,repo/v0.4.0-alpha.1",
    "old/db-0.34/conf,old",
    "new/v0.5.0/db,new",
    "fjall/v0.5.18/journals,fjall"
  })
  void whereAnOldDatabaseLiesIsNoStart(String inside, String given) throws Exception {
    Files.createDirectories(folder.resolve(inside));
    Path path = folder.resolve(given);
    assertThat(problems(Map.of("PICTRS__OLD_REPO__PATH", path.toString())))
        .singleElement()
        .asString()
        .startsWith("PICTRS__OLD_REPO__PATH is " + path)
        .contains("database of pict-rs", "pictj adopt");
  }

  /** As it is after a start with the same path for both, which is what it is without a path. */
  @Test
  void ourCatalogIsNoOldDatabase() throws Exception {
    Files.createDirectories(folder.resolve("repo/pictj-catalog"));
    String path = folder.resolve("repo").toString();
    assertThat(
            load(Map.of(), Map.of("PICTRS__OLD_REPO__PATH", path, "PICTRS__REPO__PATH", path))
                .notes())
        .anyMatch(note -> note.contains("PICTRS__OLD_REPO__PATH (there is no data"));
  }

  @Test
  void theCommandLineBeatsTheEnvironmentThatBeatsTheFile() throws Exception {
    String file = toml("media.max_file_size", "5");
    Map<String, String> variable = Map.of("PICTRS__MEDIA__MAX_FILE_SIZE", "6");
    assertThat(loadFile(file, Map.of()).get(SettingsCatalogue.MAX_FILE_SIZE)).isEqualTo(5 << 20);
    assertThat(loadFile(file, variable).get(SettingsCatalogue.MAX_FILE_SIZE)).isEqualTo(6 << 20);
    Map<String, List<String>> option = Map.of("media.max_file_size", List.of("7"));
    assertThat(load(option, variable).get(SettingsCatalogue.MAX_FILE_SIZE)).isEqualTo(7 << 20);
    Map<String, List<String>> both =
        Map.of("media.max_file_size", List.of("7"), "max-file-size", List.of("8"));
    assertThat(load(both, variable).get(SettingsCatalogue.MAX_FILE_SIZE)).isEqualTo(8 << 20);
    Map<String, String> image =
        Map.of("PICTRS__MEDIA__MAX_FILE_SIZE", "6", "PICTRS_MAX_FILE_SIZE", "9");
    assertThat(load(Map.of(), image).get(SettingsCatalogue.MAX_FILE_SIZE)).isEqualTo(6 << 20);
  }

  /** What deployments of 0.3 have says nothing of the line. */
  @ParameterizedTest
  @ValueSource(strings = {"PICTRS__API_KEY", "PICTRS__MAX_FILE_SIZE", "PICTRS__ADDR"})
  void variablesOfTheOldLineSelectNoDialect(String variable) throws Exception {
    String value = variable.endsWith("ADDR") ? "127.0.0.1:17" : "17";
    Settings settings = load(Map.of(), Map.of("PICTRS__PATH", "/data", variable, value));
    assertThat(settings.get(SettingsCatalogue.DIALECT)).isEqualTo(DialectName.V0_3);
    assertThat(settings.get(SettingsCatalogue.MAX_FILES)).isEqualTo(10);
    assertThat(settings.notes()).isEmpty();
  }

  @Test
  void theLineIsSelectedSaidAndCanBeAnother() throws Exception {
    Map<String, String> environment = Map.of("PICTRS__MEDIA__IMAGE__MAX_WIDTH", "17");
    Settings settings = load(Map.of(), environment);
    assertThat(settings.get(SettingsCatalogue.MAX_FILES)).isEqualTo(1);
    assertThat(settings.notes())
        .containsExactly(
            "answers as pict-rs 0.5 does, for there is PICTRS__MEDIA__IMAGE__MAX_WIDTH; --dialect"
                + " chooses another");
    Settings old = load(Map.of("dialect", List.of("0.3")), environment);
    assertThat(old.get(SettingsCatalogue.DIALECT)).isEqualTo(DialectName.V0_3);
    assertThat(old.get(SettingsCatalogue.MAX_IMAGE_WIDTH)).isEqualTo(17);
    assertThat(old.notes()).isEmpty();
    assertThat(load(Map.of(PictrsKeys.RUN, List.of()), Map.of()).notes().getFirst())
        .contains("for there is the command run");
    assertThat(loadFile("[media]\nmax_file_size = 7\n", Map.of()).notes().getFirst())
        .contains("for there is media.max_file_size in " + folder);
  }

  @Test
  void picturesAndCatalogLieWhereThatLineHasThem() throws Exception {
    Settings usual = load(Map.of(PictrsKeys.RUN, List.of()), Map.of());
    assertThat(usual.get(SettingsCatalogue.PATH)).isEqualTo(Path.of("/mnt/files"));
    assertThat(usual.get(SettingsCatalogue.CATALOG_PATH))
        .contains(Path.of("/mnt/sled-repo/pictj-catalog"));
    assertThat(usual.get(SettingsCatalogue.EXPORT_PATH)).contains(Path.of("/mnt/exports"));
    Settings both = load(Map.of(), Map.of("PICTRS__STORE__PATH", "/a", "PICTRS__REPO__PATH", "/b"));
    assertThat(both.get(SettingsCatalogue.PATH)).isEqualTo(Path.of("/a"));
    assertThat(both.get(SettingsCatalogue.CATALOG_PATH)).contains(Path.of("/b/pictj-catalog"));
    // As our image of a container has it.
    Settings ours = load(Map.of(), Map.of("PICTRS_PATH", "/mnt", "PICTRS__SERVER__API_KEY", "k"));
    assertThat(ours.get(SettingsCatalogue.PATH)).isEqualTo(Path.of("/mnt"));
    assertThat(ours.get(SettingsCatalogue.CATALOG_PATH)).isEmpty();
    assertThat(ours.get(SettingsCatalogue.EXPORT_PATH)).isEmpty();
    Settings store = load(Map.of(), Map.of("PICTRS_PATH", "/mnt", "PICTRS__STORE__PATH", "/a"));
    assertThat(store.get(SettingsCatalogue.PATH)).isEqualTo(Path.of("/a"));
  }

  @Test
  void listsMayHaveCommas() throws Exception {
    Map<String, String> environment = Map.of("PICTRS__MEDIA__FILTERS", "Resize,crop");
    assertThat(load(Map.of(), environment).get(SettingsCatalogue.WHITELIST))
        .contains(List.of("resize", "crop"));
    for (String written : List.of("['resize', 'crop']", "'resize,crop'")) {
      assertThat(
              loadFile("[media]\nfilters = " + written + "\n", Map.of())
                  .get(SettingsCatalogue.WHITELIST))
          .contains(List.of("resize", "crop"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SERVER__ADDRESS|localhost:80|an address and a port",
        "SERVER__MAX_FILE_COUNT|none|a whole number from 1 to 1000",
        "SERVER__READ_ONLY|maybe|true or false",
        "TRACING__LOGGING__FORMAT|xml|one of compact, json, normal, pretty",
        "MEDIA__PROCESS_TIMEOUT|0|a whole number from 1",
        "MEDIA__RETENTION__VARIANTS|7|a number with m, h, d or y behind it",
        "MEDIA__RETENTION__VARIANTS|7w|a number with m, h, d or y behind it",
        "MEDIA__RETENTION__VARIANTS|0d|a number with m, h, d or y behind it",
        "MEDIA__IMAGE__FORMAT|bmp|one of jpeg, jpg, ",
        "REPO__CACHE_CAPACITY|-1|a whole number from 1",
        "REPO__TYPE|postgres|sled or fjall: pictj keeps a catalog of its own",
        "STORE__TYPE|object_storage|filesystem: pictj keeps pictures in files",
        "STORE__PATH|/a\0b|a path"
      })
  void aBadValueIsOneLine(String key, String value, String expected) {
    String variable = "PICTRS__" + key;
    assertThat(
            catchThrowableOfType(
                    InvalidSettingsException.class, () -> load(Map.of(), Map.of(variable, value)))
                .problems())
        .singleElement()
        .asString()
        .startsWith("%s is %s, but must be ".formatted(variable, value))
        .contains(expected);
  }

  @ParameterizedTest
  @CsvSource({"0,0", "39,3", "100,9", "200,9"})
  void aQualityOfPngIsItsLevel(String quality, int level) throws Exception {
    Map<String, String> environment = Map.of("PICTRS__MEDIA__IMAGE__QUALITY__PNG", quality);
    Settings settings = load(Map.of(), environment);
    assertThat(settings.get(SettingsCatalogue.PNG_LEVEL)).isEqualTo(level);
    assertThat(settings.get(SettingsCatalogue.ANIMATION_PNG_LEVEL)).isEqualTo(level);
    Map<String, String> ofMoving = Map.of("PICTRS__MEDIA__ANIMATION__QUALITY__APNG", quality);
    settings = load(Map.of(), ofMoving);
    assertThat(settings.get(SettingsCatalogue.PNG_LEVEL)).isEqualTo(4);
    assertThat(settings.get(SettingsCatalogue.ANIMATION_PNG_LEVEL)).isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({"30m,30", "2Hours,-1", "2hour,120", "12H,720", "7d,10080", "1Day,1440", "1y,525600"})
  void timesOfRetentionHaveUnits(String written, long minutes) throws Exception {
    Map<String, String> environment = Map.of("PICTRS__MEDIA__RETENTION__VARIANTS", written);
    if (minutes < 0) {
      assertThat(
              catchThrowableOfType(
                      InvalidSettingsException.class, () -> load(Map.of(), environment))
                  .problems())
          .hasSize(1);
      return;
    }
    Settings settings = load(Map.of(), environment);
    assertThat(settings.get(SettingsCatalogue.VARIANT_RETENTION).orElseThrow().toMinutes())
        .isEqualTo(minutes);
    Path file = Files.writeString(folder.resolve("again.toml"), settings.toToml());
    assertThat(
            load(Map.of("config", List.of(file.toString())), Map.of())
                .get(SettingsCatalogue.VARIANT_RETENTION))
        .isEqualTo(settings.get(SettingsCatalogue.VARIANT_RETENTION));
  }

  @ParameterizedTest
  @CsvSource({"0.3,-1", "0.5,7", "0.6,7"})
  void unusedVariantsAreKeptForAWeekInTheLaterLines(String dialect, long days) throws Exception {
    Settings settings =
        load(Map.of("dialect", List.of(dialect), "path", List.of(folder.toString())), Map.of());
    assertThat(settings.get(SettingsCatalogue.VARIANT_RETENTION).map(Duration::toDays).orElse(-1L))
        .isEqualTo(days);
  }

  @Test
  void aFileOfThatLineIsReadByItsRules() throws Exception {
    Settings settings =
        loadFile(
            """
            [server]
            address = "127.0.0.1:17"
            max_files = 3
            [media.video.quality]
            crf_721 = 3
            [other]
            key = "hunter2"
            """,
            Map.of());
    assertThat(settings.get(SettingsCatalogue.ADDR).getPort()).isEqualTo(17);
    Path file = folder.resolve("pict-rs.toml");
    assertThat(settings.warnings())
        .containsExactly(
            file
                + ": server.max_files is no setting and does nothing; the nearest is"
                + " server.max_file_count",
            file
                + ": media.video.quality.crf_721 is no setting and does nothing; the nearest is"
                + " media.video.quality.crf_720",
            file + ": other.key is no setting and does nothing");
  }

  /** A start that listens elsewhere, or is open to all, would be worse than none. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[server];addr = '127.0.0.1:17';read_only = true|server.addr|server.address",
        "[server];max_file_count = 3;api-key = 'hunter2'|server.api-key|server.api_key",
        "[server];addr = '127.0.0.1:17';[media];nonsense = 3|server.addr|server.address",
        "[media];max-file-size = 3|media.max-file-size|media.max_file_size",
        "path = '/d';[media];max_file_size = 3|path|store.path",
        "[repo];catalog-path = '/d'|repo.catalog-path|repo.path",
        "[server];api_key = 'hunter2';cors-origins = ['*']|server.cors-origins|--cors-origins or"
            + " PICTRS_CORS_ORIGINS, or all keys as pictj has them"
      })
  void ourKeysInAFileOfThatLineEndTheStart(String toml, String key, String instead) {
    assertThat(
            catchThrowableOfType(
                    InvalidSettingsException.class,
                    () -> loadFile(toml.replace(';', '\n'), Map.of()))
                .problems())
        .singleElement()
        .asString()
        .startsWith("%s: %s is no key of pict-rs, ".formatted(folder.resolve("pict-rs.toml"), key))
        .endsWith("; write " + instead)
        .doesNotContain("hunter2");
  }

  /** What its rules were read by says which line it is of, too, and then no path is missing. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[media.video];enabled = true|[media]|media.video.enabled",
        "[store];typ = 'filesystem'|[store]|store.typ",
        "[media];format = 'webp'|[media]|media.format",
        "[server];nonsense = 1;[media];nonsense = 3|[media]|media.nonsense"
      })
  void aTableOfThatLineSelectsItWhateverStandsInIt(String toml, String sign, String wrong)
      throws Exception {
    Settings settings = loadFile(toml.replace(';', '\n'), Map.of());
    assertThat(settings.get(SettingsCatalogue.DIALECT)).isEqualTo(DialectName.V0_5);
    assertThat(settings.notes())
        .containsExactly(
            "answers as pict-rs 0.5 does, for there is %s in %s; --dialect chooses another"
                .formatted(sign, folder.resolve("pict-rs.toml")));
    assertThat(settings.warnings())
        .anyMatch(line -> line.contains(wrong + " is no setting and does nothing"));
  }

  /** One table of ours, and theirs are as foreign there as any. */
  @Test
  void aFileOfOursHasNoKeysOfThatLine() {
    List<String> problems =
        catchThrowableOfType(
                InvalidSettingsException.class,
                () ->
                    loadFile(
                        "[data]\npath = '/d'\n[server]\naddress = '127.0.0.1:17'\n[media]\n"
                            + "max_file_size = 3\n",
                        Map.of()))
            .problems();
    assertThat(problems)
        .hasSize(2)
        .anyMatch(line -> line.contains("server.address is no setting"))
        .anyMatch(line -> line.contains("media.max_file_size is no setting"));
  }

  @Test
  void aSecretMayStandInAFile() throws Exception {
    Path secret = Files.writeString(folder.resolve("key"), "hunter2\n");
    for (String variable :
        List.of(
            "PICTRS_API_KEY_FILE",
            "PICTRS__API_KEY_FILE",
            "PICTRS__SERVER__API_KEY_FILE",
            "PICTRS_API_KEY__FILE",
            "PICTRS__SERVER__API_KEY__FILE")) {
      Settings settings = load(Map.of("path", List.of("/d")), Map.of(variable, secret.toString()));
      assertThat(settings.get(SettingsCatalogue.API_KEY)).contains("hunter2");
      assertThat(settings.toToml()).contains("# api-key is secret, from " + variable);
      assertThat(settings.warnings()).isEmpty();
    }
    String variable = "PICTRS__SERVER__API_KEY_FILE";
    assertThat(problems(Map.of(variable, "/no/such/file")))
        .containsExactly(variable + " names /no/such/file, which cannot be read");
    Path empty = Files.writeString(folder.resolve("empty"), "\n");
    assertThat(problems(Map.of(variable, empty.toString())))
        .containsExactly("%s names %s, which is empty".formatted(variable, empty));
    assertThat(problems(Map.of(variable, secret.toString(), "PICTRS__SERVER__API_KEY", "hunter2")))
        .containsExactly("PICTRS__SERVER__API_KEY and " + variable + " cannot both be given");
    String other = "PICTRS__SERVER__API_KEY__FILE";
    assertThat(problems(Map.of(variable, secret.toString(), other, secret.toString())))
        .containsExactly(variable + " and " + other + " cannot both be given");
  }

  private static List<String> problems(Map<String, String> environment) {
    return catchThrowableOfType(InvalidSettingsException.class, () -> load(Map.of(), environment))
        .problems();
  }
}
