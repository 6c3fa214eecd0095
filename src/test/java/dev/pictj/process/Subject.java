package dev.pictj.process;

import dev.pictj.media.MediaType;
import dev.pictj.pictures.Pictures;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.FileImageOutputStream;

/** The ways in which pictures differ that matter here. */
enum Subject {
  PHOTOGRAPH,
  NOISE,
  LINES,
  EDGES_OF_ALPHA;

  private static final int WIDTH = 700;
  private static final int HEIGHT = 525;

  BufferedImage draw() {
    return switch (this) {
      case PHOTOGRAPH -> noisy(Pictures.drawing(WIDTH, HEIGHT, 0), 9);
      case NOISE -> noisy(opaque(), 90);
      case LINES -> lines();
      case EDGES_OF_ALPHA -> discs();
    };
  }

  /** Writes it to a folder as PNG, or as a progressive JPEG. */
  Path store(Path folder, MediaType type) throws IOException {
    BufferedImage drawn = draw();
    Path png = folder.resolve("source.png");
    ImageIO.write(drawn, "png", png.toFile());
    Path file = folder.resolve("source." + type.extension());
    if (type == MediaType.JPEG) {
      ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
      Files.deleteIfExists(file);
      try (FileImageOutputStream out = new FileImageOutputStream(file.toFile())) {
        writer.setOutput(out);
        ImageWriteParam how = writer.getDefaultWriteParam();
        how.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        how.setCompressionQuality(0.85f);
        writer.write(null, new IIOImage(drawn, null, null), how);
      } finally {
        writer.dispose();
      }
    }
    return file;
  }

  private static BufferedImage opaque() {
    return new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
  }

  private static BufferedImage noisy(BufferedImage base, double strength) {
    Random random = new Random(5);
    BufferedImage image = opaque();
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int rgb = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
          double value = (base.getRGB(x, y) >> shift & 255) + strength * random.nextGaussian();
          rgb |= Math.clamp(Math.round(value), 0, 255) << shift;
        }
        image.setRGB(x, y, rgb);
      }
    }
    return image;
  }

  /** As text is: thin dark strokes in all directions, and coloured ones. */
  private static BufferedImage lines() {
    BufferedImage image = opaque();
    Graphics2D pen = image.createGraphics();
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, WIDTH, HEIGHT);
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    Random random = new Random(6);
    for (int i = 0; i < 1500; i++) {
      pen.setStroke(new BasicStroke(1 + random.nextInt(4)));
      pen.setColor(i % 5 == 0 ? new Color(random.nextInt(1 << 24)) : Color.BLACK);
      int x = random.nextInt(WIDTH);
      int y = random.nextInt(HEIGHT);
      pen.drawLine(x, y, x + random.nextInt(41) - 20, y + random.nextInt(41) - 20);
    }
    pen.dispose();
    return image;
  }

  private static BufferedImage discs() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_ARGB);
    Graphics2D pen = image.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    Random random = new Random(7);
    for (int i = 0; i < 60; i++) {
      pen.setColor(new Color(random.nextInt(), true));
      int size = 10 + random.nextInt(120);
      pen.fillOval(random.nextInt(WIDTH) - 50, random.nextInt(HEIGHT) - 50, size, size);
    }
    pen.dispose();
    return image;
  }
}
