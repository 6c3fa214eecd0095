package dev.pictj.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.pictj.media.MediaType;
import dev.pictj.network.Network;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsLoaderTest {
  private static final long MIB = 1 << 20;

  private static Settings load(Map<String, List<String>> options, Map<String, String> environment)
      throws InvalidSettingsException {
    Map<String, List<String>> all = new HashMap<>(options);
    if (!environment.containsKey("PICTRS_PATH")) {
      all.putIfAbsent("path", DATA);
    }
    return new SettingsLoader(all, environment).load();
  }

  private static final List<String> DATA = List.of("/data");

  @Test
  void defaultsAreThoseOfTheContract() throws Exception {
    Settings settings = load(Map.of("path", DATA), Map.of());
    assertThat(settings.get(SettingsCatalogue.PATH)).isEqualTo(Path.of("/data"));
    assertThat(settings.get(SettingsCatalogue.TEMP_DIR)).isEmpty();
    assertThat(settings.get(SettingsCatalogue.ADDR).getPort()).isEqualTo(8080);
    assertThat(settings.get(SettingsCatalogue.ADDR).getAddress().isAnyLocalAddress()).isTrue();
    assertThat(settings.get(SettingsCatalogue.API_KEY)).isEmpty();
    assertThat(settings.get(SettingsCatalogue.MAX_FILE_SIZE)).isEqualTo(40L * 1024 * 1024);
    assertThat(settings.get(SettingsCatalogue.MAX_FILES)).isEqualTo(10);
    assertThat(settings.get(SettingsCatalogue.FORMAT)).isEmpty();
    assertThat(settings.get(SettingsCatalogue.SKIP_VALIDATE_IMPORTS)).isFalse();
    assertThat(settings.get(SettingsCatalogue.WHITELIST)).isEmpty();
    assertThat(settings.get(SettingsCatalogue.MAX_IMAGE_WIDTH)).isEqualTo(10_000);
    assertThat(settings.get(SettingsCatalogue.MAX_IMAGE_HEIGHT)).isEqualTo(10_000);
    assertThat(settings.get(SettingsCatalogue.MAX_IMAGE_AREA)).isEqualTo(40_000_000);
    assertThat(settings.get(SettingsCatalogue.DOWNLOAD_ALLOW_PRIVATE)).isFalse();
    assertThat(settings.get(SettingsCatalogue.DOWNLOAD_CONNECT_TIMEOUT)).hasSeconds(10);
    assertThat(settings.get(SettingsCatalogue.DOWNLOAD_TIMEOUT)).hasSeconds(30);
    assertThat(settings.get(SettingsCatalogue.DOWNLOAD_MAX_REDIRECTS)).isEqualTo(5);
    assertThat(settings.get(SettingsCatalogue.LOG_LEVEL)).isEqualTo("info");
    assertThat(settings.get(SettingsCatalogue.LOG_FORMAT)).isEqualTo(LogFormat.PLAIN);
  }

  /** The last place is kept for small jobs; large ones shall have every core nevertheless. */
  @Test
  void thereIsOnePlaceMoreForImageJobsThanThereAreCores() throws Exception {
    assertThat(load(Map.of("path", DATA), Map.of()).get(SettingsCatalogue.IMAGE_JOBS))
        .isEqualTo(Runtime.getRuntime().availableProcessors() + 1);
  }

  @Test
  void theCommandLineBeatsTheEnvironment() throws Exception {
    Map<String, String> environment =
        Map.of(
            "PICTRS_PATH", "/env",
            "PICTRS_ADDR", "[::1]:9000",
            "PICTRS_FORMAT", "webp",
            "PICTRS_MAX_FILE_SIZE", "7",
            "PICTRS__API_KEY", "secret",
            "PICTRS_FILTER_WHITELIST", "Thumbnail, identity blur",
            "RUST_LOG", "info,pict_rs=debug");
    Settings fromEnvironment = load(Map.of(), environment);
    assertThat(fromEnvironment.get(SettingsCatalogue.PATH)).isEqualTo(Path.of("/env"));
    assertThat(fromEnvironment.get(SettingsCatalogue.ADDR).getPort()).isEqualTo(9000);
    assertThat(fromEnvironment.get(SettingsCatalogue.API_KEY)).contains("secret");
    assertThat(fromEnvironment.get(SettingsCatalogue.FORMAT)).contains(MediaType.WEBP);
    assertThat(fromEnvironment.get(SettingsCatalogue.MAX_FILE_SIZE)).isEqualTo(7L << 20);
    assertThat(fromEnvironment.get(SettingsCatalogue.WHITELIST))
        .contains(List.of("thumbnail", "identity", "blur"));
    assertThat(fromEnvironment.get(SettingsCatalogue.LOG_LEVEL)).isEqualTo("debug");
    assertThat(fromEnvironment.toToml()).doesNotContain("secret\"");

    Settings both = load(Map.of("path", List.of("/line"), "whitelist", List.of()), environment);
    assertThat(both.get(SettingsCatalogue.PATH)).isEqualTo(Path.of("/line"));
    assertThat(both.get(SettingsCatalogue.WHITELIST)).contains(List.of());
  }

  @Test
  void everyMistakeIsToldAtOnce() {
    InvalidSettingsException thrown =
        catchThrowableOfType(
            InvalidSettingsException.class,
            () ->
                load(
                    Map.of(
                        "addr", List.of("localhost:80"),
                        "format", List.of("jpeg"),
                        "max-file-size", List.of("many"),
                        "log-format", List.of("xml")),
                    Map.of("PICTRS_PATH", "/data", "PICTRS_MAX_IMAGE_WIDTH", "0")));
    assertThat(thrown.problems()).hasSize(5);
    assertThat(thrown.problems())
        .anyMatch(line -> line.contains("--addr") && line.contains("localhost:80"))
        .anyMatch(line -> line.contains("Invalid format supplied, jpeg"))
        .anyMatch(line -> line.contains("PICTRS_MAX_IMAGE_WIDTH"));
  }

  @Test
  void filesInMemoryLeaveHalfOfTheHeap() throws Exception {
    long half = Runtime.getRuntime().maxMemory() / 2 >> 20;
    assertThat(load(Map.of("path", DATA), Map.of()).get(SettingsCatalogue.BLOB_CACHE))
        .isBetween(1L, Math.min(32, half / 4 + 1) << 20);
    Map<String, List<String>> most =
        Map.of("path", DATA, "blob-cache", List.of(Long.toString(half)));
    assertThat(load(most, Map.of()).get(SettingsCatalogue.BLOB_CACHE)).isEqualTo(half << 20);
    Map<String, List<String>> more =
        Map.of("path", DATA, "blob-cache", List.of(Long.toString(half + 1)));
    assertThatThrownBy(() -> load(more, Map.of()))
        .hasMessageContaining("--blob-cache")
        .hasMessageContaining(Long.toString(half));
  }

  /** Deployments of older versions start. */
  @Test
  void whatHasNoEffectAnyMoreIsToldAndNotRefused() throws Exception {
    assertThat(load(Map.of("path", DATA), Map.of()).warnings()).isEmpty();
    assertThat(
            load(
                    Map.of("path", DATA, "write-behind", List.of("much")),
                    Map.of("PICTRS_WRITE_BEHIND", "8"))
                .warnings())
        .containsExactly(
            "--write-behind has no effect any more", "PICTRS_WRITE_BEHIND has no effect any more");
  }

  @Test
  void aRenamedSettingIsReadUnderItsOldNameToo() throws Exception {
    Map<String, Optional<String>> renamed = Map.of("largest-file", Optional.of("max-file-size"));
    Map<String, String> environment = Map.of("PICTRS_LARGEST_FILE", "7");

    Settings old = new SettingsLoader(Map.of("path", DATA), environment, renamed).load();
    assertThat(old.get(SettingsCatalogue.MAX_FILE_SIZE)).isEqualTo(7 * MIB);
    assertThat(old.warnings()).contains("PICTRS_LARGEST_FILE is called --max-file-size now");

    Map<String, List<String>> both = Map.of("path", DATA, "max-file-size", List.of("8"));
    assertThat(
            new SettingsLoader(both, environment, renamed)
                .load()
                .get(SettingsCatalogue.MAX_FILE_SIZE))
        .isEqualTo(8 * MIB);
  }

  @Test
  void unitsAreThoseOfThePlaceholders() throws Exception {
    Settings settings =
        load(
            Map.of(
                "max-file-size", List.of("17"),
                "max-header-size", List.of("17"),
                "image-queue-cost", List.of("17"),
                "idle-timeout", List.of("17"),
                "lost-found-retention", List.of("17")),
            Map.of());
    assertThat(settings.get(SettingsCatalogue.MAX_FILE_SIZE)).isEqualTo(17 * MIB);
    assertThat(settings.get(SettingsCatalogue.MAX_HEADER_SIZE)).isEqualTo(17 * 1024);
    assertThat(settings.get(SettingsCatalogue.IMAGE_QUEUE_COST)).isEqualTo(17_000_000);
    assertThat(settings.get(SettingsCatalogue.IDLE_TIMEOUT)).hasSeconds(17);
    assertThat(settings.get(SettingsCatalogue.LOST_FOUND_RETENTION)).hasDays(17);
  }

  @Test
  void whatIsKeptForLongTakesTheUnitsOfPictrs() throws Exception {
    for (Setting<Duration> setting :
        List.of(
            SettingsCatalogue.BACKGROUND_RETENTION,
            SettingsCatalogue.LOST_FOUND_RETENTION,
            SettingsCatalogue.PROXY_RETENTION)) {
      for (Map.Entry<String, Duration> one :
          Map.of(
                  "90m",
                  Duration.ofMinutes(90),
                  "12h",
                  Duration.ofHours(12),
                  "2",
                  Duration.ofDays(2))
              .entrySet()) {
        Settings settings = load(Map.of(setting.name(), List.of(one.getKey())), Map.of());
        assertThat(settings.get(setting)).as(setting.name()).isEqualTo(one.getValue());
      }
    }
    Settings none = load(Map.of("lost-found-retention", List.of("0")), Map.of());
    assertThat(none.get(SettingsCatalogue.LOST_FOUND_RETENTION)).isZero();
  }

  @Test
  void originsAndProxiesAreReadAsTheyAreCompared() throws Exception {
    Settings settings =
        load(
            Map.of(
                "cors-origins", List.of("*, https://A.example:443 http://[::1]:3000"),
                "trusted-proxies", List.of("10.1.0.0/16, ::1 192.0.2.1"),
                "download-proxy", List.of("http://me:p%40ss+1@proxy.test:3128")),
            Map.of());
    assertThat(settings.get(SettingsCatalogue.CORS_ORIGINS))
        .containsExactly("*", "https://a.example", "http://[::1]:3000");
    assertThat(settings.get(SettingsCatalogue.TRUSTED_PROXIES))
        .containsExactly(
            Network.of("10.1.0.0/16"), Network.of("::1/128"), Network.of("192.0.2.1/32"));
    assertThat(settings.get(SettingsCatalogue.DOWNLOAD_PROXY))
        .contains(new OutboundProxy("proxy.test", 3128, Optional.of("me:p@ss+1")));
  }

  @Test
  void theDataFolderIsRequired() {
    assertThatThrownBy(() -> new SettingsLoader(Map.of(), Map.of()).load())
        .hasMessage("--path is required (or PICTRS_PATH): Data folder, for pictures and catalog");
  }

  @Test
  void anEmptyKeyIsNone() throws Exception {
    assertThat(
            load(Map.of("path", DATA), Map.of("PICTRS_API_KEY", "")).get(SettingsCatalogue.API_KEY))
        .isEmpty();
    assertThat(
            load(Map.of("path", DATA, "api-key", List.of("")), Map.of())
                .get(SettingsCatalogue.API_KEY))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "me:hunter2@proxy.test:3128",
        "https://me:hunter2@proxy.test:3128",
        "socks5://me:hunter2@proxy.test:3128",
        "http://me:hunter2@proxy.test",
        "http://me:hunter2@proxy.test:0",
        "http://me:hunter2@proxy.test:65536",
        "http://me:hunter2@:3128",
        "http://me:hunter2@proxy.test:3128/path",
        "http://me:hunter2@proxy.test:3128?x",
        "http://me:hunter2@proxy.test:3128#x",
        "http://hunter2@proxy.test:3128",
        "http://:hunter2@proxy.test:3128",
        "http://me:hunter2%0d%0aX:y@proxy.test:3128",
        "http://me:hunter2%zz@proxy.test:3128"
      })
  void aProxyThatCannotBeReadIsToldWithoutItsPassword(String url) {
    Map<String, String> environment = Map.of("PICTRS_PATH", "/d", "PICTRS_DOWNLOAD_PROXY", url);
    InvalidSettingsException thrown =
        catchThrowableOfType(InvalidSettingsException.class, () -> load(Map.of(), environment));
    assertThat(thrown.problems()).singleElement(STRING).contains("PICTRS_DOWNLOAD_PROXY");
    assertThat(thrown.getMessage()).doesNotContain("hunter2");
  }

  @Test
  void aProxyMayStandAtAnIpv6AddressAndItsPasswordIsNotShown() throws Exception {
    Settings settings =
        load(
            Map.of("path", DATA, "download-proxy", List.of("http://me:hunter2@[::1]:3128/")),
            Map.of());
    assertThat(settings.get(SettingsCatalogue.DOWNLOAD_PROXY))
        .contains(new OutboundProxy("::1", 3128, Optional.of("me:hunter2")));
    assertThat(settings.toToml()).doesNotContain("hunter2");
    assertThat(
            load(Map.of("path", DATA), Map.of("PICTRS_DOWNLOAD_PROXY", ""))
                .get(SettingsCatalogue.DOWNLOAD_PROXY))
        .isEmpty();
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
    assertThat(load(Map.of(), Map.of()).get(SettingsCatalogue.SPOOL_LIMIT)).isEqualTo(4096 * MIB);
    assertThat(
            load(Map.of("max-file-size", List.of("5000")), Map.of())
                .get(SettingsCatalogue.SPOOL_LIMIT))
        .isEqualTo(10_000 * MIB);
    assertThat(problems(Map.of("spool-limit", List.of("40")), Map.of()))
        .singleElement()
        .asString()
        .startsWith("--spool-limit is 40, but must be a whole number from 41");
  }

  @Test
  void keysThatSignStandInAFileLineByLine(@TempDir Path folder) throws Exception {
    String secret = "0123456789abcdef".repeat(4);
    Path file = Files.writeString(folder.resolve("keys"), "new:%1$s\nold:%1$s\n".formatted(secret));
    Settings settings = load(Map.of(), Map.of("PICTRS_SIGNING_KEYS_FILE", file.toString()));
    assertThat(settings.get(SettingsCatalogue.SIGNING_KEYS))
        .containsExactly(new SigningKey("new", secret), new SigningKey("old", secret));
    assertThat(settings.toToml()).doesNotContain(secret);
    assertThat(settings.get(SettingsCatalogue.SIGNING_KEYS).toString()).isEqualTo("[new, old]");
  }

  @ParameterizedTest
  @CsvSource({"true,true", "1,true", "YES,true", "off,false", "False,false", "0,false"})
  void aSwitchCanBeAVariable(String value, boolean expected) throws Exception {
    Settings settings = load(Map.of(), Map.of("PICTRS_DOWNLOAD_ALLOW_PRIVATE", value));
    assertThat(settings.get(SettingsCatalogue.DOWNLOAD_ALLOW_PRIVATE)).isEqualTo(expected);
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
    assertThat(load(Map.of(), Map.of("RUST_LOG", directives)).get(SettingsCatalogue.LOG_LEVEL))
        .isEqualTo(level);
  }

  @Test
  void ourOwnLogLevelIsHeldToItsWords() {
    assertThat(problems(Map.of("log-level", List.of("loud")), Map.of())).hasSize(1);
    assertThat(problems(Map.of(), Map.of("PICTRS_LOG_LEVEL", "loud"))).hasSize(1);
  }

  @Test
  void theSandboxIsHeldToItsWords() throws Exception {
    assertThat(load(Map.of(), Map.of("PICTRS_SANDBOX", "off")).get(SettingsCatalogue.SANDBOX))
        .isEqualTo(SandboxMode.OFF);
    assertThat(problems(Map.of("sandbox", List.of("maybe")), Map.of()))
        .containsExactly("--sandbox is maybe, but must be one of auto, required, off");
    assertThat(problems(Map.of("engine", List.of("gd"), "png-level", List.of("10")), Map.of()))
        .containsExactlyInAnyOrder(
            "--engine is gd, but must be one of auto, imagemagick, libvips",
            "--png-level is 10, but must be a whole number from 0 to 9");
  }

  @Test
  void tempFilesOfAToolHaveTheRoomThatImageMagickMayTake() throws Exception {
    Map<String, List<String>> options =
        Map.of("image-map", List.of("3"), "image-disk", List.of("4"));

    assertThat(load(options, Map.of()).get(SettingsCatalogue.TOOL_TEMP_SIZE)).isEqualTo(7 * MIB);
    assertThat(load(options, Map.of()).get(SettingsCatalogue.IMAGE_ADDRESS_SPACE)).isEmpty();
  }

  @Test
  void theWhitelistTakesCommasBlanksAndRepetition() throws Exception {
    assertThat(
            load(Map.of("whitelist", List.of("Blur,crop", "identity blur")), Map.of())
                .get(SettingsCatalogue.WHITELIST))
        .contains(List.of("blur", "crop", "identity"));
    assertThat(
            load(Map.of(), Map.of("PICTRS_FILTER_WHITELIST", "")).get(SettingsCatalogue.WHITELIST))
        .isEmpty();
  }

  @Test
  void noSecretIsInAnyText() throws Exception {
    Settings settings = load(Map.of("api-key", List.of("hunter2")), Map.of());
    assertThat(settings.toString()).doesNotContain("hunter2");
    assertThat(settings.toToml())
        .doesNotContain("hunter2")
        .contains("# api-key is secret, from --api-key\n");
    assertThat(load(Map.of(), Map.of()).toToml()).contains("# api-key is not set\n");
    assertThat(problems(Map.of("api-key", List.of("hunter2"), "addr", List.of("x")), Map.of()))
        .noneMatch(line -> line.contains("hunter2"));
  }

  private static List<String> problems(
      Map<String, List<String>> options, Map<String, String> environment) {
    return catchThrowableOfType(InvalidSettingsException.class, () -> load(options, environment))
        .problems();
  }
}
