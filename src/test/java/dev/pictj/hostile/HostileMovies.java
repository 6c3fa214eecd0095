package dev.pictj.hostile;

import static dev.pictj.hostile.Spoiling.repeated;
import static dev.pictj.hostile.Spoiling.withNumber;

import dev.pictj.hostile.Spoiling.Part;
import dev.pictj.pictures.Bombs;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Pictures;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** MP4 and QuickTime files (ISO/IEC 14496-12). */
final class HostileMovies {
  private static final Set<String> CONTAINERS =
      Set.of(
          "moov", "trak", "mdia", "minf", "stbl", "dinf", "edts", "udta", "moof", "traf", "mvex");

  private static final int[] COUNTS = {0, 1, 2, 4, 1_000_000, Integer.MAX_VALUE, -1};

  private final Batch batch;
  private final byte[] film = Pictures.mp4(32, 24, 4);

  private HostileMovies(Batch batch) {
    this.batch = batch;
  }

  static List<HostileFile> files(long seed) {
    Batch batch = new Batch("movie", seed);
    new HostileMovies(batch).addAll();
    return batch.files();
  }

  private void addAll() {
    List<byte[]> sound =
        List.of(
            film,
            Pictures.mov(32, 24, 4),
            Pictures.mp4Fragmented(32, 24, 4),
            Pictures.mp4WithSound(32, 24, 4));
    for (byte[] movie : sound) {
      Spoiling.damage(batch, movie, 20);
    }
    List<Part> all = boxes(film);
    Spoiling.disorder(
        batch, film, all.stream().filter(part -> part.end() - part.at() > 8).toList(), 4, true);
    tables();
    sizes();
    nested();
    oddities();
  }

  /** Every box in every container, outer ones first. */
  private static List<Part> boxes(byte[] movie) {
    List<Part> parts = new ArrayList<>();
    collect(movie, 0, movie.length, parts);
    return parts;
  }

  private static void collect(byte[] movie, int from, int to, List<Part> parts) {
    for (int at = from; at <= to - 8; ) {
      int end = at + (int) Spoiling.number(movie, at, 4, true);
      parts.add(new Part(at, at, end));
      if (CONTAINERS.contains(new String(movie, at + 4, 4, StandardCharsets.ISO_8859_1))) {
        collect(movie, at + 8, end, parts);
      }
      at = end;
    }
  }

  private static byte[] box(String code, byte[]... inside) {
    byte[] payload = Bytes.join(inside);
    return Bytes.join(Bytes.big32(payload.length + 8), Bytes.ascii(code), payload);
  }

  private static byte[] type() {
    return box("ftyp", Bytes.ascii("isom"), Bytes.big32(512), Bytes.ascii("isomavc1"));
  }

  /** Where the content of the first box of this name begins. */
  private int inside(String code) {
    return Bytes.find(film, code) + 4;
  }

  private void tables() {
    for (String code : List.of("stts", "stsc", "stco", "stsd", "dref", "elst")) {
      for (int count : COUNTS) {
        batch.one("lying-table", () -> withNumber(film, inside(code) + 4, 4, true, count));
        batch.one("lying-table", () -> withNumber(film, inside(code) + 8, 4, true, count));
        batch.one("lying-table", () -> withNumber(film, inside(code) + 12, 4, true, count));
      }
    }
    for (int count : COUNTS) {
      batch.one("lying-table", () -> withNumber(film, inside("stsz") + 4, 4, true, count));
      batch.one("lying-table", () -> withNumber(film, inside("stsz") + 8, 4, true, count));
      // Time scale and duration of movie and track.
      batch.one("time", () -> withNumber(film, inside("mvhd") + 12, 4, true, count));
      batch.one("time", () -> withNumber(film, inside("mvhd") + 16, 4, true, count));
      batch.one("time", () -> withNumber(film, inside("mdhd") + 12, 4, true, count));
      batch.one("time", () -> withNumber(film, inside("mdhd") + 16, 4, true, count));
    }
    batch.many(
        "codec-settings",
        30,
        (i, random) -> {
          byte[] out = film.clone();
          out[inside("avcC") + i] ^= (byte) (1 << random.nextInt(8));
          return out;
        });
    batch.many(
        "damaged-samples",
        30,
        (i, random) -> {
          byte[] out = film.clone();
          int from = inside("mdat");
          for (int n = 0; n <= i; n++) {
            out[from + random.nextInt(out.length - from)] ^= (byte) (1 << random.nextInt(8));
          }
          return out;
        });
  }

  private void sizes() {
    int entry = inside("stsd") + 8;
    int track = inside("tkhd");
    for (int side : new int[] {0, 1, 2, 6_326, 10_000, 10_001, 65_535}) {
      batch.one("lying-size", () -> withNumber(film, entry + 32, 2, true, side));
      batch.one("lying-size", () -> withNumber(film, entry + 34, 2, true, side));
      batch.one("lying-size", () -> withNumber(film, entry + 32, 4, true, side * 0x1_0001L));
      batch.one("lying-size", () -> withNumber(film, track + 76, 2, true, side));
      batch.one("lying-size", () -> withNumber(film, track + 80, 2, true, side));
    }
    for (long length : new long[] {0, 1, 15, 16, 1L << 31, 1L << 40, Long.MAX_VALUE, -1}) {
      for (String code : List.of("moov", "mdat", "free")) {
        int at = Bytes.find(film, code);
        if (at > 0) {
          batch.one(
              "length-of-64-bits",
              () -> withNumber(withNumber(film, at - 4, 4, true, 1), at + 4, 8, true, length));
        }
      }
    }
  }

  private void nested() {
    batch.one("box-in-box", Bombs::mp4DeepBoxes);
    for (String code : List.of("moov", "trak", "mdia", "stbl", "udta", "meta", "moof", "free")) {
      for (int depth : new int[] {5, 100, 20_000}) {
        batch.one("box-in-box", () -> Bytes.join(type(), deep(code, depth)));
        batch.one("box-in-box", () -> Bytes.join(film, deep(code, depth)));
      }
    }
    for (String code : List.of("free", "trak", "udta", "moof", "mdat", "moov", "ftyp", "skip")) {
      byte[] one = box(code);
      for (int count : new int[] {2_000, 100_001}) {
        batch.one("crowd-of-boxes", () -> Bytes.join(film, repeated(count, i -> one)));
        batch.one("crowd-of-boxes", () -> Bytes.join(type(), repeated(count, i -> one)));
      }
    }
    int at = Bytes.find(film, "trak") - 4;
    byte[] track = Bytes.part(film, at, at + (int) Spoiling.number(film, at, 4, true));
    int movie = Bytes.find(film, "moov") - 4;
    for (int count : new int[] {2, 100, 3_000}) {
      // The film's own samples stay where they are when the new header stands behind them.
      batch.one(
          "crowd-of-tracks",
          () -> {
            byte[] header =
                Bytes.part(film, movie + 8, movie + (int) Spoiling.number(film, movie, 4, true));
            byte[] old = film.clone();
            System.arraycopy(Bytes.ascii("free"), 0, old, movie + 4, 4);
            return Bytes.join(old, box("moov", header, repeated(count, i -> track)));
          });
    }
  }

  private static byte[] deep(String code, int depth) {
    byte[][] heads = new byte[depth][];
    for (int i = 0; i < depth; i++) {
      heads[i] = Bytes.join(Bytes.big32(8 * (depth - i)), Bytes.ascii(code));
    }
    return Bytes.join(heads);
  }

  private void oddities() {
    batch.one("header-twice", () -> Bytes.join(film, film));
    batch.one("type-only", HostileMovies::type);
    batch.one("old-quicktime", () -> Bytes.from(film, (int) Spoiling.number(film, 0, 4, true)));
    for (String brand :
        List.of("qt  ", "isom", "mp42", "heic", "avif", "M4A ", "XXXX", "\0\0\0\0")) {
      batch.one(
          "brand",
          () -> Bytes.join(Bytes.part(film, 0, 8), Bytes.ascii(brand), Bytes.from(film, 12)));
    }
    for (int length : new int[] {0, 1, 7, 8, 9, 12, 16, 60, 1_000_000}) {
      batch.one("type-length", () -> withNumber(film, 0, 4, true, length));
    }
    // Samples that are said to be elsewhere: a file of the server, another host.
    for (String place :
        List.of(
            "file:///etc/passwd", "/etc/passwd", "http://127.0.0.1:9/x", "concat:/etc/passwd")) {
      byte[] url = box("url ", new byte[4], Bytes.ascii(place + "\0"));
      batch.one("foreign-samples", () -> withReference(url));
      byte[] alias = box("alis", new byte[4], new byte[100], Bytes.ascii(place + "\0"));
      batch.one("foreign-samples", () -> withReference(alias));
    }
    for (int claim : new int[] {100, 100_000_000, Integer.MAX_VALUE, -1}) {
      byte[] packed =
          box(
              "cmov",
              box("dcom", Bytes.ascii("zlib")),
              box("cmvd", Bytes.big32(claim), Zeros.packed(100_000_000)));
      batch.one("packed-header", () -> Bytes.join(film, box("moov", packed)));
      batch.one("packed-header", () -> Bytes.join(type(), box("moov", packed)));
    }
    batch.one("thousands-of-frames", () -> Pictures.mp4(16, 16, 400));
    batch.one("thousands-of-frames", () -> withNumber(film, inside("stsz") + 8, 4, true, 3_601));
    batch.one(
        "playlist",
        () -> Bytes.join(type(), Bytes.ascii("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n")));
    batch.one("cut-in-half", Bombs::mp4Truncated);
  }

  /** The reference to the samples replaced by another, with the lengths around it put right. */
  private byte[] withReference(byte[] reference) {
    int at = Bytes.find(film, "url ") - 4;
    int old = (int) Spoiling.number(film, at, 4, true);
    byte[] out = film;
    for (String code : List.of("moov", "trak", "mdia", "minf", "dinf", "dref")) {
      int place = Bytes.find(film, code) - 4;
      long length = Spoiling.number(film, place, 4, true);
      out = withNumber(out, place, 4, true, length + reference.length - old);
    }
    return Bytes.join(Bytes.part(out, 0, at), reference, Bytes.from(out, at + old));
  }
}
