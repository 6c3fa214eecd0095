package dev.pictj.codec.jpeg;

import static dev.pictj.pictures.JpegParts.first;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.pictj.media.Dimensions;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.CodedJpeg;
import dev.pictj.pictures.JpegParts;
import dev.pictj.pictures.JpegParts.Part;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.WrittenJpeg;
import java.awt.image.BufferedImage;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** At the least irregularity it gives up: not with an exception, and not with half a picture. */
class GivingUpTest {
  private static final BufferedImage IMAGE = Subject.DRAWING.image(61, 45);
  private static final Dimensions SIZE = new Dimensions(61, 45);

  /** In three scans, of which the middle one has most restarts. */
  private static final byte[] BASELINE =
      CodedJpeg.colour(IMAGE, 6, 2, 2, 1, 1, 1, 1)
          .scans(new int[] {1}, new int[] {0}, new int[] {2})
          .restarts(4)
          .bytes();

  private static final byte[] PROGRESSIVE =
      WrittenJpeg.of(IMAGE).sampling(2, 2).restarts(4).progressive().bytes();

  private static void assertGivesUp(byte[] jpeg) throws Exception {
    assertGivesUp(jpeg, SIZE);
  }

  private static void assertGivesUp(byte[] jpeg, Dimensions size) throws Exception {
    for (boolean wholeChroma : new boolean[] {false, true}) {
      for (int shrink : new int[] {4, 8}) {
        assertThat(Decoding.of(jpeg, size, shrink, wholeChroma)).isEmpty();
      }
    }
  }

  private static void assertWorks(byte[] jpeg) throws Exception {
    for (boolean wholeChroma : new boolean[] {false, true}) {
      assertThat(Decoding.of(jpeg, SIZE, 8, wholeChroma)).isPresent();
    }
  }

  private static byte[] changed(byte[] jpeg, int marker, UnaryOperator<Part> change) {
    List<Part> parts = JpegParts.of(jpeg);
    int at = first(parts, part -> part.marker() == marker);
    parts.set(at, change.apply(parts.get(at)));
    return JpegParts.join(parts);
  }

  private static byte[] without(byte[] jpeg, int index) {
    List<Part> parts = JpegParts.of(jpeg);
    parts.remove(index);
    return JpegParts.join(parts);
  }

  @Test
  void soundFilesAreDecoded() throws Exception {
    assertWorks(BASELINE);
    assertWorks(PROGRESSIVE);
    assertWorks(JpegParts.join(JpegParts.of(BASELINE)));
    assertWorks(JpegParts.join(JpegParts.of(PROGRESSIVE)));
  }

  @Test
  void endsAnywhere() throws Exception {
    for (byte[] jpeg : List.of(BASELINE, PROGRESSIVE)) {
      for (int length = 0; length < jpeg.length; length++) {
        assertGivesUp(Arrays.copyOf(jpeg, length));
      }
    }
  }

  @Test
  void endsAnywhereButWithAMarker() throws Exception {
    for (int length = 2; length < BASELINE.length - 2; length++) {
      assertGivesUp(Bytes.join(Arrays.copyOf(BASELINE, length), new byte[] {-1, (byte) 0xD9}));
    }
  }

  @Test
  void coloursAreOthers() throws Exception {
    byte[] cmyk = Pictures.jpegCmyk(61, 45);
    assertGivesUp(cmyk);
    assertGivesUp(CodedJpeg.colour(IMAGE, 6, 1, 1, 1, 1, 1, 1).adobe(0).bytes());
    assertGivesUp(CodedJpeg.colour(IMAGE, 6, 1, 1, 1, 1, 1, 1).adobe(2).bytes());
    assertGivesUp(CodedJpeg.colour(IMAGE, 6, 1, 1, 1, 1, 1, 1).named('R', 'G', 'B').bytes());
    assertGivesUp(CodedJpeg.colour(IMAGE, 6, 1, 1, 1, 1, 1, 1).named(0, 1, 2).bytes());
    assertWorks(CodedJpeg.colour(IMAGE, 6, 1, 1, 1, 1, 1, 1).named(1, 2, 3).bytes());
  }

  /** Y, Cb and Cr, one after another. */
  @Test
  void samplingIsUnusual() throws Exception {
    int[][] samplings = {
      {1, 1, 2, 2, 2, 2}, {1, 2, 2, 1, 2, 1}, {1, 2, 2, 2, 2, 2}, {2, 1, 1, 2, 1, 1},
      {1, 1, 1, 1, 2, 2}, {1, 1, 2, 1, 1, 1}, {4, 1, 1, 1, 1, 1}, {4, 2, 1, 1, 1, 1}
    };
    for (int[] sampling : samplings) {
      assertGivesUp(CodedJpeg.colour(IMAGE, 6, sampling).bytes());
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0xC3, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF, 0xC2, 0xF7})
  void codingIsAnother(int frame) throws Exception {
    assertGivesUp(changed(BASELINE, 0xC0, part -> part.as(frame)));
  }

  @Test
  void theFrameHeaderIsUnusual() throws Exception {
    // Precision, height, width, components, their sampling, their table.
    int[][] changes = {
      {0, 12}, {0, 0}, {2, 44}, {2, 46}, {1, 1}, {4, 60}, {4, 62}, {3, 1}, {5, 1}, {5, 2}, {5, 4},
      {7, 0}, {7, 0x20}, {7, 0x02}, {7, 0x52}, {7, 0x44}, {7, 0x31}, {8, 3}, {8, 4}, {8, 255}
    };
    for (int[] change : changes) {
      assertGivesUp(changed(BASELINE, 0xC0, part -> part.with(change[0], change[1])));
      assertGivesUp(changed(PROGRESSIVE, 0xC2, part -> part.with(change[0], change[1])));
    }
    assertGivesUp(BASELINE, new Dimensions(45, 61));
    List<Part> parts = JpegParts.of(BASELINE);
    int frame = first(parts, Decoding::isFrame);
    parts.add(frame, parts.get(frame));
    assertGivesUp(JpegParts.join(parts));
  }

  @Test
  void aSegmentIsMissing() throws Exception {
    for (byte[] jpeg : List.of(BASELINE, PROGRESSIVE)) {
      List<Part> parts = JpegParts.of(jpeg);
      for (int i = 0; i < parts.size(); i++) {
        // Without JFIF components are told by their names.
        if (parts.get(i).marker() == 0xE0) {
          assertWorks(without(jpeg, i));
        } else if (jpeg == PROGRESSIVE && skips(parts, i)) {
          assertThat(Decoding.of(without(jpeg, i), SIZE, 8, false)).isPresent();
        } else {
          assertGivesUp(without(jpeg, i));
        }
      }
    }
  }

  /** Whether this is a code of AC coefficients, which nobody needs who does not read them. */
  private static boolean skips(List<Part> parts, int index) {
    return parts.get(index).marker() == 0xC4 && (parts.get(index).payload()[0] & 0x10) != 0;
  }

  @Test
  void aScanIsMissingOrComesTwice() throws Exception {
    for (byte[] jpeg : List.of(BASELINE, PROGRESSIVE)) {
      List<Part> parts = JpegParts.of(jpeg);
      for (int i = 0; i < parts.size(); i++) {
        if (Decoding.isScan(parts.get(i))) {
          assertGivesUp(JpegParts.join(parts.subList(0, i)));
          List<Part> more = new ArrayList<>(parts);
          more.add(i, parts.get(i));
          assertGivesUp(JpegParts.join(more));
        }
      }
    }
  }

  @Test
  void scansAreNotInOrder() throws Exception {
    List<Part> parts = JpegParts.of(PROGRESSIVE);
    List<Integer> scans = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      if (Decoding.isScan(parts.get(i))) {
        scans.add(i);
      }
    }
    // The last ones refine what earlier ones have begun; AC cannot come before DC.
    List<Part> refinedFirst = new ArrayList<>(parts);
    Collections.swap(refinedFirst, scans.get(4), scans.getLast());
    assertGivesUp(JpegParts.join(refinedFirst));
    List<Part> acFirst = new ArrayList<>(parts);
    Collections.swap(acFirst, scans.get(0), scans.get(1));
    assertGivesUp(JpegParts.join(acFirst));
  }

  @Test
  void aScanHeaderIsUnusual() throws Exception {
    // Components, the first one's name and codes, coefficients, bits.
    int[][] changes = {
      {0, 0}, {0, 2}, {0, 255}, {1, 9}, {2, 0x40}, {2, 0x04}, {2, 0x10}, {2, 0x01}, {3, 1}, {3, 64},
      {3, 255}, {4, 62}, {4, 64}, {4, 255}, {5, 1}, {5, 0x10}, {5, 0xFF}
    };
    for (int[] change : changes) {
      assertGivesUp(changed(BASELINE, 0xDA, part -> part.with(change[0], change[1])));
    }
    // All three components, then coefficients and bits.
    int[][] progressive = {
      {0, 1}, {0, 4}, {1, 2}, {5, 1}, {7, 1}, {7, 255}, {8, 1}, {8, 63}, {9, 0}, {9, 2}, {9, 0x10},
      {9, 0x21}, {9, 14}
    };
    for (int[] change : progressive) {
      assertGivesUp(changed(PROGRESSIVE, 0xDA, part -> part.with(change[0], change[1])));
    }
  }

  @Test
  void aComponentComesTwiceInAScan() throws Exception {
    byte[] jpeg = CodedJpeg.colour(IMAGE, 6, 1, 1, 1, 1, 1, 1).bytes();
    assertWorks(jpeg);
    assertGivesUp(changed(jpeg, 0xDA, part -> part.with(3, 1)));
    assertGivesUp(changed(jpeg, 0xDA, part -> part.with(1, 2).with(3, 1)));
  }

  @Test
  void restartsAreNotWhereTheyShouldBe() throws Exception {
    for (byte[] jpeg : List.of(BASELINE, PROGRESSIVE)) {
      List<Part> parts = JpegParts.of(jpeg);
      // The first scan is one that every result depends on.
      byte[] coded = parts.get(first(parts, Decoding::isScan)).coded();
      List<Integer> restarts = new ArrayList<>();
      for (int i = 0; i < coded.length - 1; i++) {
        if (coded[i] == -1 && coded[i + 1] != 0) {
          restarts.add(i);
        }
      }
      assertThat(restarts).hasSizeGreaterThan(1);
      for (int at : restarts) {
        byte[] other = coded.clone();
        other[at + 1] ^= 1;
        assertGivesUp(changed(jpeg, 0xDA, part -> part.withCoded(other)));
        byte[] missing = Bytes.join(Bytes.part(coded, 0, at), Bytes.from(coded, at + 2));
        assertGivesUp(changed(jpeg, 0xDA, part -> part.withCoded(missing)));
        byte[] more = Bytes.join(Bytes.part(coded, 0, at), Bytes.from(coded, at - 1));
        assertGivesUp(changed(jpeg, 0xDA, part -> part.withCoded(more)));
      }
      for (int interval : new int[] {0, 1, 3, 5, 255}) {
        assertGivesUp(changed(jpeg, 0xDD, part -> part.with(1, interval)));
      }
      assertGivesUp(changed(jpeg, 0xDD, part -> new Part(0xDD, 0)));
      assertGivesUp(changed(jpeg, 0xDD, part -> new Part(0xDD, 0, 4, 0)));
    }
  }

  @Test
  void aScanIsLongerOrShorterThanItsPixels() throws Exception {
    for (byte[] jpeg : List.of(BASELINE, PROGRESSIVE)) {
      for (int more : new int[] {1, 2, 8, 9, 100, 40_000}) {
        assertGivesUp(
            changed(jpeg, 0xDA, part -> part.withCoded(Bytes.join(part.coded(), new byte[more]))));
      }
      for (int less : new int[] {1, 2, 5}) {
        assertGivesUp(
            changed(
                jpeg,
                0xDA,
                part -> part.withCoded(Arrays.copyOf(part.coded(), part.coded().length - less))));
      }
    }
  }

  @Test
  void aHuffmanCodeIsNoCode() throws Exception {
    byte[] symbols = new byte[16];
    // Of one bit there are two words, of which that of ones is nobody's; and so on.
    for (int[] counts : new int[][] {{2}, {3}, {1, 2}, {1, 3}, {0, 4}, {255}, {1, 1, 1, 1, 2}}) {
      byte[] payload = new byte[17];
      int sum = 0;
      for (int i = 0; i < counts.length; i++) {
        payload[i + 1] = (byte) counts[i];
        sum += counts[i];
      }
      byte[] whole = Bytes.join(payload, Arrays.copyOf(symbols, sum));
      assertGivesUp(withSegment(BASELINE, new Part(0xC4, whole, new byte[0])));
    }
    assertWorks(withSegment(BASELINE, new Part(0xC4, huffman(2, 11), new byte[0])));
    assertGivesUp(withSegment(BASELINE, new Part(0xC4, huffman(2, 12), new byte[0])));
    assertGivesUp(withSegment(BASELINE, new Part(0xC4, huffman(2, 255), new byte[0])));
    assertWorks(withSegment(BASELINE, new Part(0xC4, huffman(0x12, 0xFA), new byte[0])));
    assertGivesUp(withSegment(BASELINE, new Part(0xC4, huffman(0x12, 0x0B), new byte[0])));
    assertGivesUp(withSegment(BASELINE, new Part(0xC4, huffman(4, 0), new byte[0])));
    assertGivesUp(withSegment(BASELINE, new Part(0xC4, huffman(0x20, 0), new byte[0])));
    assertGivesUp(withSegment(BASELINE, new Part(0xC4, huffman(0xF0, 0), new byte[0])));
    for (int length = 1; length < 18; length++) {
      assertGivesUp(
          withSegment(BASELINE, new Part(0xC4, Arrays.copyOf(huffman(2, 0), length), new byte[0])));
    }
  }

  /** A code of one word. */
  private static byte[] huffman(int kind, int symbol) {
    byte[] payload = new byte[18];
    payload[0] = (byte) kind;
    payload[1] = 1;
    payload[17] = (byte) symbol;
    return payload;
  }

  private static byte[] withSegment(byte[] jpeg, Part part) {
    List<Part> parts = JpegParts.of(jpeg);
    parts.add(1, part);
    return JpegParts.join(parts);
  }

  @Test
  void aQuantisationTableIsUnusual() throws Exception {
    for (int kind : new int[] {4, 0x20, 0x80, 0xFF, 0x10}) {
      assertGivesUp(changed(BASELINE, 0xDB, part -> part.with(0, kind)));
    }
    assertGivesUp(
        changed(
            BASELINE,
            0xDB,
            part -> new Part(0xDB, Arrays.copyOf(part.payload(), 64), new byte[0])));
  }

  @Test
  void aSegmentIsUnusual() throws Exception {
    for (int marker : new int[] {0x01, 0x02, 0xBF, 0xC8, 0xCC, 0xD8, 0xDC, 0xDE, 0xDF, 0xF0}) {
      assertGivesUp(withSegment(BASELINE, new Part(marker, 0, 0)));
    }
    byte[] between = BASELINE.clone();
    between[20] = 0;
    assertGivesUp(between);
    assertGivesUp(Bytes.join(new byte[] {-1, (byte) 0xD8, -1, (byte) 0xFE, 0, 1}, BASELINE));
    assertGivesUp(Bytes.from(BASELINE, 2));
    assertGivesUp(new byte[0]);
    assertGivesUp(new byte[] {-1, (byte) 0xD8, -1, (byte) 0xD9});
    assertGivesUp(Bytes.join(new byte[] {-1, (byte) 0xD8}, new byte[100_000]));
    byte[] ones = new byte[100_000];
    Arrays.fill(ones, (byte) -1);
    assertGivesUp(Bytes.join(new byte[] {-1, (byte) 0xD8}, ones));
  }

  /**
   * Tables that are never used cost next to nothing, as elsewhere: what is made of one is counted.
   */
  @Test
  void aCrowdOfTablesIsNotUnpacked() throws Exception {
    int codes = 3_640;
    byte[] payload = new byte[18 * codes];
    for (int i = 0; i < codes; i++) {
      System.arraycopy(huffman(i % 2 == 0 ? 2 : 0x12, 0), 0, payload, 18 * i, 18);
    }
    List<Part> parts = JpegParts.of(BASELINE);
    parts.addAll(1, Collections.nCopies(300, new Part(0xC4, payload, new byte[0])));
    byte[] crowded = JpegParts.join(parts);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    var _ = Decoding.of(crowded, SIZE, 8, true);
    long taken = threads.getCurrentThreadAllocatedBytes() - before;
    // Some hundred bytes of each; one to look codes up by has more than a thousand.
    assertThat(taken).isLessThan(300L * codes * 400);
  }
}
