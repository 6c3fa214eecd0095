package dev.pictj.fidelity;

import dev.pictj.fidelity.Seen.Frame;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Motion;
import dev.pictj.pictures.Tools;
import dev.pictj.pictures.WebpChunks;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/**
 * Readers that share nothing with those that are tried: JPEG by the JDK's own, PNG by this class,
 * WebP, GIF and films by ffmpeg, WebP frame by frame, colours of films by the sums of ITU-T H.273,
 * AVIF by libavif, JPEG XL by libjxl's own program.
 */
final class Decoders {
  private Decoders() {}

  static Seen seen(byte[] file) {
    if (file[0] == (byte) 0xFF && file[1] == (byte) 0xD8) {
      return jpeg(file);
    }
    if (file[0] == (byte) 0x89) {
      return png(file);
    }
    if (file[0] == 'G') {
      return gif(file);
    }
    if (file[0] == (byte) 0xFF || Bytes.find(Bytes.part(file, 0, 12), "JXL ") == 4) {
      return jxl(file);
    }
    if (Bytes.find(Bytes.part(file, 0, 12), "ftypavi") == 4) {
      return avif(file);
    }
    return Bytes.find(file, "RIFF") == 0 ? webp(file) : movie(file);
  }

  // ------------------------------------------------------------------------------------ JPEG

  private static Seen jpeg(byte[] file) {
    ByteArrayOutputStream profile = new ByteArrayOutputStream();
    int adobe = -1;
    boolean jfif = false;
    int at = 2;
    while (true) {
      int marker = file[at + 1] & 0xFF;
      int length = ByteBuffer.wrap(file).getShort(at + 2) & 0xFFFF;
      if (marker == 0xE2 && Bytes.find(Bytes.part(file, at + 4, at + 16), "ICC_PROFILE") == 0) {
        // One behind the frame header is overlooked by many.
        profile.write(file, at + 18, length - 16);
      } else if (marker == 0xEE && length >= 14) {
        adobe = file[at + 15];
      } else if (marker == 0xE0) {
        jfif = true;
      } else if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xCC) {
        break;
      }
      at += 2 + length;
    }
    int channels = file[at + 9];
    Optional<byte[]> icc =
        profile.size() == 0 ? Optional.empty() : Optional.of(profile.toByteArray());
    Raster raster = raster(file);
    boolean coded = channels == 3 ? jfif || adobe != 0 : adobe == 2;
    boolean inverted = channels == 4 && adobe >= 0;
    double[][][] samples = new double[raster.getHeight()][raster.getWidth()][];
    for (int y = 0; y < raster.getHeight(); y++) {
      for (int x = 0; x < raster.getWidth(); x++) {
        double[] pixel = raster.getPixel(x, y, (double[]) null);
        double[] all = new double[(channels == 1 ? 1 : 3) + 1];
        if (coded) {
          double luma = pixel[0];
          double blue = pixel[1] - 128;
          double red = pixel[2] - 128;
          pixel[0] = luma + 1.402 * red;
          pixel[1] = luma - 0.344136 * blue - 0.714136 * red;
          pixel[2] = luma + 1.772 * blue;
          for (int i = 0; i < 3 && channels == 4; i++) {
            // Of YCCK, what comes out is what is left of each ink (Adobe TN 5116, 18).
            pixel[i] = 255 - pixel[i];
          }
        }
        for (int i = 0; i < all.length - 1; i++) {
          double value = Math.clamp(pixel[i] / 255, 0, 1);
          if (channels == 4) {
            double black = pixel[3] / 255;
            value = inverted ? value * black : (1 - value) * (1 - black);
          }
          all[i] = value;
        }
        all[all.length - 1] = 1;
        samples[y][x] = all;
      }
    }
    String chroma =
        channels == 1 ? "4:0:0" : "%d%d".formatted(file[at + 11] >> 4, file[at + 11] & 15);
    chroma =
        switch (chroma) {
          case "22" -> "4:2:0";
          case "21" -> "4:2:2";
          case "11" -> "4:4:4";
          default -> chroma;
        };
    Frame frame =
        new Frame(raster.getWidth(), raster.getHeight(), 0, samples, Colours.of(icc, channels));
    return new Seen("jpeg", 1, -1, icc, file[at + 4], false, chroma, false, List.of(frame));
  }

  /** Samples as they are in the file, whatever they mean. */
  private static Raster raster(byte[] file) {
    var readers = ImageIO.getImageReadersByFormatName("jpeg");
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (reader.getClass().getName().startsWith("com.sun.")) {
        try (var in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
          reader.setInput(in, true, true);
          return reader.readRaster(0, null);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        } finally {
          reader.dispose();
        }
      }
    }
    throw new IllegalStateException("the JDK has no reader of JPEG");
  }

  // ------------------------------------------------------------------------------------- PNG

  private record Chunk(String type, byte[] data) {}

  private static List<Chunk> chunks(byte[] png) {
    List<Chunk> chunks = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(png);
    for (int at = 8; at + 12 <= png.length; at += 12 + in.getInt(at)) {
      String type = new String(png, at + 4, 4, StandardCharsets.ISO_8859_1);
      chunks.add(new Chunk(type, Bytes.part(png, at + 8, at + 8 + in.getInt(at))));
    }
    return chunks;
  }

  /** A still, or an animation (W3C PNG third edition, 12 and 13). */
  private static Seen png(byte[] file) {
    Map<String, ByteBuffer> known = new HashMap<>();
    ByteArrayOutputStream still = new ByteArrayOutputStream();
    List<ByteBuffer> controls = new ArrayList<>();
    List<ByteArrayOutputStream> parts = new ArrayList<>();
    for (Chunk chunk : chunks(file)) {
      known.putIfAbsent(chunk.type, ByteBuffer.wrap(chunk.data));
      switch (chunk.type) {
        case "IDAT" -> {
          still.writeBytes(chunk.data);
          if (!parts.isEmpty()) {
            parts.getFirst().writeBytes(chunk.data);
          }
        }
        case "fcTL" -> {
          controls.add(ByteBuffer.wrap(chunk.data));
          parts.add(new ByteArrayOutputStream());
        }
        case "fdAT" -> parts.getLast().write(chunk.data, 4, chunk.data.length - 4);
        default -> {}
      }
    }
    ByteBuffer head = known.get("IHDR");
    int width = head.getInt(0);
    int height = head.getInt(4);
    int type = head.get(9);
    Optional<byte[]> icc = Optional.empty();
    if (known.containsKey("iCCP")) {
      byte[] data = known.get("iCCP").array();
      int start = Bytes.find(data, "\0") + 2;
      icc = Optional.of(inflated(Bytes.from(data, start)));
    }
    Colours colours = colours(known, icc, type);
    List<Frame> frames = new ArrayList<>();
    if (known.containsKey("acTL")) {
      List<Piece> pieces = new ArrayList<>();
      for (int i = 0; i < controls.size(); i++) {
        ByteBuffer control = controls.get(i);
        int w = control.getInt(4);
        int h = control.getInt(8);
        double[][][] pixels = pixels(known, parts.get(i).toByteArray(), w, h);
        double millis = 1000.0 * control.getShort(20) / control.getShort(22);
        pieces.add(
            new Piece(
                control.getInt(12),
                control.getInt(16),
                pixels,
                millis,
                control.get(25) == 1,
                control.get(24)));
      }
      frames.addAll(composed(width, height, type == 0 || type == 4 ? 1 : 3, pieces, colours));
    } else {
      double[][][] pixels = pixels(known, still.toByteArray(), width, height);
      frames.add(new Frame(width, height, 0, pixels, colours));
    }
    int loops = known.containsKey("acTL") ? known.get("acTL").getInt(4) : -1;
    return new Seen("png", 1, loops, icc, head.get(8), type == 3, "4:4:4", true, frames);
  }

  /** The first of cICP, iCCP, sRGB, and gAMA with cHRM that is there (13.14). */
  private static Colours colours(Map<String, ByteBuffer> known, Optional<byte[]> icc, int type) {
    ByteBuffer points = known.get("cICP");
    if (points != null && points.get(0) == 12 && points.get(1) == 13) {
      return Colours.of(0, new double[] {0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06});
    }
    if (icc.isPresent()) {
      return Colours.of(icc, type == 0 || type == 4 ? 1 : 3);
    }
    if (known.containsKey("sRGB") || points != null || !known.containsKey("gAMA")) {
      return Colours.SRGB;
    }
    double[] primaries = new double[0];
    if (known.containsKey("cHRM")) {
      primaries = new double[8];
      for (int i = 0; i < 8; i++) {
        primaries[i] = known.get("cHRM").getInt(4 * i) / 100_000.0;
      }
    }
    int gamma = known.get("gAMA").getInt(0);
    // What sRGB's chunks say is sRGB, not a power that is only like it.
    return Colours.of(Math.abs(gamma - 45455) < 100 ? 0 : 100_000.0 / gamma, primaries);
  }

  private static byte[] inflated(byte[] packed) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[65_536];
      while (!inflater.finished()) {
        int count = inflater.inflate(buffer);
        if (count == 0) {
          throw new IllegalStateException("a zlib stream ends early");
        }
        out.write(buffer, 0, count);
      }
      return out.toByteArray();
    } catch (DataFormatException e) {
      throw new IllegalStateException(e);
    } finally {
      inflater.end();
    }
  }

  /** What is not interlaced, unpacked and unfiltered, with its palette and transparency applied. */
  private static double[][][] pixels(
      Map<String, ByteBuffer> known, byte[] packed, int width, int height) {
    ByteBuffer head = known.get("IHDR");
    if (head.get(12) != 0) {
      throw new IllegalStateException("interlaced pictures are not read here");
    }
    int depth = head.get(8);
    int type = head.get(9);
    int channels = new int[] {1, 0, 3, 1, 2, 0, 4}[type];
    int step = Math.max(1, channels * depth / 8);
    int row = (width * channels * depth + 7) / 8;
    byte[] data = inflated(packed);
    double[][][] out = new double[height][width][];
    byte[] before = new byte[row];
    for (int y = 0; y < height; y++) {
      byte[] line = Bytes.part(data, y * (row + 1) + 1, (y + 1) * (row + 1));
      unfilter(data[y * (row + 1)], line, before, step);
      before = line;
      for (int x = 0; x < width; x++) {
        int[] raw = new int[channels];
        for (int c = 0; c < channels; c++) {
          int bit = (x * channels + c) * depth;
          raw[c] =
              depth == 16
                  ? (line[bit / 8] & 0xFF) << 8 | line[bit / 8 + 1] & 0xFF
                  : line[bit / 8] >> 8 - depth - bit % 8 & (1 << depth) - 1;
        }
        out[y][x] = pixel(known, type, depth, raw);
      }
    }
    return out;
  }

  private static void unfilter(int filter, byte[] line, byte[] before, int step) {
    for (int i = 0; i < line.length; i++) {
      int left = i < step ? 0 : line[i - step] & 0xFF;
      int up = before[i] & 0xFF;
      int corner = i < step ? 0 : before[i - step] & 0xFF;
      int guess = left + up - corner;
      int paeth =
          Math.abs(guess - left) <= Math.abs(guess - up)
                  && Math.abs(guess - left) <= Math.abs(guess - corner)
              ? left
              : Math.abs(guess - up) <= Math.abs(guess - corner) ? up : corner;
      line[i] +=
          (byte)
              switch (filter) {
                case 0 -> 0;
                case 1 -> left;
                case 2 -> up;
                case 3 -> (left + up) / 2;
                case 4 -> paeth;
                default -> throw new IllegalStateException("no such filter");
              };
    }
  }

  private static double[] pixel(Map<String, ByteBuffer> known, int type, int depth, int[] raw) {
    double most = (1 << depth) - 1;
    ByteBuffer clear = known.get("tRNS");
    if (type == 3) {
      ByteBuffer palette = known.get("PLTE");
      int i = raw[0];
      return new double[] {
        (palette.get(3 * i) & 0xFF) / 255.0,
        (palette.get(3 * i + 1) & 0xFF) / 255.0,
        (palette.get(3 * i + 2) & 0xFF) / 255.0,
        clear != null && i < clear.limit() ? (clear.get(i) & 0xFF) / 255.0 : 1
      };
    }
    boolean alpha = type >= 4;
    int colours = alpha ? raw.length - 1 : raw.length;
    double[] out = new double[colours + 1];
    boolean gone = !alpha && clear != null;
    for (int c = 0; c < colours; c++) {
      out[c] = raw[c] / most;
      gone &= !alpha && clear != null && clear.getShort(2 * c) == (short) raw[c];
    }
    out[colours] = alpha ? raw[colours] / most : gone ? 0 : 1;
    return out;
  }

  // ------------------------------------------------------------------------------ animations

  /** A frame as it is in the file; disposal is 0 to keep, 1 to clear, 2 to restore. */
  private record Piece(
      int x, int y, double[][][] pixels, double millis, boolean blended, int disposal) {}

  private static List<Frame> composed(
      int width, int height, int channels, List<Piece> pieces, Colours colours) {
    double[][][] canvas = new double[height][width][channels + 1];
    List<Frame> frames = new ArrayList<>();
    for (Piece piece : pieces) {
      double[][][] before = copy(canvas);
      for (int y = 0; y < piece.pixels.length; y++) {
        for (int x = 0; x < piece.pixels[y].length; x++) {
          double[] under = canvas[piece.y + y][piece.x + x];
          double[] over = piece.pixels[y][x];
          double alpha = over[channels];
          double rest = piece.blended ? under[channels] * (1 - alpha) : 0;
          double[] result = new double[channels + 1];
          result[channels] = alpha + rest;
          for (int c = 0; c < channels; c++) {
            result[c] =
                piece.blended && alpha + rest > 0
                    ? (over[c] * alpha + under[c] * rest) / (alpha + rest)
                    : over[c];
          }
          canvas[piece.y + y][piece.x + x] = result;
        }
      }
      frames.add(new Frame(width, height, piece.millis, copy(canvas), colours));
      if (piece.disposal == 2) {
        canvas = before;
      } else if (piece.disposal == 1) {
        for (int y = 0; y < piece.pixels.length; y++) {
          for (int x = 0; x < piece.pixels[y].length; x++) {
            canvas[piece.y + y][piece.x + x] = new double[channels + 1];
          }
        }
      }
    }
    return frames;
  }

  private static double[][][] copy(double[][][] canvas) {
    double[][][] copy = new double[canvas.length][][];
    for (int y = 0; y < canvas.length; y++) {
      copy[y] = canvas[y].clone();
    }
    return copy;
  }

  // ------------------------------------------------------------------------------------ WebP

  private static List<Chunk> riff(byte[] bytes, int from) {
    List<Chunk> chunks = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int at = from;
    while (at + 8 <= bytes.length) {
      int length = in.getInt(at + 4);
      String type = new String(bytes, at, 4, StandardCharsets.ISO_8859_1);
      chunks.add(new Chunk(type, Bytes.part(bytes, at + 8, at + 8 + length)));
      at += 8 + length + (length & 1);
    }
    return chunks;
  }

  private static Seen webp(byte[] file) {
    Optional<byte[]> icc = Optional.empty();
    boolean lossless = false;
    int width = 0;
    int height = 0;
    int loops = -1;
    List<Chunk> frames = new ArrayList<>();
    for (Chunk chunk : riff(file, 12)) {
      ByteBuffer data = ByteBuffer.wrap(chunk.data).order(ByteOrder.LITTLE_ENDIAN);
      switch (chunk.type) {
        case "ICCP" -> icc = Optional.of(chunk.data);
        case "VP8L" -> lossless = true;
        case "VP8X" -> {
          width = 1 + (data.getInt(4) & 0xFFFFFF);
          height = 1 + (data.getInt(6) >>> 8);
        }
        case "ANIM" -> loops = data.getShort(4) & 0xFFFF;
        case "ANMF" -> {
          frames.add(chunk);
          lossless = riff(chunk.data, 16).stream().anyMatch(part -> part.type.equals("VP8L"));
        }
        default -> {}
      }
    }
    Colours colours = Colours.of(icc, 3);
    List<Frame> seen = new ArrayList<>();
    if (frames.isEmpty()) {
      double[][][] pixels = pixels(file);
      seen.add(new Frame(pixels[0].length, pixels.length, 0, pixels, colours));
    } else {
      List<Piece> pieces = new ArrayList<>();
      for (Chunk frame : frames) {
        ByteBuffer data = ByteBuffer.wrap(frame.data).order(ByteOrder.LITTLE_ENDIAN);
        int flags = frame.data[15];
        pieces.add(
            new Piece(
                2 * (data.getInt(0) & 0xFFFFFF),
                2 * (data.getInt(2) >>> 8),
                pixels(still(frame)),
                data.getInt(11) >>> 8,
                (flags & 2) == 0,
                flags & 1));
      }
      seen.addAll(composed(width, height, 3, pieces, colours));
    }
    return new Seen("webp", 1, loops, icc, 8, false, lossless ? "4:4:4" : "4:2:0", lossless, seen);
  }

  /** A frame of an animation as a file of its own. */
  private static byte[] still(Chunk frame) {
    ByteBuffer data = ByteBuffer.wrap(frame.data).order(ByteOrder.LITTLE_ENDIAN);
    byte[] size = Bytes.part(frame.data, 6, 12);
    byte[] head = WebpChunks.chunk("VP8X", Bytes.join(new byte[] {0x10, 0, 0, 0}, size));
    byte[] body = Bytes.join(Bytes.ascii("WEBP"), head, Bytes.from(frame.data, 16));
    data.rewind();
    return Bytes.join(Bytes.ascii("RIFF"), Bytes.little32(body.length), body);
  }

  /** As ffmpeg decodes it, which has decoders of its own for both kinds of bitstream. */
  private static double[][][] pixels(byte[] webp) {
    byte[] pam =
        Tools.make(
            Map.of("in.webp", webp),
            "out",
            Tools.ffmpeg(),
            "-nostdin",
            "-loglevel",
            "error",
            "-i",
            "in.webp",
            "-pix_fmt",
            "rgba",
            "-c:v",
            "pam",
            "-f",
            "image2pipe",
            "out");
    String text = new String(pam, StandardCharsets.ISO_8859_1);
    int width = number(text, "WIDTH ");
    int height = number(text, "HEIGHT ");
    int at = text.indexOf("ENDHDR\n") + 7;
    double[][][] out = new double[height][width][4];
    for (int i = 0; i < width * height * 4; i++) {
      out[i / 4 / width][i / 4 % width][i % 4] = (pam[at + i] & 0xFF) / 255.0;
    }
    return out;
  }

  private static int number(String text, String name) {
    int at = text.indexOf(name) + name.length();
    return Integer.parseInt(text.substring(at, text.indexOf('\n', at)));
  }

  // ------------------------------------------------------------------- GIF, AVIF and JPEG XL

  private static Seen gif(byte[] file) {
    Motion motion = Motion.of(file);
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < motion.canvases().size(); i++) {
      BufferedImage canvas = motion.canvases().get(i);
      double[][][] samples = new double[canvas.getHeight()][canvas.getWidth()][4];
      for (int y = 0; y < canvas.getHeight(); y++) {
        for (int x = 0; x < canvas.getWidth(); x++) {
          int argb = canvas.getRGB(x, y);
          for (int c = 0; c < 4; c++) {
            samples[y][x][c] = (argb >>> (c == 3 ? 24 : 16 - 8 * c) & 0xFF) / 255.0;
          }
        }
      }
      double millis = motion.canvases().size() == 1 ? 0 : motion.millis().get(i);
      frames.add(new Frame(canvas.getWidth(), canvas.getHeight(), millis, samples, Colours.SRGB));
    }
    return new Seen("gif", 1, motion.plays(), Optional.empty(), 8, true, "4:4:4", true, frames);
  }

  /** By libjxl's own decoder, and its frames as those of an APNG. */
  private static Seen jxl(byte[] file) {
    Seen seen =
        png(
            Tools.make(
                Map.of("in.jxl", file), "out.apng", Tools.onPath("djxl"), "in.jxl", "out.apng"));
    return renamed(seen, "jxl", seen.depth(), seen.frames());
  }

  /** By libavif, which shares its decoder of AV1 with nobody here but ffmpeg. */
  private static Seen avif(byte[] file) {
    Map<String, byte[]> input = Map.of("in.avif", file);
    String said = Tools.tell(input, Tools.onPath("avifdec"), "--info", "in.avif");
    int depth = Integer.parseInt(said.replaceAll("(?s).*Bit Depth *: (\\d+).*", "$1"));
    List<Double> millis = new ArrayList<>();
    Matcher durations = DURATION.matcher(said);
    while (durations.find()) {
      millis.add(1000 * Double.parseDouble(durations.group(1)));
    }
    boolean moves = said.contains("Image Sequence") && millis.size() > 1;
    // What libavif only tells (ISO/IEC 23008-12, 6.5.10): quarters against the clock.
    Matcher rotation = ROTATION.matcher(said);
    int quarters = rotation.find() ? Integer.parseInt(rotation.group(1)) : 0;
    List<Frame> frames = new ArrayList<>();
    Seen one = null;
    for (int i = 0; i < (moves ? millis.size() : 1); i++) {
      byte[] png =
          Tools.make(
              input,
              "out.png",
              Tools.onPath("avifdec"),
              "--index",
              "" + i,
              "-d",
              depth > 8 ? "16" : "8",
              "in.avif",
              "out.png");
      one = png(png);
      double[][][] samples = one.first().samples();
      for (int quarter = 0; quarter < quarters; quarter++) {
        samples = againstTheClock(samples);
      }
      frames.add(
          new Frame(
              samples[0].length,
              samples.length,
              moves ? millis.get(i) : 0,
              samples,
              one.first().colours()));
    }
    return renamed(one, "avif", depth, frames);
  }

  private static double[][][] againstTheClock(double[][][] samples) {
    double[][][] turned = new double[samples[0].length][samples.length][];
    for (int y = 0; y < samples.length; y++) {
      for (int x = 0; x < samples[0].length; x++) {
        turned[samples[0].length - 1 - x][y] = samples[y][x];
      }
    }
    return turned;
  }

  private static final Pattern ROTATION = Pattern.compile("irot.*: (\\d)");

  private static final Pattern DURATION =
      Pattern.compile("Decoded frame \\[\\d+\\].*\\[duration ([0-9.]+) ");

  private static Seen renamed(Seen seen, String format, int depth, List<Frame> frames) {
    return new Seen(
        format,
        1,
        seen.loops(),
        seen.profile(),
        depth,
        false,
        seen.chroma(),
        seen.lossless(),
        frames);
  }

  // ----------------------------------------------------------------------------------- films

  private static Seen movie(byte[] file) {
    Map<String, String> stream = new HashMap<>();
    List<Double> times = new ArrayList<>();
    String said =
        new String(
            Tools.make(
                Map.of("in", file),
                "out",
                Tools.ffprobe(),
                "-v",
                "error",
                "-select_streams",
                "v:0",
                "-show_entries",
                "format=duration:stream=pix_fmt,duration,sample_aspect_ratio,color_space,color_range:stream_tags=alpha_mode"
                    + ":frame=pts_time",
                "-of",
                "flat",
                "-o",
                "out",
                "in"),
            StandardCharsets.UTF_8);
    for (String line : said.split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        String value = line.substring(equals + 1).replace("\"", "");
        if (line.contains(".pts_time")) {
          times.add(1000 * Double.parseDouble(value));
        } else if (!value.equals("N/A")) {
          // Of what the stream itself does not say, the whole file may tell.
          String name = line.substring(line.lastIndexOf('.', equals) + 1, equals);
          stream.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
        }
      }
    }
    String format = stream.get("pix_fmt");
    boolean deep = format.contains("10");
    boolean full = format.startsWith("yuvj") || "pc".equals(stream.get("color_range"));
    String whole = deep ? "yuv444p10le" : format.startsWith("yuvj") ? "yuvj444p" : "yuv444p";
    byte[] raw =
        Tools.make(
            Map.of("in", file),
            "out",
            Tools.ffmpeg(),
            "-nostdin",
            "-loglevel",
            "error",
            "-i",
            "in",
            "-map",
            "0:v:0",
            "-vsync",
            "passthrough",
            "-pix_fmt",
            whole,
            "-f",
            "yuv4mpegpipe",
            "-strict",
            "-1",
            "out");
    double end = 1000 * Double.parseDouble(stream.get("duration"));
    List<Frame> frames =
        planes(raw, times, end, deep, full, stream.getOrDefault("color_space", "unknown"));
    if ("1".equals(stream.get("alpha_mode"))) {
      setAlpha(file, frames);
    }
    String[] aspect = stream.getOrDefault("sample_aspect_ratio", "1:1").split(":", -1);
    double ratio =
        aspect.length == 2 && !aspect[0].equals("0") && !aspect[0].equals("N/A")
            ? Double.parseDouble(aspect[0]) / Double.parseDouble(aspect[1])
            : 1;
    String chroma = format.contains("444") ? "4:4:4" : format.contains("422") ? "4:2:2" : "4:2:0";
    return new Seen(
        "mp4", ratio, -1, Optional.empty(), deep ? 10 : 8, false, chroma, false, frames);
  }

  /** A WebM has transparency beside its pictures, which ffmpeg's own decoders pass over. */
  private static void setAlpha(byte[] webm, List<Frame> frames) {
    byte[] all =
        Tools.make(
            Map.of("in", webm),
            "out",
            Tools.ffmpeg(),
            ("-nostdin -v error -c:v libvpx-vp9 -i in -vf alphaextract -vsync passthrough"
                    + " -pix_fmt gray -f rawvideo out")
                .split(" ", -1));
    int at = 0;
    for (Frame frame : frames) {
      for (double[][] row : frame.samples()) {
        for (double[] pixel : row) {
          pixel[3] = (all[at++] & 0xFF) / 255.0;
        }
      }
    }
  }

  private static List<Frame> planes(
      byte[] raw, List<Double> times, double end, boolean deep, boolean full, String space) {
    String text = new String(raw, 0, Math.min(200, raw.length), StandardCharsets.ISO_8859_1);
    String head = text.substring(0, text.indexOf('\n'));
    int width = Integer.parseInt(head.replaceAll(".* W(\\d+).*", "$1"));
    int height = Integer.parseInt(head.replaceAll(".* H(\\d+).*", "$1"));
    int bytes = deep ? 2 : 1;
    int plane = width * height * bytes;
    List<Frame> frames = new ArrayList<>();
    int at = head.length() + 1;
    while (at < raw.length) {
      while (raw[at++] != '\n') {
        // The head of a frame.
      }
      double[][][] samples = new double[height][width][];
      for (int i = 0; i < width * height; i++) {
        double[] coded = new double[3];
        for (int p = 0; p < 3; p++) {
          int where = at + p * plane + i * bytes;
          int value = deep ? raw[where] & 0xFF | (raw[where + 1] & 3) << 8 : (raw[where] & 0xFF);
          coded[p] = deep ? value / 4.0 : value;
        }
        samples[i / width][i % width] = rgb(coded, full, space, height);
      }
      int number = frames.size();
      double next = number + 1 < times.size() ? times.get(number + 1) : end;
      frames.add(new Frame(width, height, next - times.get(number), samples, Colours.SRGB));
      at += 3 * plane;
    }
    return frames;
  }

  /** Browsers take what is not tagged for BT.601 below 720 rows and for BT.709 from there on. */
  private static double[] rgb(double[] coded, boolean full, String space, int height) {
    double[] weights =
        switch (space) {
          case "bt709" -> new double[] {0.2126, 0.0722};
          case "bt2020nc" -> new double[] {0.2627, 0.0593};
          case "smpte170m", "bt470bg" -> new double[] {0.299, 0.114};
          case "unknown" ->
              height < 720 ? new double[] {0.299, 0.114} : new double[] {0.2126, 0.0722};
          default -> throw new IllegalStateException("colours in " + space);
        };
    double luma = full ? coded[0] / 255 : (coded[0] - 16) / 219;
    double blueness = (coded[1] - 128) / (full ? 255 : 224);
    double redness = (coded[2] - 128) / (full ? 255 : 224);
    double red = luma + 2 * (1 - weights[0]) * redness;
    double blue = luma + 2 * (1 - weights[1]) * blueness;
    double green = (luma - weights[0] * red - weights[1] * blue) / (1 - weights[0] - weights[1]);
    return new double[] {Math.clamp(red, 0, 1), Math.clamp(green, 0, 1), Math.clamp(blue, 0, 1), 1};
  }
}
