package dev.pictj.engine.preview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pictj.docs.MarkdownPage;
import dev.pictj.pictures.Pictures;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntBinaryOperator;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PerceptualHashTest {
  private static final MarkdownPage PAGE = MarkdownPage.of("docs/processing.md");

  private static final int DRAWINGS = 100;

  /** Up to which two pictures are taken for copies of one. */
  private static final int ALIKE = 8;

  /** Of 100, as other versions of Java draw and compress with other roundings. */
  private static final int MARGIN = 3;

  private static final List<BufferedImage> PICTURES =
      IntStream.range(0, DRAWINGS)
          .mapToObj(i -> Pictures.drawing(i % 2 == 0 ? 320 : 240, 240, i))
          .toList();

  private static final long[] HASHES =
      PICTURES.stream().mapToLong(PerceptualHashTest::hash).toArray();

  private static long hash(TinyPicture picture) {
    return Long.parseUnsignedLong(PerceptualHash.of(picture), 16);
  }

  private static long hash(BufferedImage picture) {
    return hash(TinyPictures.of(picture));
  }

  private static Map<String, UnaryOperator<BufferedImage>> changes() {
    Map<String, UnaryOperator<BufferedImage>> changes = new LinkedHashMap<>();
    changes.put("recompressed, JPEG of quality 75", PerceptualHashTest::recompressed);
    changes.put("resized to 40 %", one -> part(one, 0, 0, 1, 0.4));
    changes.put("cropped by 5 %, evenly", one -> part(one, 0.025, 0.025, 0.95, 1));
    changes.put("cropped by 5 %, at one corner", one -> part(one, 0.05, 0.05, 0.95, 1));
    changes.put("made grey", one -> each(one, PerceptualHashTest::grey));
    changes.put("made lighter, gamma 0.7", one -> each(one, PerceptualHashTest::lighter));
    changes.put("hues turned by 30°", one -> each(one, PerceptualHashTest::turned));
    changes.put("mirrored", one -> part(one, 1, 0, -1, 1));
    return changes;
  }

  /** What is made of each drawing, and, in the last row, each drawing and each other one. */
  @Test
  void thePageTellsWhatIsFoundAgainAndWhatIsTakenForIt() {
    Map<String, int[]> found = new LinkedHashMap<>();
    changes()
        .forEach(
            (name, change) ->
                found.put(
                    name,
                    distances(
                        i ->
                            IntStream.of(
                                distance(HASHES[i], hash(change.apply(PICTURES.get(i))))))));
    found.put(
        "another drawing",
        distances(i -> IntStream.range(0, i).map(j -> distance(HASHES[i], HASHES[j]))));
    List<List<String>> rows = new ArrayList<>();
    found.forEach(
        (name, distances) ->
            rows.add(
                List.of(
                    MarkdownPage.code(name),
                    Integer.toString(distances.length),
                    Long.toString(Arrays.stream(distances).filter(one -> one <= ALIKE).count()),
                    Integer.toString(distances[distances.length / 2]))));
    List<List<String>> told = PAGE.table("## Facts");
    String all = rows.toString();
    assertThat(told).as(all).hasSameSizeAs(rows);
    for (int i = 0; i < rows.size(); i++) {
      assertThat(told.get(i).subList(0, 2)).as(all).isEqualTo(rows.get(i).subList(0, 2));
      for (int column = 2; column < 4; column++) {
        assertThat(Integer.parseInt(told.get(i).get(column)))
            .as(all)
            .isCloseTo(Integer.parseInt(rows.get(i).get(column)), within(MARGIN));
      }
    }
    assertThat(rows.getLast().get(2)).isEqualTo("0");
  }

  private static int[] distances(IntFunction<IntStream> ofOne) {
    return IntStream.range(0, DRAWINGS).flatMap(ofOne::apply).sorted().toArray();
  }

  private static int distance(long one, long other) {
    return Long.bitCount(one ^ other);
  }

  @Test
  void aPlainPictureIsNoNoise() {
    assertThat(PerceptualHash.of(TinyPictures.of(64, 48, (_, _) -> 0xFF3C78B4)))
        .isEqualTo("0000000000000000");
    assertThat(PerceptualHash.of(TinyPictures.of(1, 1, (_, _) -> 0xFF3C78B4)))
        .isEqualTo("0000000000000000");
  }

  @Test
  void whatIsTransparentIsSeenOnWhite() {
    IntBinaryOperator square = (x, y) -> x < 20 && y < 30 ? 0xFF204060 : 0xFFFFFFFF;
    assertThat(
            PerceptualHash.of(
                TinyPictures.of(
                    64, 64, (x, y) -> square.applyAsInt(x, y) == -1 ? 0x00123456 : 0xFF204060)))
        .isEqualTo(PerceptualHash.of(TinyPictures.of(64, 64, square)))
        .isNotEqualTo("0000000000000000");
  }

  /** The first bit is half a period across: light on the left, dark on the right. */
  @Test
  void theFirstBitIsWhetherTheLeftIsLighter() {
    assertThat(hash(TinyPictures.of(64, 64, (x, _) -> 0xFF000000 | (63 - x) * 0x040404)))
        .isNegative();
    assertThat(hash(TinyPictures.of(64, 64, (x, _) -> 0xFF000000 | x * 0x040404))).isNotNegative();
  }

  private static BufferedImage recompressed(BufferedImage picture) {
    try {
      return ImageIO.read(new ByteArrayInputStream(Pictures.written(picture, "jpg")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A part of a picture in another size.
   *
   * @param share of both sides; below 0 it goes to the left, and is mirrored
   */
  private static BufferedImage part(
      BufferedImage whole, double left, double top, double share, double scale) {
    int width = (int) (whole.getWidth() * Math.abs(share) * scale);
    int height = (int) (whole.getHeight() * Math.abs(share) * scale);
    BufferedImage part = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = part.createGraphics();
    pen.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    int x = (int) (whole.getWidth() * left);
    int y = (int) (whole.getHeight() * top);
    pen.drawImage(
        whole,
        0,
        0,
        width,
        height,
        x,
        y,
        x + (int) (whole.getWidth() * share),
        y + (int) (whole.getHeight() * Math.abs(share)),
        null);
    pen.dispose();
    return part;
  }

  private static BufferedImage each(BufferedImage image, IntUnaryOperator change) {
    BufferedImage changed =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        changed.setRGB(x, y, change.applyAsInt(image.getRGB(x, y)));
      }
    }
    return changed;
  }

  /** By a twelfth of the circle. */
  private static int turned(int rgb) {
    float[] hsb = Color.RGBtoHSB(rgb >> 16 & 0xFF, rgb >> 8 & 0xFF, rgb & 0xFF, null);
    return Color.HSBtoRGB(hsb[0] + 1 / 12f, hsb[1], hsb[2]);
  }

  private static int grey(int rgb) {
    return ((rgb >> 16 & 0xFF) * 3 + (rgb >> 8 & 0xFF) * 6 + (rgb & 0xFF)) / 10 * 0x010101;
  }

  private static int lighter(int rgb) {
    int result = 0;
    for (int shift = 0; shift < 24; shift += 8) {
      double part = Math.pow((rgb >> shift & 0xFF) / 255.0, 0.7);
      result |= (int) Math.round(255 * part) << shift;
    }
    return result;
  }
}
