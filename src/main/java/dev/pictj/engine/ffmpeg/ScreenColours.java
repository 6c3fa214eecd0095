package dev.pictj.engine.ffmpeg;

import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import java.util.Map;
import java.util.Set;

/**
 * How decoded frames become the colours of a screen, sRGB with 8 bits: the filters that do it.
 *
 * <ul>
 *   <li>The matrix and the range are those of the frame. Where no matrix is told, it is that of HD
 *       (BT.709) from 720 lines on and that of SD (BT.601) below, as browsers have it; what is told
 *       to have the primaries of BT.2020 has its matrix.
 *   <li>Standard dynamic range (SDR): the transfer of BT.709 and its like is shown as sRGB's, and
 *       primaries of SD as those of HD, as players do. Wider primaries (BT.2020, P3) are converted.
 *   <li>HLG and PQ (ITU-R BT.2100) are tone-mapped: what is up to 60% as bright as a sheet of white
 *       paper (203 cd/m², ITU-R BT.2408) keeps its colour, what is brighter up to 1000 cd/m² is
 *       compressed into the rest.
 * </ul>
 */
final class ScreenColours {
  static final int HD_LINES = 720;

  /** Luminance of what is white on paper, and of the brightest that is kept apart. */
  private static final int WHITE = 203;

  private static final int PEAK = 1000;

  /** Matrices that ffmpeg's own scaler knows, by its names for them. */
  private static final Map<String, String> SCALER_MATRICES =
      Map.of(
          "bt709", "bt709",
          "bt470bg", "bt470",
          "smpte170m", "smpte170m",
          "smpte240m", "smpte240m",
          "fcc", "fcc",
          "bt2020nc", "bt2020");

  /** Others, which need zscale. */
  private static final Set<String> OTHER_MATRICES =
      Set.of("ycgco", "bt2020c", "chroma-derived-nc", "chroma-derived-c", "ictcp");

  private static final Set<String> WIDE_PRIMARIES =
      Set.of("bt2020", "smpte428", "smpte431", "smpte432");

  private static final Set<String> OTHER_TRANSFERS = Set.of("linear", "log100", "log316");

  private ScreenColours() {}

  /**
   * The filters, which end with frames of planar RGB.
   *
   * @param alpha whether they are transparent where the video is
   * @throws MediaException {@code UNSUPPORTED} when it is not known what the colours mean
   */
  static String filters(DecodedFrame frame, boolean alpha) throws MediaException {
    String filters = filters(frame);
    return alpha ? filters.replace("format=gbrp", "format=gbrap") : filters;
  }

  private static String filters(DecodedFrame frame) throws MediaException {
    String matrix = matrix(frame);
    boolean wide = WIDE_PRIMARIES.contains(frame.primaries());
    boolean other = OTHER_MATRICES.contains(matrix) || OTHER_TRANSFERS.contains(frame.transfer());
    String range = frame.isFullRange() ? "pc" : "tv";
    if (frame.isHdr()) {
      String primaries = frame.primaries().equals("unknown") ? "bt2020" : frame.primaries();
      // The second zscale asks the frame for its primaries.
      return "setparams=color_primaries=%s,".formatted(primaries)
          + "zscale=min=%s:rin=%s:pin=%s:tin=%s:t=linear:npl=%d:f=bicubic,"
              .formatted(matrix, range, primaries, frame.transfer(), WHITE)
          + "format=gbrpf32le,zscale=p=bt709,"
          + "tonemap=mobius:param=0.6:peak=%f:desat=0,".formatted((double) PEAK / WHITE)
          + "zscale=t=iec61966-2-1:m=gbr:r=pc,format=gbrp";
    }
    if (wide || other) {
      boolean kept = !OTHER_TRANSFERS.contains(frame.transfer());
      return "zscale=min=%s:rin=%s:pin=%s:tin=%s:m=gbr:r=pc:p=bt709:t=%s:f=bicubic,"
              .formatted(
                  matrix,
                  range,
                  wide ? frame.primaries() : "bt709",
                  kept ? "bt709" : frame.transfer(),
                  kept ? "bt709" : "iec61966-2-1")
          + "format=gbrp";
    }
    String scaler = "flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp,format=gbrp";
    return frame.isRgb()
        ? "scale=" + scaler
        : "scale=in_color_matrix=%s:in_range=%s:out_range=pc:%s"
            .formatted(SCALER_MATRICES.get(matrix), range, scaler);
  }

  /** The matrix that the frame names, or the one that is meant where it names none. */
  static String matrix(DecodedFrame frame) throws MediaException {
    if (frame.isRgb()) {
      return "gbr";
    }
    String matrix = frame.matrix();
    if (SCALER_MATRICES.containsKey(matrix) || OTHER_MATRICES.contains(matrix)) {
      return matrix;
    }
    if (!matrix.equals("unknown") && !matrix.equals("reserved")) {
      throw new MediaException(
          Reason.UNSUPPORTED, "Video is not accepted: its colours are of a kind that is not known");
    }
    if (frame.isHdr() || frame.primaries().equals("bt2020")) {
      return "bt2020nc";
    }
    return frame.size().height() >= HD_LINES ? "bt709" : "smpte170m";
  }
}
