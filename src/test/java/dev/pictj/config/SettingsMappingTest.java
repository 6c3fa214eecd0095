package dev.pictj.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pictj.network.Network;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each setting reaches its place, by its option and by every one of its variables. */
class SettingsMappingTest {
  private static final long MIB = 1 << 20;

  /** A setting, a value that is not its default, and where that is to be found. */
  record Mapping(String name, String value, Object expected, Function<Settings, Object> place) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Mapping map(
      String name, String value, Object expected, Function<Settings, Object> place) {
    return new Mapping(name, value, expected, place);
  }

  private static Mapping count(String name, Function<Settings, Object> place) {
    return new Mapping(name, "17", 17, place);
  }

  private static Mapping mebibytes(String name, Function<Settings, Object> place) {
    return new Mapping(name, "17", 17 * MIB, place);
  }

  private static Mapping seconds(String name, Function<Settings, Object> place) {
    return new Mapping(name, "17", Duration.ofSeconds(17), place);
  }

  private static <T> Mapping typed(TypedSetting<T> setting, String value, T expected) {
    return new Mapping(setting.text().name(), value, expected, s -> s.get(setting));
  }

  static Stream<Mapping> mappings() {
    return Stream.of(
        map("skip-validate-imports", "true", true, s -> s.uploads().skipValidateImports()),
        map("download-allow-private", "true", true, s -> s.download().allowPrivate()),
        map(
            "addr",
            "127.0.0.1:17",
            new InetSocketAddress("127.0.0.1", 17),
            s -> s.http().address()),
        map("path", "/other", Path.of("/other"), Settings::path),
        map("format", "png", Optional.of("png"), s -> s.uploads().format()),
        map(
            "whitelist",
            "blur,crop",
            Optional.of(List.of("blur", "crop")),
            s -> s.processing().whitelist()),
        mebibytes("max-file-size", s -> s.uploads().maxFileSize()),
        map("api-key", "key", Optional.of("key"), s -> s.http().apiKey()),
        count("max-image-width", s -> s.image().maxWidth()),
        count("max-image-height", s -> s.image().maxHeight()),
        map("max-image-area", "17", 17L, s -> s.image().maxArea()),
        count("max-image-frames", s -> s.image().maxFrames()),
        count("max-files", s -> s.uploads().maxFiles()),
        count("max-operations", s -> s.processing().maxOperations()),
        count("max-blur", s -> s.processing().maxBlur()),
        map("temp-dir", "/t", Path.of("/t"), s -> s.tempDir().getParent()),
        map("log-level", "trace", "trace", s -> s.logging().level()),
        map("log-format", "json", true, s -> s.logging().json()),
        seconds("image-timeout", s -> s.image().timeout()),
        seconds("video-timeout", s -> s.image().videoTimeout()),
        mebibytes("image-memory", s -> s.image().memory()),
        mebibytes("image-map", s -> s.image().map()),
        mebibytes("image-disk", s -> s.image().disk()),
        count("image-threads", s -> s.image().threads()),
        map("image-address-space", "17", Optional.of(17 * MIB), s -> s.tools().imageAddressSpace()),
        mebibytes("video-memory", s -> s.tools().videoMemory()),
        mebibytes("tool-temp-size", s -> s.tools().tempSize()),
        mebibytes("tool-output-size", s -> s.tools().outputSize()),
        map("sandbox", "required", Settings.SandboxMode.REQUIRED, s -> s.tools().sandbox()),
        map("engine", "libvips", Settings.EngineChoice.LIBVIPS, s -> s.engine().choice()),
        map("isolate-engine", "false", false, s -> s.engine().isolated()),
        seconds("engine-idle-timeout", s -> s.engine().idleTimeout()),
        map("webp-effort", "5", 5, s -> s.engine().webpEffort()),
        map("png-level", "9", 9, s -> s.engine().pngLevel()),
        count("mezzanine-size", s -> s.engine().mezzanineSize()),
        map("mezzanine-quality", "97", 97, s -> s.engine().mezzanineQuality()),
        count("image-jobs", s -> s.image().jobs()),
        mebibytes("image-budget", s -> s.image().budget()),
        map("image-small-cost", "17", 17_000_000L, s -> s.image().smallCost()),
        count("image-queue", s -> s.image().queue()),
        map("image-queue-cost", "17", 17_000_000L, s -> s.image().queueCost()),
        seconds("image-queue-timeout", s -> s.image().queueTimeout()),
        count("cpu-queue", s -> s.uploads().cpuQueue()),
        map(
            "download-proxy",
            "http://me:p%40ss+1@proxy.test:3128",
            Optional.of(new Settings.Proxy("proxy.test", 3128, Optional.of("me:p@ss+1"))),
            s -> s.download().proxy()),
        seconds("download-connect-timeout", s -> s.download().connectTimeout()),
        seconds("download-timeout", s -> s.download().timeout()),
        count("download-max-redirects", s -> s.download().maxRedirects()),
        seconds("idle-timeout", s -> s.http().idleTimeout()),
        seconds("head-timeout", s -> s.clients().headTimeout()),
        seconds("keep-alive-timeout", s -> s.clients().keepAliveTimeout()),
        count("min-upload-rate", s -> s.clients().minUploadRate()),
        seconds("upload-grace", s -> s.clients().uploadGrace()),
        count("max-connections", s -> s.clients().maxConnections()),
        map("spool-limit", "170", 170 * MIB, s -> s.clients().spoolLimit()),
        seconds("shutdown-timeout", s -> s.http().shutdownTimeout()),
        map("max-header-size", "17", 17 * 1024, s -> s.http().maxHeaderSize()),
        seconds("trash-interval", Settings::trashInterval),
        mebibytes("catalog-cache", Settings::catalogCache),
        count("catalog-entries", Settings::catalogEntries),
        count("catalog-writers", Settings::catalogWriters),
        mebibytes("blob-cache", s -> s.blobCache().capacity()),
        map("blob-cache-largest", "17", 17 * 1024, s -> s.blobCache().largest()),
        mebibytes("heap-slack", Settings::heapSlack),
        mebibytes("min-free-space", Settings::minFreeSpace),
        typed(SettingsCatalogue.NEW_CATALOG, "true", true),
        typed(SettingsCatalogue.ACCEPT_LOSS, "true", true),
        typed(SettingsCatalogue.MAX_VARIANTS_PER_MEDIA, "17", 17),
        typed(SettingsCatalogue.GROUP_ACCESS, "true", true),
        typed(SettingsCatalogue.LOST_FOUND_RETENTION, "17", Duration.ofDays(17)),
        typed(
            SettingsCatalogue.CORS_ORIGINS,
            "*, https://A.example:443 http://[::1]:3000",
            List.of("*", "https://a.example", "http://[::1]:3000")),
        typed(SettingsCatalogue.SWEEP_INTERVAL, "17", Duration.ofSeconds(17)),
        typed(SettingsCatalogue.SWEEP_MAX_FILES, "17", 17),
        typed(SettingsCatalogue.SWEEP_MAX_PERCENT, "17", 17),
        typed(SettingsCatalogue.REQUEST_TIMEOUT, "17", Duration.ofSeconds(17)),
        typed(SettingsCatalogue.CONNECTION_MEMORY, "17", 17),
        typed(SettingsCatalogue.MAX_HEADER_FIELDS, "27", 27),
        typed(SettingsCatalogue.MAX_FORM_FIELDS, "17", 17),
        typed(SettingsCatalogue.MAX_FORM_FIELD_BYTES, "17", 17L << 10),
        typed(SettingsCatalogue.MAX_PART_HEAD, "17", 17L << 10),
        typed(SettingsCatalogue.FIT_LARGE_IMAGES, "true", true),
        typed(SettingsCatalogue.IMAGE_COST_RATE, "17", 17),
        typed(SettingsCatalogue.ABANDONED_WORK_TIME, "0", Duration.ZERO),
        typed(SettingsCatalogue.FAILURE_RETENTION, "17", Duration.ofSeconds(17)),
        typed(SettingsCatalogue.FAILURE_ENTRIES, "17", 17),
        typed(SettingsCatalogue.LINGER_TIMEOUT, "17", Duration.ofSeconds(17)),
        typed(SettingsCatalogue.LINGER_SIZE, "17", 17 * MIB),
        typed(SettingsCatalogue.LINGER_CONNECTIONS, "17", 17),
        typed(
            SettingsCatalogue.TRUSTED_PROXIES,
            "10.1.0.0/16, ::1 192.0.2.1",
            List.of(Network.of("10.1.0.0/16"), Network.of("::1/128"), Network.of("192.0.2.1/32"))),
        typed(SettingsCatalogue.DIALECT, "0.5", DialectName.V0_5),
        typed(SettingsCatalogue.MAX_DOWNLOADS, "17", 17));
  }

  private static Settings load(Map<String, List<String>> options, Map<String, String> environment)
      throws InvalidSettingsException {
    Map<String, List<String>> all = new HashMap<>(options);
    Map<String, String> variables = new HashMap<>(environment);
    if (variables.keySet().stream().noneMatch(name -> name.matches("PICTRS_{1,2}PATH"))) {
      all.putIfAbsent("path", List.of("/data"));
    }
    return new SettingsLoader(all, variables).load();
  }

  private static Setting setting(String name) {
    return SettingsCatalogue.all().stream()
        .filter(setting -> setting.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void everySettingIsTestedHere() {
    assertThat(mappings().map(Mapping::name))
        .containsExactlyInAnyOrderElementsOf(
            SettingsCatalogue.all().stream().map(Setting::name).toList());
  }

  @ParameterizedTest
  @MethodSource("mappings")
  void anOptionReachesItsPlace(Mapping mapping) throws Exception {
    List<String> value = setting(mapping.name).isSwitch() ? List.of("") : List.of(mapping.value);
    assertThat(mapping.place.apply(load(Map.of(), Map.of()))).isNotEqualTo(mapping.expected);
    assertThat(mapping.place.apply(load(Map.of(mapping.name, value), Map.of())))
        .isEqualTo(mapping.expected);
  }

  @ParameterizedTest
  @MethodSource("mappings")
  void everyVariableReachesItsPlace(Mapping mapping) throws Exception {
    for (String variable : setting(mapping.name).environment()) {
      assertThat(mapping.place.apply(load(Map.of(), Map.of(variable, mapping.value))))
          .as(variable)
          .isEqualTo(mapping.expected);
    }
  }

  @Test
  void variablesAreNamedAsInPictRs() {
    for (Setting setting : SettingsCatalogue.all()) {
      assertThat(setting.environment())
          .as(setting.name())
          .allMatch(name -> name.startsWith("PICTRS_") || name.equals("RUST_LOG"));
    }
    assertThat(setting("api-key").environment())
        .containsExactly("PICTRS_API_KEY", "PICTRS__API_KEY");
    assertThat(setting("whitelist").environment()).contains("PICTRS_FILTER_WHITELIST");
    Set<String> seen = new HashSet<>();
    for (Setting setting : SettingsCatalogue.all()) {
      assertThat(setting.environment()).allMatch(seen::add);
      assertThat(setting.shortName().isEmpty() || seen.add(setting.shortName())).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:80",
        "0.0.0.0",
        "1.2.3.4:65536",
        "1.2.3.4:",
        ":80",
        "::1:80",
        "[::1]",
        "[x]:80",
        "1.2.3.4:80 ",
        "999.1.1.1:80",
        "1.2.3.4:-1"
      })
  void anAddressIsALiteral(String address) {
    assertThat(problems(Map.of("addr", List.of(address)), Map.of()))
        .singleElement()
        .asString()
        .startsWith("--addr is " + address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "10.0.0.0/33", "10.0.0", "::/x", "[::1]", "fe80::1%eth0"})
  void aTrustedProxyIsAnAddressOrABlock(String proxy) {
    assertThat(problems(Map.of("trusted-proxies", List.of("::1", proxy)), Map.of()))
        .containsExactly(
            "--trusted-proxies is ::1 %s, but must be addresses, or blocks such as 10.0.0.0/8 or"
                    .formatted(proxy)
                + " fd00::/8, which %s is not".formatted(proxy));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"example.org", "https://example.org/", "null", "https://*.org", "https://"})
  void anOriginIsWhatBrowsersCallOne(String origin) {
    assertThat(problems(Map.of("cors-origins", List.of("*", origin)), Map.of()))
        .containsExactly(
            "--cors-origins is * %s, but must be origins such as https://example.org, without a"
                    .formatted(origin)
                + " path, or *, which %s is not".formatted(origin));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "0", "1.5", "1e3", "abc", " 40", "99999999999999999999"})
  void aSizeIsAWholeNumber(String size) {
    assertThat(problems(Map.of("max-file-size", List.of(size)), Map.of()))
        .singleElement()
        .asString()
        .contains("--max-file-size", "whole number");
  }

  @Test
  void theLargestFileFitsIntoTheSpool() throws Exception {
    assertThat(load(Map.of(), Map.of()).clients().spoolLimit()).isEqualTo(4096 * MIB);
    assertThat(load(Map.of("max-file-size", List.of("5000")), Map.of()).clients().spoolLimit())
        .isEqualTo(10_000 * MIB);
    assertThat(problems(Map.of("spool-limit", List.of("40")), Map.of()))
        .singleElement()
        .asString()
        .startsWith("--spool-limit is 40, but must be a whole number from 41");
  }

  @ParameterizedTest
  @CsvSource({"true,true", "1,true", "YES,true", "off,false", "False,false", "0,false"})
  void aSwitchCanBeAVariable(String value, boolean expected) throws Exception {
    Settings settings = load(Map.of(), Map.of("PICTRS_DOWNLOAD_ALLOW_PRIVATE", value));
    assertThat(settings.download().allowPrivate()).isEqualTo(expected);
  }

  @Test
  void aSwitchWithAnotherWordIsAProblem() {
    assertThat(problems(Map.of(), Map.of("PICTRS_DOWNLOAD_ALLOW_PRIVATE", "maybe")))
        .singleElement()
        .asString()
        .contains("PICTRS_DOWNLOAD_ALLOW_PRIVATE", "maybe");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "info|info",
        "debug|debug",
        "info,pict_rs=debug|debug",
        "pict_rs=trace|trace",
        "warn,actix_web=error|warn",
        "hyper=debug|info",
        "WARN|warn",
        "full of odd words|info"
      })
  void rustLogIsUnderstoodAsFarAsItGoes(String directives, String level) throws Exception {
    assertThat(load(Map.of(), Map.of("RUST_LOG", directives)).logging().level()).isEqualTo(level);
  }

  @Test
  void ourOwnLogLevelIsHeldToItsWords() {
    assertThat(problems(Map.of("log-level", List.of("loud")), Map.of())).hasSize(1);
    assertThat(problems(Map.of(), Map.of("PICTRS_LOG_LEVEL", "loud"))).hasSize(1);
  }

  @Test
  void theSandboxIsHeldToItsWords() throws Exception {
    assertThat(load(Map.of(), Map.of("PICTRS_SANDBOX", "off")).tools().sandbox())
        .isEqualTo(Settings.SandboxMode.OFF);
    assertThat(problems(Map.of("sandbox", List.of("maybe")), Map.of()))
        .containsExactly("--sandbox is maybe, but must be auto, required or off");
    assertThat(problems(Map.of("engine", List.of("gd"), "png-level", List.of("10")), Map.of()))
        .containsExactlyInAnyOrder(
            "--engine is gd, but must be auto, imagemagick or libvips",
            "--png-level is 10, but must be a whole number from 0 to 9");
  }

  @Test
  void tempFilesOfAToolHaveTheRoomThatImageMagickMayTake() throws Exception {
    Map<String, List<String>> options =
        Map.of("image-map", List.of("3"), "image-disk", List.of("4"));

    assertThat(load(options, Map.of()).tools().tempSize()).isEqualTo(7 * MIB);
    assertThat(load(options, Map.of()).tools().imageAddressSpace()).isEmpty();
  }

  @Test
  void theWhitelistTakesCommasBlanksAndRepetition() throws Exception {
    assertThat(
            load(Map.of("whitelist", List.of("Blur,crop", "identity blur")), Map.of())
                .processing()
                .whitelist())
        .contains(List.of("blur", "crop", "identity"));
    assertThat(load(Map.of(), Map.of("PICTRS_FILTER_WHITELIST", "")).processing().whitelist())
        .isEmpty();
  }

  @Test
  void noSecretIsInAnyText() throws Exception {
    Settings settings = load(Map.of("api-key", List.of("hunter2")), Map.of());
    assertThat(settings.toString()).doesNotContain("hunter2");
    assertThat(settings.http().toString()).contains("apiKey=set");
    assertThat(load(Map.of(), Map.of()).toString()).contains("apiKey=none");
    assertThat(problems(Map.of("api-key", List.of("hunter2"), "addr", List.of("x")), Map.of()))
        .noneMatch(line -> line.contains("hunter2"));
  }

  private static List<String> problems(
      Map<String, List<String>> options, Map<String, String> environment) {
    return catchThrowableOfType(InvalidSettingsException.class, () -> load(options, environment))
        .problems();
  }
}
