package dev.pictj.engine.ffmpeg;

import dev.pictj.media.Dimensions;
import dev.pictj.media.Orientation;
import dev.pictj.media.VideoTrack;
import dev.pictj.media.VideoTrack.Aperture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The arguments by which ffmpeg makes an MP4 of an animation or a video. */
final class Mp4Arguments {
  /**
   * Lays the picture on white: a white copy of each frame below, the frame above. Not with drawbox,
   * whose replace mode crashes ffmpeg 5.1 here. In red, green and blue, so that colours are as
   * sharp as they were.
   */
  private static final String ON_WHITE =
      "format=rgba,split[under][over];"
          + "[under]lutrgb=r=255:g=255:b=255:a=255[white];"
          + "[white][over]overlay=format=rgb";

  /**
   * Writes colours as {@link ScreenColours} has them in stills of such videos: BT.709 is shown with
   * sRGB's curve, so it is written with that.
   */
  private static final String TO_SDR =
      "zscale=tin=%s:min=%s:pin=%s:rin=%s:t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,"
          + "tonemap=mobius:param=0.6:desat=0:peak=4.926108,"
          + "zscale=t=iec61966-2-1:m=bt709:r=tv,format=yuv420p";

  private static final String ACCURATE_SCALING = ":flags=bicubic+accurate_rnd+full_chroma_int";

  private static final String BT709 = ":color_primaries=bt709:color_trc=bt709:colorspace=bt709";

  /** Pixels are kept but for the last column and row of odd sides. */
  private static final String EVEN_SIDES = "crop=2*trunc(iw/2):2*trunc(ih/2):0:0";

  private Mp4Arguments() {}

  /** Options of the input: a GIF that loops for ever would be read for ever. */
  static List<String> gifDecoding() {
    return List.of("-ignore_loop", "1");
  }

  /**
   * Options of the output that is made of a GIF.
   *
   * @param size of its canvas
   * @param extent what is decoded, where that is larger
   */
  static List<String> gif(
      Dimensions size,
      Optional<Dimensions> extent,
      FrameTiming pace,
      int crf,
      int maxFrames,
      X264Effort effort) {
    List<String> filters = new ArrayList<>();
    if (extent.isPresent()) {
      filters.add("crop=%d:%d:0:0".formatted(size.width(), size.height()));
    }
    filters.add(ON_WHITE);
    filters.addAll(evenSides(size));
    filters.add(yuv420p(true));
    filters.add("setsar=1,setparams=range=tv" + BT709);
    return encoding("0:v:0", StoredVideo.silentMp4(crf), filters, pace, maxFrames, effort);
  }

  /**
   * Options of the input. Players ignore turns by other than right angles, which ffmpeg would make;
   * times are told as they stand in the file.
   */
  static List<String> movieDecoding(VideoTrack track) {
    return track.orientation() == Orientation.UPRIGHT
        ? List.of("-copyts", "-noautorotate")
        : List.of("-copyts");
  }

  /** Options of the output that is made of a movie by decoding it. */
  static List<String> movie(
      String stream,
      VideoTrack track,
      MovieFacts facts,
      StoredVideo wanted,
      int maxFrames,
      X264Effort effort) {
    List<String> filters = new ArrayList<>();
    filters.add("setpts=PTS-" + parenthesised(facts.start()));
    if (!facts.decodedTags().isEmpty()) {
      filters.add("setparams=" + facts.decodedTags().substring(1));
    }
    if (facts.isInterlaced()) {
      filters.add("yadif=deint=interlaced");
    }
    Aperture aperture = turned(track);
    if (track.coded().equals(facts.size()) && !track.aperture().size().equals(track.coded())) {
      Dimensions size = aperture.size();
      filters.add(
          "crop=%d:%d:%d:%d:exact=1"
              .formatted(size.width(), size.height(), aperture.x(), aperture.y()));
    }
    String tags = facts.isRgb() || facts.isHdr() ? BT709 : facts.colourTags();
    if (facts.isHdr()) {
      filters.add(facts.toSdr(TO_SDR));
    } else if ((facts.hasAlpha() || track.alpha()) && !wanted.alpha()) {
      filters.add("scale=in_color_matrix=" + facts.matrix() + ACCURATE_SCALING);
      filters.add(ON_WHITE);
      tags = BT709;
    }
    double aspect = facts.pixelAspect();
    filters.addAll(square(aperture.size(), track.orientation().swapsSides() ? 1 / aspect : aspect));
    String pixels = yuv420p(tags.equals(BT709));
    filters.add(wanted.alpha() ? pixels.replace("yuv420p", "yuva420p") : pixels);
    filters.add("setsar=1,setparams=range=tv" + tags);
    return encoding(stream, wanted, filters, facts.pace(), maxFrames, effort);
  }

  /** Options of the output that is a movie's own pictures, packed anew. */
  static List<String> copy(String stream, MovieFacts facts, StoredVideo wanted) {
    List<String> line = new ArrayList<>(alone(stream, wanted));
    // Slices, parameter sets, ends of sequences: what decoding needs. All else may hide anything.
    String start = parenthesised(facts.start());
    line.addAll(List.of("-c:v", "copy", "-copytb", "1"));
    line.addAll(wanted.tag());
    String units = wanted.keptUnits(facts);
    if (wanted.isWebm()) {
      line.addAll(List.of("-bsf:v", units + "setts=ts=TS-" + start));
    } else {
      line.addAll(
          List.of(
              "-bsf:v",
              units
                  + "setts=pts=PTS-%s:dts=%s-%s:duration=%s"
                      .formatted(start, facts.decodingTimes(), start, facts.durations())));
      line.addAll(List.of("-video_track_timescale", Long.toString(facts.timescale())));
    }
    line.addAll(wanted.sound(facts));
    line.addAll(container(wanted));
    return line;
  }

  private static String parenthesised(long number) {
    return "(" + number + ")";
  }

  /** Makes sides even, because 4:2:0 has one chroma sample for two by two pixels. */
  private static List<String> evenSides(Dimensions size) {
    List<String> filters = new ArrayList<>();
    if (Math.min(size.width(), size.height()) < 2) {
      filters.add("scale=w='max(2,iw)':h='max(2,ih)':flags=neighbor");
    }
    filters.add(EVEN_SIDES);
    return filters;
  }

  /** The shorter side of each pixel grows, as in players. */
  private static List<String> square(Dimensions size, double aspect) {
    if (Math.abs(aspect - 1) < MovieFacts.SQUARE_TOLERANCE) {
      return evenSides(size);
    }
    boolean wide = aspect > 1;
    long width = wide ? even(size.width() * aspect) : evenBelow(size.width());
    long height = wide ? evenBelow(size.height()) : even(size.height() / aspect);
    String crop =
        wide ? "crop=iw:min(ih\\,%d)".formatted(height) : "crop=min(iw\\,%d)".formatted(width);
    return List.of(
        crop + (wide ? ":0:0:exact=1" : ":ih:0:0:exact=1"),
        "scale=%d:%d:flags=bicubic".formatted(width, height));
  }

  private static long even(double side) {
    return Math.max(2, 2 * Math.round(side / 2));
  }

  private static long evenBelow(int side) {
    return Math.max(2, side / 2 * 2);
  }

  private static String yuv420p(boolean ofBt709) {
    return "scale=out_range=tv"
        + ACCURATE_SCALING
        + (ofBt709 ? ":out_color_matrix=bt709" : "")
        + ",format=yuv420p";
  }

  /** The part that is shown, as it lies once the picture is turned. */
  private static Aperture turned(VideoTrack track) {
    Dimensions size = track.aperture().size();
    int left = track.aperture().x();
    int top = track.aperture().y();
    int right = track.coded().width() - left - size.width();
    int bottom = track.coded().height() - top - size.height();
    Dimensions upright = track.orientation().upright(size);
    return switch (track.orientation()) {
      case UPRIGHT -> new Aperture(upright, left, top);
      case MIRRORED -> new Aperture(upright, right, top);
      case HALF_TURN -> new Aperture(upright, right, bottom);
      case FLIPPED -> new Aperture(upright, left, bottom);
      case TRANSPOSED -> new Aperture(upright, top, left);
      case QUARTER_TURN -> new Aperture(upright, bottom, left);
      case TRANSVERSED -> new Aperture(upright, bottom, right);
      case THREE_QUARTER_TURN -> new Aperture(upright, top, right);
    };
  }

  private static List<String> encoding(
      String stream,
      StoredVideo wanted,
      List<String> filters,
      FrameTiming pace,
      int maxFrames,
      X264Effort effort) {
    List<String> line = new ArrayList<>(alone(stream, wanted));
    // One more than is allowed, so that the result tells when there were more.
    String most = Long.toString(maxFrames + 1L);
    if (wanted.hasSound()) {
      // ffmpeg 7 ends all streams with the pictures where those are counted as they are written.
      line.addAll(List.of("-vf", "trim=end_frame=" + most + "," + String.join(",", filters)));
    } else {
      line.addAll(List.of("-vf", String.join(",", filters), "-frames:v", most));
    }
    line.addAll(wanted.encoder(effort));
    if (!pace.even() && !wanted.isWebm()) {
      line.addAll(List.of("-bf", "0"));
    }
    line.addAll(wanted.isWebm() ? pace.clock() : pace.options());
    line.addAll(wanted.soundEncoded());
    line.addAll(container(wanted));
    return line;
  }

  private static List<String> alone(String stream, StoredVideo wanted) {
    List<String> line = new ArrayList<>(List.of("-map", stream));
    line.addAll(wanted.hasSound() ? List.of("-map", "0:a:0") : List.of("-an"));
    line.addAll(List.of("-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"));
    return line;
  }

  private static List<String> container(StoredVideo wanted) {
    List<String> line = new ArrayList<>(List.of("-fflags", "+bitexact", "-flags:v", "+bitexact"));
    line.addAll(wanted.alphaTag());
    if (wanted.hasSound()) {
      line.addAll(List.of("-flags:a", "+bitexact"));
    }
    line.addAll(
        wanted.isWebm()
            ? List.of("-avoid_negative_ts", "disabled", "-f", "webm")
            : List.of("-movflags", "+faststart", "-f", "mp4"));
    return line;
  }
}
