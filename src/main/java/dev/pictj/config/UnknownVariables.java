package dev.pictj.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Environment variables that look like settings and are none: misspelt, or of later lines of
 * pict-rs. Their values are neither read nor told, for they may be secrets.
 */
public final class UnknownVariables {
  private static final String PREFIX = "PICTRS_";
  private static final String DOUBLED = "PICTRS__";

  private static final String NO_OTHER_STORE =
      "nothing: pictures lie in files, the catalog in RocksDB, both below PICTRS_PATH (--path)";
  private static final String PATH =
      name(SettingsCatalogue.PATH) + ", the one folder for pictures and catalog";
  private static final String NO_TLS = "a proxy in front: pictj speaks plain HTTP";

  /** Keys of pict-rs 0.4 and 0.5 as their variables write them, and what takes their place. */
  private static final Map<String, String> KEYS_OF_LATER_PICTRS =
      Map.ofEntries(
          entry("SERVER__ADDRESS", SettingsCatalogue.ADDR),
          entry("SERVER__API_KEY", SettingsCatalogue.API_KEY),
          entry("SERVER__MAX_FILE_COUNT", SettingsCatalogue.MAX_FILES),
          entry("SERVER__TEMPORARY_DIRECTORY", SettingsCatalogue.TEMP_DIR),
          Map.entry("SERVER__CERTIFICATE", NO_TLS),
          Map.entry("SERVER__PRIVATE_KEY", NO_TLS),
          entry("CLIENT__TIMEOUT", SettingsCatalogue.DOWNLOAD_TIMEOUT),
          entry("CLIENT__ALLOW_LOCAL_CONNECTIONS", SettingsCatalogue.DOWNLOAD_ALLOW_PRIVATE),
          entry("TRACING__LOGGING__FORMAT", SettingsCatalogue.LOG_FORMAT),
          entry("TRACING__LOGGING__TARGETS", SettingsCatalogue.LOG_LEVEL),
          entry("MEDIA__MAX_FILE_SIZE", SettingsCatalogue.MAX_FILE_SIZE),
          entry("MEDIA__MAX_WIDTH", SettingsCatalogue.MAX_IMAGE_WIDTH),
          entry("MEDIA__MAX_HEIGHT", SettingsCatalogue.MAX_IMAGE_HEIGHT),
          entry("MEDIA__MAX_AREA", SettingsCatalogue.MAX_IMAGE_AREA),
          entry("MEDIA__MAX_FRAME_COUNT", SettingsCatalogue.MAX_IMAGE_FRAMES),
          entry("MEDIA__FILTERS", SettingsCatalogue.WHITELIST),
          entry("MEDIA__FORMAT", SettingsCatalogue.FORMAT),
          entry(
              "MEDIA__PROCESS_TIMEOUT",
              SettingsCatalogue.IMAGE_TIMEOUT,
              SettingsCatalogue.VIDEO_TIMEOUT),
          entry("MEDIA__SKIP_VALIDATE_IMPORTS", SettingsCatalogue.SKIP_VALIDATE_IMPORTS),
          entry("MEDIA__MAGICK__MEMORY", SettingsCatalogue.IMAGE_MEMORY),
          entry("MEDIA__MAGICK__MAP", SettingsCatalogue.IMAGE_MAP),
          entry("MEDIA__MAGICK__DISK", SettingsCatalogue.IMAGE_DISK),
          Map.entry("REPO__PATH", PATH),
          entry("REPO__CACHE_CAPACITY", SettingsCatalogue.CATALOG_CACHE),
          Map.entry("STORE__PATH", PATH));

  private static final Set<String> SECTIONS_OF_STORES =
      Set.of("REPO", "STORE", "OLD_REPO", "OLD_DB");
  private static final Set<String> OTHER_SECTIONS =
      Set.of("SERVER", "CLIENT", "TRACING", "METRICS", "UPGRADE", "MEDIA");

  private UnknownVariables() {}

  /**
   * One sentence for each, in the order of their names.
   *
   * @param environment variables by name
   */
  public static List<String> warnings(Map<String, String> environment) {
    List<String> known =
        Stream.concat(
                SettingsCatalogue.all().stream().flatMap(setting -> setting.environment().stream()),
                SettingsCatalogue.oldNames().stream().flatMap(Setting::variables))
            .filter(name -> name.startsWith(PREFIX))
            .toList();
    List<String> warnings = new ArrayList<>();
    for (String name : new TreeSet<>(environment.keySet())) {
      if (name.startsWith(PREFIX) && !known.contains(name)) {
        warnings.add(warning(name));
      }
    }
    return warnings;
  }

  private static String warning(String name) {
    String shown = Nearest.shortened(name);
    String key = name.substring((name.startsWith(DOUBLED) ? DOUBLED : PREFIX).length());
    Optional<String> later = later(key);
    if (later.isPresent()) {
      return "%s is a setting of later pict-rs and does nothing here; use %s"
          .formatted(shown, later.get());
    }
    List<String> plain =
        SettingsCatalogue.all().stream()
            .flatMap(setting -> setting.environment().stream())
            .filter(other -> other.startsWith(PREFIX) && !other.startsWith(DOUBLED))
            .toList();
    return "%s is no setting and does nothing; the nearest is %s"
        .formatted(
            shown,
            Nearest.of((PREFIX + key).toUpperCase(Locale.ROOT), plain, UnaryOperator.identity()));
  }

  private static Map.Entry<String, String> entry(String key, Setting<?>... instead) {
    return Map.entry(
        key, Stream.of(instead).map(UnknownVariables::name).collect(Collectors.joining(" and ")));
  }

  private static String name(Setting<?> setting) {
    return "%s (--%s)".formatted(setting.environment().getFirst(), setting.name());
  }

  /** What takes the place of a key of later lines, if it is one. */
  private static Optional<String> later(String key) {
    // Their limits stand once for each kind of media; ours hold for all.
    String own = key.replaceFirst("^MEDIA__(IMAGE|ANIMATION|VIDEO|GIF)__", "MEDIA__");
    String section = key.split("__", 2)[0];
    if (KEYS_OF_LATER_PICTRS.containsKey(own)) {
      return Optional.of(KEYS_OF_LATER_PICTRS.get(own));
    }
    if (key.equals(section)) {
      return Optional.empty();
    }
    return SECTIONS_OF_STORES.contains(section)
        ? Optional.of(NO_OTHER_STORE)
        : Optional.of("nothing: there is no such setting")
            .filter(_ -> OTHER_SECTIONS.contains(section));
  }
}
