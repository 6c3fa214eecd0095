package dev.pictj.engine.ffmpeg;

import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.media.Orientation;
import dev.pictj.media.VideoTrack;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What ffprobe says of the one track of a movie that counts: its stream, and when each of its
 * packets is shown.
 */
final class MovieFacts {
  private static final String FIELDS =
      "packet=pts,dts,duration,flags:stream=index,codec_name,codec_tag_string,profile,level,pix_fmt,"
          + "width,height,field_order,sample_aspect_ratio,color_range,color_space,color_transfer,"
          + "color_primaries,time_base,start_pts,duration_ts,nb_frames"
          + ":stream_side_data=dv_profile:format=nb_streams,duration";

  /** Pixels whose ratio differs from 1 by no more than this count as square: nobody sees it. */
  static final double SQUARE_TOLERANCE = 1e-4;

  /** Profiles of H.264 that browsers show; others have more bits or less subsampling than 4:2:0. */
  private static final Set<String> SHOWN_PROFILES =
      Set.of("Constrained Baseline", "Baseline", "Main", "High", "Constrained High");

  /** The highest level that hardware decodes everywhere, 5.2. */
  private static final int MAX_LEVEL = 52;

  private static final Set<String> HDR = Set.of("smpte2084", "arib-std-b67");

  /** Transfer characteristics that ffprobe calls otherwise than filters do. */
  private static final Map<String, String> FILTER_NAMES =
      Map.of("gamma22", "bt470m", "gamma28", "bt470bg");

  private final Map<String, String> stream = new HashMap<>();
  private final Map<String, String> format = new HashMap<>();
  private final List<Long> shown = new ArrayList<>();
  private long firstDecoded;
  private long lastPacketLasts;
  private boolean beginsWithKey;
  private boolean edited;
  private boolean cut;
  private int packets;
  private String decodedTags = "";

  private MovieFacts() {}

  /**
   * The options of ffprobe.
   *
   * @param specifier of the stream
   * @param packets that are listed at most
   */
  static List<String> question(String specifier, long packets) {
    return List.of(
        "-select_streams",
        specifier,
        "-read_intervals",
        "%+#" + packets,
        "-show_entries",
        FIELDS,
        "-of",
        "compact");
  }

  /** Reads the output of ffprobe. */
  static MovieFacts of(String answer) throws MediaException {
    MovieFacts facts = new MovieFacts();
    for (String line : answer.lines().toList()) {
      Map<String, String> fields = new HashMap<>();
      for (String field : line.split("\\|", -1)) {
        int equals = field.indexOf('=');
        if (equals > 0) {
          fields.put(field.substring(0, equals), field.substring(equals + 1).strip());
        }
      }
      if (line.startsWith("packet|")) {
        facts.packet(fields);
      } else if (line.startsWith("stream|")) {
        facts.stream.putAll(fields);
      } else if (line.startsWith("format|")) {
        facts.format.putAll(fields);
      }
    }
    if (facts.stream.isEmpty() && facts.packets > 0) {
      // The stream is told behind its packets, and no more is kept of an answer than fits.
      throw new MediaException(
          Reason.FRAMES,
          "Video has more than %d frames, which are more than can be looked at"
              .formatted(facts.packets));
    }
    boolean sized = number(facts.stream, "width", 0) > 0 && number(facts.stream, "height", 0) > 0;
    if (!sized || facts.shown.isEmpty()) {
      throw new MediaException(Reason.INVALID, "Video cannot be read: it has no pictures");
    }
    facts.shown.sort(null);
    return facts;
  }

  private void packet(Map<String, String> fields) {
    String flags = fields.getOrDefault("flags", "");
    packets++;
    cut |= flags.contains("C");
    if (flags.contains("D")) {
      // The picture is decoded because others are predicted from it, and not shown: the edit list
      // begins behind it.
      edited = true;
      return;
    }
    long decoded = number(fields, "dts", 0);
    if (shown.isEmpty()) {
      firstDecoded = decoded;
      beginsWithKey = flags.contains("K");
    }
    shown.add(number(fields, "pts", decoded));
    lastPacketLasts = number(fields, "duration", 0);
  }

  private static long number(Map<String, String> fields, String name, long otherwise) {
    try {
      return Long.parseLong(fields.getOrDefault(name, ""));
    } catch (NumberFormatException _) {
      return otherwise;
    }
  }

  private String text(String name) {
    return stream.getOrDefault(name, "unknown");
  }

  /** Adds the colours that the movie's box tells, where the bitstream says nothing of them. */
  void complete(VideoTrack.Colours box) {
    String matrix = text("color_space");
    String primaries = text("color_primaries");
    String transfer = text("color_transfer");
    String range = text("color_range");
    String whole = ContainerColours.range(range, box, List.of(matrix, primaries, transfer));
    stream.put("color_range", whole);
    stream.put("color_space", isRgb() ? matrix : ContainerColours.matrix(matrix, box));
    stream.put("color_primaries", ContainerColours.primaries(primaries, box));
    stream.put("color_transfer", ContainerColours.transfer(transfer, box));
    if (!isRgb()) {
      decodedTags = (whole.equals(range) ? "" : ":range=pc") + colourTags();
    }
  }

  /** What decoded pictures are to be told of their colours, as by {@link #colourTags}. */
  String decodedTags() {
    return decodedTags;
  }

  /** How many pictures are shown. */
  int frames() {
    return shown.size();
  }

  /** Whether the file ends within a picture. */
  boolean isCut() {
    return cut;
  }

  /** How many pictures are in the file, those included that are only there for others' sake. */
  int packets() {
    return packets;
  }

  /** Width and height of the coded pictures, before they are turned or stretched. */
  Dimensions size() {
    return new Dimensions((int) number(stream, "width", 0), (int) number(stream, "height", 0));
  }

  /** How wide a pixel is for its height; 1 where nothing says. */
  double pixelAspect() {
    String[] ratio = text("sample_aspect_ratio").split(":", -1);
    try {
      double aspect = Double.parseDouble(ratio[0]) / Double.parseDouble(ratio[1]);
      return aspect > 0 && aspect < Double.POSITIVE_INFINITY ? aspect : 1;
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException _) {
      return 1;
    }
  }

  /** Ticks in a second of the track's own clock. */
  long timescale() {
    String base = text("time_base");
    try {
      return Math.max(1, Long.parseLong(base.substring(base.indexOf('/') + 1)));
    } catch (NumberFormatException _) {
      return 1;
    }
  }

  /** The codec of the pictures, by ffmpeg's name for it. */
  String codec() {
    return text("codec_name");
  }

  /** {@link #start} in seconds. */
  double startSeconds() {
    return (double) start() / timescale();
  }

  /** Whether packed pictures can be taken over: whole, and nothing left out by an edit. */
  boolean isWhole() {
    return !edited && !cut && beginsWithKey;
  }

  /**
   * What to take from all times, in ticks, so that the movie begins at 0. A track that is held back
   * by an empty edit begins later, as it does in players. Fragments that were cut out of a longer
   * stream begin with it.
   */
  long start() {
    boolean heldBack = firstDecoded > 0 && number(stream, "nb_frames", 0) > 0;
    return heldBack ? 0 : shown.getFirst();
  }

  /**
   * How long the last picture is shown, in ticks. Where times of decoding and showing differ much,
   * the times of a track add up to less than it takes to show it, and only the movie's own duration
   * is right.
   */
  private long lastShown() {
    long rest = number(stream, "start_pts", 0) + number(stream, "duration_ts", 0) - shown.getLast();
    if (rest <= 0 && number(format, "nb_streams", 0) == 1) {
      rest =
          Math.round(seconds(format.getOrDefault("duration", "")) * timescale()) - shown.getLast();
    }
    return rest > 0 ? rest : Math.max(1, lastPacketLasts);
  }

  private static double seconds(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  /**
   * How long each packet lasts, for the filter {@code setts}: those of the track add up to the time
   * that it is shown, the last picture is shown as long as it was, and none beyond the end.
   */
  String durations() {
    long end = shown.getLast() + lastShown();
    return "if(eq(N,%d),max(1,%d-%s),min(if(eq(PTS,%d),%d,DURATION),%d-PTS))"
        .formatted(
            frames() - 1,
            end - shown.getFirst() + firstDecoded,
            decodingTime(),
            shown.getLast(),
            lastShown(),
            end)
        .replace(",", "\\,");
  }

  /**
   * When each packet is decoded, for the filter {@code setts}: as in the file, but the last one no
   * earlier before it is shown than the first. Where frames do not come evenly, it would have to
   * last beyond the end of the movie, for the times of decoding to add up to it.
   */
  String decodingTimes() {
    return "if(eq(N,%d),%s,DTS)".formatted(frames() - 1, decodingTime()).replace(",", "\\,");
  }

  private String decodingTime() {
    return "max(DTS,PTS-%d)".formatted(Math.max(0, shown.getFirst() - firstDecoded));
  }

  /** How long the movie is shown, in seconds. */
  double lasts() {
    return (double) (shown.getLast() + lastShown() - start()) / timescale();
  }

  /** When pictures are shown, for an encoder. */
  FrameTiming pace() {
    long[] times = shown.stream().mapToLong(Long::longValue).toArray();
    long longest = lastShown();
    for (int i = 1; i < times.length; i++) {
      longest = Math.max(longest, times[i] - times[i - 1]);
    }
    double mean = (double) (times[times.length - 1] - times[0] + lastShown()) / times.length;
    return FrameTiming.of(timescale(), lastShown(), longest <= 1.5 * mean);
  }

  /** Whether the pictures are HDR. */
  boolean isHdr() {
    return HDR.contains(text("color_transfer"));
  }

  /** A pattern of filters with the transfer, the matrix, the primaries and the range filled in. */
  String toSdr(String filters) {
    return filters.formatted(
        text("color_transfer"),
        known("color_space", "bt2020nc"),
        known("color_primaries", "bt2020"),
        known("color_range", "tv"));
  }

  private String known(String name, String otherwise) {
    return text(name).equals("unknown") ? otherwise : text(name);
  }

  /** Whether its colours have a base that no filter here knows (Dolby Vision profile 5). */
  boolean isDolbyVisionAlone() {
    return stream.entrySet().stream()
        .anyMatch(fact -> fact.getKey().endsWith("dv_profile") && fact.getValue().equals("5"));
  }

  boolean isInterlaced() {
    return Set.of("tt", "bb", "tb", "bt").contains(text("field_order"));
  }

  /** Whether the pixels are red, green and blue or a palette of them. */
  boolean isRgb() {
    String format = text("pix_fmt");
    return text("color_space").equals("gbr")
        || format.matches("pal8|mono.*|x?(rgb|bgr|gbr|0rgb|0bgr|argb|abgr|x2rgb|x2bgr).*");
  }

  boolean hasAlpha() {
    return text("pix_fmt")
        .matches("pal8|argb.*|abgr.*|rgba.*|bgra.*|gbrap.*|yuva.*|ayuv.*|vuya.*|ya\\d.*");
  }

  /** The matrix by the names of filter {@code scale}; where none is said, the height decides. */
  String matrix() {
    boolean meant = text("color_space").equals("unknown") && !isRgb();
    return meant && size().height() >= ScreenColours.HD_LINES ? "bt709" : "auto";
  }

  /** What was said of the colours, for the filter {@code setparams}; empty where nothing was. */
  String colourTags() {
    StringBuilder tags = new StringBuilder();
    Map.of("colorspace", "color_space", "color_primaries", "color_primaries")
        .forEach((filter, field) -> tag(tags, filter, text(field)));
    String transfer = text("color_transfer");
    tag(tags, "color_trc", FILTER_NAMES.getOrDefault(transfer, transfer));
    return tags.toString();
  }

  private static void tag(StringBuilder tags, String name, String value) {
    if (value.matches("bt[0-9a-z-]+|smpte[0-9a-z]+|iec61966-2-1|linear|log\\d+|film|fcc|ycgco")) {
      tags.append(':').append(name).append('=').append(value);
    }
  }

  /**
   * Whether browsers show the track as it is: H.264 of 8 bits with 4:2:0, even sides, square
   * pixels, whole, in standard dynamic range, and no edit but one that begins with its first
   * picture.
   */
  boolean isShownAsItIs(VideoTrack track) {
    Dimensions size = size();
    Orientation turn = track.orientation();
    return text("codec_name").equals("h264")
        && text("codec_tag_string").equals("avc1")
        && SHOWN_PROFILES.contains(text("profile"))
        && Set.of("yuv420p", "yuvj420p").contains(text("pix_fmt"))
        && Set.of("progressive", "unknown").contains(text("field_order"))
        && number(stream, "level", Long.MAX_VALUE) <= MAX_LEVEL
        && timescale() <= Integer.MAX_VALUE
        && size.width() % 2 == 0
        && size.height() % 2 == 0
        && track.aperture().size().equals(size)
        && Math.abs(pixelAspect() - 1) < SQUARE_TOLERANCE
        && Set.of(
                Orientation.UPRIGHT,
                Orientation.QUARTER_TURN,
                Orientation.HALF_TURN,
                Orientation.THREE_QUARTER_TURN)
            .contains(turn)
        && !isHdr()
        && !edited
        && !cut
        && beginsWithKey;
  }

  @Override
  public String toString() {
    return stream + ", " + Arrays.asList(frames(), start(), edited, cut);
  }
}
