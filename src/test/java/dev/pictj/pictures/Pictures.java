package dev.pictj.pictures;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

/**
 * Whole, sound files of every accepted type. The same arguments give the same bytes; what a command
 * line program has to make is made once per JVM.
 */
public final class Pictures {
  private static final Map<String, byte[]> MADE = new ConcurrentHashMap<>();

  private Pictures() {}

  /** A photo-like JPEG of quality 0.85. */
  public static byte[] jpeg(int width, int height) {
    return jpegQuality(width, height, 0.85f);
  }

  /** A photo-like JPEG; quality is 0 to 1. */
  public static byte[] jpegQuality(int width, int height, float quality) {
    return jpegOf(drawing(width, height, 0), quality, false);
  }

  /** A progressive JPEG: several scans, several SOS segments. */
  public static byte[] jpegProgressive(int width, int height) {
    return jpegOf(drawing(width, height, 0), 0.85f, true);
  }

  /** A JPEG with restart markers between its macroblock rows. */
  public static byte[] jpegRestarts(int width, int height) {
    return converted(
        "jpegRestarts" + width + "x" + height,
        "in.png",
        png(width, height),
        "png:in.png",
        "-sampling-factor",
        "4:2:0",
        "-define",
        "jpeg:restart-interval=1",
        "jpeg:out");
  }

  /** A CMYK JPEG as print programs write it. */
  public static byte[] jpegCmyk(int width, int height) {
    return converted(
        "cmyk" + width + "x" + height,
        "in.png",
        png(width, height),
        "png:in.png",
        "-colorspace",
        "CMYK",
        "jpeg:out");
  }

  /**
   * A JPEG of 64 by 48 whose quarters are red (top left), green (top right), blue (bottom left) and
   * yellow (bottom right), for seeing how a picture was turned.
   */
  public static byte[] cornerJpeg() {
    return jpegOf(corners(), 0.95f, false);
  }

  /** The quarters of {@link #cornerJpeg} as PNG. */
  public static byte[] cornerPng() {
    return written(corners(), "png");
  }

  /** An opaque truecolour PNG. */
  public static byte[] png(int width, int height) {
    return written(drawing(width, height, 0), "png");
  }

  /** A PNG that fades from opaque at the left to fully transparent at the right. */
  public static byte[] pngAlpha(int width, int height) {
    return written(fading(width, height), "png");
  }

  /** An interlaced (Adam7) truecolour PNG. */
  public static byte[] pngInterlaced(int width, int height) {
    return written(
        "png",
        writer -> {
          ImageWriteParam param = writer.getDefaultWriteParam();
          param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
          writer.write(null, new IIOImage(drawing(width, height, 0), null, null), param);
        });
  }

  /** A one-channel PNG with a palette of two colours: one bit a pixel. */
  public static byte[] pngBilevel(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_BINARY);
    image.createGraphics().drawImage(drawing(width, height, 0), 0, 0, null);
    return written(image, "png");
  }

  /** A palette PNG of eight bits a pixel. */
  public static byte[] pngPalette(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED);
    image.createGraphics().drawImage(drawing(width, height, 0), 0, 0, null);
    return written(image, "png");
  }

  /** A grey PNG of sixteen bits a pixel. */
  public static byte[] pngGrey16(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_USHORT_GRAY);
    image.createGraphics().drawImage(drawing(width, height, 0), 0, 0, null);
    return written(image, "png");
  }

  /** A grey PNG of eight bits a pixel. */
  public static byte[] pngGrey(int width, int height) {
    return written(grey(width, height), "png");
  }

  /** A JPEG of one channel. */
  public static byte[] jpegGrey(int width, int height) {
    return jpegOf(grey(width, height), 0.85f, false);
  }

  private static BufferedImage grey(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    image.createGraphics().drawImage(drawing(width, height, 0), 0, 0, null);
    return image;
  }

  /** A looping GIF of that many different frames, 100 ms each; one frame gives a still. */
  public static byte[] gif(int width, int height, int frames) {
    return written(
        "gif",
        writer -> {
          writer.prepareWriteSequence(null);
          for (int i = 0; i < frames; i++) {
            BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED);
            image.createGraphics().drawImage(drawing(width, height, i), 0, 0, null);
            writer.writeToSequence(new IIOImage(image, null, gifTiming(writer, image)), null);
          }
          writer.endWriteSequence();
        });
  }

  /** A lossy opaque WebP. */
  public static byte[] webp(int width, int height) {
    return converted(
        "webp" + width + "x" + height, "in.png", png(width, height), "png:in.png", "webp:out");
  }

  /** A lossless WebP (VP8L). */
  public static byte[] webpLossless(int width, int height) {
    return converted(
        "webpLossless" + width + "x" + height,
        "in.png",
        png(width, height),
        "png:in.png",
        "-define",
        "webp:lossless=true",
        "webp:out");
  }

  /** A lossy WebP with transparency (VP8X, ALPH, VP8). */
  public static byte[] webpAlpha(int width, int height) {
    return converted(
        "webpAlpha" + width + "x" + height,
        "in.png",
        pngAlpha(width, height),
        "png:in.png",
        "webp:out");
  }

  /** Another picture as WebP, with settings of ImageMagick such as {@code webp:partitions=3}. */
  public static byte[] webpOf(byte[] png, String... settings) {
    List<String> arguments = new ArrayList<>(List.of("png:in.png"));
    for (String setting : settings) {
      arguments.addAll(List.of("-define", setting));
    }
    arguments.add("webp:out");
    return converted(
        "webp of " + Arrays.hashCode(png) + arguments,
        "in.png",
        png,
        arguments.toArray(String[]::new));
  }

  /** The bare pixels of a WebP, four bytes each, as libwebp decodes them. */
  public static byte[] pixelsOfWebp(byte[] webp) {
    return Tools.make(
        Map.of("in.webp", webp), "out", Tools.convert(), "webp:in.webp", "-depth", "8", "rgba:out");
  }

  /** An animated WebP of that many different frames, 100 ms each. */
  public static byte[] animatedWebp(int width, int height, int frames) {
    return film(
            "animated webp",
            width,
            height,
            frames,
            "-c:v",
            "libwebp_anim",
            "-loop",
            "0",
            "-f",
            "webp")
        .clone();
  }

  /** A silent H.264 MP4 at 10 frames a second; sides must be even. */
  public static byte[] mp4(int width, int height, int frames) {
    return film("mp4", width, height, frames, h264("mp4", "+faststart"));
  }

  /** A fragmented MP4: its frames are named in moof boxes, none in moov. */
  public static byte[] mp4Fragmented(int width, int height, int frames) {
    return film("fragmented mp4", width, height, frames, h264("mp4", "frag_keyframe+empty_moov"));
  }

  /** An MP4 with a sound track before its video track, movie box last. */
  public static byte[] mp4WithSound(int width, int height, int frames) {
    return film(
        "mp4 with sound",
        width,
        height,
        frames,
        "-f",
        "lavfi",
        "-i",
        "sine=frequency=440:duration=1",
        "-map",
        "1:a",
        "-map",
        "0:v",
        "-c:v",
        "libx264",
        "-threads",
        "1",
        "-pix_fmt",
        "yuv420p",
        "-c:a",
        "aac",
        "-f",
        "mp4");
  }

  /** A silent QuickTime movie, movie box last. */
  public static byte[] mov(int width, int height, int frames) {
    return film("mov", width, height, frames, h264("mov", "0"));
  }

  /** The drawing behind the opaque pictures; each variant looks different. */
  public static BufferedImage drawing(int width, int height, int variant) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setPaint(
        new GradientPaint(0, 0, new Color(30, 80, 160), width, height, new Color(240, 190, 90)));
    pen.fillRect(0, 0, width, height);
    Random random = new Random(7L + variant);
    pen.setStroke(new BasicStroke(Math.max(1, width / 100f)));
    for (int i = 0; i < 12; i++) {
      pen.setColor(new Color(random.nextInt(0x1000000)));
      int size = 1 + random.nextInt(Math.max(1, width / 3));
      int x = random.nextInt(width);
      int y = random.nextInt(height);
      if (i % 2 == 0) {
        pen.fillOval(x, y, size, size);
      } else {
        pen.drawRect(x, y, size, size / 2);
      }
    }
    pen.dispose();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int pixel = image.getRGB(x, y);
        int noise = random.nextInt(13) - 6;
        image.setRGB(
            x,
            y,
            within((pixel >> 16 & 255) + noise) << 16
                | within((pixel >> 8 & 255) + noise) << 8
                | within((pixel & 255) + noise));
      }
    }
    return image;
  }

  private static int within(int channel) {
    return Math.clamp(channel, 0, 255);
  }

  private static BufferedImage fading(int width, int height) {
    BufferedImage opaque = drawing(width, height, 0);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int alpha = 255 - (int) (255L * x / Math.max(1, width - 1));
        image.setRGB(x, y, alpha << 24 | (opaque.getRGB(x, y) & 0xFFFFFF));
      }
    }
    return image;
  }

  /** Vertical stripes of equal width in these colours. */
  public static BufferedImage stripes(int width, int height, int... argb) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    boolean opaque = true;
    for (int x = 0; x < width; x++) {
      int colour = argb[x * argb.length / width];
      opaque &= colour >>> 24 == 255;
      for (int y = 0; y < height; y++) {
        image.setRGB(x, y, colour);
      }
    }
    if (!opaque) {
      return image;
    }
    BufferedImage rgb = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    rgb.createGraphics().drawImage(image, 0, 0, null);
    return rgb;
  }

  /** Another drawing as JPEG of quality 0.95, colour at half the width and height. */
  public static byte[] jpegOf(BufferedImage image) {
    return jpegOf(image, 0.95f, false);
  }

  /** A PNG as JPEG of quality 95, with settings of ImageMagick such as -colorspace CMYK. */
  public static byte[] jpegOf(byte[] png, String... settings) {
    List<String> arguments = new ArrayList<>(List.of("png:in.png", "-quality", "95"));
    arguments.addAll(List.of(settings));
    arguments.add("jpeg:out");
    return converted(
        "jpeg of " + Arrays.hashCode(png) + arguments,
        "in.png",
        png,
        arguments.toArray(String[]::new));
  }

  /**
   * The quarters of {@link #cornerJpeg}: red and green above blue and yellow, in any size.
   *
   * @param width even
   */
  public static BufferedImage corners(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    image.createGraphics().drawImage(corners(), 0, 0, width, height, null);
    return image;
  }

  private static BufferedImage corners() {
    BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    Color[] colours = {Color.RED, Color.GREEN, Color.BLUE, Color.YELLOW};
    for (int i = 0; i < colours.length; i++) {
      pen.setColor(colours[i]);
      pen.fillRect(i % 2 * 32, i / 2 * 24, 32, 24);
    }
    pen.dispose();
    return image;
  }

  private static byte[] jpegOf(BufferedImage image, float quality, boolean progressive) {
    return written(
        "jpeg",
        writer -> {
          ImageWriteParam param = writer.getDefaultWriteParam();
          param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
          param.setCompressionQuality(quality);
          if (progressive) {
            param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
          }
          writer.write(null, new IIOImage(image, null, null), param);
        });
  }

  public static byte[] written(BufferedImage image, String format) {
    return written(format, writer -> writer.write(image));
  }

  interface Writing {
    void with(ImageWriter writer) throws IOException;
  }

  static byte[] written(String format, Writing writing) {
    // The JDK's own writer: the other library on the class path brings one for JPEG as well.
    ImageWriter writer = null;
    var writers = ImageIO.getImageWritersByFormatName(format);
    while (writers.hasNext()) {
      ImageWriter candidate = writers.next();
      if (candidate.getClass().getName().startsWith("com.sun.")) {
        writer = candidate;
      }
    }
    if (writer == null) {
      throw new IllegalStateException("no writer for " + format);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writing.with(writer);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static IIOMetadata gifTiming(ImageWriter writer, BufferedImage image) throws IOException {
    IIOMetadata metadata =
        writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), null);
    String format = metadata.getNativeMetadataFormatName();
    IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(format);
    IIOMetadataNode control = new IIOMetadataNode("GraphicControlExtension");
    control.setAttribute("disposalMethod", "none");
    control.setAttribute("userInputFlag", "FALSE");
    control.setAttribute("transparentColorFlag", "FALSE");
    control.setAttribute("delayTime", "10");
    control.setAttribute("transparentColorIndex", "0");
    root.appendChild(control);
    IIOMetadataNode loop = new IIOMetadataNode("ApplicationExtension");
    loop.setAttribute("applicationID", "NETSCAPE");
    loop.setAttribute("authenticationCode", "2.0");
    loop.setUserObject(new byte[] {1, 0, 0});
    IIOMetadataNode extensions = new IIOMetadataNode("ApplicationExtensions");
    extensions.appendChild(loop);
    root.appendChild(extensions);
    metadata.setFromTree(format, root);
    return metadata;
  }

  private static byte[] converted(String key, String name, byte[] input, String... arguments) {
    return MADE.computeIfAbsent(
            key, k -> Tools.make(Map.of(name, input), "out", Tools.convert(), arguments))
        .clone();
  }

  private static String[] h264(String container, String flags) {
    return new String[] {
      "-c:v", "libx264", "-threads", "1", "-pix_fmt", "yuv420p", "-movflags", flags, "-f", container
    };
  }

  private static byte[] film(String kind, int width, int height, int frames, String... encoding) {
    return MADE.computeIfAbsent(
            kind + width + "x" + height + "x" + frames,
            key -> {
              Map<String, byte[]> inputs = new LinkedHashMap<>();
              for (int i = 0; i < frames; i++) {
                inputs.put("%04d.png".formatted(i), written(drawing(width, height, i), "png"));
              }
              String[] before = {
                "-nostdin", "-loglevel", "error", "-framerate", "10", "-i", "%04d.png"
              };
              String[] after = {"-fflags", "+bitexact", "-flags:v", "+bitexact", "out"};
              String[] all = new String[before.length + encoding.length + after.length];
              System.arraycopy(before, 0, all, 0, before.length);
              System.arraycopy(encoding, 0, all, before.length, encoding.length);
              System.arraycopy(after, 0, all, before.length + encoding.length, after.length);
              return Tools.make(inputs, "out", Tools.ffmpeg(), all);
            })
        .clone();
  }
}
