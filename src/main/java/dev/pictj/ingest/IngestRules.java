package dev.pictj.ingest;

import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.engine.PictureRules;
import dev.pictj.engine.VideoRules;
import dev.pictj.media.KindLimits;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaType;
import java.util.Optional;

/**
 * What an administrator decides about uploads.
 *
 * @param limits of what is taken
 * @param format what every still is converted to, if anything
 * @param animationFormat what every animation is converted to, if anything
 * @param animationsStay whether GIF stays GIF, and an animated PNG is called one
 * @param video whether videos are taken
 * @param videoKey of the rules that videos are stored by
 * @param parallel how many files of one request are worked on at a time
 * @param repairsCut whether a still whose file ends before its picture does is shown as far as it
 *     goes; else it is refused
 * @param dummy whether any bytes are taken for a picture without a look
 */
public record IngestRules(
    KindLimits limits,
    Optional<MediaType> format,
    Optional<MediaType> animationFormat,
    boolean animationsStay,
    boolean video,
    String videoKey,
    int parallel,
    boolean repairsCut,
    boolean dummy) {
  private static final int MAX_PARALLEL = 4;

  /** The rules of pict-rs 0.3. */
  public IngestRules(Limits limits, Optional<MediaType> format, int parallel) {
    this(KindLimits.all(limits), format, Optional.empty(), false, true, "", parallel, true, false);
  }

  /** The rules that an administrator has set. */
  public static IngestRules of(Settings settings, boolean repairsCut) {
    // A request whose files wait for each other must not be refused for that.
    boolean waits = settings.get(SettingsCatalogue.IMAGE_QUEUE) < MAX_PARALLEL;
    int parallel = waits ? 1 : Math.min(settings.get(SettingsCatalogue.IMAGE_JOBS), MAX_PARALLEL);
    return new IngestRules(
        PictureRules.limits(settings),
        settings.get(SettingsCatalogue.FORMAT),
        settings.get(SettingsCatalogue.ANIMATION_FORMAT),
        settings.get(SettingsCatalogue.KEEP_ANIMATIONS),
        settings.get(SettingsCatalogue.ACCEPT_VIDEO),
        VideoRules.of(settings).key(),
        parallel,
        repairsCut,
        settings.get(SettingsCatalogue.DANGER_DUMMY_MODE));
  }
}
