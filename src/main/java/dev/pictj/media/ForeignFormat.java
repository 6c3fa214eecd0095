package dev.pictj.media;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Calls files by their names that are not accepted, by their first bytes, so that a refusal says
 * what was seen. A name is one of ours: nothing of the file is ever repeated.
 */
final class ForeignFormat {
  /** How many leading bytes {@link #nameOf} wants to see. */
  static final int SNIFF_LENGTH = 1024;

  /** What files of a format begin with, byte for byte as Latin-1. */
  private record Mark(String name, Pattern beginning) {}

  /** The first that fits counts, so that the vague ones stand last. */
  private static final List<Mark> MARKS =
      List.of(
          mark("AVIF", ".{4}ftyp(avi[fso]|(mif[12]|msf1).{0,60}avi)"),
          mark("HEIC", ".{4}ftyp(hei[cxms]|hev[cxms]|mif[12]|msf1)"),
          mark("JPEG 2000", ".{4}ftypjp[2x] |\\x00\\x00\\x00\\x0cjP  |\\xffO\\xffQ"),
          mark("JPEG XL", ".{4}ftypjxl |\\x00\\x00\\x00\\x0cJXL |\\xff\\x0a"),
          mark("M4A sound", ".{4}ftypM4[ABP] "),
          mark("a camera's raw file", ".{4}ftypcrx |.{8}CR\\x02\\x00|FUJIFILMCCD-RAW"),
          mark("a camera's raw file", "IIRO|IIU\\x00|\\x00MRM"),
          mark("AVIF", ".{4}ftyp.{0,60}avif"),
          mark("HEIC", ".{4}ftyp.{0,60}heic"),
          mark("a relative of MP4 of an unknown brand", ".{4}ftyp.{4}"),
          mark("WebM", "\\x1aE\\xdf\\xa3.{0,56}webm"),
          mark("Matroska (MKV)", "\\x1aE\\xdf\\xa3.{0,52}matroska"),
          mark("a relative of Matroska", "\\x1aE\\xdf\\xa3"),
          mark("TIFF", "II[*+]\\x00|MM\\x00[*+]"),
          mark("a Photoshop document (PSD)", "8BPS"),
          mark("a GIMP document (XCF)", "gimp xcf"),
          mark("PDF", "%PDF-"),
          mark("PostScript", "%!PS"),
          mark("MNG", "\\x8aMNG\r\n\\x1a\n"),
          mark("JNG", "\\x8bJNG\r\n\\x1a\n"),
          mark("QOI", "qoif"),
          mark("DDS", "DDS "),
          mark("FLIF", "FLIF"),
          mark("BPG", "BPG\\xfb"),
          mark("OpenEXR", "v/1\\x01"),
          mark("Radiance HDR", "#\\?RADIANCE"),
          mark("WMF", "\\xd7\\xcd\\xc6\\x9a"),
          mark("EMF", ".{40} EMF"),
          mark("PCX", "\\x0a\\x05\\x01"),
          mark("a Netpbm picture", "P[4567]\n"),
          mark("AVI", ".{8}AVI LIST"),
          mark("WAV sound", ".{8}WAVE"),
          mark("FLV", "FLV\\x01"),
          mark("WMV or WMA", "0&\\xb2u\\x8ef\\xcf\\x11"),
          mark("MPEG video", "\\x00\\x00\\x01[\\xba\\xb3]|G.{187}G.{187}G"),
          mark("RealMedia", "\\.RMF"),
          mark("Ogg", "OggS"),
          mark("FLAC sound", "fLaC"),
          mark("MIDI sound", "MThd"),
          mark("AIFF sound", ".{8}AIF[FC]"),
          mark("MP3 sound", "ID3|\\xff[\\xfb\\xfa\\xf3\\xf2]"),
          mark("AAC sound", "\\xff[\\xf1\\xf9]"),
          mark("AMR sound", "#!AMR"),
          mark("a ZIP archive or an office document", "PK\\x03\\x04"),
          mark("a gzip archive", "\\x1f\\x8b"),
          mark("a 7z archive", "7z\\xbc\\xaf'\\x1c"),
          mark("a RAR archive", "Rar!\\x1a\\x07"),
          mark("an xz archive", "\\xfd7zXZ\\x00"),
          mark("a bzip2 archive", "BZh"),
          mark("a zstd archive", "\\x28\\xb5\\x2f\\xfd"),
          mark("a tar archive", ".{257}ustar"),
          mark("an office document", "\\xd0\\xcf\\x11\\xe0\\xa1\\xb1\\x1a\\xe1"),
          mark("a font", "wOF[F2]|OTTO|\\x00\\x01\\x00\\x00\\x00"),
          mark("a program", "\\x7fELF"),
          mark("WebAssembly", "\\x00asm"),
          mark("SQLite", "SQLite format 3"),
          mark("an icon (ICO)", "\\x00\\x00\\x01\\x00"),
          mark("a cursor (CUR)", "\\x00\\x00\\x02\\x00"),
          mark("BMP", "BM.{4}\\x00{4}"),
          mark("text", "\\xff\\xfe|\\xfe\\xff"));

  private ForeignFormat() {}

  private static Mark mark(String name, String beginning) {
    return new Mark(name, Pattern.compile(beginning, Pattern.DOTALL));
  }

  /**
   * What a file seems to be that is none of the accepted types.
   *
   * @param head the first {@link #SNIFF_LENGTH} bytes of the file, or all of a shorter one
   */
  static String nameOf(byte[] head) {
    String latin = new String(head, StandardCharsets.ISO_8859_1);
    return MARKS.stream()
        .filter(mark -> mark.beginning().matcher(latin).lookingAt())
        .findFirst()
        .map(Mark::name)
        .orElseGet(
            () ->
                isText(head)
                    ? text(latin.toLowerCase(Locale.ROOT))
                    : latin.startsWith("MZ") ? "a program" : "nothing we know");
  }

  private static String text(String text) {
    if (text.contains("<svg")) {
      return "SVG";
    }
    if (text.contains("<!doctype html") || text.contains("<html") || text.contains("<head")) {
      return "HTML";
    }
    String begin = text.replaceFirst("^\u00ef\u00bb\u00bf", "").stripLeading();
    return begin.startsWith("<?xml") ? "XML" : begin.startsWith("{") ? "JSON" : "text";
  }

  /** Whether it can be text: UTF-8, its last letter perhaps cut, without controls. */
  private static boolean isText(byte[] head) {
    for (byte one : head) {
      if (one >= 0 && one < ' ' && one != '\t' && one != '\n' && one != '\r' && one != '\f') {
        return false;
      }
    }
    boolean whole = head.length < SNIFF_LENGTH;
    return head.length > 0
        && !StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(head), CharBuffer.allocate(head.length), whole)
            .isError();
  }
}
