package dev.pictj.codec.jpeg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.CodedJpeg;
import dev.pictj.pictures.JpegParts;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.WrittenJpeg;
import java.awt.image.BufferedImage;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JpegHeadTest {
  private static final BufferedImage IMAGE = Pictures.drawing(64, 48, 0);

  private static Optional<JpegHead> read(byte[] jpeg) {
    return JpegHead.of(MemorySegment.ofArray(jpeg));
  }

  private static ChromaSampling sampling(byte[] jpeg) {
    return read(jpeg).orElseThrow().sampling();
  }

  @Test
  void colourIsSampledInOneOfFourWays() {
    assertThat(sampling(WrittenJpeg.of(IMAGE).bytes())).isEqualTo(ChromaSampling.WHOLE);
    assertThat(sampling(WrittenJpeg.of(IMAGE).sampling(2, 1).bytes()))
        .isEqualTo(ChromaSampling.HALF_ACROSS);
    assertThat(sampling(WrittenJpeg.of(IMAGE).sampling(1, 2).bytes()))
        .isEqualTo(ChromaSampling.HALF_DOWN);
    assertThat(sampling(WrittenJpeg.of(IMAGE).sampling(2, 2).progressive().bytes()))
        .isEqualTo(ChromaSampling.QUARTER);
    assertThat(sampling(Pictures.jpegGrey(64, 48))).isEqualTo(ChromaSampling.GREY);
  }

  @Test
  void whateverElseIsUnusual() {
    for (int[] sampling :
        new int[][] {
          {4, 1, 1, 1, 1, 1}, {1, 1, 2, 2, 2, 2}, {2, 2, 2, 1, 1, 1}, {2, 2, 1, 1, 1, 2}
        }) {
      assertThat(read(CodedJpeg.colour(IMAGE, 4, sampling).bytes())).isEmpty();
    }
    List<JpegParts.Part> parts = JpegParts.of(WrittenJpeg.of(IMAGE).bytes());
    int frame = JpegParts.first(parts, part -> part.marker() == 0xC0);
    List<JpegParts.Part> finer = JpegParts.of(WrittenJpeg.of(IMAGE).bytes());
    finer.set(frame, finer.get(frame).with(0, 12));
    assertThat(read(JpegParts.join(finer))).isEmpty();
    JpegParts.Part arithmetic = new JpegParts.Part(0xC9, parts.get(frame).payload(), new byte[0]);
    parts.set(frame, arithmetic);
    assertThat(read(JpegParts.join(parts))).isEmpty();
    assertThat(read(Pictures.jpegCmyk(64, 48))).isEmpty();
    assertThat(read(Pictures.png(64, 48))).isEmpty();
    assertThat(read(new byte[0])).isEmpty();
  }

  @Test
  void onlyAProfileIsTakenOver() {
    byte[] jpeg = WrittenJpeg.of(IMAGE).bytes();
    assertThat(read(JpegSegments.withMpf(JpegSegments.withXmp(jpeg))).orElseThrow().profile())
        .isEmpty();
    byte[] profile = longProfile();
    List<byte[]> parts = read(JpegSegments.withIcc(jpeg, profile)).orElseThrow().profile();
    assertThat(parts).hasSize(2);
    int length = parts.stream().mapToInt(part -> part.length).sum();
    assertThat(length).isEqualTo(profile.length + 2 * (12 + 2));
  }

  private static byte[] longProfile() {
    byte[] profile = Bytes.join(JpegSegments.srgb(), new byte[70_000]);
    ByteBuffer.wrap(profile).putInt(profile.length);
    return profile;
  }

  /** Readers step over them in different ways (B.1.1), so something might hide between them. */
  @Test
  void markersWithoutALengthAreUnusual() {
    byte[] jpeg = WrittenJpeg.of(IMAGE).bytes();
    byte[] rest = Bytes.from(jpeg, 2);
    for (int alone : new int[] {0x01, 0xD0, 0xD7, 0xD8, 0xD9}) {
      byte[] marker = {(byte) 0xFF, (byte) alone};
      assertThat(read(Bytes.join(Bytes.part(jpeg, 0, 2), marker, rest))).isEmpty();
    }
  }

  @Test
  void aProfileThatIsNotWholeIsUnusual() {
    List<JpegParts.Part> parts =
        JpegParts.of(JpegSegments.withIcc(WrittenJpeg.of(IMAGE).bytes(), longProfile()));
    int first = JpegParts.first(parts, part -> part.marker() == 0xE2);
    List<JpegParts.Part> without = new ArrayList<>(parts);
    without.remove(first);
    List<JpegParts.Part> turned = new ArrayList<>(parts);
    Collections.swap(turned, first, first + 1);
    List<JpegParts.Part> twice = new ArrayList<>(parts);
    twice.add(first, parts.get(first));

    assertThat(read(JpegParts.join(without))).isEmpty();
    List<byte[]> whole = read(JpegParts.join(parts)).orElseThrow().profile();
    for (List<JpegParts.Part> some : List.of(turned, twice)) {
      assertThat(read(JpegParts.join(some)).orElseThrow().profile())
          .containsExactlyElementsOf(whole);
    }
  }

  @Test
  void whatIsCutShortOrDamagedIsReadToItsEndAtMost() {
    byte[] jpeg = JpegSegments.withIcc(WrittenJpeg.of(IMAGE).sampling(2, 2).bytes());
    int scan = Bytes.find(jpeg, "\u00FF\u00DA");
    for (int length = 0; length < scan; length++) {
      assertThat(read(Arrays.copyOf(jpeg, length))).isEmpty();
    }
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = jpeg.clone();
      for (int j = 0; j <= random.nextInt(4); j++) {
        damaged[random.nextInt(scan)] = (byte) random.nextInt();
      }
      read(damaged)
          .ifPresent(
              head ->
                  head.profile()
                      .forEach(part -> assertThat(part.length).isLessThan(damaged.length)));
    }
  }
}
