package dev.pictj.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
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
  private static final Map<String, String> LATER =
      Map.ofEntries(
          Map.entry("SERVER__ADDRESS", name(SettingsCatalogue.ADDR)),
          Map.entry("SERVER__API_KEY", name(SettingsCatalogue.API_KEY)),
          Map.entry("SERVER__MAX_FILE_COUNT", name(SettingsCatalogue.MAX_FILES)),
          Map.entry("SERVER__TEMPORARY_DIRECTORY", name(SettingsCatalogue.TEMP_DIR)),
          Map.entry("SERVER__CERTIFICATE", NO_TLS),
          Map.entry("SERVER__PRIVATE_KEY", NO_TLS),
          Map.entry("CLIENT__TIMEOUT", name(SettingsCatalogue.DOWNLOAD_TIMEOUT)),
          Map.entry(
              "CLIENT__ALLOW_LOCAL_CONNECTIONS", name(SettingsCatalogue.DOWNLOAD_ALLOW_PRIVATE)),
          Map.entry("TRACING__LOGGING__FORMAT", name(SettingsCatalogue.LOG_FORMAT)),
          Map.entry("TRACING__LOGGING__TARGETS", name(SettingsCatalogue.LOG_LEVEL)),
          Map.entry("MEDIA__MAX_FILE_SIZE", name(SettingsCatalogue.MAX_FILE_SIZE)),
          Map.entry("MEDIA__MAX_WIDTH", name(SettingsCatalogue.MAX_IMAGE_WIDTH)),
          Map.entry("MEDIA__MAX_HEIGHT", name(SettingsCatalogue.MAX_IMAGE_HEIGHT)),
          Map.entry("MEDIA__MAX_AREA", name(SettingsCatalogue.MAX_IMAGE_AREA)),
          Map.entry("MEDIA__MAX_FRAME_COUNT", name(SettingsCatalogue.MAX_IMAGE_FRAMES)),
          Map.entry("MEDIA__FILTERS", name(SettingsCatalogue.WHITELIST)),
          Map.entry("MEDIA__FORMAT", name(SettingsCatalogue.FORMAT)),
          Map.entry(
              "MEDIA__PROCESS_TIMEOUT",
              name(SettingsCatalogue.IMAGE_TIMEOUT)
                  + " and "
                  + name(SettingsCatalogue.VIDEO_TIMEOUT)),
          Map.entry("MEDIA__SKIP_VALIDATE_IMPORTS", name(SettingsCatalogue.SKIP_VALIDATE_IMPORTS)),
          Map.entry("MEDIA__MAGICK__MEMORY", name(SettingsCatalogue.IMAGE_MEMORY)),
          Map.entry("MEDIA__MAGICK__MAP", name(SettingsCatalogue.IMAGE_MAP)),
          Map.entry("MEDIA__MAGICK__DISK", name(SettingsCatalogue.IMAGE_DISK)),
          Map.entry("REPO__PATH", PATH),
          Map.entry("REPO__CACHE_CAPACITY", name(SettingsCatalogue.CATALOG_CACHE)),
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

  private static String name(Setting<?> setting) {
    return "%s (--%s)".formatted(setting.environment().getFirst(), setting.name());
  }

  /** What takes the place of a key of later lines, if it is one. */
  private static Optional<String> later(String key) {
    // Their limits stand once for each kind of media; ours hold for all.
    String own = key.replaceFirst("^MEDIA__(IMAGE|ANIMATION|VIDEO|GIF)__", "MEDIA__");
    String section = key.split("__", 2)[0];
    if (LATER.containsKey(own)) {
      return Optional.of(LATER.get(own));
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
