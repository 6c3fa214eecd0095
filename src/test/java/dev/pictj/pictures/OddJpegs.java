package dev.pictj.pictures;

import dev.pictj.pictures.JpegParts.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** JPEGs of kinds that are seldom met, or that somebody's program has written wrongly. */
public final class OddJpegs {
  private OddJpegs() {}

  /** Those that a decoder reads, by what is odd about them. All are 64 by 48. */
  public static Map<String, byte[]> readable() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    byte[] plain = Pictures.jpeg(64, 48);
    List<Part> parts = JpegParts.of(plain);
    int scan = JpegParts.first(parts, part -> part.marker() == 0xDA);
    // Any bits whatever mean something to an arithmetic decoder.
    all.put("arithmetic coding", arithmetic());
    all.put("extended sequential", withFrame(parts, frame -> frame.as(0xC1)));
    all.put("a scan for each component", threeScans().bytes());
    all.put("coarse steps in 16 bits", coarse());
    all.put("quality of 5", Pictures.jpegQuality(64, 48, 0.05f));
    all.put("no end", Bytes.part(plain, 0, plain.length - 2));
    all.put("cut short", Bytes.part(plain, 0, plain.length * 2 / 3));
    all.put("bytes between segments", withStrayBytes(plain));
    List<Part> late = new ArrayList<>(parts);
    late.addAll(scan, JpegParts.of(JpegSegments.withEverything(plain, 6)).subList(1, 7));
    all.put("metadata behind the frame header", JpegParts.join(late));
    all.put("CMYK", Pictures.jpegCmyk(64, 48));
    return all;
  }

  /** Those of which no decoder, or not every one, makes a picture. */
  public static Map<String, byte[]> unreadable() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    List<Part> parts = JpegParts.of(Pictures.jpeg(64, 48));
    all.put("lossless", withFrame(parts, frame -> frame.as(0xC3)));
    all.put("hierarchical", withFrame(parts, frame -> frame.as(0xC5)));
    all.put("12 bits", withFrame(parts, frame -> frame.with(0, 12)));
    List<Part> two = JpegParts.of(threeScans().bytes());
    two.removeLast();
    all.put(
        "two components",
        withFrame(
            two,
            frame -> new Part(0xC0, Bytes.part(frame.with(5, 2).payload(), 0, 12), new byte[0])));
    return all;
  }

  private static byte[] arithmetic() {
    List<Part> parts = JpegParts.of(CodedJpeg.grey(Pictures.drawing(64, 48, 0), 1).bytes());
    int scan = JpegParts.first(parts, part -> part.marker() == 0xDA);
    parts.set(scan, parts.get(scan).withCoded(Bytes.ascii("whatever this means, it is shown")));
    return withFrame(parts, frame -> frame.as(0xC9));
  }

  private static CodedJpeg threeScans() {
    return CodedJpeg.colour(Pictures.drawing(64, 48, 0), 1, 1, 1, 1, 1, 1, 1)
        .scans(new int[] {0}, new int[] {1}, new int[] {2});
  }

  private static byte[] coarse() {
    return CodedJpeg.colour(Pictures.drawing(64, 48, 0), 900, 2, 2, 1, 1, 1, 1).wide().bytes();
  }

  private static byte[] withStrayBytes(byte[] jpeg) {
    // Behind JFIF, which is 18 bytes long and stands behind the first marker.
    return Bytes.join(Bytes.part(jpeg, 0, 20), new byte[5], Bytes.from(jpeg, 20));
  }

  private static byte[] withFrame(List<Part> parts, UnaryOperator<Part> change) {
    List<Part> other = new ArrayList<>(parts);
    int frame = JpegParts.first(parts, part -> part.marker() == 0xC0);
    other.set(frame, change.apply(parts.get(frame)));
    return JpegParts.join(other);
  }
}
