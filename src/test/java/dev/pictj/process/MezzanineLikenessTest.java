package dev.pictj.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.engine.EncoderEffort;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.PictureRules;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.child.Sandbox;
import dev.pictj.engine.child.Workplace;
import dev.pictj.engine.magick.MagickEngine;
import dev.pictj.engine.magick.MagickLimits;
import dev.pictj.engine.magick.MagickTools;
import dev.pictj.engine.vips.VipsEngine;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.pictures.Pictures;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.FileImageOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is made from a mezzanine is as near to the truth as what is made from the original. The
 * truth is computed here from the original's pixels in floating point, for a thumbnail as the mean
 * of the area that a pixel covers, for resize with a Lanczos2 filter; errors are in steps of 255,
 * of every channel, before a white background and, where there is transparency, before a black one
 * too.
 *
 * <p>On the average they are at most 0.75 larger, and one of a thousand at most 5. Of dense thin
 * lines in a JPEG it is 1.5 and 6: there it decides, one way or the other, by how much the decoder
 * has shrunk it already, which differs as much between sizes without any mezzanine.
 */
class MezzanineLikenessTest {
  private static final int WIDTH = 700;
  private static final int HEIGHT = 525;
  private static final Mezzanine RULE = new Mezzanine(450, 95);

  @TempDir static Path folder;
  private static ImageEngine magick;
  private static VipsEngine vips;

  @BeforeAll
  static void start() throws Exception {
    Limits limits = new Limits(10_000, 10_000, 40_000_000, 50);
    PictureRules rules = new PictureRules(limits, Duration.ofSeconds(30), EncoderEffort.USUAL);
    magick =
        MagickEngine.start(
            MagickTools.find(List.of(Path.of("/usr/bin"))),
            MagickLimits.defaults(),
            rules,
            new Workplace(Files.createDirectory(folder.resolve("work")), Sandbox.none()));
    vips = VipsEngine.inProcess(magick, rules, 2, 1 << 30);
  }

  @AfterAll
  static void stop() {
    vips.close();
  }

  /** The ways in which pictures differ that matter here. */
  enum Subject {
    PHOTOGRAPH,
    NOISE,
    LINES,
    EDGES_OF_ALPHA;

    BufferedImage draw() {
      return switch (this) {
        case PHOTOGRAPH -> noisy(Pictures.drawing(WIDTH, HEIGHT, 0), 9);
        case NOISE -> noisy(opaque(), 90);
        case LINES -> lines();
        case EDGES_OF_ALPHA -> discs();
      };
    }
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

  record Case(Subject subject, MediaType type, boolean usingVips) {
    @Override
    public String toString() {
      return "%s %s %s".formatted(subject, type, usingVips ? "libvips" : "ImageMagick");
    }
  }

  static Stream<Case> cases() {
    return Stream.of(Subject.values())
        .flatMap(
            subject ->
                subject == Subject.EDGES_OF_ALPHA
                    ? Stream.of(new Case(subject, MediaType.PNG, true))
                    : Stream.of(MediaType.PNG, MediaType.JPEG)
                        .map(type -> new Case(subject, type, true)))
        .flatMap(one -> Stream.of(one, new Case(one.subject(), one.type(), false)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void resultsAreNoFartherFromTheTruth(Case one) throws Exception {
    ImageEngine engine = one.usingVips() ? vips : magick;
    Path original = store(one);
    Probed probed = new HeaderProbe().probe(original);
    BufferedImage truth = ImageIO.read(readable(original, probed).toFile());
    Path stored = folder.resolve("mezzanine");
    Probed of = null;
    for (RenderStep step :
        List.of(
            new RenderStep.Resize(Geometry.fit(probed.dimensions(), 150)),
            new RenderStep.Sample(Geometry.fit(probed.dimensions(), 150)),
            new RenderStep.Resize(Geometry.fit(probed.dimensions(), 100)))) {
      for (MediaType target : List.of(MediaType.WEBP, MediaType.JPEG)) {
        List<RenderStep> steps = List.of(step);
        var use = RULE.of(original, probed, steps, target);
        if (of == null) {
          engine.render(
              original,
              probed,
              List.of(new RenderStep.Sample(use.orElseThrow().copy().size())),
              use.get().copy().type(),
              use.get().copy().stored(),
              stored);
          of = new HeaderProbe().probe(stored);
          assertThat(of.dimensions()).isEqualTo(use.get().copy().size());
        }
        Path straight = folder.resolve("straight");
        Path around = folder.resolve("around");
        engine.render(original, probed, steps, target, straight);
        engine.render(stored, of, steps, target, use.orElseThrow().result(), around);
        Errors expected = Errors.of(truth, step, decode(straight));
        Errors found = Errors.of(truth, step, decode(around));
        boolean lines = one.subject() == Subject.LINES && one.type() == MediaType.JPEG;
        assertThat(found.mean())
            .as("%s, %s as %s, mean", one, step, target)
            .isLessThan(expected.mean() + (lines ? 1.5 : 0.75));
        assertThat(found.high())
            .as("%s, %s as %s, one of a thousand", one, step, target)
            .isLessThan(expected.high() + (lines ? 6 : 5));
        assertThat(new HeaderProbe().probe(around).dimensions())
            .isEqualTo(new HeaderProbe().probe(straight).dimensions());
        // Written as what is made straight from the original.
        assertThat((double) Files.size(around) / Files.size(straight)).isBetween(0.9, 1.1);
      }
    }
  }

  private static Path store(Case one) throws Exception {
    BufferedImage drawn = one.subject().draw();
    Path png = folder.resolve("source.png");
    ImageIO.write(drawn, "png", png.toFile());
    Path file = folder.resolve("source." + one.type().extension());
    if (one.type() == MediaType.JPEG) {
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

  /** As a PNG, without loss. */
  private static Path readable(Path picture, Probed probed) throws Exception {
    Path png = folder.resolve("readable.png");
    vips.render(picture, probed, List.of(), MediaType.PNG, png);
    return png;
  }

  private static BufferedImage decode(Path picture) throws Exception {
    return ImageIO.read(readable(picture, new HeaderProbe().probe(picture)).toFile());
  }

  /**
   * @param mean of all
   * @param high what one of a thousand is beyond
   */
  record Errors(double mean, double high) {
    static Errors of(BufferedImage truth, RenderStep step, BufferedImage found) {
      int width = found.getWidth();
      int height = found.getHeight();
      boolean lanczos = step instanceof RenderStep.Resize;
      double[][] wanted = channels(truth);
      double[][] present = channels(found);
      if (!found.getColorModel().hasAlpha()) {
        // Whatever was transparent was laid on white.
        wanted = Arrays.copyOfRange(wanted, 3, 6);
        present = Arrays.copyOfRange(present, 3, 6);
      }
      double[] all = new double[wanted.length * width * height];
      for (int channel = 0; channel < wanted.length; channel++) {
        double[] rows = shrink(wanted[channel], truth.getWidth(), width, lanczos);
        // Across, and with both sides changed over, down.
        double[] ideal = shrink(rows, truth.getHeight(), height, lanczos);
        for (int i = 0; i < ideal.length; i++) {
          double value = Math.clamp(ideal[i], 0, 255);
          all[channel * ideal.length + i] = Math.abs(value - present[channel][i]);
        }
      }
      double mean = Arrays.stream(all).average().orElseThrow();
      Arrays.sort(all);
      return new Errors(mean, all[all.length - 1 - all.length / 1000]);
    }

    /** Row by row, three before black and three before white. */
    private static double[][] channels(BufferedImage image) {
      int[] pixels =
          image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
      double[][] channels = new double[6][pixels.length];
      for (int i = 0; i < pixels.length; i++) {
        double alpha = (pixels[i] >>> 24) / 255.0;
        for (int channel = 0; channel < 3; channel++) {
          channels[channel][i] = (pixels[i] >> 8 * channel & 255) * alpha;
          channels[channel + 3][i] = channels[channel][i] + 255 * (1 - alpha);
        }
      }
      return channels;
    }

    /** Shrinks rows from one length to another, and makes columns of them. */
    private static double[] shrink(double[] rows, int from, int to, boolean lanczos) {
      int count = rows.length / from;
      double step = (double) from / to;
      double reach = step * (lanczos ? 2 : 0.5);
      double[] columns = new double[count * to];
      for (int x = 0; x < to; x++) {
        double centre = (x + 0.5) * step;
        int first = (int) Math.max(0, Math.floor(centre - reach));
        int last = (int) Math.min(from - 1, Math.ceil(centre + reach) - 1);
        double[] weights = new double[last - first + 1];
        double sum = 0;
        for (int i = first; i <= last; i++) {
          weights[i - first] =
              lanczos
                  ? lanczos2((i + 0.5 - centre) / step)
                  : Math.min(i + 1, centre + reach) - Math.max(i, centre - reach);
          sum += weights[i - first];
        }
        for (int row = 0; row < count; row++) {
          double value = 0;
          for (int i = first; i <= last; i++) {
            value += weights[i - first] * rows[row * from + i];
          }
          columns[x * count + row] = value / sum;
        }
      }
      return columns;
    }

    private static double lanczos2(double x) {
      if (x == 0) {
        return 1;
      }
      double angle = Math.PI * x;
      return Math.abs(x) >= 2 ? 0 : 2 * Math.sin(angle) * Math.sin(angle / 2) / angle / angle;
    }
  }
}
