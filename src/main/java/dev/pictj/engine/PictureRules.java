package dev.pictj.engine;

import dev.pictj.config.FastCodecs;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.media.KindLimits;
import dev.pictj.media.Limits;
import java.time.Duration;

/**
 * The limits and encoder settings that every engine keeps to.
 *
 * @param limits of a picture's size, which engines check again: imported files may never have been
 *     checked
 * @param timeout of verifying it, and of each rendering
 * @param encoders how they write
 * @param fastCodecs whether codecs of {@code dev.pictj.codec} may do what they are faster at
 * @param previews whether a verification gives a preview where that spares a second decode
 */
public record PictureRules(
    Limits limits,
    Duration timeout,
    EncoderSettings encoders,
    boolean fastCodecs,
    boolean previews) {
  /** A JPEG's sides have 16 bits. */
  private static final int MAX_SIDE = 65_535;

  /** Rules with fast codecs and previews. */
  public PictureRules(Limits limits, Duration timeout, EncoderSettings encoders) {
    this(limits, timeout, encoders, true, true);
  }

  /**
   * The rules that an administrator has set.
   *
   * @param previews whether those who upload are told of them
   */
  public static PictureRules of(Settings settings, boolean previews) {
    return new PictureRules(
        limits(settings).widest(),
        settings.get(SettingsCatalogue.IMAGE_TIMEOUT),
        EncoderSettings.of(settings),
        settings.get(SettingsCatalogue.FAST_CODECS) == FastCodecs.AUTO,
        previews);
  }

  /** The size that files may have, stills without being shrunk. */
  public static KindLimits limits(Settings settings) {
    return new KindLimits(
        new Limits(
            settings.get(SettingsCatalogue.MAX_IMAGE_WIDTH),
            settings.get(SettingsCatalogue.MAX_IMAGE_HEIGHT),
            settings.get(SettingsCatalogue.MAX_IMAGE_AREA),
            settings.get(SettingsCatalogue.MAX_IMAGE_FRAMES)),
        new Limits(
            settings.get(SettingsCatalogue.MAX_ANIMATION_WIDTH),
            settings.get(SettingsCatalogue.MAX_ANIMATION_HEIGHT),
            settings.get(SettingsCatalogue.MAX_ANIMATION_AREA),
            settings.get(SettingsCatalogue.MAX_ANIMATION_FRAMES)),
        new Limits(
            settings.get(SettingsCatalogue.MAX_VIDEO_WIDTH),
            settings.get(SettingsCatalogue.MAX_VIDEO_HEIGHT),
            settings.get(SettingsCatalogue.MAX_VIDEO_AREA),
            settings.get(SettingsCatalogue.MAX_VIDEO_FRAMES)),
        settings.get(SettingsCatalogue.MAX_IMAGE_FILE_SIZE),
        settings.get(SettingsCatalogue.MAX_ANIMATION_FILE_SIZE),
        settings.get(SettingsCatalogue.MAX_VIDEO_FILE_SIZE));
  }

  /** The rules for a still that will be shrunk: memory and time alone bound its size. */
  public PictureRules forShrinking() {
    return new PictureRules(
        new Limits(MAX_SIDE, MAX_SIDE, (long) MAX_SIDE * MAX_SIDE, 1),
        timeout,
        encoders,
        fastCodecs,
        previews);
  }
}
