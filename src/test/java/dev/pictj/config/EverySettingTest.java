package dev.pictj.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for each setting that is declared. */
class EverySettingTest {
  /** Values that are no defaults; a number gets the one after its default, or before it. */
  private static final Map<String, String> TEXTS =
      Map.ofEntries(
          Map.entry("addr", "127.0.0.1:17"),
          Map.entry("api-key", "hunter2"),
          Map.entry("tls-certificate", "/certificate.pem"),
          Map.entry("tls-key", "/key.pem"),
          Map.entry("dialect", "0.5"),
          Map.entry("keep-animations", "true"),
          Map.entry("animation-format", "webp"),
          Map.entry("accept-video", "false"),
          Map.entry("video-codec", "vp9"),
          Map.entry("video-sound", "true"),
          Map.entry("video-audio-codec", "opus"),
          Map.entry("video-crf-2160", "30"),
          Map.entry("video-crf-1440", "30"),
          Map.entry("video-crf-1080", "30"),
          Map.entry("video-crf-720", "30"),
          Map.entry("video-crf-480", "30"),
          Map.entry("video-crf-360", "30"),
          Map.entry("video-crf-240", "30"),
          Map.entry("cors-origins", "https://a.example"),
          Map.entry("trusted-proxies", "10.1.0.0/16"),
          Map.entry("path", "/other"),
          Map.entry("catalog-path", "/elsewhere"),
          Map.entry("export-path", "/exports"),
          Map.entry("temp-dir", "/\"t"),
          Map.entry("format", "png"),
          Map.entry("whitelist", "blur"),
          Map.entry("presets", "card=thumbnail=320&crop=16x9"),
          Map.entry("signing-keys", "site:hunter2hunter2hunter2hunter2hunter2"),
          Map.entry("unsigned", "none"),
          Map.entry("auto-formats", "jxl"),
          Map.entry("auto-animation-formats", "apng"),
          Map.entry("download-proxy", "http://me:hunter2@proxy.test:3128"),
          Map.entry("preprocess-steps", "blur=1"),
          Map.entry("external-validation", "http://127.0.0.1:9000/check"),
          Map.entry("proxy-budget", "1000"),
          Map.entry("fallback", "http://127.0.0.1:9000"),
          Map.entry("fallback-api-key", "hunter2"),
          Map.entry("engine", "libvips"),
          Map.entry("fast-codecs", "off"),
          Map.entry("isolate-engine", "false"),
          Map.entry("sandbox", "required"),
          Map.entry("image-address-space", "17"),
          Map.entry("log-level", "trace"),
          Map.entry("variant-retention", "30"),
          Map.entry("jpeg-quality", "70"),
          Map.entry("variant-budget", "1000"),
          Map.entry("metrics-addr", "127.0.0.1:9180"),
          Map.entry("log-format", "json"));

  @TempDir private Path folder;

  static List<Setting<?>> settings() {
    return SettingsCatalogue.all();
  }

  static List<Setting<?>> settingsOfTheFile() {
    return settings().stream().filter(setting -> setting != SettingsCatalogue.CONFIG).toList();
  }

  private static Settings load(Map<String, List<String>> options, Map<String, String> environment)
      throws InvalidSettingsException {
    Map<String, List<String>> all = new HashMap<>(options);
    if (!options.containsKey("config")
        && environment.keySet().stream().noneMatch(name -> name.matches("PICTRS_{1,2}PATH"))) {
      all.putIfAbsent("path", List.of("/data"));
    }
    return new SettingsLoader(all, environment).load();
  }

  private static String text(Setting<?> setting) throws InvalidSettingsException {
    if (setting.isSwitch()) {
      return "true";
    }
    if (TEXTS.containsKey(setting.name())) {
      return TEXTS.get(setting.name());
    }
    long number = Long.parseLong(setting.fallback(load(Map.of(), Map.of())));
    List<String> problems = new ArrayList<>();
    for (long near : new long[] {number + 1, number - 1}) {
      try {
        load(Map.of(setting.name(), List.of(Long.toString(near))), Map.of());
        return Long.toString(near);
      } catch (InvalidSettingsException e) {
        problems.addAll(e.problems());
      }
    }
    throw new AssertionError(problems);
  }

  private String file(Setting<?> setting, String text) throws Exception {
    String value =
        switch (setting.kind) {
          case FLAG, NUMBER, AGE -> text;
          case TEXT -> "'" + text + "'";
          case LIST -> "['" + text + "']";
        };
    String data = setting == SettingsCatalogue.PATH ? "" : "data.path = '/data'\n";
    return Files.writeString(
            folder.resolve("settings.toml"),
            data + "%s.%s = %s\n".formatted(setting.section.table(), setting.name(), value))
        .toString();
  }

  /** All of them together are loaded from nothing but defaults. */
  @Test
  void defaultsAreWithinTheirOwnRange() throws Exception {
    Settings settings = load(Map.of(), Map.of());
    assertThat(settings()).hasSizeGreaterThan(80).allMatch(s -> settings.get(s) != null);
  }

  @ParameterizedTest
  @MethodSource("settingsOfTheFile")
  void itCanBeGivenInThreeWaysAndIsReported(Setting<?> setting) throws Exception {
    String text = text(setting);
    Object value = load(Map.of(setting.name(), List.of(text)), Map.of()).get(setting);
    assertThat(value).isNotEqualTo(load(Map.of(), Map.of()).get(setting));

    reported(setting, text, load(Map.of(setting.name(), List.of(text)), Map.of()), "--path");
    for (String variable : setting.environment()) {
      Settings settings = load(Map.of(), Map.of(variable, text));
      assertThat(settings.get(setting)).as(variable).isEqualTo(value);
      reported(setting, text, settings, variable);
    }
    String file = file(setting, text);
    Settings settings = load(Map.of("config", List.of(file)), Map.of());
    assertThat(settings.get(setting)).isEqualTo(value);
    reported(setting, text, settings, file);
  }

  private static void reported(Setting<?> setting, String text, Settings settings, String source) {
    String from = source.equals("--path") ? "--" + setting.name() : source;
    String expected =
        setting.isSecret()
            ? "# %s is secret, from %s".formatted(setting.name(), from)
            : "%s = %s  # %s".formatted(setting.name(), toml(setting, text), from);
    assertThat(settings.toToml().lines()).contains(expected);
    assertThat(settings.toToml()).doesNotContain("hunter2");
  }

  private static String toml(Setting<?> setting, String text) {
    return switch (setting.kind) {
      case FLAG, NUMBER, AGE -> text;
      case TEXT -> "\"" + text.replace("\"", "\\\"") + "\"";
      case LIST -> "[\"" + text + "\"]";
    };
  }

  @Test
  void whatIsReportedCanBeReadAgain() throws Exception {
    Map<String, List<String>> options = new HashMap<>();
    for (Setting<?> setting : settingsOfTheFile()) {
      if (!setting.isSecret()) {
        options.put(setting.name(), List.of(text(setting)));
      }
    }
    Settings settings = load(options, Map.of());
    Path file = Files.writeString(folder.resolve("again.toml"), settings.toToml());
    Settings again = load(Map.of("config", List.of(file.toString())), Map.of());
    assertThat(again.warnings()).isEmpty();
    for (Setting<?> setting : settingsOfTheFile()) {
      assertThat(again.get(setting)).as(setting.name()).isEqualTo(settings.get(setting));
    }
  }

  @Test
  void namesAreTakenOnce() {
    Set<String> seen = new HashSet<>(SettingsCatalogue.oldNames());
    for (Setting<?> setting : settings()) {
      assertThat(Stream.of(setting.name())).allMatch(seen::add);
      assertThat(setting.environment()).allMatch(seen::add);
      assertThat(setting.letter().isEmpty() || seen.add(setting.letter())).isTrue();
    }
  }

  @Test
  void variablesAreNamedAsInPictRs() {
    for (Setting<?> setting : settings()) {
      assertThat(setting.environment())
          .as(setting.name())
          .allMatch(name -> name.startsWith("PICTRS_") || name.equals("RUST_LOG"));
    }
    assertThat(SettingsCatalogue.API_KEY.environment())
        .containsExactly("PICTRS_API_KEY", "PICTRS__API_KEY");
    assertThat(SettingsCatalogue.WHITELIST.environment()).contains("PICTRS_FILTER_WHITELIST");
  }
}
