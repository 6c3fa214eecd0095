package dev.pictj.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Environment variables that look like settings and are none, because they are misspelt. Their
 * values are neither read nor told, for they may be secrets.
 */
public final class UnknownVariables {
  private static final String PREFIX = "PICTRS_";

  private UnknownVariables() {}

  /**
   * One sentence for each, in the order of their names.
   *
   * @param environment variables by name
   */
  public static List<String> warnings(Map<String, String> environment) {
    List<String> known =
        Stream.of(
                SettingsCatalogue.all().stream().flatMap(setting -> setting.environment().stream()),
                SettingsCatalogue.oldNames().stream().flatMap(Setting::variables),
                PictrsKeys.all().stream().map(PictrsKey::variable),
                SettingsCatalogue.all().stream()
                    .filter(Setting::isSecret)
                    .flatMap(UnknownVariables::filesOf))
            .flatMap(names -> names)
            .filter(name -> name.startsWith(PREFIX))
            .toList();
    List<String> warnings = new ArrayList<>();
    for (String name : new TreeSet<>(environment.keySet())) {
      if (name.startsWith(PREFIX) && !known.contains(name)) {
        warnings.add(
            "%s is no setting and does nothing%s"
                .formatted(Nearest.shortened(name), nearest(name)));
      }
    }
    return warnings;
  }

  /** The variables that name a file in which a secret stands. */
  private static Stream<String> filesOf(Setting<?> secret) {
    return Stream.concat(
            secret.environment().stream(),
            PictrsKeys.all().stream().filter(key -> key.sets(secret)).map(PictrsKey::variable))
        .flatMap(name -> Setting.SECRET_FILES.stream().map(ending -> name + ending));
  }

  private static String nearest(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    boolean doubled = upper.startsWith(PictrsKeys.PREFIX);
    String rest = upper.substring((doubled ? PictrsKeys.PREFIX : PREFIX).length());
    // A section is never behind a single underscore; our own names may be behind two.
    return rest.contains("__")
        ? Nearest.inWords(
            rest,
            PictrsKeys.all().stream().map(PictrsKey::variable).toList(),
            one -> one.substring(PictrsKeys.PREFIX.length()))
        : Nearest.inWords(
            rest,
            SettingsCatalogue.all().stream()
                .flatMap(setting -> setting.environment().stream())
                .filter(one -> one.startsWith(PREFIX) && !one.startsWith(PictrsKeys.PREFIX))
                .toList(),
            one -> one.substring(PREFIX.length()));
  }
}
