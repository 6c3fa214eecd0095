package dev.pictj.pictures;

import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.IIOImage;
import javax.imageio.ImageWriteParam;

/** Eight patches side by side, of which the numbers are known, in any kind of file. */
public final class Patches {
  /** Of one patch. */
  public static final int SIDE = 32;

  public static final int WIDTH = 8 * SIDE;

  /** Red, green and blue, from 0 to 255. */
  public static final int[][] COLOURS = {
    {255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 0},
    {0, 200, 200}, {128, 128, 128}, {192, 112, 80}, {60, 140, 60}
  };

  /** One number each. */
  public static final int[][] GREYS = {{0}, {17}, {51}, {102}, {136}, {170}, {221}, {255}};

  private static final Set<String> ABOUT_COLOUR = Set.of("cICP", "iCCP", "sRGB", "gAMA", "cHRM");

  private Patches() {}

  /**
   * A PNG of them.
   *
   * @param type of colour, by {@link RawPng}; a palette has a transparent colour that is not used
   */
  public static byte[] png(int[][] colours, int depth, int type, byte[]... chunks) {
    ByteArrayOutputStream row = new ByteArrayOutputStream();
    row.write(0);
    int bits = 0;
    int count = 0;
    for (int x = 0; x < WIDTH; x++) {
      for (int value : values(colours, x / SIDE, depth, type)) {
        bits = bits << depth | value;
        count += depth;
        for (; count >= 8; count -= 8) {
          row.write(bits >> (count - 8));
        }
      }
    }
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    for (int y = 0; y < SIDE; y++) {
      rows.writeBytes(row.toByteArray());
    }
    List<byte[]> before = new ArrayList<>(List.of(chunks));
    if (type == RawPng.PALETTE) {
      ByteArrayOutputStream palette = new ByteArrayOutputStream();
      for (int[] colour : colours) {
        for (int i = 0; i < 3; i++) {
          palette.write(colour[i % colour.length]);
        }
      }
      before.add(PngChunks.chunk("PLTE", palette.toByteArray()));
    }
    return new RawPng(WIDTH, SIDE, depth, type, rows.toByteArray(), before, List.of()).file();
  }

  private static int[] values(int[][] colours, int patch, int depth, int type) {
    int most = (1 << depth) - 1;
    int[] colour = colours[patch];
    return switch (type) {
      case RawPng.PALETTE -> new int[] {patch};
      case RawPng.GREY -> new int[] {colour[0] * most / 255};
      case RawPng.GREY_ALPHA -> new int[] {colour[0] * most / 255, most};
      default -> {
        int[] values = new int[type == RawPng.RGBA ? 4 : 3];
        for (int i = 0; i < values.length; i++) {
          values[i] = i == 3 ? most : colour[i % colour.length] * most / 255;
        }
        yield values;
      }
    };
  }

  /** A JPEG of good quality, with as many channels as the colours have numbers; ink is YCCK. */
  public static byte[] jpeg(int[][] colours) {
    int channels = colours[0].length;
    String coder = channels == 1 ? "gray" : channels == 3 ? "rgb" : "cmyk";
    return Tools.make(
        Map.of("in", raw(colours)),
        "out",
        Tools.convert(),
        "-size",
        WIDTH + "x" + SIDE,
        "-depth",
        "8",
        coder + ":in",
        "-quality",
        "97",
        "-sampling-factor",
        "1x1",
        // Else what has three channels but is grey has one.
        "-type",
        channels == 1 ? "Grayscale" : channels == 3 ? "TrueColor" : "ColorSeparation",
        "jpeg:out");
  }

  /** The ink that makes these, with black where that can be. */
  public static int[][] inks(int[][] colours) {
    int[][] inks = new int[colours.length][];
    for (int i = 0; i < colours.length; i++) {
      int most = Math.max(colours[i][0], Math.max(colours[i][1], colours[i][2]));
      inks[i] = new int[] {0, 0, 0, 255 - most};
      for (int j = 0; j < 3 && most > 0; j++) {
        inks[i][j] = 255 - 255 * colours[i][j] / most;
      }
    }
    return inks;
  }

  /**
   * A JPEG that has the ink itself, which {@link #jpeg} has as brightness and colour (YCCK), and no
   * marker that says so.
   */
  public static byte[] plainCmyk(int[][] inks) {
    WritableRaster raster = Raster.createInterleavedRaster(0, WIDTH, SIDE, 4, null);
    for (int x = 0; x < WIDTH; x++) {
      for (int y = 0; y < SIDE; y++) {
        for (int i = 0; i < 4; i++) {
          // As all print programs have it.
          raster.setSample(x, y, i, 255 - inks[x / SIDE][i]);
        }
      }
    }
    return Pictures.written(
        "jpeg",
        writer -> {
          ImageWriteParam param = writer.getDefaultWriteParam();
          param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
          param.setCompressionQuality(0.97f);
          writer.write(null, new IIOImage(raster, null, null), param);
        });
  }

  /** The same with the marker. */
  public static byte[] adobeCmyk(int[][] inks) {
    return JpegSegments.withSegment(
        plainCmyk(inks),
        0xEE,
        Bytes.join(Bytes.ascii("Adobe"), new byte[] {0, 100, 0, 0, 0, 0, 0}));
  }

  /** A WebP without loss. */
  public static byte[] webp(int[][] colours) {
    return Tools.make(
        Map.of("in", raw(colours)),
        "out",
        Tools.convert(),
        "-size",
        WIDTH + "x" + SIDE,
        "-depth",
        "8",
        "rgb:in",
        "-define",
        "webp:lossless=true",
        "webp:out");
  }

  private static byte[] raw(int[][] colours) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < WIDTH * SIDE; i++) {
      for (int value : colours[i % WIDTH / SIDE]) {
        out.write(value);
      }
    }
    return out.toByteArray();
  }

  /**
   * The numbers in the middle of each patch of a file, whatever they mean: red, green and blue,
   * from 0 to 255.
   *
   * @param coder by which ImageMagick knows the format
   */
  public static int[][] numbers(byte[] file, String coder, int width, int height) {
    byte[] pixels =
        Tools.make(
            Map.of("in", coder.equals("png") ? withoutColours(file) : file),
            "out",
            Tools.convert(),
            coder + ":in",
            "+profile",
            "*",
            "-background",
            "white",
            "-alpha",
            "remove",
            "-depth",
            "8",
            "rgb:out");
    int[][] numbers = new int[8][3];
    for (int i = 0; i < 8; i++) {
      int at = 3 * (height / 2 * width + (2 * i + 1) * width / 16);
      for (int j = 0; j < 3; j++) {
        numbers[i][j] = pixels[at + j] & 0xFF;
      }
    }
    return numbers;
  }

  /** What a PNG says of its colours, by name of chunk. */
  public static Map<String, byte[]> colourChunks(byte[] png) {
    Map<String, byte[]> chunks = new HashMap<>();
    walk(
        png,
        (code, whole) -> {
          if (ABOUT_COLOUR.contains(code)) {
            chunks.put(code, whole);
          }
        });
    return chunks;
  }

  /** A PNG that says nothing of its colours. */
  public static byte[] withoutColours(byte[] png) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(PngChunks.SIGNATURE);
    walk(
        png,
        (code, whole) -> {
          if (!ABOUT_COLOUR.contains(code)) {
            out.writeBytes(whole);
          }
        });
    return out.toByteArray();
  }

  private interface Visitor {
    void chunk(String code, byte[] whole);
  }

  private static void walk(byte[] png, Visitor visitor) {
    int at = PngChunks.SIGNATURE.length;
    while (at < png.length) {
      int end = at + 12 + ByteBuffer.wrap(png).getInt(at);
      visitor.chunk(
          new String(png, at + 4, 4, StandardCharsets.ISO_8859_1), Bytes.part(png, at, end));
      at = end;
    }
  }
}
