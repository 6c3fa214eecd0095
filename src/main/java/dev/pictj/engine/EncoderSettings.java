package dev.pictj.engine;

import static dev.pictj.config.SettingsCatalogue.ANIMATION_AVIF_QUALITY;
import static dev.pictj.config.SettingsCatalogue.ANIMATION_PNG_LEVEL;
import static dev.pictj.config.SettingsCatalogue.ANIMATION_WEBP_QUALITY;
import static dev.pictj.config.SettingsCatalogue.AVIF_EFFORT;
import static dev.pictj.config.SettingsCatalogue.AVIF_QUALITY;
import static dev.pictj.config.SettingsCatalogue.JPEG_QUALITY;
import static dev.pictj.config.SettingsCatalogue.JXL_EFFORT;
import static dev.pictj.config.SettingsCatalogue.JXL_QUALITY;
import static dev.pictj.config.SettingsCatalogue.PNG_LEVEL;
import static dev.pictj.config.SettingsCatalogue.WEBP_EFFORT;
import static dev.pictj.config.SettingsCatalogue.WEBP_QUALITY;

import dev.pictj.config.Settings;
import dev.pictj.engine.metadata.JpegTraits;
import dev.pictj.media.MediaType;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * How much effort encoders spend to write a small file of the same pixels, and in what quality
 * lossy formats are written.
 *
 * @param efforts by format: 0 (fast) to the highest that its encoder knows
 * @param qualities 1 to 100, as the encoder of each format counts; JPEG follows its source where it
 *     has none
 * @param animationQualities qualities of animations, where they have another than stills
 */
public record EncoderSettings(
    Map<MediaType, Integer> efforts,
    Map<MediaType, Integer> qualities,
    Map<MediaType, Integer> animationQualities) {
  /** The defaults, which are quick: each further step costs much more time than it saves bytes. */
  public static final EncoderSettings USUAL =
      new EncoderSettings(
          Map.of(
              MediaType.WEBP,
              2,
              MediaType.PNG,
              4,
              MediaType.APNG,
              4,
              MediaType.AVIF,
              1,
              MediaType.JXL,
              3),
          Map.of(MediaType.WEBP, 80, MediaType.AVIF, 60, MediaType.JXL, 80),
          Map.of());

  /** Keeps unmodifiable copies of the maps. */
  public EncoderSettings {
    efforts = Map.copyOf(efforts);
    qualities = Map.copyOf(qualities);
    animationQualities = Map.copyOf(animationQualities);
  }

  static EncoderSettings of(Settings settings) {
    Map<MediaType, Integer> qualities =
        new EnumMap<>(
            Map.of(
                MediaType.WEBP, settings.get(WEBP_QUALITY),
                MediaType.AVIF, settings.get(AVIF_QUALITY),
                MediaType.JXL, settings.get(JXL_QUALITY)));
    settings.get(JPEG_QUALITY).ifPresent(set -> qualities.put(MediaType.JPEG, set));
    return new EncoderSettings(
        Map.of(
            MediaType.WEBP, settings.get(WEBP_EFFORT),
            MediaType.PNG, settings.get(PNG_LEVEL),
            MediaType.APNG, settings.get(ANIMATION_PNG_LEVEL),
            MediaType.AVIF, settings.get(AVIF_EFFORT),
            MediaType.JXL, settings.get(JXL_EFFORT)),
        qualities,
        Map.of(
            MediaType.WEBP, settings.get(ANIMATION_WEBP_QUALITY),
            MediaType.AVIF, settings.get(ANIMATION_AVIF_QUALITY)));
  }

  /** How the result of a request is written where it is JPEG. */
  public JpegTraits jpeg(RenderRequest request) throws IOException {
    JpegTraits traits = request.jpegTraits();
    Integer set = qualities.get(MediaType.JPEG);
    return set == null || request.fidelity() instanceof Fidelity.Jpeg
        ? traits
        : new JpegTraits(set, traits.chroma());
  }

  /** The effort of a format; 0 of one that knows none. */
  public int effort(MediaType type) {
    return Objects.requireNonNullElse(efforts.get(type), 0);
  }

  /** The quality of a result that is no JPEG; 100 where its format knows none. */
  public int quality(RenderRequest request) {
    Integer still = Objects.requireNonNullElse(qualities.get(request.target()), 100);
    return request.frames() > 1
        ? Objects.requireNonNullElse(animationQualities.get(request.target()), still)
        : still;
  }
}
