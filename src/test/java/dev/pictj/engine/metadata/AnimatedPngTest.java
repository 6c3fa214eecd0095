package dev.pictj.engine.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.pictures.AnimatedPngs;
import dev.pictj.pictures.AnimatedPngs.Part;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.PngChunks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is odd about an animated PNG is put right, and every frame stays as it is. */
class AnimatedPngTest {
  private static final byte[] SOUND = AnimatedPngs.of(30, 20, 4);
  private static final Part GAMMA = new Part("gAMA", Bytes.big32(45_455));
  private static final Part TEXT = new Part("tEXt", Bytes.ascii("Author\0" + JpegSegments.SECRET));
  private static final Part INCHES =
      new Part("pHYs", Bytes.join(Bytes.big32(2835), Bytes.big32(2835), new byte[] {1}));

  @TempDir Path folder;

  private byte[] strip(byte[] png) throws Exception {
    Path source = Files.write(folder.resolve("source"), png);
    Path target = folder.resolve("target");
    assertThat(new MetadataStripper().strip(MediaType.PNG, source, target).sound()).isTrue();
    return Files.readAllBytes(target);
  }

  private static byte[] numbered(int step, int wrong) {
    List<Part> parts = new ArrayList<>();
    int number = 0;
    for (Part part : AnimatedPngs.parts(SOUND)) {
      if (part.code().equals("fcTL") || part.code().equals("fdAT")) {
        byte[] payload = part.payload().clone();
        ByteBuffer.wrap(payload).putInt(0, step * number + (number == 3 ? wrong : 0));
        parts.add(new Part(part.code(), payload));
        number++;
      } else {
        parts.add(part);
      }
    }
    return AnimatedPngs.join(parts);
  }

  static Stream<Arguments> odd() {
    int end = AnimatedPngs.parts(SOUND).size() - 1;
    byte[] withInches = AnimatedPngs.with(SOUND, 1, INCHES);
    byte[] withText = AnimatedPngs.with(SOUND, 1, TEXT);
    return Stream.of(
        Arguments.of("text", withText),
        Arguments.of("wrong sum in text", PngChunks.withWrongCrc(withText, "tEXt")),
        Arguments.of("wrong sum in pHYs", PngChunks.withWrongCrc(withInches, "pHYs")),
        Arguments.of("wrong sum in fdAT", PngChunks.withWrongCrc(SOUND, "fdAT")),
        Arguments.of("late gamma", AnimatedPngs.with(SOUND, end, GAMMA)),
        Arguments.of("gamma between frames", AnimatedPngs.with(SOUND, 4, GAMMA)),
        Arguments.of(
            "gamma of nothing", AnimatedPngs.with(SOUND, 1, new Part("gAMA", new byte[4]))),
        Arguments.of("short gamma", AnimatedPngs.with(SOUND, 1, new Part("gAMA", new byte[2]))),
        Arguments.of(
            "transparency of a palette",
            AnimatedPngs.with(SOUND, 1, new Part("tRNS", new byte[3]))),
        Arguments.of(
            "a second announcement", AnimatedPngs.with(SOUND, 2, AnimatedPngs.parts(SOUND).get(1))),
        Arguments.of("no end", Bytes.part(SOUND, 0, SOUND.length - 12)),
        Arguments.of("bytes behind the end", Bytes.join(SOUND, new byte[9])));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("odd")
  void isPutRight(String what, byte[] png) throws Exception {
    byte[] made = strip(png);
    assertThat(AnimatedPngs.frames(made)).isEqualTo(AnimatedPngs.frames(SOUND)).hasSize(4);
    assertThat(made).isEqualTo(SOUND);
  }

  @Test
  void whatChangesColoursStays() throws Exception {
    for (Part part : List.of(GAMMA, INCHES, new Part("sRGB", new byte[1]))) {
      byte[] png = AnimatedPngs.with(SOUND, 1, part);
      assertThat(strip(png)).isEqualTo(png);
      assertThat(strip(AnimatedPngs.with(png, 3, part))).isEqualTo(png);
    }
  }

  static Stream<Arguments> damaged() {
    List<Part> parts = AnimatedPngs.parts(SOUND);
    List<Part> hollow = new ArrayList<>(parts);
    hollow.remove(5);
    List<Part> bomb = new ArrayList<>(parts);
    bomb.set(
        5, new Part("fdAT", Bytes.join(Bytes.big32(2), PngChunks.deflated(new byte[1 << 20]))));
    List<Part> beyond = new ArrayList<>(parts);
    byte[] header = parts.get(4).payload().clone();
    header[15] = 1;
    beyond.set(4, new Part("fcTL", header));
    List<Part> small = new ArrayList<>(parts);
    byte[] first = parts.get(2).payload().clone();
    first[7]--;
    small.set(2, new Part("fcTL", first));
    List<Part> odd = new ArrayList<>(parts);
    byte[] disposal = parts.get(4).payload().clone();
    disposal[24] = 3;
    odd.set(4, new Part("fcTL", disposal));
    List<Part> junk = new ArrayList<>(parts);
    junk.set(5, new Part("fdAT", Bytes.join(Bytes.big32(2), new byte[50])));
    return Stream.of(
        Arguments.of("without pixels", AnimatedPngs.join(hollow)),
        Arguments.of("more pixels", AnimatedPngs.join(bomb)),
        Arguments.of("exceeds", AnimatedPngs.join(beyond)),
        Arguments.of("first frame", AnimatedPngs.join(small)),
        Arguments.of("a wrong frame header", AnimatedPngs.join(odd)),
        Arguments.of("unpacked", AnimatedPngs.join(junk)),
        Arguments.of("not in sequence", numbered(1, -1)),
        Arguments.of("checksum in its fcTL", PngChunks.withWrongCrc(SOUND, "fcTL")),
        Arguments.of("ends early", Bytes.part(SOUND, 0, SOUND.length - 40)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damaged")
  void isRefused(String what, byte[] png) {
    assertThatThrownBy(() -> strip(png))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining(what);
  }

  /** IHDR, a count of 1, a picture that is no frame, and a frame; sequence numbers from 0. */
  private static List<Part> hidden() {
    List<Part> two = AnimatedPngs.parts(AnimatedPngs.of(30, 20, 2));
    Part control =
        new Part("fcTL", Bytes.join(Bytes.big32(0), Bytes.from(two.get(4).payload(), 4)));
    Part pixels = new Part("fdAT", Bytes.join(Bytes.big32(1), Bytes.from(two.get(5).payload(), 4)));
    return List.of(two.get(0), count(1), two.get(3), control, pixels, two.getLast());
  }

  private static Part count(int frames) {
    return new Part("acTL", Bytes.join(Bytes.big32(frames), new byte[4]));
  }

  /** As browsers show it, where decoders of stills would see another picture. */
  @Test
  void anAnimationOfOneFrameBecomesThatFrame() throws Exception {
    List<Part> hidden = hidden();
    Part frame = new Part("IDAT", Bytes.from(hidden.get(4).payload(), 4));
    byte[] still = AnimatedPngs.join(List.of(hidden.get(0), frame, hidden.getLast()));
    assertThat(strip(AnimatedPngs.join(hidden))).isEqualTo(still);
    Path source = Files.write(folder.resolve("source"), AnimatedPngs.join(hidden));
    ByteArrayOutputStream again = new ByteArrayOutputStream();
    assertThat(new MetadataStripper().repair(source, again).sound()).isTrue();
    assertThat(ImageIO.read(new ByteArrayInputStream(again.toByteArray())).getRGB(3, 3))
        .isEqualTo(ImageIO.read(new ByteArrayInputStream(still)).getRGB(3, 3));
    List<Part> more = new ArrayList<>(hidden);
    more.addAll(5, AnimatedPngs.parts(SOUND).subList(4, 6));
    assertThat(strip(AnimatedPngs.join(more))).as("with a frame more").isEqualTo(still);
  }

  @Test
  void aStillThatSaysItIsAnAnimationBecomesOne() throws Exception {
    List<Part> one = new ArrayList<>(AnimatedPngs.parts(AnimatedPngs.of(30, 20, 1)));
    byte[] still = AnimatedPngs.join(List.of(one.get(0), one.get(3), one.getLast()));
    for (int frames : new int[] {0, 1}) {
      one.set(1, count(frames));
      assertThat(strip(AnimatedPngs.join(one))).isEqualTo(still);
    }
  }

  @Test
  void anOnlyFrameThatIsNotThereOrNotWholeIsRefused() {
    List<Part> part = new ArrayList<>(hidden());
    byte[] control = part.get(3).payload().clone();
    control[7]--;
    part.set(3, new Part("fcTL", control));
    List<Part> none = new ArrayList<>(hidden());
    none.subList(3, 5).clear();
    List<Part> cut = new ArrayList<>(hidden());
    cut.set(4, new Part("fdAT", Arrays.copyOf(cut.get(4).payload(), 20)));
    for (List<Part> parts : List.of(part, none, cut)) {
      assertThatThrownBy(() -> strip(AnimatedPngs.join(parts)))
          .isInstanceOf(MediaException.class)
          .hasMessageContaining("Invalid PNG");
    }
  }
}
