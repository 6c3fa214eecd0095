package dev.pictj.process;

import dev.pictj.config.InvalidSettingsException;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a request may ask for.
 *
 * @param maxSide largest value of thumbnail and resize, in pixels
 * @param maxOperations operations in one request
 * @param maxCrop largest value of either side of a crop's ratio
 * @param maxSigma largest blur
 * @param whitelist operations that are permitted, empty for all; others are left out silently
 */
public record ChainRules(
    int maxSide, int maxOperations, int maxCrop, int maxSigma, Optional<Set<String>> whitelist) {
  private static final int MAX_CROP = 20;

  /**
   * The rules that an administrator has set.
   *
   * @throws InvalidSettingsException when the whitelist names what is no operation
   */
  public static ChainRules of(Settings settings) throws InvalidSettingsException {
    List<String> names = Operation.KINDS.stream().map(Operation.Kind::name).toList();
    Optional<List<String>> whitelist = settings.get(SettingsCatalogue.WHITELIST);
    List<String> problems =
        whitelist.orElse(List.of()).stream()
            .filter(name -> !names.contains(name))
            .map(
                name ->
                    "the whitelist names %s, but there is only %s"
                        .formatted(name, String.join(", ", names)))
            .toList();
    if (!problems.isEmpty()) {
      throw new InvalidSettingsException(problems);
    }
    return new ChainRules(
        Math.max(
            settings.get(SettingsCatalogue.MAX_IMAGE_WIDTH),
            settings.get(SettingsCatalogue.MAX_IMAGE_HEIGHT)),
        settings.get(SettingsCatalogue.MAX_OPERATIONS),
        MAX_CROP,
        settings.get(SettingsCatalogue.MAX_BLUR),
        whitelist.map(Set::copyOf));
  }

  /** Whether an operation is carried out where it is asked for. */
  public boolean permits(String name) {
    return whitelist.map(set -> set.contains(name)).orElse(true);
  }
}
