package dev.pictj.hostile;

import static dev.pictj.hostile.Spoiling.repeated;
import static dev.pictj.hostile.Spoiling.withNumber;

import dev.pictj.hostile.Spoiling.Part;
import dev.pictj.pictures.Bombs;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Pictures;
import java.util.ArrayList;
import java.util.List;

/** JPEG files (ITU-T T.81). */
final class HostileJpegs {
  private static final int[] SIDES = {0, 1, 8, 35, 37, 6_325, 10_000, 10_001, 65_500, 65_535};

  private final Batch batch;
  private final byte[] plain = Pictures.jpeg(48, 36);
  private final byte[] progressive = Pictures.jpegProgressive(48, 36);

  private HostileJpegs(Batch batch) {
    this.batch = batch;
  }

  static List<HostileFile> files(long seed) {
    Batch batch = new Batch("jpeg", seed);
    new HostileJpegs(batch).addAll();
    return batch.files();
  }

  private void addAll() {
    Spoiling.damage(batch, plain, 40);
    Spoiling.damage(batch, progressive, 30);
    Spoiling.damage(batch, Pictures.jpegRestarts(48, 36), 15);
    Spoiling.damage(batch, Pictures.jpegCmyk(48, 36), 15);
    Spoiling.disorder(batch, plain, segments(plain), 2, true);
    Spoiling.disorder(batch, progressive, segments(progressive), 2, true);
    headers();
    metadata();
    crowds();
    scans();
    oddities();
  }

  /** The segments up to and with the first scan header. */
  private static List<Part> segments(byte[] jpeg) {
    List<Part> parts = new ArrayList<>();
    int at = 2;
    while (true) {
      int end = at + 2 + (int) Spoiling.number(jpeg, at + 2, 2, true);
      parts.add(new Part(at, at + 2, end));
      if (jpeg[at + 1] == (byte) 0xDA) {
        return parts;
      }
      at = end;
    }
  }

  private static int frameHeader(byte[] jpeg) {
    return segments(jpeg).stream()
        .map(Part::at)
        .filter(at -> (jpeg[at + 1] & 0xFF) == 0xC0 || (jpeg[at + 1] & 0xFF) == 0xC2)
        .findFirst()
        .orElseThrow();
  }

  private void headers() {
    for (byte[] jpeg : List.of(plain, progressive)) {
      int at = frameHeader(jpeg);
      for (int side : SIDES) {
        batch.one("lying-size", () -> withNumber(jpeg, at + 5, 2, true, side));
        batch.one("lying-size", () -> withNumber(jpeg, at + 7, 2, true, side));
        batch.one("lying-size", () -> withNumber(jpeg, at + 5, 4, true, side * 0x1_0001L));
      }
      // Precision, number of components, sampling factors, table.
      for (int field : new int[] {4, 9, 11, 12}) {
        for (int value : new int[] {0, 2, 4, 12, 0x44, 0xFF}) {
          batch.one("odd-frame-header", () -> withNumber(jpeg, at + field, 1, true, value));
        }
      }
      for (int marker : new int[] {0xC1, 0xC2, 0xC3, 0xC5, 0xC8, 0xC9, 0xCA, 0xCB, 0xCF, 0xF7}) {
        batch.one("other-coding", () -> withNumber(jpeg, at + 1, 1, true, marker));
      }
    }
  }

  private void metadata() {
    for (byte[] tiff : HostileExif.all()) {
      batch.one("exif", () -> JpegSegments.withExif(plain, tiff));
    }
    for (int size : new int[] {0, 1, 127, 128, 65_519, 1 << 20, 4 << 20, 16_000_000}) {
      batch.one("icc-bomb", () -> JpegSegments.withIcc(plain, new byte[size]));
    }
    byte[] lying = JpegSegments.srgb();
    batch.one("icc-bomb", () -> JpegSegments.withIcc(plain, withNumber(lying, 0, 4, true, -1)));
    batch.one(
        "icc-bomb", () -> JpegSegments.withIcc(plain, withNumber(lying, 128, 4, true, 1 << 30)));
    for (int[] number : new int[][] {{0, 0}, {0, 1}, {2, 1}, {1, 255}, {255, 255}, {1, 0}}) {
      batch.one(
          "icc-parts",
          () ->
              JpegSegments.withSegment(
                  plain,
                  0xE2,
                  Bytes.join(
                      Bytes.ascii("ICC_PROFILE\0"),
                      new byte[] {(byte) number[0], (byte) number[1]},
                      lying)));
    }
    batch.one("thumbnail-lies", () -> thumbnail(255, 255, 0));
    batch.one("thumbnail-lies", () -> thumbnail(255, 0, 10));
    batch.one("photoshop", () -> photoshop(Integer.MAX_VALUE));
    batch.one("photoshop", () -> photoshop(-1));
    batch.one("photoshop", () -> photoshop(0));
  }

  private byte[] thumbnail(int width, int height, int bytes) {
    byte[] head = {'J', 'F', 'I', 'F', 0, 1, 2, 0, 0, 1, 0, 1, (byte) width, (byte) height};
    return JpegSegments.withSegment(plain, 0xE0, Bytes.join(head, new byte[bytes]));
  }

  private byte[] photoshop(int length) {
    return JpegSegments.withSegment(
        plain,
        0xED,
        Bytes.join(
            Bytes.ascii("Photoshop 3.0\0" + "8BIM"),
            Bytes.big16(0x0404),
            Bytes.big16(0),
            Bytes.big32(length)));
  }

  private void crowds() {
    for (int count : new int[] {1_000, 19_000, 20_001, 60_000}) {
      batch.one("crowd-of-comments", () -> crowd(0xFE, count, new byte[0]));
      batch.one("crowd-of-exif", () -> crowd(0xE1, count, Bytes.ascii("Exif\0\0")));
      batch.one("crowd-of-profiles", () -> crowd(0xE2, count, Bytes.ascii("ICC_PROFILE\0\1\1")));
    }
    batch.one("crowd-of-large-segments", () -> crowd(0xE5, 500, new byte[65_000]));
    for (int count : new int[] {2, 100, 5_000}) {
      batch.one("crowd-of-tables", () -> withCopies(0xDB, count));
      batch.one("crowd-of-tables", () -> withCopies(0xC4, count));
    }
  }

  private byte[] crowd(int marker, int count, byte[] payload) {
    byte[] head = {(byte) 0xFF, (byte) marker};
    byte[] one = Bytes.join(head, Bytes.big16(payload.length + 2), payload);
    return Bytes.join(Bytes.part(plain, 0, 2), repeated(count, i -> one), Bytes.from(plain, 2));
  }

  private byte[] withCopies(int marker, int count) {
    Part part =
        segments(plain).stream()
            .filter(found -> plain[found.at() + 1] == (byte) marker)
            .findFirst()
            .orElseThrow();
    byte[] one = Bytes.part(plain, part.at(), part.end());
    return Bytes.join(
        Bytes.part(plain, 0, part.at()), repeated(count, i -> one), Bytes.from(plain, part.at()));
  }

  private void scans() {
    for (int count :
        new int[] {0, 1, 100, ScanBomb.MOST_ORDERLY_SCANS, 999, 1_001, 5_000, 30_000}) {
      batch.one("scans", () -> ScanBomb.of(64, 48, count));
    }
    for (int count : new int[] {5, 100, ScanBomb.MOST_ORDERLY_SCANS}) {
      batch.one("scans-of-a-large-picture", () -> ScanBomb.of(6_000, 6_000, count));
    }
    batch.one("scans-of-a-large-picture", () -> ScanBomb.of(10_000, 4_000, 500));
    int scan = segments(plain).getLast().at();
    byte[] last = Bytes.part(plain, scan, plain.length - 2);
    for (int count : new int[] {2, 50, 1_100}) {
      batch.one(
          "baseline-scans",
          () ->
              Bytes.join(
                  Bytes.part(plain, 0, scan),
                  repeated(count, i -> last),
                  Bytes.from(plain, plain.length - 2)));
    }
    for (int field = 4; field < 14; field++) {
      int at = scan + field;
      batch.one("odd-scan-header", () -> withNumber(plain, at, 1, true, 0xFF));
      batch.one("odd-scan-header", () -> withNumber(plain, at, 1, true, 4));
    }
  }

  private void oddities() {
    int scan = segments(plain).getLast().end();
    batch.one("no-pixels", () -> Bytes.join(Bytes.part(plain, 0, scan), new byte[] {-1, -39}));
    batch.one("no-end", () -> Bytes.part(plain, 0, plain.length - 2));
    batch.one("start-twice", () -> Bytes.join(Bytes.part(plain, 0, 2), plain));
    batch.one("picture-in-picture", () -> JpegSegments.withSegment(plain, 0xE1, plain));
    batch.one("two-pictures", () -> Bytes.join(plain, progressive));
    batch.one("two-frame-headers", () -> Bytes.join(Bytes.part(plain, 0, scan), progressive));
    batch.one("stray-bytes", () -> Bytes.join(plain, new byte[1 << 20], Bytes.from(plain, scan)));
    for (int fill : new int[] {0x00, 0xFF, 0xD0}) {
      byte[] stray = new byte[1 << 20];
      java.util.Arrays.fill(stray, (byte) fill);
      batch.one(
          "stray-bytes", () -> Bytes.join(Bytes.part(plain, 0, 2), stray, Bytes.from(plain, 2)));
      batch.one(
          "stray-pixels",
          () -> Bytes.join(Bytes.part(plain, 0, scan), stray, Bytes.from(plain, scan)));
    }
    for (int interval : new int[] {0, 1, 65_535}) {
      batch.one("restarts", () -> JpegSegments.withSegment(plain, 0xDD, Bytes.big16(interval)));
    }
    for (int fill : new int[] {0x00, 0x01, 0x10, 0x33, 0xFF}) {
      byte[] table = new byte[300];
      java.util.Arrays.fill(table, (byte) fill);
      batch.one("odd-tables", () -> JpegSegments.withSegment(plain, 0xC4, table));
      batch.one("odd-tables", () -> JpegSegments.withSegment(plain, 0xDB, table));
    }
    batch.one("number-of-lines", () -> JpegSegments.withSegment(plain, 0xDC, Bytes.big16(65_535)));
    batch.one("lying-size", Bombs::jpegHugeHeader);
    batch.one("foreign-content", Bombs::jpegSignatureOnHtml);
  }
}
