package dev.pictj.engine.ffmpeg;

import dev.pictj.media.VideoTrack;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a movie's box says of its colours, by ffmpeg's names, for what the bitstream leaves open.
 * Some of ffmpeg's decoders (HEVC, ProRes) forget what the box said when the bitstream says nothing
 * itself; players do not.
 */
final class ContainerColours {
  private static final String UNKNOWN = "unknown";

  /** By code points of ITU-T H.273, tables 2, 3 and 4; a dash where ffmpeg has no name. */
  private static final List<String> PRIMARIES =
      names(
          "- bt709 - - bt470m bt470bg smpte170m smpte240m film bt2020 smpte428 smpte431"
              + " smpte432");

  private static final List<String> TRANSFERS =
      names(
          "- bt709 - - bt470m bt470bg smpte170m smpte240m linear log100 log316"
              + " iec61966-2-4 bt1361e iec61966-2-1 bt2020-10 bt2020-12 smpte2084 smpte428"
              + " arib-std-b67");

  private static final List<String> MATRICES =
      names(
          "- bt709 - - fcc bt470bg smpte170m smpte240m ycgco bt2020nc bt2020c smpte2085"
              + " chroma-derived-nc chroma-derived-c ictcp");

  private ContainerColours() {}

  private static List<String> names(String words) {
    return Stream.of(words.split(" ", -1)).map(word -> word.equals("-") ? UNKNOWN : word).toList();
  }

  static String primaries(String told, VideoTrack.Colours box) {
    return named(told, PRIMARIES, box.primaries());
  }

  static String transfer(String told, VideoTrack.Colours box) {
    return named(told, TRANSFERS, box.transfer());
  }

  static String matrix(String told, VideoTrack.Colours box) {
    return named(told, MATRICES, box.matrix());
  }

  /** Decoders call the range limited where nothing is said; so the box counts for silent ones. */
  static String range(String told, VideoTrack.Colours box, List<String> othersTold) {
    return box.fullRange() && othersTold.stream().allMatch(UNKNOWN::equals) ? "pc" : told;
  }

  private static String named(String told, List<String> names, int code) {
    return told.equals(UNKNOWN) && code < names.size() ? names.get(code) : told;
  }
}
