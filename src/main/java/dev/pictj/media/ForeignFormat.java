package dev.pictj.media;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Calls files by their names that are not accepted, by their magic numbers, so that a refusal says
 * what was seen. A name is one of ours: nothing of the file is ever repeated.
 */
final class ForeignFormat {
  /** How many leading bytes {@link #nameOf} wants to see. */
  static final int SNIFF_LENGTH = 1024;

  /** Some bytes at a place, as Latin-1. What begins with another mark stands before it. */
  private record Mark(String name, int offset, String latin) {
    static Mark of(String name, String text) {
      return of(name, 0, text);
    }

    static Mark of(String name, int offset, String text) {
      return new Mark(name, offset, text);
    }

    static Mark hex(String name, String digits) {
      return new Mark(
          name, 0, new String(HexFormat.of().parseHex(digits), StandardCharsets.ISO_8859_1));
    }

    boolean isIn(byte[] head) {
      return at(head, offset, latin.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private static final String RAW = "a camera's raw file";
  private static final String MP3 = "MP3 sound";
  private static final String PNM = "a Netpbm picture";

  private static final List<Mark> MARKS =
      List.of(
          Mark.hex("JPEG XL", "ff0a"),
          Mark.hex("JPEG XL", "0000000c4a584c20"),
          Mark.hex("JPEG 2000", "0000000c6a502020"),
          Mark.hex("JPEG 2000", "ff4fff51"),
          Mark.of(RAW, 8, "CR\u0002\u0000"),
          Mark.of(RAW, "FUJIFILMCCD-RAW"),
          Mark.of(RAW, "IIRO"),
          Mark.of(RAW, "IIU\u0000"),
          Mark.of(RAW, "\u0000MRM"),
          Mark.hex("TIFF", "49492a00"),
          Mark.hex("TIFF", "4d4d002a"),
          Mark.hex("TIFF", "49492b00"),
          Mark.hex("TIFF", "4d4d002b"),
          Mark.of("a Photoshop document (PSD)", "8BPS"),
          Mark.of("a GIMP document (XCF)", "gimp xcf"),
          Mark.of("PDF", "%PDF-"),
          Mark.of("PostScript", "%!PS"),
          Mark.hex("MNG", "8a4d4e470d0a1a0a"),
          Mark.hex("JNG", "8b4a4e470d0a1a0a"),
          Mark.of("QOI", "qoif"),
          Mark.of("DDS", "DDS "),
          Mark.of("FLIF", "FLIF"),
          Mark.hex("BPG", "425047fb"),
          Mark.hex("OpenEXR", "762f3101"),
          Mark.of("Radiance HDR", "#?RADIANCE"),
          Mark.hex("WMF", "d7cdc69a"),
          Mark.of("EMF", 40, " EMF"),
          Mark.hex("PCX", "0a0501"),
          Mark.of(PNM, "P4\n"),
          Mark.of(PNM, "P5\n"),
          Mark.of(PNM, "P6\n"),
          Mark.of(PNM, "P7\n"),
          Mark.of("AVI", 8, "AVI LIST"),
          Mark.of("WAV sound", 8, "WAVE"),
          Mark.of("FLV", "FLV\u0001"),
          Mark.hex("WMV or WMA", "3026b2758e66cf11"),
          Mark.hex("MPEG video", "000001ba"),
          Mark.hex("MPEG video", "000001b3"),
          Mark.of("RealMedia", ".RMF"),
          Mark.of("Ogg", "OggS"),
          Mark.of("FLAC sound", "fLaC"),
          Mark.of("MIDI sound", "MThd"),
          Mark.of("AIFF sound", 8, "AIFF"),
          Mark.of("AIFF sound", 8, "AIFC"),
          Mark.of(MP3, "ID3"),
          Mark.hex(MP3, "fffb"),
          Mark.hex(MP3, "fffa"),
          Mark.hex(MP3, "fff3"),
          Mark.hex(MP3, "fff2"),
          Mark.hex("AAC sound", "fff1"),
          Mark.hex("AAC sound", "fff9"),
          Mark.of("AMR sound", "#!AMR"),
          Mark.of("a ZIP archive or an office document", "PK\u0003\u0004"),
          Mark.hex("a gzip archive", "1f8b"),
          Mark.hex("a 7z archive", "377abcaf271c"),
          Mark.of("a RAR archive", "Rar!\u001a\u0007"),
          Mark.hex("an xz archive", "fd377a585a00"),
          Mark.of("a bzip2 archive", "BZh"),
          Mark.hex("a zstd archive", "28b52ffd"),
          Mark.of("a tar archive", 257, "ustar"),
          Mark.hex("an office document", "d0cf11e0a1b11ae1"),
          Mark.of("a font", "wOFF"),
          Mark.of("a font", "wOF2"),
          Mark.of("a font", "OTTO"),
          Mark.hex("a font", "0001000000"),
          Mark.of("a program", "\u007fELF"),
          Mark.of("WebAssembly", "\u0000asm"),
          Mark.of("SQLite", "SQLite format 3"),
          Mark.hex("an icon (ICO)", "00000100"),
          Mark.hex("a cursor (CUR)", "00000200"));

  private ForeignFormat() {}

  /**
   * What a file seems to be that is none of the accepted types.
   *
   * @param head the first {@link #SNIFF_LENGTH} bytes of the file, or all of a shorter one
   */
  static String nameOf(byte[] head) {
    return isoFile(head)
        .or(() -> matroska(head))
        .or(() -> MARKS.stream().filter(mark -> mark.isIn(head)).findFirst().map(Mark::name))
        .or(() -> weak(head))
        .or(() -> text(head))
        .orElse("nothing we know");
  }

  /** ISO base media files whose brands are not those of MP4. */
  private static Optional<String> isoFile(byte[] head) {
    if (!at(head, 4, "ftyp".getBytes(StandardCharsets.ISO_8859_1)) || head.length < 12) {
      return Optional.empty();
    }
    long box = ByteBuffer.wrap(head).getInt(0) & 0xFFFF_FFFFL;
    String brands = latin(head, 8, (int) Math.min(box, Math.min(head.length, 256)));
    String major = latin(head, 8, 12);
    return Optional.of(
        switch (major) {
          case "avif", "avis", "avio" -> "AVIF";
          case "mif1", "msf1", "mif2" -> brands.contains("avi") ? "AVIF" : "HEIC";
          case "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs" -> "HEIC";
          case "crx " -> RAW;
          case "jp2 ", "jpx " -> "JPEG 2000";
          case "jxl " -> "JPEG XL";
          case "M4A ", "M4B ", "M4P " -> "M4A sound";
          default ->
              brands.contains("avif")
                  ? "AVIF"
                  : brands.contains("heic") ? "HEIC" : "a relative of MP4 of an unknown brand";
        });
  }

  /** EBML: the type of document stands in its first element. */
  private static Optional<String> matroska(byte[] head) {
    if (!at(head, 0, HexFormat.of().parseHex("1a45dfa3"))) {
      return Optional.empty();
    }
    String beginning = latin(head, 0, 64);
    return Optional.of(
        beginning.contains("webm")
            ? "WebM"
            : beginning.contains("matroska") ? "Matroska (MKV)" : "a relative of Matroska");
  }

  /** Marks of so few bits that something more is asked for. */
  private static Optional<String> weak(byte[] head) {
    if (at(head, 0, new byte[] {'B', 'M'}) && at(head, 6, new byte[4])) {
      return Optional.of("BMP");
    }
    if (at(head, 0, new byte[] {'M', 'Z'}) && text(head).isEmpty()) {
      return Optional.of("a program");
    }
    byte[] sync = {0x47};
    return at(head, 0, sync) && at(head, 188, sync) && at(head, 376, sync)
        ? Optional.of("MPEG video")
        : Optional.empty();
  }

  private static Optional<String> text(byte[] head) {
    if (at(head, 0, new byte[] {(byte) 0xFF, (byte) 0xFE})
        || at(head, 0, new byte[] {(byte) 0xFE, (byte) 0xFF})) {
      return Optional.of("text");
    }
    if (!isUtf8(head)) {
      return Optional.empty();
    }
    String text = latin(head, 0, head.length).toLowerCase(Locale.ROOT);
    if (text.contains("<svg")) {
      return Optional.of("SVG");
    }
    if (text.contains("<!doctype html") || text.contains("<html") || text.contains("<head")) {
      return Optional.of("HTML");
    }
    String begin = text.replaceFirst("^\u00ef\u00bb\u00bf", "").stripLeading();
    return Optional.of(begin.startsWith("<?xml") ? "XML" : begin.startsWith("{") ? "JSON" : "text");
  }

  /** Whether it can be text: UTF-8, its last letter perhaps cut, without controls. */
  private static boolean isUtf8(byte[] head) {
    for (byte one : head) {
      if (one >= 0 && one < ' ' && one != '\t' && one != '\n' && one != '\r' && one != '\f') {
        return false;
      }
    }
    int end = head.length;
    for (int cut = 0; cut < 4 && cut < end; cut++) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(head, 0, end - cut));
        return head.length > 0;
      } catch (CharacterCodingException _) {
        if (head.length < SNIFF_LENGTH) {
          return false;
        }
      }
    }
    return false;
  }

  private static String latin(byte[] head, int from, int to) {
    int end = Math.min(to, head.length);
    return from >= end ? "" : new String(head, from, end - from, StandardCharsets.ISO_8859_1);
  }

  private static boolean at(byte[] head, int offset, byte[] expected) {
    return head.length >= offset + expected.length
        && ByteBuffer.wrap(head, offset, expected.length).equals(ByteBuffer.wrap(expected));
  }
}
