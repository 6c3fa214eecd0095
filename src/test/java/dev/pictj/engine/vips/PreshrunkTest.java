package dev.pictj.engine.vips;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.codec.jpeg.Raster;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.Sandboxes;
import dev.pictj.engine.metadata.JpegTraits;
import dev.pictj.engine.vips.worker.Isolated;
import dev.pictj.engine.vips.worker.WorkerLimits;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.CodedJpeg;
import dev.pictj.pictures.JpegParts;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.WrittenJpeg;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is made of a JPEG that Java shrinks is what is made of one that libjpeg shrinks: the same
 * size and profile, and nearly the same pixels. Of whole or no colour at an eighth they are the
 * very same.
 */
@Tag("slow")
class PreshrunkTest {
  private static final List<MediaType> TARGETS =
      List.of(MediaType.PNG, MediaType.JPEG, MediaType.WEBP);
  private static final Dimensions STORED = new Dimensions(816, 600);
  private static final BufferedImage IMAGE =
      dev.pictj.pictures.Pictures.drawing(STORED.width(), STORED.height(), 0);

  @TempDir static Path folder;
  @TempDir static Path work;
  private static Isolated isolated;
  private static InProcess inProcess;

  @BeforeAll
  static void start() throws Exception {
    Duration timeout = Duration.ofSeconds(30);
    inProcess = new InProcess(Engines.vips(), 2, timeout, 1 << 30);
    isolated =
        new Isolated(
            new ChildRunner(work, Sandboxes.best(folder)),
            new WorkerLimits(2, 4L << 30, 1 << 30, Duration.ofMinutes(10)),
            timeout,
            2000);
    isolated.awaitReady();
  }

  @AfterAll
  static void stop() {
    isolated.close();
    inProcess.close();
  }

  private static Map<String, byte[]> sources() {
    Map<String, byte[]> sources = Kitchen.kinds(IMAGE);
    sources.put("best", WrittenJpeg.of(IMAGE).quality(1).sampling(2, 2).bytes());
    sources.put("of odd sides", dev.pictj.pictures.Pictures.jpeg(825, 601));
    for (int tag = 2; tag <= 8; tag++) {
      sources.put(
          "turned " + tag,
          JpegSegments.withExif(WrittenJpeg.of(IMAGE).sampling(2, 2).bytes(), tag));
    }
    return sources;
  }

  record Case(String source, byte[] bytes, int shrink) {
    @Override
    public String toString() {
      return source + " at 1/" + shrink;
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    sources()
        .forEach(
            (name, bytes) -> {
              cases.add(new Case(name, bytes, 8));
              if (!name.equals("progressive")) {
                cases.add(new Case(name, bytes, 4));
              }
            });
    return cases.stream();
  }

  /** All of them begin with one that lets the decoder shrink by so much. */
  private static List<List<RenderStep>> steps(int shrink, Orientation orientation) {
    Dimensions twelfth = orientation.upright(new Dimensions(68, 50));
    Dimensions sampled = shrink == 8 ? twelfth : orientation.upright(new Dimensions(120, 88));
    Dimensions careful = shrink == 8 ? orientation.upright(new Dimensions(51, 37)) : twelfth;
    return List.of(
        List.of(new RenderStep.Shrink(sampled, RenderStep.Quality.FAST)),
        List.of(new RenderStep.Shrink(careful, RenderStep.Quality.LANCZOS2)),
        List.of(new RenderStep.Shrink(careful, RenderStep.Quality.CAREFUL)),
        List.of(
            new RenderStep.Shrink(sampled, RenderStep.Quality.FAST),
            new RenderStep.Crop(new Dimensions(40, 40), 5, 9)),
        List.of(
            new RenderStep.Shrink(careful, RenderStep.Quality.LANCZOS2), new RenderStep.Blur(0.8)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void makesWhatIsMadeOfWhatLibjpegShrinks(Case one) throws Exception {
    Path source = new Kitchen(folder).source(one.bytes());
    Orientation orientation = Kitchen.job(source, List.of(), MediaType.PNG).orientation();
    for (List<RenderStep> steps : steps(one.shrink(), orientation)) {
      for (MediaType target : TARGETS) {
        Job job = Kitchen.job(source, steps, target);
        assertThat(job.shrinkOnLoad()).isEqualTo(one.shrink());
        byte[] made = Kitchen.preshrunk(job, source);
        BufferedImage found = Kitchen.picture(made);
        byte[] byVips = Kitchen.decodedByVips(job, source);
        BufferedImage expected = Kitchen.picture(byVips);

        assertThat(found.getWidth()).isEqualTo(expected.getWidth());
        assertThat(found.getHeight()).isEqualTo(expected.getHeight());
        assertThat(profile(made, target)).isEqualTo(profile(byVips, target));
        assertThat(profile(made, target))
            .isEqualTo(one.source().equals("profile") ? JpegSegments.srgb() : new byte[0]);
        double distance = Likeness.distance(found, expected);
        boolean same =
            one.shrink() == 8
                && (one.source().equals("grey") || one.source().equals("whole colour"));
        // Beside numbers of colour that are fewer, or other, JPEG and WebP lose other things.
        assertThat(distance)
            .as("%s %s %s", one, steps, target)
            .isLessThanOrEqualTo(
                same ? 0 : target == MediaType.PNG ? 0.6 : target == MediaType.JPEG ? 2 : 4.5);
      }
    }
  }

  private static byte[] profile(byte[] made, MediaType target) throws Exception {
    return switch (target) {
      case JPEG -> between(made, "ICC_PROFILE\0\1\1", 0);
      case WEBP -> between(made, "ICCP", 4);
      default -> {
        int at = Bytes.find(made, "iCCP");
        if (at < 0) {
          yield new byte[0];
        }
        int name = at + 4;
        while (made[name] != 0) {
          name++;
        }
        yield new InflaterInputStream(new ByteArrayInputStream(Bytes.from(made, name + 2)))
            .readAllBytes();
      }
    };
  }

  private static byte[] between(byte[] made, String head, int more) {
    int at = Bytes.find(made, head);
    if (at < 0) {
      return new byte[0];
    }
    int begin = at + head.length() + more;
    // A profile begins with its own length (ICC.1, section 7.2.2).
    int length = ByteBuffer.wrap(made).getInt(begin);
    return Bytes.part(made, begin, begin + length);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void bothWorkshopsMakeTheSameOfIt(Case one) throws Exception {
    Path source = new Kitchen(folder).source(one.bytes());
    Path here = Files.write(folder.resolve("here"), new byte[0]);
    Path there = Files.write(folder.resolve("there"), new byte[0]);
    Orientation orientation = Kitchen.job(source, List.of(), MediaType.PNG).orientation();
    for (MediaType target : TARGETS) {
      Job job = Kitchen.job(source, steps(one.shrink(), orientation).getLast(), target);
      boolean bare = inProcess.work(job, source, here);
      assertThat(isolated.work(job, source, there)).isEqualTo(bare);

      assertThat(here).hasBinaryContent(Kitchen.preshrunk(job, source));
      assertThat(there).hasBinaryContent(Files.readAllBytes(here));
    }
  }

  /** The last blocks are filled up with what no one shall see, here with black and white. */
  @Test
  void whatFillsUpTheLastBlocksIsNotSeen() throws Exception {
    BufferedImage[] images = new BufferedImage[2];
    for (int i = 0; i < 2; i++) {
      BufferedImage image = new BufferedImage(832, 608, BufferedImage.TYPE_INT_RGB);
      Graphics2D pen = image.createGraphics();
      pen.setColor(i == 0 ? Color.BLACK : Color.WHITE);
      pen.fillRect(0, 0, 832, 608);
      pen.setColor(Color.GREEN);
      // A row and a column less than what is seen, for those belong to the last blocks.
      pen.fillRect(0, 0, 824, 600);
      images[i] = image;
    }
    for (int shrink : new int[] {4, 8}) {
      List<BufferedImage> made = new ArrayList<>();
      for (BufferedImage image : images) {
        List<JpegParts.Part> parts = JpegParts.of(WrittenJpeg.of(image).quality(0.95f).bytes());
        int frame = JpegParts.first(parts, part -> part.marker() == 0xC0);
        parts.set(
            frame, parts.get(frame).with(1, 601 >> 8).with(2, 601).with(3, 825 >> 8).with(4, 825));
        Path source = new Kitchen(folder).source(JpegParts.join(parts));
        Job job = Kitchen.job(source, steps(shrink, Orientation.UPRIGHT).getFirst(), MediaType.PNG);
        assertThat(job.stored()).isEqualTo(new Dimensions(825, 601));
        made.add(Kitchen.picture(Kitchen.preshrunk(job, source)));
      }
      assertThat(Likeness.distance(made.getFirst(), made.getLast())).isZero();
    }
  }

  /** Also where there is less of colour than what libvips makes of it. */
  @Test
  void whatJavaGivesUpOnIsDecodedByLibvips() throws Exception {
    Map<String, byte[]> sources = new LinkedHashMap<>();
    sources.put("progressive", WrittenJpeg.of(IMAGE).sampling(2, 2).progressive().bytes());
    sources.put("4x1", CodedJpeg.colour(IMAGE, 4, 4, 1, 1, 1, 1, 1).bytes());
    sources.put("more colour", CodedJpeg.colour(IMAGE, 4, 1, 1, 2, 2, 2, 2).bytes());
    sources.put("RGB", CodedJpeg.colour(IMAGE, 4, 1, 1, 1, 1, 1, 1).adobe(0).bytes());
    for (Map.Entry<String, byte[]> entry : sources.entrySet()) {
      Path source = new Kitchen(folder).source(entry.getValue());
      Path here = Files.write(folder.resolve("here"), new byte[0]);
      Path there = Files.write(folder.resolve("there"), new byte[0]);
      Job job = Kitchen.job(source, steps(4, Orientation.UPRIGHT).getFirst(), MediaType.PNG);
      assertThat(Preshrunk.of(job, source, () -> false)).as(entry.getKey()).isEmpty();

      inProcess.work(job, source, here);
      isolated.work(job, source, there);

      assertThat(here).hasBinaryContent(Kitchen.decodedByVips(job, source));
      assertThat(there).hasBinaryContent(Files.readAllBytes(here));
    }
  }

  @Test
  void whatIsHardlyShrunkIsLeftToLibvips() throws Exception {
    Path source = new Kitchen(folder).source(WrittenJpeg.of(IMAGE).bytes());
    RenderStep half = new RenderStep.Shrink(new Dimensions(270, 199), RenderStep.Quality.FAST);
    assertThat(Kitchen.job(source, List.of(half), MediaType.PNG).shrinkOnLoad()).isEqualTo(2);
    for (List<RenderStep> steps :
        List.<List<RenderStep>>of(
            List.of(), List.of(half), List.of(new RenderStep.Blur(1), half))) {
      Job job = Kitchen.job(source, steps, MediaType.PNG);
      assertThat(Preshrunk.of(job, source, () -> false)).isEmpty();
    }
    Path png =
        new Kitchen(folder)
            .source(dev.pictj.pictures.Pictures.png(STORED.width(), STORED.height()));
    Job job = Kitchen.job(png, steps(8, Orientation.UPRIGHT).getFirst(), MediaType.PNG);
    assertThat(Preshrunk.of(job, png, () -> false)).isEmpty();
  }

  /** Bit by bit, where no colour is stretched. */
  @Test
  void samplesAtAnEighthAreLibjpegs() throws Exception {
    for (int[] side : new int[][] {{8, 8}, {17, 33}, {305, 203}, {1021, 767}}) {
      BufferedImage image = FineColours.EDGES.image(side[0], side[1]);
      for (byte[] jpeg :
          List.of(
              CodedJpeg.grey(image, 1).bytes(),
              CodedJpeg.grey(image, 30).restarts(2).bytes(),
              dev.pictj.pictures.Pictures.jpegGrey(side[0], side[1]),
              CodedJpeg.colour(image, 3, 1, 1, 1, 1, 1, 1).bytes(),
              WrittenJpeg.of(image).quality(0.05f).bytes(),
              WrittenJpeg.of(image).quality(0.9f).restarts(1).bytes(),
              WrittenJpeg.of(image).quality(1).progressive().bytes())) {
        Path source = new Kitchen(folder).source(jpeg);
        Dimensions stored = new Dimensions(side[0], side[1]);
        BufferedImage expected = Kitchen.loadedByVips(source, stored, 8);
        Raster found = Kitchen.loadedByJava(source, stored, 8);

        int bands = found.bands();
        int width = found.size().width();
        // One more where more than half of it is seen.
        assertThat(found.size()).isEqualTo(new Dimensions((side[0] + 4) / 8, (side[1] + 4) / 8));
        assertThat(bands).isEqualTo(expected.getRaster().getNumBands());
        int[] row = new int[bands * expected.getWidth()];
        int[] same = new int[row.length];
        for (int y = 0; y < expected.getHeight(); y++) {
          expected.getRaster().getPixels(0, y, expected.getWidth(), 1, row);
          for (int i = 0; i < same.length; i++) {
            same[i] = found.samples()[y * width * bands + i] & 0xFF;
          }
          assertThat(same).isEqualTo(row);
        }
      }
    }
  }

  /**
   * Measured by what all pixels of full size give in the mean. Pictures in which colour changes as
   * often as it can are 2 to 7 off that as PNG, whoever decodes, and 11 to 25 as JPEG or WebP with
   * a quarter of the colour; there up to 1.2 come from colour being halved twice.
   */
  @ParameterizedTest
  @EnumSource(FineColours.class)
  void fineColoursSufferLittleMore(FineColours colours) throws Exception {
    Dimensions to = new Dimensions(68, 50);
    for (int factor : new int[] {6, 8, 12, 16}) {
      BufferedImage image = colours.image(factor * to.width(), factor * to.height());
      for (int sampling : new int[] {1, 2}) {
        Path source =
            new Kitchen(folder)
                .source(WrittenJpeg.of(image).quality(0.92f).sampling(sampling, sampling).bytes());
        BufferedImage mean = FineColours.mean(Kitchen.picture(Files.readAllBytes(source)), to);
        for (RenderStep step :
            List.of(
                new RenderStep.Shrink(to, RenderStep.Quality.FAST),
                new RenderStep.Shrink(to, RenderStep.Quality.LANCZOS2))) {
          for (MediaType target : TARGETS) {
            assertSuffersLittleMore(Kitchen.job(source, List.of(step), target), source, mean);
          }
        }
      }
    }
  }

  private static void assertSuffersLittleMore(Job job, Path source, BufferedImage mean)
      throws Exception {
    if (job.shrinkOnLoad() < 4) {
      return;
    }
    double byJava = Likeness.distance(Kitchen.picture(Kitchen.preshrunk(job, source)), mean);
    double byVips = Likeness.distance(Kitchen.picture(Kitchen.decodedByVips(job, source)), mean);
    assertThat(byJava)
        .as("%s", job)
        .isLessThan(byVips + (job.target() == MediaType.PNG ? 0.4 : 1.3));
  }

  /** Where colour is kept, all that there is of it is decoded. */
  @Test
  void aJpegOfWholeColourGetsAll() throws Exception {
    BufferedImage image = FineColours.LINES.image(816, 600);
    Path source =
        new Kitchen(folder).source(WrittenJpeg.of(image).quality(0.92f).sampling(2, 2).bytes());
    List<RenderStep> steps = steps(8, Orientation.UPRIGHT).getFirst();
    BufferedImage mean =
        FineColours.mean(Kitchen.picture(Files.readAllBytes(source)), new Dimensions(68, 50));
    Job whole = Kitchen.job(source, steps, MediaType.JPEG, JpegTraits.Chroma.WHOLE);
    Job quarter = Kitchen.job(source, steps, MediaType.JPEG, JpegTraits.Chroma.QUARTER);

    double distance = Likeness.distance(Kitchen.picture(Kitchen.preshrunk(whole, source)), mean);
    double byVips = Likeness.distance(Kitchen.picture(Kitchen.decodedByVips(whole, source)), mean);

    assertThat(distance).isLessThan(byVips + 0.4);
    assertThat(distance)
        .isLessThan(
            Likeness.distance(Kitchen.picture(Kitchen.preshrunk(quarter, source)), mean) / 2);
  }
}
