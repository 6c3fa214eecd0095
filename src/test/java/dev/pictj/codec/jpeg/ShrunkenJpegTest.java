package dev.pictj.codec.jpeg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.media.Dimensions;
import dev.pictj.pictures.CodedJpeg;
import dev.pictj.pictures.JpegParts;
import dev.pictj.pictures.WrittenJpeg;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Samples are what the JDK's picture of full size gives when it is cut down to the frequencies that
 * are left. That one's samples are rounded, and so are these: of a component they are at most one
 * and a half off, of a colour made of three components four.
 */
@Tag("slow")
class ShrunkenJpegTest {
  private static final int[] SIDES = {1, 1, 7, 9, 8, 8, 17, 33, 305, 203, 1021, 767};

  record Case(Dimensions size, Subject subject, int step, int... sampling) {
    CodedJpeg jpeg() {
      BufferedImage image = subject.image(size.width(), size.height());
      return sampling.length == 0
          ? CodedJpeg.grey(image, step)
          : CodedJpeg.colour(image, step, sampling);
    }

    @Override
    public String toString() {
      return size + " " + subject + " /" + step + " " + Arrays.toString(sampling);
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < SIDES.length; i += 2) {
      Dimensions size = new Dimensions(SIDES[i], SIDES[i + 1]);
      for (Subject subject : Subject.values()) {
        int step = subject == Subject.NOISE ? 1 : 6;
        cases.add(new Case(size, subject, step));
        cases.add(new Case(size, subject, step, 1, 1, 1, 1, 1, 1));
        cases.add(new Case(size, subject, step, 2, 1, 1, 1, 1, 1));
        cases.add(new Case(size, subject, step, 1, 2, 1, 1, 1, 1));
        cases.add(new Case(size, subject, step, 2, 2, 1, 1, 1, 1));
      }
    }
    Dimensions size = new Dimensions(99, 77);
    cases.add(new Case(size, Subject.DRAWING, 60, 2, 2, 1, 1, 1, 1));
    // Where only one of both colours is halved, or each in its own way.
    cases.add(new Case(size, Subject.DRAWING, 3, 2, 2, 2, 1, 1, 2));
    cases.add(new Case(size, Subject.DRAWING, 3, 2, 2, 1, 1, 2, 2));
    cases.add(new Case(size, Subject.DRAWING, 3, 2, 2, 2, 2, 2, 1));
    // Factors that mean no more than 1.
    cases.add(new Case(size, Subject.DRAWING, 3, 1, 2, 1, 2, 1, 2));
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void samplesAreWhatTheLowestFrequenciesMake(Case one) throws Exception {
    CodedJpeg jpeg = one.jpeg();
    for (int shrink : new int[] {4, 8}) {
      for (boolean wholeChroma : new boolean[] {false, true}) {
        Raster found = Decoding.of(jpeg.bytes(), shrink, wholeChroma).orElseThrow();
        Dimensions size =
            new Dimensions(
                Math.max(1, (one.size().width() + shrink / 2) / shrink),
                Math.max(1, (one.size().height() + shrink / 2) / shrink));

        assertThat(found.size()).isEqualTo(size);
        assertThat(found.profile()).isEmpty();
        assertThat(found.bands()).isEqualTo(one.sampling().length == 0 ? 1 : 3);
        double[] expected =
            one.sampling().length == 0
                ? grey(jpeg, shrink, size)
                : rgb(jpeg, one.sampling(), shrink, wholeChroma, size);
        assertNear(found.samples(), expected, one.sampling().length == 0 ? 1.5 : 4);
      }
    }
  }

  private static double[] grey(CodedJpeg jpeg, int shrink, Dimensions size) throws Exception {
    Reference.Plane plane = Reference.reduced(Reference.full(jpeg.plane(0).bytes()), 0, 8 / shrink);
    return Reference.stretched(plane, 1, 1, size).samples();
  }

  private static double[] rgb(
      CodedJpeg jpeg, int[] sampling, int shrink, boolean wholeChroma, Dimensions size)
      throws Exception {
    List<Reference.Plane> planes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int across = sampling[0] / sampling[2 * i];
      int down = sampling[1] / sampling[2 * i + 1];
      int side = 8 / shrink;
      if (wholeChroma && across == 2 && down == 2) {
        side *= 2;
        across = 1;
        down = 1;
      }
      Reference.Plane plane = Reference.reduced(Reference.full(jpeg.plane(i).bytes()), 0, side);
      planes.add(Reference.stretched(plane, across, down, size));
    }
    return rgb(planes);
  }

  private static double[] rgb(List<Reference.Plane> planes) {
    int count = planes.getFirst().samples().length;
    double[] samples = new double[3 * count];
    for (int i = 0; i < count; i++) {
      double[] pixel =
          Reference.rgb(
              planes.get(0).samples()[i], planes.get(1).samples()[i], planes.get(2).samples()[i]);
      System.arraycopy(pixel, 0, samples, 3 * i, 3);
    }
    return samples;
  }

  private static void assertNear(byte[] found, double[] expected, double most) {
    assertThat(found).hasSameSizeAs(expected);
    double sum = 0;
    double worst = 0;
    for (int i = 0; i < found.length; i++) {
      double distance = Math.abs((found[i] & 0xFF) - expected[i]);
      sum += distance;
      worst = Math.max(worst, distance);
    }
    assertThat(worst).isLessThan(most);
    // Of a few samples there is no mean to speak of.
    assertThat(sum / found.length).isLessThan(found.length < 100 ? most : most / 4);
  }

  /** Nothing of what follows changes a coefficient. */
  @ParameterizedTest
  @MethodSource("samplings")
  void howItIsWrittenMakesNoDifference(int horizontal, int vertical) throws Exception {
    int rows = Math.ceilDiv(305, 8 * horizontal);
    int[] sampling = {horizontal, vertical, 1, 1, 1, 1};
    BufferedImage image = Subject.NOISE.image(305, 203);
    for (int shrink : new int[] {4, 8}) {
      for (boolean wholeChroma : new boolean[] {false, true}) {
        Raster plain =
            Decoding.of(CodedJpeg.colour(image, 2, sampling).bytes(), shrink, wholeChroma)
                .orElseThrow();
        for (CodedJpeg same :
            List.of(
                CodedJpeg.colour(image, 2, sampling).restarts(1),
                CodedJpeg.colour(image, 2, sampling).restarts(3),
                CodedJpeg.colour(image, 2, sampling).restarts(rows),
                CodedJpeg.colour(image, 2, sampling).restarts(65_535),
                CodedJpeg.colour(image, 2, sampling).filled(1),
                CodedJpeg.colour(image, 2, sampling).filled(100),
                CodedJpeg.colour(image, 2, sampling).wide(),
                CodedJpeg.colour(image, 2, sampling).named(1, 2, 3),
                CodedJpeg.colour(image, 2, sampling).named(0, 1, 2).adobe(1),
                CodedJpeg.colour(image, 2, sampling).scans(new int[] {0}, new int[] {1, 2}),
                CodedJpeg.colour(image, 2, sampling)
                    .scans(new int[] {2}, new int[] {0}, new int[] {1})
                    .filled(2)
                    .restarts(7))) {
          assertSame(same.bytes(), shrink, wholeChroma, plain);
        }
      }
    }
  }

  static Stream<Arguments> samplings() {
    return Stream.of(
        Arguments.of(1, 1), Arguments.of(2, 1), Arguments.of(1, 2), Arguments.of(2, 2));
  }

  private static void assertSame(byte[] jpeg, int shrink, boolean wholeChroma, Raster expected)
      throws Exception {
    Raster found = Decoding.of(jpeg, shrink, wholeChroma).orElseThrow();
    assertThat(found.size()).isEqualTo(expected.size());
    assertThat(found.samples()).isEqualTo(expected.samples());
  }

  /** libjpeg codes the same numbers in another way when it is told to. */
  @ParameterizedTest
  @MethodSource("samplings")
  void libjpegsFilesOfOneQualityAreOnePicture(int horizontal, int vertical) throws Exception {
    for (float quality : new float[] {0.05f, 0.5f, 0.85f, 1}) {
      for (Subject subject : Subject.values()) {
        BufferedImage image = subject.image(205, 103);
        byte[] plain = written(image, quality, horizontal, vertical).bytes();
        for (boolean wholeChroma : new boolean[] {false, true}) {
          Raster eighth = Decoding.of(plain, 8, wholeChroma).orElseThrow();
          for (WrittenJpeg same :
              List.of(
                  written(image, quality, horizontal, vertical).progressive(),
                  written(image, quality, horizontal, vertical).progressive().restarts(5),
                  written(image, quality, horizontal, vertical).restarts(3),
                  written(image, quality, horizontal, vertical).optimised())) {
            assertSame(same.bytes(), 8, wholeChroma, eighth);
          }
          Raster quarter = Decoding.of(plain, 4, wholeChroma).orElseThrow();
          assertSame(
              written(image, quality, horizontal, vertical).optimised().restarts(1).bytes(),
              4,
              wholeChroma,
              quarter);
        }
      }
    }
  }

  private static WrittenJpeg written(
      BufferedImage image, float quality, int horizontal, int vertical) {
    return WrittenJpeg.of(image).quality(quality).sampling(horizontal, vertical);
  }

  /** Whole blocks, so that all of them can be seen at full size. */
  @ParameterizedTest
  @MethodSource("qualities")
  void samplesOfLibjpegsFilesAreWhatTheLowestFrequenciesMake(float quality) throws Exception {
    for (Subject subject : Subject.values()) {
      BufferedImage image = subject.image(208, 104);
      for (byte[] jpeg :
          List.of(
              WrittenJpeg.of(image).quality(quality).bytes(),
              WrittenJpeg.of(image).quality(quality).progressive().bytes())) {
        for (int shrink : new int[] {4, 8}) {
          boolean progressive = JpegParts.of(jpeg).stream().anyMatch(part -> part.marker() == 0xC2);
          if (progressive && shrink == 4) {
            assertThat(Decoding.of(jpeg, shrink, true)).isEmpty();
            continue;
          }
          List<Reference.Plane> planes = new ArrayList<>();
          for (int band = 0; band < 3; band++) {
            planes.add(Reference.reduced(Reference.full(jpeg), band, 8 / shrink));
          }
          Raster found = Decoding.of(jpeg, shrink, true).orElseThrow();
          assertNear(found.samples(), rgb(planes), 4);
        }
      }
    }
  }

  static Stream<Float> qualities() {
    return Stream.of(0.05f, 0.3f, 0.75f, 0.95f, 1f);
  }
}
