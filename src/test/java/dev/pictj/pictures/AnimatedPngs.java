package dev.pictj.pictures;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Animated PNGs (W3C PNG third edition, 4.9), sound and odd, and what is in them. */
public final class AnimatedPngs {
  private AnimatedPngs() {}

  /** A chunk, its checksum left out. */
  public record Part(String code, byte[] payload) {
    /** It, with a right checksum. */
    public byte[] bytes() {
      return PngChunks.chunk(code, payload);
    }
  }

  /** What is shown, and where, how long, and upon what: all of a frame but its number. */
  public record Frame(String header, String pixels) {}

  /** So many frames of different colours, each shown for another time. */
  public static byte[] of(int width, int height, int frames) {
    List<Part> parts = new ArrayList<>();
    int sequence = 0;
    for (int i = 0; i < frames; i++) {
      BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      image.createGraphics().drawImage(Pictures.drawing(width, height, i), 0, 0, null);
      List<Part> still = parts(Pictures.written(image, "png"));
      byte[] size = Arrays.copyOf(still.getFirst().payload(), 8);
      if (i == 0) {
        parts.add(still.getFirst());
        parts.add(new Part("acTL", Bytes.join(Bytes.big32(frames), Bytes.big32(2))));
      }
      byte[] timing = {0, (byte) (i + 1), 0, 10, (byte) (i % 3), (byte) (i % 2)};
      parts.add(new Part("fcTL", Bytes.join(Bytes.big32(sequence++), size, new byte[8], timing)));
      ByteArrayOutputStream pixels = new ByteArrayOutputStream();
      still.stream()
          .filter(part -> part.code().equals("IDAT"))
          .map(Part::payload)
          .forEach(pixels::writeBytes);
      parts.add(
          i == 0
              ? new Part("IDAT", pixels.toByteArray())
              : new Part("fdAT", Bytes.join(Bytes.big32(sequence++), pixels.toByteArray())));
    }
    parts.add(new Part("IEND", new byte[0]));
    return join(parts);
  }

  /**
   * Frames that are another picture than the one that readers of stills see: red, where that is
   * blue. Browsers show the frames.
   */
  public static byte[] hidingFrames(int width, int height, int frames) {
    List<Part> still = parts(filled(width, height, Color.BLUE));
    Part frame =
        parts(filled(width, height, Color.RED)).stream()
            .filter(part -> part.code().equals("IDAT"))
            .findFirst()
            .orElseThrow();
    List<Part> parts = new ArrayList<>(still);
    parts.add(1, new Part("acTL", Bytes.join(Bytes.big32(frames), new byte[4])));
    byte[] size = Arrays.copyOf(still.getFirst().payload(), 8);
    byte[] timing = {0, 1, 0, 10, 0, 0};
    for (int i = 0; i < frames; i++) {
      byte[] header = Bytes.join(Bytes.big32(2 * i), size, new byte[8], timing);
      parts.add(parts.size() - 1, new Part("fcTL", header));
      byte[] pixels = Bytes.join(Bytes.big32(2 * i + 1), frame.payload());
      parts.add(parts.size() - 1, new Part("fdAT", pixels));
    }
    return join(parts);
  }

  private static byte[] filled(int width, int height, Color colour) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(colour);
    graphics.fillRect(0, 0, width, height);
    graphics.dispose();
    return Pictures.written(image, "png");
  }

  /** Its chunks. */
  public static List<Part> parts(byte[] png) {
    ByteBuffer in = ByteBuffer.wrap(png);
    List<Part> parts = new ArrayList<>();
    for (int at = 8; at < png.length; at += 12 + in.getInt(at)) {
      String code = new String(png, at + 4, 4, StandardCharsets.US_ASCII);
      parts.add(new Part(code, Arrays.copyOfRange(png, at + 8, at + 8 + in.getInt(at))));
    }
    return parts;
  }

  /** A PNG of chunks, whatever their order. */
  public static byte[] join(List<Part> parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(PngChunks.SIGNATURE);
    parts.forEach(part -> out.writeBytes(part.bytes()));
    return out.toByteArray();
  }

  /** The same with a chunk more. */
  public static byte[] with(byte[] png, int place, Part part) {
    List<Part> parts = new ArrayList<>(parts(png));
    parts.add(place, part);
    return join(parts);
  }

  /** Its frames. */
  public static List<Frame> frames(byte[] png) {
    List<Frame> frames = new ArrayList<>();
    String header = "none";
    ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    for (Part part : parts(png)) {
      switch (part.code()) {
        case "IDAT" -> pixels.writeBytes(part.payload());
        case "fdAT" ->
            pixels.writeBytes(Arrays.copyOfRange(part.payload(), 4, part.payload().length));
        case "fcTL", "IEND" -> {
          if (pixels.size() > 0) {
            frames.add(new Frame(header, Arrays.toString(pixels.toByteArray())));
            pixels.reset();
          }
          header =
              part.code().equals("fcTL")
                  ? Arrays.toString(Arrays.copyOfRange(part.payload(), 4, 26))
                  : "none";
        }
        default -> {}
      }
    }
    return frames;
  }
}
