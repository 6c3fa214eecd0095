package dev.pictj.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Bombs;
import dev.pictj.pictures.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is not accepted is called by its name. */
class ForeignFormatTest {
  private static final String NOTHING = "nothing we know";

  /** A brand, those it is compatible with, and the name. */
  @ParameterizedTest
  @CsvSource({
    "heic,mif1 heic,HEIC",
    "mif1,mif1 heic,HEIC",
    "heix,mif1,HEIC",
    "hevc,msf1,HEIC",
    "avif,mif1 miaf,AVIF",
    "avis,msf1,AVIF",
    "mif1,avif miaf,AVIF",
    "zzzz,avif,AVIF",
    "zzzz,heic,HEIC",
    "crx ,crx ,a camera's raw file",
    "jp2 ,jp2 ,JPEG 2000",
    "jxl ,jxl ,JPEG XL",
    "M4A ,isom,M4A sound",
    "zzzz,zzzz,a relative of MP4 of an unknown brand"
  })
  void filesOfIsoBoxesAreToldByTheirBrands(String major, String compatible, String name) {
    String brands = (major + "    ").substring(0, 4) + "\0\0\0\0" + compatible.replace(" ", "");
    byte[] file =
        Bytes.join(Bytes.big32(8 + brands.length()), Bytes.ascii("ftyp" + brands), new byte[2000]);
    assertThat(name(file)).isEqualTo(name);
  }

  /** The beginning, written as Latin-1 with \\xx for bytes, and the name. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\\ff\\0a\\fa\\7f\\01|JPEG XL",
        "\\00\\00\\00\\0cJXL \\0d\\0a\\87\\0a|JPEG XL",
        "\\00\\00\\00\\0cjP  \\0d\\0a\\87\\0a|JPEG 2000",
        "\\ffO\\ffQ\\00|JPEG 2000",
        "II*\\00\\08\\00\\00\\00|TIFF",
        "MM\\00*\\00\\00\\00\\08|TIFF",
        "II+\\00\\08\\00|TIFF",
        "II*\\00\\10\\00\\00\\00CR\\02\\00|a camera's raw file",
        "FUJIFILMCCD-RAW 0201|a camera's raw file",
        "BM\\36\\00\\00\\00\\00\\00\\00\\00\\36\\00|BMP",
        "\\00\\00\\01\\00\\01\\00\\10\\10|an icon (ICO)",
        "\\00\\00\\02\\00\\01\\00\\10\\10|a cursor (CUR)",
        "8BPS\\00\\01|a Photoshop document (PSD)",
        "gimp xcf v011|a GIMP document (XCF)",
        "%PDF-1.7\\0a%\\e2\\e3|PDF",
        "%!PS-Adobe-3.0|PostScript",
        "\\8aMNG\\0d\\0a\\1a\\0a|MNG",
        "qoif\\00\\00|QOI",
        "v/1\\01\\02|OpenEXR",
        "#?RADIANCE\\0a|Radiance HDR",
        "P6\\0a4 4 255\\0a\\00|a Netpbm picture",
        "\\1a\\45\\df\\a3\\9fB\\86\\81\\01B\\82\\84webm|WebM",
        "\\1a\\45\\df\\a3\\a3B\\86\\81\\01B\\82\\88matroska|Matroska (MKV)",
        "\\1a\\45\\df\\a3\\a3B\\86|a relative of Matroska",
        "RIFF\\00\\00\\00\\00AVI LIST|AVI",
        "RIFF\\00\\00\\00\\00WAVEfmt |WAV sound",
        "FLV\\01\\05|FLV",
        "\\30\\26\\b2\\75\\8e\\66\\cf\\11|WMV or WMA",
        "\\00\\00\\01\\ba\\44|MPEG video",
        "OggS\\00\\02|Ogg",
        "fLaC\\00|FLAC sound",
        "ID3\\03\\00|MP3 sound",
        "\\ff\\fb\\90\\64|MP3 sound",
        "\\ff\\f1\\50\\80|AAC sound",
        "MThd\\00\\00|MIDI sound",
        "FORM\\00\\00\\00\\00AIFF|AIFF sound",
        "PK\\03\\04\\14|a ZIP archive or an office document",
        "\\1f\\8b\\08|a gzip archive",
        "Rar!\\1a\\07\\01|a RAR archive",
        "\\d0\\cf\\11\\e0\\a1\\b1\\1a\\e1|an office document",
        "wOF2\\00\\01|a font",
        "\\7fELF\\02|a program",
        "MZ\\90\\00\\03|a program",
        "\\00asm\\01|WebAssembly",
        "SQLite format 3\\00|SQLite",
        "<svg xmlns=`http://www.w3.org/2000/svg`>|SVG",
        "\\ef\\bb\\bf<?xml version='1.0'?>\\0a<!-- \\c3\\a9 --><SVG>|SVG",
        "<?xml version='1.0'?><a/>|XML",
        "\\0a <!DOCTYPE HTML><title>|HTML",
        "<!-- x --><HTML>|HTML",
        "{\"msg\": 1}|JSON",
        "hello|text",
        "gr\\c3\\bc\\c3\\9fe|text",
        "MZ is how this text begins|text",
        "BM is how this text begins|text",
        "\\ff\\feh\\00i\\00|text",
        "hell\\00o|nothing we know",
        "gr\\fc\\dfe|nothing we know",
        "\\ff\\d8|nothing we know",
        "\\00|nothing we know"
      })
  void everythingElseIsToldByItsFirstBytes(String begin, String name) {
    byte[] bytes = bytes(begin);
    assertThat(name(bytes)).isEqualTo(name);
    if (!name.equals("text") && !name.equals("JSON") && !name.equals("XML")) {
      assertThat(name(Bytes.join(bytes, new byte[3000]))).isNotEqualTo("text");
    }
  }

  private static byte[] bytes(String text) {
    StringBuilder latin = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        latin.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        latin.append(c);
      }
    }
    return latin.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void longFilesAreToldByTheirBeginning() {
    assertThat(name(Bombs.svg())).isEqualTo("SVG");
    assertThat(name(Bombs.html())).isEqualTo("HTML");
    assertThat(name(Bombs.postScript())).isEqualTo("PostScript");
    // The last letter of what is looked at is cut in two.
    assertThat(name(("x" + "ü".repeat(2000)).getBytes(StandardCharsets.UTF_8))).isEqualTo("text");
    byte[] tar = new byte[1024];
    System.arraycopy(Bytes.ascii("ustar"), 0, tar, 257, 5);
    assertThat(name(tar)).isEqualTo("a tar archive");
    byte[] stream = new byte[1024];
    stream[0] = stream[188] = stream[376] = 0x47;
    assertThat(name(stream)).isEqualTo("MPEG video");
  }

  /** Whatever the bytes, a name is ours, short, and holds nothing of them. */
  @Test
  void noBytesAreRepeated() {
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      byte[] file = new byte[random.nextInt(600)];
      random.nextBytes(file);
      assertThat(name(file)).hasSizeLessThan(45).matches("[A-Za-z0-9' ()]+");
    }
    assertThat(name(new byte[0])).isEqualTo(NOTHING);
  }

  private static String name(byte[] file) {
    return ForeignFormat.nameOf(
        Arrays.copyOf(file, Math.min(file.length, ForeignFormat.SNIFF_LENGTH)));
  }
}
