package dev.pictj.engine.magick;

import dev.pictj.config.InvalidSettingsException;
import dev.pictj.config.SettingsLoader;
import java.util.List;
import java.util.Map;

/** The limits of a server whose administrator has set none. */
public final class UsualLimits {
  private UsualLimits() {}

  /** Those of one ImageMagick process. */
  public static MagickLimits ofMagick() {
    try {
      return MagickLimits.of(
          new SettingsLoader(Map.of("path", List.of("/nowhere")), Map.of()).load());
    } catch (InvalidSettingsException e) {
      throw new IllegalStateException(e);
    }
  }
}
