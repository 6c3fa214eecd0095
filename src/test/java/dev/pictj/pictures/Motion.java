package dev.pictj.pictures;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What an animation shows, as others see it: GIF and APNG composed by ffmpeg, WebP by {@link
 * AnimatedWebps}.
 *
 * @param plays how often; 0 is for ever
 * @param millis of each frame
 * @param canvases after each frame
 */
public record Motion(int plays, List<Integer> millis, List<BufferedImage> canvases) {
  /** Looks at a GIF, an APNG or a WebP. */
  public static Motion of(byte[] file) {
    return switch ((char) file[0]) {
      case 'G' -> gif(file);
      case 'R' ->
          new Motion(
              AnimatedWebps.loops(file), AnimatedWebps.times(file), AnimatedWebps.canvases(file));
      default -> png(file);
    };
  }

  private static Motion png(byte[] file) {
    List<Integer> millis = new ArrayList<>();
    int plays = -1;
    ByteBuffer header = ByteBuffer.wrap(file);
    for (AnimatedPngs.Part part : AnimatedPngs.parts(file)) {
      ByteBuffer in = ByteBuffer.wrap(part.payload());
      if (part.code().equals("acTL")) {
        plays = in.getInt(4);
      } else if (part.code().equals("fcTL")) {
        int by = in.getShort(22) & 0xFFFF;
        millis.add(1000 * (in.getShort(20) & 0xFFFF) / (by == 0 ? 100 : by));
      }
    }
    return new Motion(plays, millis, composed(file, "apng", header.getInt(16), header.getInt(20)));
  }

  private static Motion gif(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    List<Integer> millis = new ArrayList<>();
    int plays = 1;
    int delay = 0;
    int at = 13 + palette(file[10]);
    while (file[at] != 0x3B) {
      if (file[at] == 0x2C) {
        millis.add(delay);
        delay = 0;
        at += 11 + palette(file[at + 9]);
      } else {
        if (file[at + 1] == (byte) 0xF9) {
          delay = 10 * (in.getShort(at + 4) & 0xFFFF);
        } else if (new String(file, at + 3, 11, StandardCharsets.US_ASCII).equals("NETSCAPE2.0")) {
          int more = in.getShort(at + 16) & 0xFFFF;
          plays = more == 0 ? 0 : more + 1;
        }
        at += 2;
      }
      while (file[at] != 0) {
        at += 1 + (file[at] & 0xFF);
      }
      at++;
    }
    return new Motion(plays, millis, composed(file, "gif", in.getShort(6), in.getShort(8)));
  }

  private static int palette(byte flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1;
  }

  private static List<BufferedImage> composed(byte[] file, String demuxer, int width, int height) {
    byte[] raw =
        Tools.make(
            Map.of("in", file),
            "out.raw",
            Tools.ffmpeg(),
            ("-v error -f %s -i in -vsync passthrough -pix_fmt rgba -f rawvideo out.raw")
                .formatted(demuxer)
                .split(" ", -1));
    List<BufferedImage> canvases = new ArrayList<>();
    ByteBuffer pixels = ByteBuffer.wrap(raw);
    while (pixels.hasRemaining()) {
      BufferedImage canvas = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
      for (int i = 0; i < width * height; i++) {
        int rgba = pixels.getInt();
        canvas.setRGB(i % width, i / width, rgba >>> 8 | rgba << 24);
      }
      canvases.add(canvas);
    }
    return canvases;
  }
}
