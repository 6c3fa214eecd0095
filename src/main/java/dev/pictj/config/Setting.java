package dev.pictj.config;

import java.util.List;

/**
 * One thing an administrator can set: how it is written, what it is when it is not, what it means.
 *
 * @param name long option without dashes
 * @param shortName letter of the short option, or empty
 * @param placeholder how help shows the value; empty for a switch
 * @param fallback the default as text; empty where there is none
 * @param list whether several values may be given, none included
 * @param environment names of environment variables, the first one set wins
 * @param description one sentence for help and README
 */
public record Setting(
    String name,
    String shortName,
    String placeholder,
    String fallback,
    boolean list,
    List<String> environment,
    String description) {
  /** Takes no value. */
  public boolean isSwitch() {
    return placeholder.isEmpty();
  }

  static Setting of(String name, String placeholder, String fallback, String description) {
    return new Setting(name, "", placeholder, fallback, false, environmentNames(name), description);
  }

  Setting withShort(String letter) {
    return new Setting(name, letter, placeholder, fallback, list, environment, description);
  }

  Setting asList() {
    return new Setting(name, shortName, placeholder, fallback, true, environment, description);
  }

  /** Both spellings of each: releases of pict-rs differed in the underscores after the prefix. */
  Setting withEnvironment(String... names) {
    List<String> both =
        java.util.Arrays.stream(names)
            .flatMap(name -> java.util.stream.Stream.of(name, doubled(name)))
            .distinct()
            .toList();
    return new Setting(name, shortName, placeholder, fallback, list, both, description);
  }

  private static List<String> environmentNames(String name) {
    String single = "PICTRS_" + name.toUpperCase(java.util.Locale.ROOT).replace('-', '_');
    return List.of(single, doubled(single));
  }

  private static String doubled(String name) {
    return name.startsWith("PICTRS_") ? "PICTRS__" + name.substring("PICTRS_".length()) : name;
  }
}
