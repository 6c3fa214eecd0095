package dev.pictj.engine.ffmpeg;

import dev.pictj.media.AvifSequence;
import java.util.ArrayList;
import java.util.List;

/** How an animated AVIF is read and written: pictures and their transparency are two streams. */
final class AvifArguments {
  /** Full range and sRGB, as browsers have it where nothing is said. */
  private static final List<String> COLOURS =
      List.of(
          "-color_range",
          "pc",
          "-colorspace",
          "bt709",
          "-color_primaries",
          "bt709",
          "-color_trc",
          "iec61966-2-1");

  /** The muxer must not make it finer: it would leave the times of the filter as they were. */
  private static final String TIMESCALE = "1/16000";

  /** The filter that divides colours by alpha, in 16 bits, because it does not round. */
  private static final String UNPREMULTIPLY =
      "format=gbrap,format=gbrap16le,unpremultiply=inplace=1,";

  /** Ignores the edit list, which only says that the animation plays again. */
  static final List<String> INPUT_OPTIONS = List.of("-ignore_editlist", "1");

  private AvifArguments() {}

  /** Options of an output that is an animated PNG with the same frames. */
  static List<String> toApng(AvifSequence sequence) {
    String pictures = "scale=flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp,";
    String turn =
        sequence
                .cut()
                .map(part -> ",crop=%d:%d:0:0:exact=1".formatted(part.width(), part.height()))
                .orElse("")
            + ","
            + VideoStillArguments.turning(sequence.orientation());
    String filters =
        sequence
            .alpha()
            .map(
                alpha ->
                    "[0:i:%d]%sformat=gbrp[c];[0:i:%d]scale=out_range=pc,format=gray[a];"
                            .formatted(sequence.track(), pictures, alpha)
                        + "[c][a]alphamerge,%sformat=rgba%s[o]"
                            .formatted(sequence.premultiplied() ? UNPREMULTIPLY : "", turn))
            .orElse("[0:i:%d]%sformat=rgb24%s[o]".formatted(sequence.track(), pictures, turn));
    List<String> line = new ArrayList<>(List.of("-filter_complex", filters, "-map", "[o]"));
    line.addAll(List.of("-map_metadata", "-1", "-enc_time_base", TIMESCALE));
    line.addAll(List.of("-c:v", "apng", "-pred", "up", "-compression_level", "1"));
    line.addAll(List.of("-plays", Integer.toString(sequence.plays())));
    line.addAll(List.of("-final_delay", sequence.last() + "/1000"));
    line.addAll(List.of("-f", "apng"));
    return line;
  }

  /** The constant rate factor of a quality, as libheif has it for stills. */
  static int crf(int quality) {
    return ((100 - quality) * 63 + 50) / 100;
  }

  /**
   * Options of an output that is an animated AVIF of an animated PNG.
   *
   * @param last milliseconds that the last frame is shown
   */
  static List<String> ofApng(boolean alpha, int frames, int last, int crf) {
    String pictures =
        "scale=out_color_matrix=bt709:out_range=pc"
            + ":flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp,format=yuv444p";
    String filters =
        alpha
            ? "[0:v:0]split[i][m];[m]alphaextract,format=gray[a];[i]format=gbrp,%s[c]"
                .formatted(pictures)
            : "[0:v:0]format=gbrp,%s[c]".formatted(pictures);
    List<String> line = new ArrayList<>(List.of("-filter_complex", filters, "-map", "[c]"));
    if (alpha) {
      line.addAll(List.of("-map", "[a]"));
    }
    line.addAll(List.of("-map_metadata", "-1", "-enc_time_base", TIMESCALE));
    line.addAll(List.of("-c:v", FfmpegTool.AV1_ENCODER, "-cpu-used", "8", "-row-mt", "1"));
    line.addAll(List.of("-crf", Integer.toString(crf), "-b:v", "0"));
    line.addAll(List.of("-threads", Integer.toString(FfmpegRuns.THREADS)));
    line.addAll(COLOURS);
    line.addAll(
        List.of(
            "-bsf:v",
            "setts=pts=PTS:dts=DTS:duration=if(eq(N\\,%d)\\,%d/1000/TB\\,DURATION)"
                .formatted(frames - 1, last)));
    line.addAll(List.of("-fflags", "+bitexact", "-flags:v", "+bitexact", "-f", "avif"));
    return line;
  }

  /** Options of an MP4 that has the same pictures and nothing that may hide anything. */
  static List<String> bare(AvifSequence sequence) {
    List<String> line = new ArrayList<>(List.of("-map", "0:i:" + sequence.track()));
    sequence.alpha().ifPresent(alpha -> line.addAll(List.of("-map", "0:i:" + alpha)));
    line.addAll(List.of("-map_metadata", "-1", "-c", "copy", "-copytb", "1"));
    line.addAll(List.of("-bsf:v", "filter_units=pass_types=1-4|6-8"));
    line.addAll(List.of("-fflags", "+bitexact", "-f", "mp4"));
    return line;
  }

  /** The streams of such an MP4. */
  static List<String> streams(AvifSequence sequence) {
    return sequence.alpha().isPresent() ? List.of("0:v:0", "0:v:1") : List.of("0:v:0");
  }

  /** Options of an AVIF that has the pictures of such an MP4. */
  static List<String> copy(AvifSequence sequence) {
    List<String> line = new ArrayList<>();
    streams(sequence).forEach(stream -> line.addAll(List.of("-map", stream)));
    line.addAll(List.of("-map_metadata", "-1", "-c", "copy", "-copytb", "1"));
    line.addAll(List.of("-fflags", "+bitexact", "-f", "avif"));
    return line;
  }
}
