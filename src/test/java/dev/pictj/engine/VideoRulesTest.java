package dev.pictj.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.config.AudioCodec;
import dev.pictj.config.VideoCodec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** By what rules a stored video was made. */
class VideoRulesTest {
  private static final Map<Integer, Integer> USUAL = Map.of(Integer.MAX_VALUE, 23);

  private static String key(
      VideoCodec codec, AudioCodec audio, boolean sound, Map<Integer, Integer> crf) {
    return new VideoRules(codec, audio, sound, new TreeMap<>(crf)).key();
  }

  @Test
  void otherRulesHaveAnotherKey() {
    List<String> keys =
        List.of(
            key(VideoCodec.H264, AudioCodec.KEEP, false, USUAL),
            key(VideoCodec.KEEP, AudioCodec.KEEP, false, USUAL),
            key(VideoCodec.H264, AudioCodec.OPUS, false, USUAL),
            key(VideoCodec.H264, AudioCodec.KEEP, true, USUAL),
            key(VideoCodec.H264, AudioCodec.KEEP, false, Map.of(Integer.MAX_VALUE, 24)),
            key(VideoCodec.H264, AudioCodec.KEEP, false, Map.of(480, 20, Integer.MAX_VALUE, 23)),
            key(VideoCodec.H264, AudioCodec.KEEP, false, Map.of(720, 20, Integer.MAX_VALUE, 23)));
    assertThat(keys).doesNotHaveDuplicates();
  }

  /** As it was before there were rules. */
  @Test
  void theUsualOnesHaveNone() {
    assertThat(key(VideoCodec.H264, AudioCodec.KEEP, false, USUAL)).isEmpty();
    assertThat(key(VideoCodec.H264, AudioCodec.KEEP, false, USUAL))
        .isEqualTo(VideoRules.SILENT_MP4.key());
  }
}
