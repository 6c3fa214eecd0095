package dev.pictj.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Bombs;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Pictures;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignatureTest {
  @Test
  void everyAcceptedTypeIsKnownByItsFirstBytes() {
    assertThat(sniff(Pictures.jpeg(8, 8))).isEqualTo(MediaType.JPEG);
    assertThat(sniff(Pictures.png(8, 8))).isEqualTo(MediaType.PNG);
    assertThat(sniff(Pictures.gif(8, 8, 2))).isEqualTo(MediaType.GIF);
    assertThat(sniff(Pictures.webp(8, 8))).isEqualTo(MediaType.WEBP);
    assertThat(sniff(Pictures.mp4(16, 16, 2))).isEqualTo(MediaType.MP4);
    assertThat(sniff(Pictures.mov(16, 16, 2))).isEqualTo(MediaType.QUICKTIME);
  }

  @Test
  void textAndOtherFormatsAreNotAccepted() {
    for (byte[] other :
        List.of(
            Bombs.html(),
            Bombs.svg(),
            Bombs.pdf(),
            Bombs.postScript(),
            Bombs.mvg(),
            new byte[0],
            new byte[] {(byte) 0xFF, (byte) 0xD8},
            Bytes.ascii("RIFF....WEB"))) {
      assertThat(sniff(other)).isNull();
    }
  }

  @Test
  void anUnknownBrandIsJudgedByTheBrandsItIsCompatibleWith() {
    assertThat(sniff(ftyp("NDSC", "mp42"))).isEqualTo(MediaType.MP4);
    assertThat(sniff(ftyp("NDSC", "zzzz", "isom"))).isEqualTo(MediaType.MP4);
    assertThat(sniff(ftyp("NDSC", "zzzz"))).isNull();
    assertThat(sniff(ftyp("NDSC"))).isNull();
  }

  @Test
  void heifStillsAndSoundAreNotVideo() {
    assertThat(sniff(ftyp("heic", "mif1", "isom"))).isEqualTo(MediaType.HEIC);
    assertThat(sniff(ftyp("avif", "mif1", "mp42"))).isEqualTo(MediaType.AVIF);
    assertThat(sniff(ftyp("mif1", "mp42"))).isNull();
    assertThat(sniff(ftyp("mif1", "miaf", "avif"))).isEqualTo(MediaType.AVIF);
    assertThat(sniff(ftyp("zzzz", "isom", "heic"))).isEqualTo(MediaType.HEIC);
    assertThat(sniff(ftyp("jp2 ", "isom"))).isNull();
    assertThat(sniff(ftyp("M4A ", "mp42", "isom"))).isNull();
  }

  @Test
  void brandsBehindTheBoxDoNotCount() {
    byte[] box = ftyp("NDSC");
    assertThat(sniff(Bytes.join(box, Bytes.ascii("isomisom")))).isNull();
  }

  private static byte[] ftyp(String major, String... compatible) {
    String brands = major + "\0\0\0\1" + String.join("", compatible);
    return Bytes.join(Bytes.big32(8 + brands.length()), Bytes.ascii("ftyp" + brands));
  }

  private static MediaType sniff(byte[] file) {
    byte[] head = Arrays.copyOf(file, Math.min(file.length, Signature.SNIFF_LENGTH));
    return Signature.sniff(head).orElse(null);
  }
}
