package dev.pictj.pictures;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Movies of every kind, made by ffmpeg, and what may be changed in their boxes. */
public final class Movies {
  private static final Set<String> CONTAINERS = Set.of("moov", "trak", "mdia", "minf", "stbl");
  private static final Map<List<String>, byte[]> MADE = new ConcurrentHashMap<>();

  /** 32 copies of one frame, of which only the first byte is looked at. */
  private static final int ENTRY_HEAD = 86;

  private Movies() {}

  /**
   * What ffmpeg makes of these arguments.
   *
   * @param container such as {@code mp4}
   * @param arguments separated by blanks; inputs, filters, encoders
   */
  public static byte[] made(String container, String arguments) {
    return made(container, arguments, Map.of());
  }

  /** The same with files that the arguments may name. */
  public static byte[] made(String container, String arguments, Map<String, byte[]> inputs) {
    List<String> all = new ArrayList<>(List.of("-nostdin", "-loglevel", "error"));
    all.addAll(List.of(arguments.strip().split(" +")));
    all.addAll(List.of("-fflags", "+bitexact", "-f", container, "out"));
    List<String> key = new ArrayList<>(all);
    inputs.values().forEach(input -> key.add(Integer.toString(Arrays.hashCode(input))));
    return MADE.computeIfAbsent(
            key, k -> Tools.make(inputs, "out", Tools.ffmpeg(), all.toArray(String[]::new)))
        .clone();
  }

  /** An animated AVIF of five pictures of 64x48, each shown for 100 ms. */
  public static byte[] avif(boolean alpha) {
    String source = " -f lavfi -i testsrc2=s=64x48:r=10:d=0.5,format=";
    String grey = alpha ? source + "gray -map 0 -map 1" : "";
    return made("avif", source + "yuv444p" + grey + " -c:v libaom-av1 -cpu-used 8");
  }

  /** A fact that ffprobe tells of the first video stream. */
  public static String fact(byte[] movie, String name) {
    String told = probed(movie, "-show_entries", "stream=" + name, "-of", "csv=p=0");
    return told.lines().findFirst().orElse("");
  }

  /** How long the movie lasts by its own header, in seconds. */
  public static double duration(byte[] movie) {
    return Double.parseDouble(
        probed(movie, "-show_entries", "format=duration", "-of", "csv=p=0").strip());
  }

  /** The times at which pictures are shown, in seconds, and behind them when the last one ends. */
  public static List<Double> times(byte[] movie) {
    List<Double> times = new ArrayList<>();
    probed(movie, "-show_entries", "frame=best_effort_timestamp_time", "-of", "csv=p=0")
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> times.add(Double.valueOf(line.replace(",", ""))));
    String begin = fact(movie, "start_time");
    times.add(Double.parseDouble(begin) + Double.parseDouble(fact(movie, "duration")));
    return times;
  }

  /** When its pictures are shown, in seconds, in the order of showing. */
  public static List<Double> shown(byte[] movie) {
    return probed(movie, "-show_entries", "packet=pts_time", "-of", "csv=p=0")
        .lines()
        .filter(line -> !line.isBlank())
        .map(line -> Double.valueOf(line.replace(",", "")))
        .sorted()
        .toList();
  }

  /** The codec of its sound; empty where it is silent. */
  public static String sound(byte[] movie) {
    return Tools.tell(
            Map.of("in", movie),
            Tools.ffprobe(),
            "-v",
            "error",
            "-select_streams",
            "a",
            "-show_entries",
            "stream=codec_name",
            "-of",
            "csv=p=0",
            "in")
        .strip();
  }

  private static String probed(byte[] movie, String... question) {
    List<String> all = new ArrayList<>(List.of("-v", "error", "-select_streams", "v:0"));
    all.addAll(List.of(question));
    all.add("in");
    return Tools.tell(Map.of("in", movie), Tools.ffprobe(), all.toArray(String[]::new));
  }

  /** Where in the file the packets of the first video stream begin, in its order. */
  public static List<Integer> packets(byte[] movie) {
    return probed(movie, "-show_entries", "packet=pos", "-of", "csv=p=0")
        .lines()
        .map(line -> Integer.valueOf(line.replace(",", "")))
        .toList();
  }

  /** What is heard, told apart by a hash of the decoded samples. */
  public static String heard(byte[] movie) {
    return Tools.tell(
        Map.of("in", movie),
        Tools.ffmpeg(),
        "-nostdin",
        "-v",
        "error",
        "-i",
        "in",
        "-map",
        "0:a",
        "-f",
        "md5",
        "-");
  }

  /** What a decoder complains of. */
  public static String faults(byte[] movie) {
    List<String> all = List.of("-nostdin", "-v", "error", "-i", "in", "-f", "null", "-");
    return Tools.tell(Map.of("in", movie), Tools.ffmpeg(), all.toArray(String[]::new));
  }

  /** All pictures as a player shows them: three bytes a pixel, red, green and blue. */
  public static byte[] pixels(byte[] movie) {
    return Tools.make(
        Map.of("in", movie),
        "out",
        Tools.ffmpeg(),
        ("-nostdin -v error -i in -vsync passthrough -pix_fmt rgb24 -f rawvideo"
                + " -sws_flags accurate_rnd+full_chroma_int+full_chroma_inp out")
            .split(" "));
  }

  /** A box. */
  public static byte[] box(String code, byte[]... inside) {
    byte[] payload = Bytes.join(inside);
    return Bytes.join(Bytes.big32(payload.length + 8), Bytes.ascii(code), payload);
  }

  /** Numbers of 32 bits. */
  public static byte[] numbers(int... numbers) {
    return Bytes.join(Arrays.stream(numbers).mapToObj(Bytes::big32).toArray(byte[][]::new));
  }

  /** With another matrix in every track: a, b, c, d as whole numbers. */
  public static byte[] turned(byte[] movie, int a, int b, int c, int d) {
    byte[] out = movie.clone();
    for (int at : places(out, "tkhd")) {
      byte[] matrix = numbers(a << 16, b << 16, 0, c << 16, d << 16);
      System.arraycopy(matrix, 0, out, at + 48, matrix.length);
    }
    return out;
  }

  /**
   * With one more box in the sample entry of the first track, which must be a video; the movie box
   * must be the last one, since nothing behind it is mended.
   */
  public static byte[] withEntryBox(byte[] movie, byte[] box) {
    int description = places(movie, "stsd").getFirst();
    int entry = description + 16;
    byte[] out =
        Bytes.join(
            Bytes.part(movie, 0, entry + ENTRY_HEAD), box, Bytes.from(movie, entry + ENTRY_HEAD));
    grow(out, entry, box.length);
    for (String around : List.of("stsd", "stbl", "minf", "mdia", "trak", "moov")) {
      grow(out, places(movie, around).getFirst(), box.length);
    }
    return out;
  }

  /**
   * The same for a movie whose box stands in front of its data, and which has one track and a still
   * that is found by its place in the file.
   */
  public static byte[] withEntryBoxInFront(byte[] avif, byte[] box) {
    byte[] out = withEntryBox(avif, box);
    int table = places(out, "stco").getFirst();
    for (int i = 0; i < number(out, table + 12); i++) {
      grow(out, table + 16 + 4 * i, box.length);
    }
    // One item of one extent: its place stands behind their number.
    int still = Bytes.find(out, "iloc") + 4;
    grow(out, still + 14, box.length);
    return out;
  }

  /** Box {@code colr} of kind {@code nclx} with code points of ITU-T H.273. */
  public static byte[] colours(int primaries, int transfer, int matrix, boolean fullRange) {
    byte[] codes = numbers(primaries << 16 | transfer, matrix << 16 | (fullRange ? 0x8000 : 0));
    return box("colr", Bytes.ascii("nclx"), Bytes.part(codes, 0, 7));
  }

  /** With another number of 16 or 32 bits somewhere. */
  public static byte[] with(byte[] movie, int at, byte[] bytes) {
    byte[] out = movie.clone();
    System.arraycopy(bytes, 0, out, at, bytes.length);
    return out;
  }

  /**
   * A QuickTime movie, movie box last, that begins with another box than {@code ftyp}; no sample
   * changes its place.
   *
   * @param kind {@code mdat}, whose box may have a length of 64 bits ({@code mdat64}), or the name
   *     of a box that is passed over
   */
  public static byte[] beginning(byte[] mov, String kind) {
    int type = number(mov, 0);
    int data = places(mov, "mdat").getFirst();
    int movie = places(mov, "moov").getFirst();
    return switch (kind) {
      case "mdat" ->
          with(with(mov, 0, new byte[data + 8]), 0, Bytes.join(numbers(movie), Bytes.ascii(kind)));
      case "mdat64" ->
          with(
              with(mov, 0, new byte[data + 8]),
              0,
              Bytes.join(numbers(1), Bytes.ascii("mdat"), numbers(0, movie)));
      case "wide" -> with(with(mov, 0, box("wide")), 8, box("free", new byte[type - 16]));
      default -> with(mov, 0, box(kind, new byte[type - 8]));
    };
  }

  private static void grow(byte[] movie, int at, int by) {
    System.arraycopy(Bytes.big32(number(movie, at) + by), 0, movie, at, 4);
  }

  /** Where the boxes of this name begin. */
  public static List<Integer> places(byte[] movie, String code) {
    List<Integer> found = new ArrayList<>();
    collect(movie, 0, movie.length, code, found);
    return found;
  }

  private static void collect(byte[] movie, int from, int to, String code, List<Integer> found) {
    for (int at = from; at <= to - 8; ) {
      int end = at + number(movie, at);
      String name = new String(movie, at + 4, 4, StandardCharsets.ISO_8859_1);
      if (name.equals(code)) {
        found.add(at);
      }
      if (CONTAINERS.contains(name)) {
        collect(movie, at + 8, end, code, found);
      }
      at = end;
    }
  }

  private static int number(byte[] movie, int at) {
    return (movie[at] & 255) << 24
        | (movie[at + 1] & 255) << 16
        | (movie[at + 2] & 255) << 8
        | movie[at + 3] & 255;
  }
}
