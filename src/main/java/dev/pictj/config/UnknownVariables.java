package dev.pictj.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * Environment variables that look like settings and are none: misspelt, or of later lines of
 * pict-rs. Their values are neither read nor told, for they may be secrets.
 */
public final class UnknownVariables {
  private static final String PREFIX = "PICTRS_";
  private static final String DOUBLED = "PICTRS__";

  /** Longer names are no misspelling, and comparing them would take long. */
  private static final int MAX_LENGTH = 100;

  private static final String PICTURES_AND_CATALOG =
      "PICTRS_PATH (--path), the one folder for pictures and catalog";
  private static final String NO_OTHER_STORE =
      "nothing: pictures lie in files, the catalog in RocksDB, both below PICTRS_PATH (--path)";
  private static final String NO_TLS = "a proxy in front: pictj speaks plain HTTP";

  /** Keys of pict-rs 0.4 and 0.5 as their variables write them, and what takes their place. */
  private static final Map<String, String> LATER =
      Map.ofEntries(
          Map.entry("SERVER__ADDRESS", "PICTRS_ADDR (--addr)"),
          Map.entry("SERVER__API_KEY", "PICTRS_API_KEY (--api-key)"),
          Map.entry("SERVER__MAX_FILE_COUNT", "PICTRS_MAX_FILES (--max-files)"),
          Map.entry("SERVER__TEMPORARY_DIRECTORY", "PICTRS_TEMP_DIR (--temp-dir)"),
          Map.entry("SERVER__CERTIFICATE", NO_TLS),
          Map.entry("SERVER__PRIVATE_KEY", NO_TLS),
          Map.entry("CLIENT__TIMEOUT", "PICTRS_DOWNLOAD_TIMEOUT (--download-timeout)"),
          Map.entry(
              "CLIENT__ALLOW_LOCAL_CONNECTIONS",
              "PICTRS_DOWNLOAD_ALLOW_PRIVATE (--download-allow-private)"),
          Map.entry("TRACING__LOGGING__FORMAT", "PICTRS_LOG_FORMAT (--log-format)"),
          Map.entry("TRACING__LOGGING__TARGETS", "PICTRS_LOG_LEVEL (--log-level)"),
          Map.entry("MEDIA__MAX_FILE_SIZE", "PICTRS_MAX_FILE_SIZE (--max-file-size)"),
          Map.entry("MEDIA__MAX_WIDTH", "PICTRS_MAX_IMAGE_WIDTH (--max-image-width)"),
          Map.entry("MEDIA__MAX_HEIGHT", "PICTRS_MAX_IMAGE_HEIGHT (--max-image-height)"),
          Map.entry("MEDIA__MAX_AREA", "PICTRS_MAX_IMAGE_AREA (--max-image-area)"),
          Map.entry("MEDIA__MAX_FRAME_COUNT", "PICTRS_MAX_IMAGE_FRAMES (--max-image-frames)"),
          Map.entry("MEDIA__FILTERS", "PICTRS_FILTER_WHITELIST (--whitelist)"),
          Map.entry("MEDIA__FORMAT", "PICTRS_FORMAT (--format)"),
          Map.entry(
              "MEDIA__PROCESS_TIMEOUT",
              "PICTRS_IMAGE_TIMEOUT (--image-timeout) and PICTRS_VIDEO_TIMEOUT (--video-timeout)"),
          Map.entry(
              "MEDIA__SKIP_VALIDATE_IMPORTS",
              "PICTRS_SKIP_VALIDATE_IMPORTS (--skip-validate-imports)"),
          Map.entry("MEDIA__MAGICK__MEMORY", "PICTRS_IMAGE_MEMORY (--image-memory)"),
          Map.entry("MEDIA__MAGICK__MAP", "PICTRS_IMAGE_MAP (--image-map)"),
          Map.entry("MEDIA__MAGICK__DISK", "PICTRS_IMAGE_DISK (--image-disk)"),
          Map.entry("REPO__PATH", PICTURES_AND_CATALOG),
          Map.entry("REPO__CACHE_CAPACITY", "PICTRS_CATALOG_CACHE (--catalog-cache)"),
          Map.entry("STORE__PATH", PICTURES_AND_CATALOG));

  /** Their sections; what is not listed above has no counterpart. */
  private static final Map<String, String> SECTIONS =
      Map.of(
          "REPO__", NO_OTHER_STORE,
          "STORE__", NO_OTHER_STORE,
          "OLD_REPO__", NO_OTHER_STORE,
          "OLD_DB__", NO_OTHER_STORE,
          "SERVER__", "nothing: there is no such setting",
          "CLIENT__", "nothing: there is no such setting",
          "TRACING__", "nothing: there is no such setting",
          "METRICS__", "nothing: there is no such setting",
          "UPGRADE__", "nothing: there is no such setting",
          "MEDIA__", "nothing: there is no such setting");

  private UnknownVariables() {}

  /**
   * One sentence for each, in the order of their names.
   *
   * @param environment variables by name
   */
  public static List<String> warnings(Map<String, String> environment) {
    List<String> known =
        SettingsCatalogue.all().stream()
            .flatMap(setting -> setting.environment().stream())
            .filter(name -> name.startsWith(PREFIX))
            .toList();
    List<String> warnings = new ArrayList<>();
    for (String name : new TreeSet<>(environment.keySet())) {
      if (name.startsWith(PREFIX) && !known.contains(name)) {
        warnings.add(warning(name, known));
      }
    }
    return warnings;
  }

  private static String warning(String name, List<String> known) {
    String shown = name.length() <= MAX_LENGTH ? name : name.substring(0, MAX_LENGTH) + "…";
    String key = name.substring((name.startsWith(DOUBLED) ? DOUBLED : PREFIX).length());
    String later = later(key);
    if (later != null) {
      return "%s is a setting of later pict-rs and does nothing here; use %s"
          .formatted(shown, later);
    }
    String plain = PREFIX + key;
    return "%s is no setting and does nothing; the nearest is %s"
        .formatted(
            shown,
            known.stream()
                .filter(other -> !other.startsWith(DOUBLED))
                .min(Comparator.comparingInt(other -> distance(plain, other)))
                .orElseThrow());
  }

  /** What takes the place of a key of later lines; null where it is none. */
  private static String later(String key) {
    // Their limits stand once for each kind of media; ours hold for all.
    String own = key.replaceFirst("^MEDIA__(IMAGE|ANIMATION|VIDEO|GIF)__", "MEDIA__");
    String replacement = LATER.get(own);
    return replacement != null
        ? replacement
        : SECTIONS.entrySet().stream()
            .filter(section -> key.startsWith(section.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(null);
  }

  /** How many letters are to be put in or left out; that a word is missing is the usual mistake. */
  private static int distance(String written, String meant) {
    String from = written.toUpperCase(Locale.ROOT);
    from = from.substring(0, Math.min(from.length(), MAX_LENGTH));
    int[] row = new int[meant.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int above = row[j];
        int changed = diagonal + (from.charAt(i - 1) == meant.charAt(j - 1) ? 0 : 2);
        row[j] = Math.min(changed, 1 + Math.min(above, row[j - 1]));
        diagonal = above;
      }
    }
    return row[meant.length()];
  }
}
