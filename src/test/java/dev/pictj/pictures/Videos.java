package dev.pictj.pictures;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Films of one colour after another, and of stripes in known colours, each tagged as is asked. */
public final class Videos {
  private static final Map<String, byte[]> MADE = new ConcurrentHashMap<>();

  private Videos() {}

  /** How colours are written as brightness and two differences (ITU-T H.273, table 4). */
  public enum Matrix {
    BT601("smpte170m", "bt709", "smpte170m", 0.299, 0.114),
    BT709("bt709", "bt709", "bt709", 0.2126, 0.0722),
    BT2020("bt2020nc", "bt2020", "bt2020-10", 0.2627, 0.0593);

    private final String name;
    private final String primaries;
    private final String transfer;
    private final double red;
    private final double blue;

    Matrix(String name, String primaries, String transfer, double red, double blue) {
      this.name = name;
      this.primaries = primaries;
      this.transfer = transfer;
      this.red = red;
      this.blue = blue;
    }

    /** Brightness from 0 to 1, and blue's and red's difference from it, from -0.5 to 0.5. */
    double[] coded(double[] rgb) {
      double luma = red * rgb[0] + (1 - red - blue) * rgb[1] + blue * rgb[2];
      return new double[] {luma, (rgb[2] - luma) / (2 - 2 * blue), (rgb[0] - luma) / (2 - 2 * red)};
    }
  }

  /** How light is written (ITU-R BT.2100). */
  public enum Transfer {
    SDR,
    HLG,
    PQ
  }

  /**
   * What stripes are written like.
   *
   * @param full whether brightness has all values, or those from 16 to 235 of 255
   * @param tagged whether the file says so
   * @param container {@code mp4} or {@code mov}
   */
  public record Look(
      Matrix matrix, boolean full, Transfer transfer, boolean tagged, String container) {}

  /** The whole frame in one colour after another, for these times, in an MP4 or a MOV. */
  public static byte[] ofColours(
      String container, int width, int height, int[] millis, int[] rgb, String... more) {
    String key = container + width + "x" + height + Arrays.toString(millis) + Arrays.toString(rgb);
    return MADE.computeIfAbsent(
            key + Arrays.toString(more),
            _ -> {
              ByteArrayOutputStream raw = new ByteArrayOutputStream();
              StringBuilder times = new StringBuilder("setpts='");
              int at = 0;
              for (int i = 0; i < millis.length; i++) {
                int colour = rgb[i % rgb.length];
                byte[] pixel = {(byte) (colour >> 16), (byte) (colour >> 8), (byte) colour};
                for (int p = 0; p < width * height; p++) {
                  raw.writeBytes(pixel);
                }
                times.append("if(eq(N,%d),%d,".formatted(i, at));
                at += millis[i];
              }
              times.append(at).append(")".repeat(millis.length)).append("'");
              List<String> command = raw("rgb24", width, height, 1000);
              command.addAll(
                  List.of(
                      "-vf",
                      times + ",scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd",
                      "-vsync",
                      "passthrough",
                      "-enc_time_base",
                      "1/1000",
                      "-video_track_timescale",
                      "1000",
                      "-c:v",
                      "libx264",
                      "-threads",
                      "1",
                      "-qp",
                      "4",
                      "-bf",
                      "0",
                      "-pix_fmt",
                      "yuv420p"));
              command.addAll(tags(Matrix.BT709, "bt709", false));
              command.addAll(List.of(more));
              command.addAll(List.of("-f", container, "out"));
              return lastFor(
                  Tools.make(
                      Map.of("in", raw.toByteArray()),
                      "out",
                      Tools.ffmpeg(),
                      command.toArray(String[]::new)),
                  millis[millis.length - 1]);
            })
        .clone();
  }

  /** The beginning of a command of ffmpeg's that reads bare pixels, so many pictures a second. */
  private static List<String> raw(String pixels, int width, int height, int rate) {
    String command = "-nostdin -loglevel error -f rawvideo -pix_fmt %s -s %dx%d -r %d -i in";
    return new ArrayList<>(List.of(command.formatted(pixels, width, height, rate).split(" ", -1)));
  }

  /**
   * Sets the time of the last sample (ISO/IEC 14496-12, 8.6.1.2), which ffmpeg takes to be as long
   * as the one before, and all that is added up of it.
   */
  private static byte[] lastFor(byte[] movie, int millis) {
    int table = Bytes.find(movie, "stts");
    var bytes = java.nio.ByteBuffer.wrap(movie);
    int entries = bytes.getInt(table + 8);
    int last = table + 12 + 8 * (entries - 1);
    int change = millis - bytes.getInt(last + 4);
    if (bytes.getInt(last) != 1 && change != 0) {
      throw new IllegalStateException("the last sample shares its entry with others");
    }
    bytes.putInt(last + 4, millis);
    for (String box : List.of("mvhd", "tkhd", "mdhd", "elst")) {
      int at =
          Bytes.find(movie, box)
              + switch (box) {
                case "tkhd" -> 24;
                case "elst" -> 12;
                default -> 20;
              };
      bytes.putInt(at, bytes.getInt(at) + change);
    }
    return movie;
  }

  /** Three frames of a picture at 25 a second, tagged as BT.709, with further options of ffmpeg. */
  public static byte[] ofPicture(String container, BufferedImage picture, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "-nostdin",
                "-loglevel",
                "error",
                "-loop",
                "1",
                "-framerate",
                "25",
                "-i",
                "in.png",
                "-frames:v",
                "3",
                "-c:v",
                "libx264",
                "-threads",
                "1",
                "-qp",
                "4"));
    command.addAll(tags(Matrix.BT709, "bt709", false));
    command.addAll(List.of(more));
    String filters = "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd";
    if (!command.contains("-pix_fmt")) {
      filters += ",format=yuv420p";
    }
    command.addAll(List.of("-vf", filters, "-f", container, "out"));
    byte[] png = Pictures.written(picture, "png");
    return MADE.computeIfAbsent(
            Arrays.hashCode(png) + command.toString(),
            _ ->
                Tools.make(
                    Map.of("in.png", png), "out", Tools.ffmpeg(), command.toArray(String[]::new)))
        .clone();
  }

  /**
   * The same film with the display matrix of its track turned by quarters clockwise (ISO/IEC
   * 14496-12, 8.3.2).
   */
  public static byte[] turned(byte[] movie, int quarters) {
    int[][] turns = {{1, 0, 0, 1}, {0, 1, -1, 0}, {-1, 0, 0, -1}, {0, -1, 1, 0}};
    byte[] out = movie.clone();
    var bytes = java.nio.ByteBuffer.wrap(out);
    int at = Bytes.find(movie, "tkhd") + 44;
    int[] places = {0, 4, 12, 16};
    for (int i = 0; i < 4; i++) {
      bytes.putInt(at + places[i], turns[quarters][i] << 16);
    }
    return out;
  }

  /** Vertical stripes of equal width in these colours of sRGB, for some frames at 25 a second. */
  public static byte[] stripes(int width, int height, int[] rgb, Look look, String... more) {
    return MADE.computeIfAbsent(
            width + "x" + height + Arrays.toString(rgb) + look + Arrays.toString(more),
            _ -> {
              boolean deep = look.transfer != Transfer.SDR;
              String pixels = deep ? "yuv420p10le" : look.full ? "yuvj420p" : "yuv420p";
              List<String> command = raw(pixels, width, height, 25);
              if (deep) {
                command.addAll(
                    List.of(
                        "-c:v",
                        "libx265",
                        "-preset",
                        "ultrafast",
                        "-tag:v",
                        "hvc1",
                        "-x265-params",
                        "log-level=none:pools=1:qp=4:colorprim=bt2020:transfer="
                            + hdr(look.transfer)
                            + ":colormatrix=bt2020nc"));
              } else {
                command.addAll(List.of("-c:v", "libx264", "-threads", "1", "-qp", "1"));
              }
              if (look.tagged) {
                String transfer = deep ? hdr(look.transfer) : look.matrix.transfer;
                command.addAll(tags(look.matrix, transfer, look.full));
              }
              command.addAll(List.of(more));
              command.addAll(List.of("-f", look.container, "out"));
              byte[] frame = planes(width, height, rgb, look, deep);
              return Tools.make(
                  Map.of("in", Bytes.join(frame, frame, frame)),
                  "out",
                  Tools.ffmpeg(),
                  command.toArray(String[]::new));
            })
        .clone();
  }

  private static String hdr(Transfer transfer) {
    return transfer == Transfer.HLG ? "arib-std-b67" : "smpte2084";
  }

  private static List<String> tags(Matrix matrix, String transfer, boolean full) {
    return List.of(
        "-colorspace",
        matrix.name,
        "-color_primaries",
        matrix.primaries,
        "-color_trc",
        transfer,
        "-color_range",
        full ? "pc" : "tv");
  }

  /** Three planes, of which the last two have half the width and height. */
  private static byte[] planes(int width, int height, int[] rgb, Look look, boolean deep) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int plane = 0; plane < 3; plane++) {
      int shrunk = plane == 0 ? 1 : 2;
      for (int y = 0; y < height / shrunk; y++) {
        for (int x = 0; x < width / shrunk; x++) {
          int colour = rgb[x * rgb.length / (width / shrunk)];
          double value = look.matrix.coded(signal(colour, look.transfer))[plane];
          double unit = deep ? 4 : 1;
          double coded =
              plane == 0
                  ? value * (look.full ? 255 : 219) + (look.full ? 0 : 16)
                  : value * (look.full ? 255 : 224) + 128;
          int sample = Math.clamp(Math.round(coded * unit), 0, deep ? 1023 : 255);
          out.write(sample);
          if (deep) {
            out.write(sample >> 8);
          }
        }
      }
    }
    return out.toByteArray();
  }

  /** A colour of sRGB as a signal from 0 to 1; of HDR, with white at 203 cd/m2 (ITU-R BT.2408). */
  private static double[] signal(int rgb, Transfer transfer) {
    double[] value = {(rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0};
    if (transfer == Transfer.SDR) {
      return value;
    }
    double[] linear = new double[3];
    for (int i = 0; i < 3; i++) {
      linear[i] =
          value[i] <= 0.04045 ? value[i] / 12.92 : Math.pow((value[i] + 0.055) / 1.055, 2.4);
    }
    double[][] wider = {
      {0.6274, 0.3293, 0.0433}, {0.0691, 0.9195, 0.0114}, {0.0164, 0.0880, 0.8956}
    };
    double[] wide = new double[3];
    for (int i = 0; i < 3; i++) {
      wide[i] = wider[i][0] * linear[0] + wider[i][1] * linear[1] + wider[i][2] * linear[2];
    }
    double luminance = 203.0 / 1000 * (0.2627 * wide[0] + 0.678 * wide[1] + 0.0593 * wide[2]);
    double[] signal = new double[3];
    for (int i = 0; i < 3; i++) {
      signal[i] =
          transfer == Transfer.PQ
              ? pq(wide[i] * 203 / 10_000)
              // The display's own gamma of 1.2 is undone first.
              : hlg(wide[i] * 0.203 * Math.pow(Math.max(luminance, 1e-9), -0.2 / 1.2));
    }
    return signal;
  }

  private static double hlg(double light) {
    return light <= 1.0 / 12
        ? Math.sqrt(3 * light)
        : 0.17883277 * Math.log(12 * light - 0.28466892) + 0.55991073;
  }

  private static double pq(double light) {
    double power = Math.pow(light, 0.1593017578125);
    return Math.pow((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power), 78.84375);
  }
}
