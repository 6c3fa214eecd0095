package dev.pictj.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.config.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the files of the Debian package and the program have to agree on. */
final class PackagingTest {
  private static final Path PACKAGING = ScriptsTest.BASE.resolve("packaging");

  private static Settings settings() throws Exception {
    return new SettingsLoader(
            Map.of("config", List.of(PACKAGING.resolve("pictj.toml").toString())), Map.of())
        .load();
  }

  private static Optional<String> unit(String key) throws IOException {
    return Files.readAllLines(PACKAGING.resolve("pictj.service")).stream()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1))
        .findFirst();
  }

  @Test
  void thePackagesSettingsAreValidAndOpenToThisMachineOnly() throws Exception {
    assertThat(settings().get(SettingsCatalogue.ADDR).getAddress().isLoopbackAddress()).isTrue();
    assertThat(unit("StateDirectory"))
        .contains(
            Path.of("/var/lib").relativize(settings().get(SettingsCatalogue.PATH)).toString());
    assertThat(settings().warnings()).isEmpty();
  }

  /** What the packed pages link to is packed, too. */
  @Test
  void thePackagesHaveAllPagesThatLinkToEachOther() throws Exception {
    String script = Files.readString(ScriptsTest.BASE.resolve("script/package"));
    Matcher pages = Pattern.compile("(?m)^pages=\\((.*)\\)$").matcher(script);
    assertThat(pages.find()).isTrue();
    List<String> packed = List.of(pages.group(1).split(" "));
    assertThat(packed).contains("README.md", "docs");
    for (String page : packed) {
      if (page.endsWith(".md")) {
        String text = Files.readString(ScriptsTest.BASE.resolve(page));
        assertThat(Pattern.compile("\\]\\(([^)#:/]+)").matcher(text).results())
            .as(page)
            .extracting(link -> link.group(1))
            .isSubsetOf(packed);
      }
    }
  }

  /** By what the build bundles, so that none is forgotten. */
  @Test
  void theCopyrightNamesTheLicenceOfEveryLibrary() throws Exception {
    String copyright = Files.readString(PACKAGING.resolve("debian/copyright"));
    String pom = Files.readString(ScriptsTest.BASE.resolve("pom.xml"));
    assertThat(
            Pattern.compile("(?s)<dependency>(?:(?!</dependency>).)*</dependency>")
                .matcher(pom)
                .results()
                .map(MatchResult::group)
                .filter(one -> !one.contains("<scope>test") && !one.contains("<scope>provided"))
                .map(one -> one.replaceAll("(?s).*?<groupId>(\\w+\\.[\\w-]+).*", "$1")))
        .isNotEmpty()
        .allSatisfy(group -> assertThat(copyright).contains(group));
  }

  @Test
  void systemdWaitsLongerThanAStopTakes() throws Exception {
    long stop = settings().get(SettingsCatalogue.SHUTDOWN_TIMEOUT).toSeconds();
    assertThat(Long.parseLong(unit("TimeoutStopSec").orElseThrow())).isGreaterThan(stop);
    assertThat(unit("KillMode")).contains("mixed");
  }

  /** Without one of them bwrap fails, and image tools run without isolation. */
  @Test
  void theUnitLeavesBwrapItsNamespaces() throws Exception {
    String source =
        Files.readString(
            ScriptsTest.BASE.resolve("src/main/java/dev/pictj/engine/child/Bubblewrap.java"));
    List<String> unshared =
        Pattern.compile("--unshare-(\\w+)").matcher(source).results().map(m -> m.group(1)).toList();
    assertThat(unshared).contains("net");

    assertThat(unit("RestrictNamespaces").orElseThrow().split(" "))
        .contains("user", "mnt")
        .containsAll(unshared);
    assertThat(unit("RestrictAddressFamilies").orElseThrow()).contains("AF_NETLINK");
    assertThat(unit("SystemCallFilter").orElseThrow()).contains("@mount");
    assertThat(unit("MemoryDenyWriteExecute")).isEmpty();
    // systemd answers openat2 with ENOSYS then, as its filter cannot read what the call asks for.
    assertThat(unit("RestrictSUIDSGID")).isEmpty();
  }
}
