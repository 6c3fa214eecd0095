package dev.pictj.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsLoaderTest {
  private static Settings load(Map<String, List<String>> options, Map<String, String> environment)
      throws InvalidSettingsException {
    return new SettingsLoader(options, environment).load();
  }

  private static final List<String> DATA = List.of("/data");

  @Test
  void defaultsAreThoseOfTheContract() throws Exception {
    Settings settings = load(Map.of("path", DATA), Map.of());
    assertThat(settings.path()).isEqualTo(Path.of("/data"));
    assertThat(settings.tempDir()).isEqualTo(Path.of("/data/tmp"));
    assertThat(settings.http().address().getPort()).isEqualTo(8080);
    assertThat(settings.http().address().getAddress().isAnyLocalAddress()).isTrue();
    assertThat(settings.http().apiKey()).isEmpty();
    assertThat(settings.uploads().maxFileSize()).isEqualTo(40L * 1024 * 1024);
    assertThat(settings.uploads().maxFiles()).isEqualTo(10);
    assertThat(settings.uploads().format()).isEmpty();
    assertThat(settings.uploads().skipValidateImports()).isFalse();
    assertThat(settings.processing().whitelist()).isEmpty();
    assertThat(settings.image().maxWidth()).isEqualTo(10_000);
    assertThat(settings.image().maxHeight()).isEqualTo(10_000);
    assertThat(settings.image().maxArea()).isEqualTo(40_000_000);
    assertThat(settings.download().allowPrivate()).isFalse();
    assertThat(settings.download().connectTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.download().timeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.download().maxRedirects()).isEqualTo(5);
    assertThat(settings.logging()).isEqualTo(new Settings.Logging("info", false));
  }

  /** The last place is kept for small jobs; large ones shall have every core nevertheless. */
  @Test
  void thereIsOnePlaceMoreForImageJobsThanThereAreCores() throws Exception {
    assertThat(load(Map.of("path", DATA), Map.of()).image().jobs())
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
    assertThat(fromEnvironment.path()).isEqualTo(Path.of("/env"));
    assertThat(fromEnvironment.http().address().getPort()).isEqualTo(9000);
    assertThat(fromEnvironment.http().apiKey()).contains("secret");
    assertThat(fromEnvironment.uploads().format()).contains("webp");
    assertThat(fromEnvironment.uploads().maxFileSize()).isEqualTo(7L << 20);
    assertThat(fromEnvironment.processing().whitelist())
        .contains(List.of("thumbnail", "identity", "blur"));
    assertThat(fromEnvironment.logging().level()).isEqualTo("debug");
    assertThat(fromEnvironment.toString()).doesNotContain("secret");

    Settings both = load(Map.of("path", List.of("/line"), "whitelist", List.of()), environment);
    assertThat(both.path()).isEqualTo(Path.of("/line"));
    assertThat(both.processing().whitelist()).contains(List.of());
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
    assertThat(load(Map.of("path", DATA), Map.of()).blobCache().capacity())
        .isBetween(1L, Math.min(32, half / 4 + 1) << 20);
    Map<String, List<String>> most =
        Map.of("path", DATA, "blob-cache", List.of(Long.toString(half)));
    assertThat(load(most, Map.of()).blobCache().capacity()).isEqualTo(half << 20);
    Map<String, List<String>> more =
        Map.of("path", DATA, "blob-cache", List.of(Long.toString(half + 1)));
    assertThatThrownBy(() -> load(more, Map.of()))
        .hasMessageContaining("--blob-cache")
        .hasMessageContaining(Long.toString(half));
  }

  /** Deployments of older versions start. */
  @Test
  void whatHasNoEffectAnyMoreIsToldAndNotRefused() throws Exception {
    assertThat(load(Map.of("path", DATA), Map.of()).withoutEffect()).isEmpty();
    assertThat(
            load(
                    Map.of("path", DATA, "write-behind", List.of("much")),
                    Map.of("PICTRS_WRITE_BEHIND", "8"))
                .withoutEffect())
        .containsExactly("--write-behind", "PICTRS_WRITE_BEHIND");
  }

  @Test
  void theDataFolderIsRequired() {
    assertThatThrownBy(() -> load(Map.of(), Map.of())).hasMessageContaining("--path");
  }

  @Test
  void anEmptyKeyIsNone() throws Exception {
    assertThat(load(Map.of("path", DATA), Map.of("PICTRS_API_KEY", "")).http().apiKey()).isEmpty();
    assertThat(load(Map.of("path", DATA, "api-key", List.of("")), Map.of()).http().apiKey())
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
    assertThat(settings.download().proxy())
        .contains(new Settings.Proxy("::1", 3128, Optional.of("me:hunter2")));
    assertThat(settings.toString()).doesNotContain("hunter2").contains("port=3128");
    assertThat(load(Map.of("path", DATA), Map.of("PICTRS_DOWNLOAD_PROXY", "")).download().proxy())
        .isEmpty();
  }

  @Test
  void aTemporaryFolderOfOthersIsNotTakenOver() throws Exception {
    assertThat(load(Map.of("path", DATA, "temp-dir", List.of("/tmp")), Map.of()).tempDir())
        .isNotEqualTo(Path.of("/tmp"))
        .hasParentRaw(Path.of("/tmp"));
  }
}
