package dev.pictj.codec.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.CodedJpeg;
import dev.pictj.pictures.JpegParts;
import dev.pictj.pictures.JpegParts.Part;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Profiles;
import dev.pictj.pictures.WrittenJpeg;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What surrounds pixels: other segments, profiles, and how the file comes in. */
class SegmentsTest {
  private static final BufferedImage IMAGE = Subject.DRAWING.image(61, 45);
  private static final byte[] PLAIN =
      CodedJpeg.colour(IMAGE, 4, 2, 2, 1, 1, 1, 1).restarts(3).bytes();

  /** A sound one of this length. */
  private static byte[] profile(int length) {
    byte[] profile = Arrays.copyOf(Profiles.p3(), length);
    ByteBuffer.wrap(profile).putInt(length);
    return profile;
  }

  @Test
  void segmentsThatSayNothingOfPixelsAreSteppedOver() throws Exception {
    byte[] crowded = JpegSegments.withEverything(PLAIN, 6);
    for (int marker : new int[] {0xE1, 0xE3, 0xEC, 0xED, 0xEF, 0xFE, 0xE2, 0xE0, 0xEE}) {
      crowded = JpegSegments.withSegment(crowded, marker, new byte[0]);
      crowded = JpegSegments.withSegment(crowded, marker, profile(65_533));
    }
    crowded = JpegSegments.withTrailing(crowded, profile(1000));

    Raster found = Decoding.of(crowded, Decoding.size(PLAIN), 8, true).orElseThrow();

    assertThat(found.samples()).isEqualTo(Decoding.of(PLAIN, 8, true).orElseThrow().samples());
    assertThat(found.profile()).isEqualTo(JpegSegments.srgb());
  }

  @Test
  void aProfileComesOutWhole() throws Exception {
    for (int length : new int[] {5_000, 65_519, 65_520, 200_000}) {
      byte[] profile = profile(length);
      Raster found = Decoding.of(JpegSegments.withIcc(PLAIN, profile), 4, false).orElseThrow();
      assertThat(found.profile()).isEqualTo(profile);
    }
  }

  private static boolean isProfile(Part part) {
    return part.marker() == 0xE2;
  }

  @Test
  void aProfileThatIsNotWholeIsLeftToOthers() throws Exception {
    byte[] profile = profile(200_000);
    List<Part> parts = JpegParts.of(JpegSegments.withIcc(PLAIN, profile));
    int first = JpegParts.first(parts, SegmentsTest::isProfile);
    assertThat(Decoding.of(JpegParts.join(parts), 8, true)).isPresent();

    List<Part> swapped = new ArrayList<>(parts);
    Collections.swap(swapped, first, first + 1);
    assertThat(Decoding.of(JpegParts.join(swapped), 8, true).orElseThrow().profile())
        .isEqualTo(profile);
    for (int i = 0; i < 4; i++) {
      List<Part> less = new ArrayList<>(parts);
      less.remove(first + i);
      assertThat(Decoding.of(JpegParts.join(less), 8, true)).isEmpty();

      List<Part> twice = new ArrayList<>(parts);
      twice.add(first + i, parts.get(first + i));
      assertThat(Decoding.of(JpegParts.join(twice), 8, true).orElseThrow().profile())
          .isEqualTo(profile);

      List<Part> otherCount = new ArrayList<>(parts);
      otherCount.set(first + i, parts.get(first + i).with(13, 5));
      assertThat(Decoding.of(JpegParts.join(otherCount), 8, true)).isEmpty();
    }
    List<Part> empty = new ArrayList<>(parts.subList(0, first));
    empty.add(
        new Part(0xE2, Bytes.join(Bytes.ascii("ICC_PROFILE\0"), new byte[] {1, 1}), new byte[0]));
    empty.addAll(parts.subList(first + 4, parts.size()));
    assertThat(Decoding.of(JpegParts.join(empty), 8, true)).isEmpty();
  }

  /** Gives a file in portions, and then what it is told to. */
  private record Portions(ByteBuffer bytes, Random sizes, int most) implements ReadableByteChannel {
    @Override
    public int read(ByteBuffer to) {
      if (!bytes.hasRemaining()) {
        return -1;
      }
      int count = Math.min(1 + sizes.nextInt(most), Math.min(bytes.remaining(), to.remaining()));
      for (int i = 0; i < count; i++) {
        to.put(bytes.get());
      }
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void itDoesNotMatterHowManyBytesComeAtATime() throws Exception {
    BufferedImage noise = Subject.NOISE.image(605, 407);
    for (byte[] jpeg :
        List.of(
            CodedJpeg.colour(noise, 1, 2, 2, 1, 1, 1, 1).filled(1).restarts(11).bytes(),
            CodedJpeg.colour(noise, 1, 2, 2, 1, 1, 1, 1).bytes(),
            WrittenJpeg.of(noise).quality(1).sampling(2, 2).progressive().bytes())) {
      // More than one of its buffers.
      assertThat(jpeg.length).isGreaterThan(3 << 16);
      Raster whole = Decoding.of(jpeg, 8, true).orElseThrow();
      for (int most : new int[] {1, 3, 17, 300, 70_000}) {
        Raster found =
            ShrunkenJpeg.decode(
                    new Portions(ByteBuffer.wrap(jpeg), new Random(most), most),
                    Decoding.size(jpeg),
                    8,
                    true,
                    () -> false)
                .orElseThrow();
        assertThat(found.samples()).isEqualTo(whole.samples());
      }
    }
  }

  @Test
  void aChannelThatFailsIsNotTakenForABadFile() {
    ReadableByteChannel broken =
        new ReadableByteChannel() {
          @Override
          public int read(ByteBuffer to) throws IOException {
            if (to.remaining() < 1 << 16) {
              throw new IOException("broken");
            }
            to.put(PLAIN, 0, 900);
            return 900;
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {}
        };
    assertThatThrownBy(
            () -> ShrunkenJpeg.decode(broken, Decoding.size(PLAIN), 8, true, () -> false))
        .isInstanceOf(IOException.class)
        .hasMessage("broken");
  }

  @Test
  void stopsWhenItIsToldTo() throws Exception {
    for (byte[] jpeg : List.of(PLAIN, WrittenJpeg.of(IMAGE).sampling(2, 2).progressive().bytes())) {
      AtomicInteger asked = new AtomicInteger();
      assertThat(decode(jpeg, asked, Integer.MAX_VALUE)).isPresent();
      int times = asked.get();
      assertThat(times).isGreaterThanOrEqualTo(3);
      for (int i = 1; i <= times; i++) {
        asked.set(0);
        assertThat(decode(jpeg, asked, i)).isEmpty();
        assertThat(asked).hasValue(i);
      }
    }
  }

  private static Optional<Raster> decode(byte[] jpeg, AtomicInteger asked, int stop)
      throws IOException {
    return ShrunkenJpeg.decode(
        new Portions(ByteBuffer.wrap(jpeg), new Random(1), 1 << 16),
        Decoding.size(jpeg),
        8,
        true,
        () -> asked.incrementAndGet() >= stop);
  }
}
