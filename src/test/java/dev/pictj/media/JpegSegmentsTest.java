package dev.pictj.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Random segments, whole, cut at every byte, and with lengths that lie. */
class JpegSegmentsTest {
  private static final int FILES = 20;
  private static final int[] MARKERS = {0xC0, 0xC4, 0xDB, 0xDD, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE, 0xDA};

  private record Segment(int marker, byte[] payload) {}

  private static List<Segment> random(Random random) {
    List<Segment> segments = new ArrayList<>();
    for (int i = 1 + random.nextInt(8); i > 0; i--) {
      byte[] payload = new byte[random.nextInt(40)];
      random.nextBytes(payload);
      segments.add(new Segment(MARKERS[random.nextInt(MARKERS.length)], payload));
    }
    return segments;
  }

  private static byte[] jpeg(List<Segment> segments, byte[] between) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD8});
    for (Segment segment : segments) {
      out.writeBytes(between);
      JpegSegments.write(out, segment.marker(), segment.payload());
    }
    return out.toByteArray();
  }

  private static JpegSegments walk(byte[] bytes) {
    return new JpegSegments(ByteSource.ofMemory(ByteBuffer.wrap(bytes), "JPEG"));
  }

  private static void assertFound(JpegSegments walk, Segment expected) throws Exception {
    assertThat(walk.next()).isTrue();
    assertThat(walk.marker()).isEqualTo(expected.marker());
    assertThat(walk.payload()).isEqualTo(expected.payload());
    assertThat(walk.isStray()).isFalse();
  }

  @RepeatedTest(FILES)
  void whatWasWrittenIsFound(RepetitionInfo run) throws Exception {
    List<Segment> segments = random(new Random(run.getCurrentRepetition()));
    byte[] fill = {(byte) 0xFF, (byte) 0xFF};
    byte[] stray = {0, 7, 9};
    for (byte[] between : List.of(new byte[0], fill, stray)) {
      JpegSegments walk = walk(jpeg(segments, between));
      for (Segment segment : segments) {
        assertFound(walk, segment);
      }
      assertThat(walk.next()).isFalse();
      assertThat(walk.areOdd()).isEqualTo(between == stray);
    }
  }

  @Test
  void markersThatStandAloneHaveNoPayload() throws Exception {
    for (int marker : new int[] {0x00, 0x01, 0xD0, 0xD7, 0xD8}) {
      Segment comment = new Segment(0xFE, new byte[3]);
      JpegSegments walk = walk(jpeg(List.of(comment), new byte[] {(byte) 0xFF, (byte) marker}));
      assertThat(walk.next()).isTrue();
      assertThat(walk.isStray()).isTrue();
      assertThat(walk.length()).isZero();
      assertFound(walk, comment);
      assertThat(walk.areOdd()).isTrue();
    }
    JpegSegments end = walk(new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, (byte) 0xD9});
    assertThat(end.nextBeforeScan()).isFalse();
    assertThat(end.marker()).isEqualTo(JpegSegments.EOI);
    assertThat(end.areOdd()).isFalse();
  }

  @RepeatedTest(FILES)
  void cutAnywhereThoseBeforeAreFound(RepetitionInfo run) throws Exception {
    List<Segment> segments = random(new Random(run.getCurrentRepetition()));
    byte[] jpeg = jpeg(segments, new byte[0]);
    int end = 2;
    int whole = 0;
    for (int length = 2; length < jpeg.length; length++) {
      if (length == end + 4 + segments.get(whole).payload().length) {
        end = length;
        whole++;
      }
      JpegSegments walk = walk(Arrays.copyOf(jpeg, length));
      for (Segment segment : segments.subList(0, whole)) {
        assertFound(walk, segment);
      }
      boolean damaged = false;
      try {
        assertThat(walk.next()).isFalse();
      } catch (MediaException e) {
        assertThat(e).hasMessage("Invalid JPEG: the file ends early");
        damaged = true;
      }
      assertThat(damaged).isEqualTo(length > end + 1);
    }
  }

  @RepeatedTest(FILES)
  void lengthsThatLieEndTheWalk(RepetitionInfo run) throws Exception {
    Random random = new Random(run.getCurrentRepetition());
    byte[] jpeg = jpeg(random(random), new byte[0]);
    for (int i = 0; i < 300; i++) {
      byte[] lying = jpeg.clone();
      ByteBuffer.wrap(lying)
          .putShort(2 + random.nextInt(lying.length - 3), (short) random.nextInt());
      JpegSegments walk = walk(lying);
      long before = 0;
      try {
        while (walk.next()) {
          assertThat(walk.at()).isGreaterThan(before);
          assertThat(walk.end()).isLessThanOrEqualTo(lying.length);
          before = walk.at();
        }
      } catch (MediaException e) {
        assertThat(e.reason()).isEqualTo(MediaException.Reason.INVALID);
      }
    }
  }

  @Test
  void goesOnWhereItIsTold() throws Exception {
    Segment scan = new Segment(0xDA, new byte[6]);
    Segment comment = new Segment(0xFE, Bytes.ascii("behind"));
    byte[] head = jpeg(List.of(scan), new byte[0]);
    byte[] pixels = {1, 2, (byte) 0xFF, 0, 3};
    byte[] tail = Bytes.from(jpeg(List.of(comment), new byte[0]), 2);
    JpegSegments walk = walk(Bytes.join(head, pixels, tail));
    assertFound(walk, scan);
    walk.goTo(walk.end() + pixels.length);
    assertFound(walk, comment);
    assertThat(walk.areOdd()).isFalse();
  }
}
