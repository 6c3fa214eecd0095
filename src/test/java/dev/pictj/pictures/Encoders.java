package dev.pictj.pictures;

import static dev.pictj.pictures.Bytes.ascii;
import static dev.pictj.pictures.Bytes.join;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * AVIF as libavif writes it, JPEG XL as libjxl does, HEIC as x265 codes it with boxes of this
 * package around, and WebM as libvpx codes it. What was made once is kept.
 */
public final class Encoders {
  private static final Map<String, byte[]> MADE = new ConcurrentHashMap<>();

  private Encoders() {}

  private interface Making {
    byte[] file();
  }

  private static byte[] once(String what, byte[] input, Making making) {
    String key = what + java.util.Arrays.hashCode(input);
    return MADE.computeIfAbsent(key, _ -> making.file()).clone();
  }

  /** An AVIF of a PNG, nearly without loss, with further options of {@code avifenc}. */
  public static byte[] avif(byte[] png, Map<String, byte[]> inputs, String... options) {
    return once(
        "avif" + String.join(" ", options),
        png,
        () -> {
          Map<String, byte[]> all = new HashMap<>(inputs);
          all.put("in.png", png);
          List<String> command =
              new ArrayList<>(List.of("-s", "8", "--min", "0", "--max", "4", "-y", "444"));
          command.addAll(List.of(options));
          command.addAll(List.of("in.png", "out.avif"));
          return Tools.make(
              all, "out.avif", Tools.onPath("avifenc"), command.toArray(String[]::new));
        });
  }

  /** An animated AVIF of PNGs that are seen for these times. */
  public static byte[] avifAnimation(List<byte[]> pngs, int[] millis) {
    Map<String, byte[]> inputs = new HashMap<>();
    List<String> command =
        new ArrayList<>(
            List.of("--timescale", "1000", "-s", "8", "--min", "0", "--max", "4", "-y", "444"));
    for (int i = 0; i < pngs.size(); i++) {
      inputs.put(i + ".png", pngs.get(i));
      command.addAll(List.of("--duration", "" + millis[i], i + ".png"));
    }
    command.addAll(List.of("-o", "out.avif"));
    return Tools.make(inputs, "out.avif", Tools.onPath("avifenc"), command.toArray(String[]::new));
  }

  /** A JPEG XL without loss of a JPEG, PNG or APNG, with what is said there of its content. */
  public static byte[] jxl(byte[] file) {
    String in = file[0] == (byte) 0xFF ? "in.jpg" : "in.png";
    return once(
        "jxl",
        file,
        () ->
            Tools.make(
                Map.of(in, file), "out.jxl", Tools.onPath("cjxl"), in, "out.jxl", "-d", "0"));
  }

  /**
   * A HEIC of a PNG, with half the colour and further boxes of properties.
   *
   * @param pixels {@code yuv420p} or {@code yuv420p10le}
   * @param alpha a grey PNG of its transparency, or nothing
   * @param exif its metadata, or nothing
   */
  public static byte[] heic(
      byte[] png, String pixels, byte[] alpha, byte[] exif, byte[]... properties) {
    Stills still = hevc(Stills.heif("heic"), 1, png, pixels, properties);
    if (alpha.length > 0) {
      byte[] kind =
          Stills.box("auxC", new byte[4], ascii("urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0"));
      hevc(still, 2, alpha, "gray", kind).reference("auxl", 2, 1);
    }
    if (exif.length > 0) {
      still.item(3, "Exif", join(new byte[4], exif)).reference("cdsc", 3, 1);
    }
    return still.file();
  }

  private static Stills hevc(
      Stills still, int id, byte[] png, String pixels, byte[]... properties) {
    byte[] film =
        once(
            "hevc" + pixels,
            png,
            () ->
                Tools.make(
                    Map.of("in.png", png),
                    "out.mp4",
                    Tools.ffmpeg(),
                    ("-v error -i in.png -frames:v 1 -vf"
                            + " scale=out_color_matrix=smpte170m:out_range=tv:flags=accurate_rnd"
                            + " -pix_fmt "
                            + pixels
                            + " -c:v libx265 -preset ultrafast -x265-params"
                            + " log-level=none:qp=4:info=0:keyint=1 -tag:v hvc1 out.mp4")
                        .split(" ", -1)));
    ByteBuffer in = ByteBuffer.wrap(film);
    int configuration = Bytes.find(film, "hvcC") - 4;
    int data = Bytes.find(film, "mdat") - 4;
    List<byte[]> all = new ArrayList<>();
    all.add(Bytes.part(film, configuration, configuration + in.getInt(configuration)));
    ByteBuffer size = ByteBuffer.wrap(png);
    all.add(Stills.size(size.getInt(16), size.getInt(20)));
    if (!pixels.equals("gray")) {
      all.add(Stills.nclx(1, 13, 6, 0));
    }
    // Those that turn or cut come last (ISO/IEC 23008-12, 6.5.1).
    all.addAll(List.of(properties));
    return still.item(
        id, "hvc1", Bytes.part(film, data + 8, data + in.getInt(data)), all.toArray(byte[][]::new));
  }

  /** A WebM of VP9 that shows a PNG three times, with further options of ffmpeg. */
  public static byte[] webm(byte[] png, String pixels, String... options) {
    return once(
        "webm" + pixels + String.join(" ", options),
        png,
        () -> {
          List<String> command =
              new ArrayList<>(
                  List.of(
                      ("-v error -loop 1 -framerate 25 -i in.png -frames:v 3 -vf"
                              + " scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd"
                              + " -colorspace bt709 -color_primaries bt709 -color_trc bt709"
                              + " -color_range tv -c:v libvpx-vp9 -b:v 0 -crf 4 -cpu-used 8"
                              + " -auto-alt-ref 0 -pix_fmt "
                              + pixels)
                          .split(" ", -1)));
          command.addAll(List.of(options));
          command.addAll(List.of("-f", "webm", "out.webm"));
          return Tools.make(
              Map.of("in.png", png), "out.webm", Tools.ffmpeg(), command.toArray(String[]::new));
        });
  }

  /** The same film in WebM, coded as VP9 with its times. */
  public static byte[] webmOf(byte[] film) {
    return once(
        "webmOf",
        film,
        () ->
            Tools.make(
                Map.of("in", film),
                "out.webm",
                Tools.ffmpeg(),
                ("-v error -i in -vsync passthrough -enc_time_base 1/1000 -c:v libvpx-vp9 -b:v 0"
                        + " -crf 4 -cpu-used 8 -f webm out.webm")
                    .split(" ", -1)));
  }

  /** A comment in front of the pictures of a GIF (GIF89a, 24). */
  public static byte[] withComment(byte[] gif, String comment) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int head = 13 + ((gif[10] & 0x80) == 0 ? 0 : 3 << (gif[10] & 7) + 1);
    out.write(gif, 0, head);
    out.writeBytes(new byte[] {0x21, (byte) 0xFE, (byte) comment.length()});
    out.writeBytes(ascii(comment));
    out.write(0);
    out.write(gif, head, gif.length - head);
    return out.toByteArray();
  }
}
