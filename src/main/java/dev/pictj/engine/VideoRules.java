package dev.pictj.engine;

import dev.pictj.config.AudioCodec;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.config.VideoCodec;
import dev.pictj.media.Dimensions;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What videos are stored as.
 *
 * @param sound whether it is kept
 * @param crf constant rate factor of what is encoded, by the most pixels that the shorter side may
 *     have for it
 */
public record VideoRules(
    VideoCodec codec, AudioCodec audio, boolean sound, NavigableMap<Integer, Integer> crf) {
  /** Rate factor of a video that has to be encoded although the codec is to be kept. */
  private static final int DEFAULT_CRF = 23;

  /** Silent MP4 with H.264, as pict-rs 0.3 makes it. */
  public static final VideoRules SILENT_MP4 =
      new VideoRules(VideoCodec.H264, AudioCodec.KEEP, false, only(DEFAULT_CRF));

  private static NavigableMap<Integer, Integer> only(int crf) {
    NavigableMap<Integer, Integer> map = new TreeMap<>();
    map.put(Integer.MAX_VALUE, crf);
    return map;
  }

  /** The rules that an administrator has set. */
  public static VideoRules of(Settings settings) {
    VideoCodec codec = settings.get(SettingsCatalogue.VIDEO_CODEC);
    NavigableMap<Integer, Integer> crf = only(settings.get(SettingsCatalogue.VIDEO_CRF));
    SettingsCatalogue.VIDEO_CRF_BY_SIDE.forEach(
        (side, setting) -> settings.get(setting).ifPresent(value -> crf.put(side, value)));
    return new VideoRules(
        codec,
        settings.get(SettingsCatalogue.VIDEO_AUDIO_CODEC),
        settings.get(SettingsCatalogue.VIDEO_SOUND),
        codec == VideoCodec.KEEP ? only(DEFAULT_CRF) : crf);
  }

  /** The factor for a video of this size. */
  public int crf(Dimensions size) {
    return crf.ceilingEntry(Math.min(size.width(), size.height())).getValue();
  }

  /** Tells apart what is made under other rules. */
  public String key() {
    return equals(SILENT_MP4) ? "" : "%s-%s-%s-%s/".formatted(codec, audio, sound, crf);
  }
}
