package dev.pictj.engine.vips;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pictj.codec.jpeg.ShrunkenPlanes;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.Sandboxes;
import dev.pictj.engine.metadata.JpegTraits;
import dev.pictj.engine.metadata.JpegTraits.Chroma;
import dev.pictj.engine.vips.worker.Isolated;
import dev.pictj.engine.vips.worker.WorkerLimits;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaType;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.CodedJpeg;
import dev.pictj.pictures.JpegParts;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.WrittenJpeg;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A JPEG that is shrunk plane by plane is what libvips makes of it: the same size, sampling and
 * profile, hardly more bytes, and nearly the same pixels.
 */
@Tag("slow")
class ShrunkenPlanesTest {
  private static final Dimensions STORED = new Dimensions(816, 600);
  private static final BufferedImage IMAGE = Pictures.drawing(STORED.width(), STORED.height(), 0);

  @TempDir static Path folder;

  private static Optional<byte[]> direct(Job job, byte[] source) {
    return direct(job, source, () -> false, ShrunkenPlanes.MAX_BYTES);
  }

  private static Optional<byte[]> direct(
      Job job, byte[] source, BooleanSupplier stopped, long mostBytes) {
    try (Arena arena = Arena.ofConfined()) {
      return job.planes(mostBytes)
          .flatMap(
              order ->
                  ShrunkenPlanes.of(
                      order, arena.allocateFrom(ValueLayout.JAVA_BYTE, source), stopped, arena))
          .map(made -> made.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  private static Map<String, byte[]> sources() {
    Map<String, byte[]> sources = Kitchen.kinds(IMAGE);
    sources.put("odd", WrittenJpeg.of(Pictures.drawing(825, 601, 0)).sampling(2, 2).bytes());
    return sources;
  }

  static Stream<String> names() {
    return sources().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void makesNearlyWhatLibvipsMakes(String name) throws Exception {
    byte[] jpeg = sources().get(name);
    Path source = new Kitchen(folder).source(jpeg);
    for (Dimensions to :
        List.of(
            new Dimensions(90, 66),
            new Dimensions(135, 99),
            new Dimensions(201, 147),
            new Dimensions(271, 199),
            new Dimensions(384, 282),
            new Dimensions(391, 287),
            new Dimensions(784, 574))) {
      for (RenderStep step :
          List.of(
              new RenderStep.Shrink(to, RenderStep.Quality.FAST),
              new RenderStep.Shrink(to, RenderStep.Quality.LANCZOS2),
              new RenderStep.Shrink(to, RenderStep.Quality.CAREFUL))) {
        for (Chroma chroma : List.of(Chroma.QUARTER, Chroma.WHOLE)) {
          Job job = Kitchen.job(source, List.of(step), MediaType.JPEG, chroma);
          byte[] found = direct(job, jpeg).orElseThrow(() -> new AssertionError(job));
          byte[] expected = Kitchen.decodedByVips(job, source);
          Path made = Files.write(folder.resolve("made"), found);
          Path byVips = Files.write(folder.resolve("byVips"), expected);
          assertThat(Likeness.distance(Kitchen.picture(found), Kitchen.picture(expected)))
              .as("%s", job)
              .isLessThan(2);
          // Whole colour is more where it was not stretched before it was shrunk.
          assertThat(found.length)
              .as("%s", job)
              .isLessThan(expected.length * (chroma == Chroma.WHOLE ? 107 : 103) / 100);
          assertThat(new HeaderProbe().probe(made)).isEqualTo(new HeaderProbe().probe(byVips));
          assertThat(JpegTraits.of(made)).isEqualTo(JpegTraits.of(byVips));
        }
      }
    }
  }

  /**
   * Measured by what all pixels of the picture give in the mean. With all of the colour kept there
   * is up to four times as little amiss as where it was stretched before it was shrunk.
   */
  @ParameterizedTest
  @EnumSource(FineColours.class)
  void fineColoursSufferNoMore(FineColours colours) throws Exception {
    Dimensions to = new Dimensions(136, 100);
    for (int factor : new int[] {2, 3, 4, 6}) {
      BufferedImage image = colours.image(factor * to.width(), factor * to.height());
      BufferedImage mean = FineColours.mean(image, to);
      for (int sampling : new int[] {1, 2}) {
        byte[] jpeg = WrittenJpeg.of(image).quality(0.92f).sampling(sampling, sampling).bytes();
        Path source = new Kitchen(folder).source(jpeg);
        for (RenderStep step :
            List.of(
                new RenderStep.Shrink(to, RenderStep.Quality.FAST),
                new RenderStep.Shrink(to, RenderStep.Quality.LANCZOS2))) {
          for (Chroma chroma : List.of(Chroma.QUARTER, Chroma.WHOLE)) {
            Job job = Kitchen.job(source, List.of(step), MediaType.JPEG, chroma);
            BufferedImage found = Kitchen.picture(direct(job, jpeg).orElseThrow());
            BufferedImage byVips = Kitchen.picture(Kitchen.decodedByVips(job, source));
            assertThat(Likeness.distance(found, mean))
                .as("%s", job)
                .isLessThan(Likeness.distance(byVips, mean) + 0.6);
          }
        }
      }
    }
  }

  /** Where colour is sampled, odd sides must not draw it apart from brightness. */
  @ParameterizedTest
  @CsvSource({
    "800, 600, 401, 301",
    "801, 601, 400, 300",
    "801, 601, 401, 301",
    "800, 600, 400, 300",
    "1000, 751, 701, 525",
    "1602, 902, 311, 175",
    "900, 700, 71, 55",
    "803, 601, 799, 597",
    "816, 600, 271, 199"
  })
  void edgesAreWhereTheyBelong(int width, int height, int toWidth, int toHeight) throws Exception {
    double x = width * 9 / 10;
    double y = height * 9 / 10;
    Dimensions to = new Dimensions(toWidth, toHeight);
    for (int[] sampling : new int[][] {{1, 1}, {2, 1}, {1, 2}, {2, 2}}) {
      for (Chroma chroma : List.of(Chroma.QUARTER, Chroma.WHOLE)) {
        // Without colour, and of the same brightness.
        BufferedImage[] made = new BufferedImage[2];
        for (int i = 0; i < 2; i++) {
          BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
          Graphics2D pen = image.createGraphics();
          pen.setColor(i == 0 ? Color.BLACK : new Color(60, 150, 150));
          pen.fillRect(0, 0, width, height);
          pen.setColor(i == 0 ? Color.WHITE : new Color(180, 99, 99));
          pen.fillRect(0, 0, (int) x, (int) y);
          WrittenJpeg jpeg =
              WrittenJpeg.of(image).quality(0.98f).sampling(sampling[0], sampling[1]);
          Path source = new Kitchen(folder).source(jpeg.bytes());
          List<RenderStep> steps = List.of(new RenderStep.Shrink(to, RenderStep.Quality.LANCZOS2));
          Job job = Kitchen.job(source, steps, MediaType.JPEG, chroma);
          made[i] = Kitchen.picture(Kitchen.rendered(job, jpeg.bytes(), true));
        }
        String of = Arrays.toString(sampling) + " " + chroma;
        assertThat(edge(made[0], true)).as(of).isCloseTo(x * toWidth / width, within(0.35));
        assertThat(edge(made[0], false)).as(of).isCloseTo(y * toHeight / height, within(0.35));
        assertThat(edge(made[1], true)).as(of).isCloseTo(edge(made[0], true), within(0.15));
        assertThat(edge(made[1], false)).as(of).isCloseTo(edge(made[0], false), within(0.15));
      }
    }
  }

  /** Neither 801 is even, nor any number near it that stands to another one as 801 to 400. */
  @Test
  void sidesThatAreOddAreLeftToLibvipsOnlyWhereTheyCannotBeScaled() throws Exception {
    for (int width : new int[] {801, 1023, 1600, 1601, 1632}) {
      byte[] jpeg = WrittenJpeg.of(Pictures.drawing(width, 601, 0)).sampling(2, 2).bytes();
      Path source = new Kitchen(folder).source(jpeg);
      for (int to : new int[] {300, 341, 400, 512, 517, 700}) {
        RenderStep step =
            new RenderStep.Shrink(new Dimensions(to, 207), RenderStep.Quality.LANCZOS2);
        Job job = Kitchen.job(source, List.of(step), MediaType.JPEG);
        assertThat(direct(job, jpeg).isPresent())
            .as("%d to %d", width, to)
            .isEqualTo(!List.of("801 to 400", "1023 to 512").contains(width + " to " + to));
      }
    }
  }

  /** How far the first colour of a row, or column, goes, in pixels of the mean of many. */
  private static double edge(BufferedImage image, boolean across) {
    int length = across ? image.getWidth() : image.getHeight();
    int width = (across ? image.getHeight() : image.getWidth()) / 2;
    double[] red = new double[length];
    for (int i = 0; i < length; i++) {
      for (int j = 0; j < width; j++) {
        red[i] += (image.getRGB(across ? i : j, across ? j : i) >> 16) & 255;
      }
    }
    double first = Arrays.stream(red, 0, length / 2).average().orElseThrow();
    double last = red[length - 1];
    return Arrays.stream(red).map(value -> (value - last) / (first - last)).sum();
  }

  private static Map<String, byte[]> others() {
    byte[] usual = WrittenJpeg.of(IMAGE).sampling(2, 2).bytes();
    byte[] damaged = usual.clone();
    Arrays.fill(damaged, usual.length / 2, usual.length / 2 + 60, (byte) 0x5A);
    Map<String, byte[]> others = new LinkedHashMap<>();
    others.put("turned", JpegSegments.withExif(usual, 6));
    others.put("4x1", CodedJpeg.colour(IMAGE, 4, 4, 1, 1, 1, 1, 1).bytes());
    others.put("more colour", CodedJpeg.colour(IMAGE, 4, 1, 1, 2, 2, 2, 2).bytes());
    others.put("RGB", CodedJpeg.colour(IMAGE, 4, 1, 1, 1, 1, 1, 1).adobe(0).bytes());
    others.put("half", Arrays.copyOf(usual, usual.length / 2));
    others.put("damaged", damaged);
    others.put("PNG", Pictures.png(STORED.width(), STORED.height()));
    return others;
  }

  static Stream<String> othersByName() {
    return others().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("othersByName")
  void whateverElseIsLeftToLibvips(String name) throws Exception {
    byte[] bytes = others().get(name);
    Path source = new Kitchen(folder).source(bytes);
    RenderStep step = new RenderStep.Shrink(new Dimensions(150, 150), RenderStep.Quality.FAST);
    Job job = Kitchen.job(source, List.of(step), MediaType.JPEG);

    assertThat(direct(job, bytes)).isEmpty();
    assertThat(Kitchen.rendered(job, bytes, true)).isEqualTo(Kitchen.rendered(job, bytes, false));
  }

  @Test
  void otherJobsAreLeftToLibvips() throws Exception {
    byte[] jpeg = WrittenJpeg.of(IMAGE).sampling(2, 2).bytes();
    Path source = new Kitchen(folder).source(jpeg);
    RenderStep half = new RenderStep.Shrink(new Dimensions(408, 300), RenderStep.Quality.FAST);
    assertThat(direct(Kitchen.job(source, List.of(half), MediaType.JPEG), jpeg)).isPresent();
    for (List<RenderStep> steps :
        List.<List<RenderStep>>of(
            List.of(),
            List.of(new RenderStep.Blur(1)),
            List.of(new RenderStep.Crop(new Dimensions(408, 300), 0, 0)),
            List.of(half, new RenderStep.Blur(1)),
            // Too small, too narrow, as large, or larger.
            List.of(new RenderStep.Shrink(new Dimensions(21, 15), RenderStep.Quality.FAST)),
            List.of(new RenderStep.Shrink(new Dimensions(15, 21), RenderStep.Quality.FAST)),
            List.of(new RenderStep.Shrink(new Dimensions(816, 300), RenderStep.Quality.FAST)),
            List.of(new RenderStep.Shrink(new Dimensions(400, 600), RenderStep.Quality.FAST)),
            List.of(
                new RenderStep.Shrink(new Dimensions(1000, 800), RenderStep.Quality.LANCZOS2)))) {
      Job job = Kitchen.job(source, steps, MediaType.JPEG);
      assertThat(direct(job, jpeg)).as("%s", job).isEmpty();
    }
    for (MediaType target : List.of(MediaType.PNG, MediaType.WEBP)) {
      assertThat(direct(Kitchen.job(source, List.of(half), target), jpeg)).isEmpty();
    }
  }

  /** All planes, and three bytes for one of the result, in whole strides of 64. */
  @Test
  void whatTakesTooMuchMemoryIsLeftToLibvips() throws Exception {
    byte[] jpeg = WrittenJpeg.of(IMAGE).sampling(2, 2).bytes();
    Path source = new Kitchen(folder).source(jpeg);
    RenderStep half = new RenderStep.Shrink(new Dimensions(408, 300), RenderStep.Quality.FAST);
    Job job = Kitchen.job(source, List.of(half), MediaType.JPEG);
    long planes = (832 * 600 + 2 * 448 * 300 + 128) + 3 * (448 * 300 + 2 * 256 * 150 + 128);

    assertThat(direct(job, jpeg, () -> false, planes)).isPresent();
    assertThat(direct(job, jpeg, () -> false, planes - 1)).isEmpty();
  }

  @Test
  void whatIsStoppedIsGivenUp() throws Exception {
    byte[] jpeg = WrittenJpeg.of(IMAGE).sampling(2, 2).bytes();
    Path source = new Kitchen(folder).source(jpeg);
    RenderStep half = new RenderStep.Shrink(new Dimensions(408, 300), RenderStep.Quality.FAST);
    Job job = Kitchen.job(source, List.of(half), MediaType.JPEG);
    for (int steps = 0; steps < 2; steps++) {
      int before = steps;
      AtomicInteger asked = new AtomicInteger();
      assertThat(
              direct(job, jpeg, () -> asked.getAndIncrement() >= before, ShrunkenPlanes.MAX_BYTES))
          .isEmpty();
      assertThat(asked).hasValue(steps + 1);
    }
  }

  /** In this process, and in a worker, which has to be told that files shall be small. */
  @Test
  void bothWorkshopsMakeIt(@TempDir Path work) throws Exception {
    byte[] jpeg = WrittenJpeg.of(IMAGE).sampling(2, 2).bytes();
    Path source = new Kitchen(folder).source(jpeg);
    RenderStep half = new RenderStep.Shrink(new Dimensions(408, 300), RenderStep.Quality.FAST);
    Job job = Kitchen.job(source, List.of(half), MediaType.JPEG);
    Path output = Files.write(folder.resolve("output"), new byte[0]);
    byte[] expected = direct(job, jpeg).orElseThrow();
    assertThat(expected).isNotEqualTo(Kitchen.decodedByVips(job, source));
    Duration timeout = Duration.ofSeconds(30);
    WorkerLimits limits = new WorkerLimits(2, 4L << 30, 1 << 30, Duration.ofMinutes(10));
    try (InProcess here = new InProcess(Engines.vips(), 2, timeout, 1 << 30);
        Isolated there =
            new Isolated(new ChildRunner(work, Sandboxes.best(folder)), limits, timeout, 2000)) {
      there.awaitReady();
      for (Workshop one : List.of(here, there)) {
        assertThat(one.work(job, source, output)).isTrue();
        assertThat(output).hasBinaryContent(expected);
      }
    }
  }

  @Test
  void aProfileIsTakenOverInAllItsParts() throws Exception {
    byte[] profile = Bytes.join(JpegSegments.srgb(), new byte[150_000]);
    ByteBuffer.wrap(profile).putInt(0, profile.length);
    byte[] jpeg = JpegSegments.withIcc(WrittenJpeg.of(IMAGE).sampling(2, 2).bytes(), profile);
    Path source = new Kitchen(folder).source(jpeg);
    RenderStep half = new RenderStep.Shrink(new Dimensions(408, 300), RenderStep.Quality.FAST);
    Job job = Kitchen.job(source, List.of(half), MediaType.JPEG);

    byte[] made = direct(job, jpeg).orElseThrow();

    List<JpegParts.Part> parts = JpegParts.of(made);
    assertThat(profileParts(parts)).hasSize(3).isEqualTo(profileParts(JpegParts.of(jpeg)));
    assertThat(parts.getFirst().marker()).isEqualTo(0xE0);
    assertThat(Kitchen.picture(made).getWidth()).isEqualTo(408);
  }

  private static List<String> profileParts(List<JpegParts.Part> parts) {
    return parts.stream()
        .filter(part -> part.marker() == 0xE2)
        .map(part -> HexFormat.of().formatHex(part.payload()))
        .toList();
  }

  /** No byte of the pixels that is missing goes unnoticed, and nothing is read behind the end. */
  @Test
  void whatIsCutShortIsLeftToLibvips() throws Exception {
    byte[] jpeg = WrittenJpeg.of(Pictures.drawing(160, 120, 0)).sampling(2, 2).bytes();
    Path source = new Kitchen(folder).source(jpeg);
    RenderStep step = new RenderStep.Shrink(new Dimensions(100, 75), RenderStep.Quality.FAST);
    Job job = Kitchen.job(source, List.of(step), MediaType.JPEG);
    assertThat(direct(job, jpeg)).isPresent();
    for (int length = 0; length < jpeg.length - 2; length++) {
      assertThat(direct(job, Arrays.copyOf(jpeg, length))).as("%d", length).isEmpty();
    }
  }

  /** Weights are kept from one picture to the next, and are those of its sizes all the same. */
  @Test
  void whatWasMadeBeforeChangesNothing() throws Exception {
    byte[] jpeg = WrittenJpeg.of(IMAGE).sampling(2, 2).bytes();
    Path source = new Kitchen(folder).source(jpeg);
    Map<Dimensions, byte[]> first = new LinkedHashMap<>();
    for (int round = 0; round < 3; round++) {
      for (Dimensions to : List.of(new Dimensions(408, 300), new Dimensions(300, 300))) {
        List<RenderStep> steps = List.of(new RenderStep.Shrink(to, RenderStep.Quality.LANCZOS2));
        byte[] made = direct(Kitchen.job(source, steps, MediaType.JPEG), jpeg).orElseThrow();
        assertThat(made).isEqualTo(first.computeIfAbsent(to, _ -> made));
      }
    }
  }
}
