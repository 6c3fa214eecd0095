package dev.pictj.engine.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.pictures.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Headers of Vorbis, whole and damaged, in WebM as ffmpeg writes it. */
class VorbisCommentsTest {
  private static final byte[] FIRST = Bytes.join(Bytes.ascii("\001vorbis"), new byte[23]);
  private static final byte[] THIRD = Bytes.ascii("\005vorbis and its tables");

  @TempDir Path folder;

  private byte[] without(byte[] webm) throws Exception {
    Path file = Files.write(folder.resolve("video"), webm);
    VorbisComments.remove(file);
    return Files.readAllBytes(file);
  }

  private static byte[] element(int id, byte[]... inside) {
    byte[] payload = Bytes.join(inside);
    int length = (39 - Integer.numberOfLeadingZeros(id)) / 8;
    byte[] name = Arrays.copyOfRange(Bytes.big32(id), 4 - length, 4);
    return Bytes.join(name, Bytes.big32(0x1000_0000 | payload.length), payload);
  }

  private static byte[] second(String vendor, String... comments) {
    byte[] all =
        Bytes.join(
            Bytes.ascii("\003vorbis"),
            Bytes.little32(vendor.length()),
            Bytes.ascii(vendor),
            Bytes.little32(comments.length));
    for (String comment : comments) {
      all = Bytes.join(all, Bytes.little32(comment.length()), Bytes.ascii(comment));
    }
    return Bytes.join(all, new byte[] {1});
  }

  private static byte[] headers(byte[] second) {
    byte[] lengths = new byte[second.length / 255 + 1];
    Arrays.fill(lengths, (byte) 255);
    lengths[lengths.length - 1] = (byte) (second.length % 255);
    return Bytes.join(new byte[] {2, 30}, lengths, FIRST, second, THIRD);
  }

  private static byte[] webm(byte[]... track) {
    byte[] tracks =
        element(
            0x1654AE6B, element(0xAE, element(0x86, Bytes.ascii("V_VP9"))), element(0xAE, track));
    return Bytes.join(
        element(0x1A45DFA3, new byte[9]),
        element(0x18538067, element(0xEC, new byte[20]), tracks, element(0x1F43B675)));
  }

  private static byte[] vorbis(byte[] headers) {
    return webm(element(0x63A2, headers), element(0x86, Bytes.ascii("A_VORBIS")));
  }

  @Test
  void whatIsToldOfTheSoundIsZeros() throws Exception {
    byte[] told = vorbis(headers(second("HIDDEN", "HIDDEN=x", "HIDDEN=" + "y".repeat(300))));
    byte[] bare = without(told);
    assertThat(bare).hasSameSizeAs(told);
    assertThat(Bytes.find(bare, "HIDDEN")).isNegative();
    byte[] none = Bytes.join(second(""), new byte[6 + 4 + 8 + 4 + 307]);
    assertThat(bare).isEqualTo(vorbis(headers(none)));
    assertThat(without(bare)).isEqualTo(bare);
  }

  @Test
  void otherSoundStaysAsItIs() throws Exception {
    byte[] opus =
        webm(element(0x86, Bytes.ascii("A_OPUS")), element(0x63A2, Bytes.ascii("\2\36OpusHead")));
    assertThat(without(opus)).isEqualTo(opus);
    byte[] silent = webm();
    assertThat(without(silent)).isEqualTo(silent);
  }

  @Test
  void damagedHeadersAreRefused() throws Exception {
    byte[] sound = headers(second("HIDDEN", "HIDDEN=x"));
    for (int length = 0; length < sound.length - THIRD.length; length++) {
      refused(vorbis(Arrays.copyOf(sound, length)));
    }
    refused(vorbis(headers(Bytes.ascii("\003vorbis"))));
    refused(vorbis(headers(Bytes.ascii("vorbis"))));
    byte[] longer = sound.clone();
    longer[1] = 31;
    refused(vorbis(longer));
    byte[] endless = new byte[1 << 24];
    Arrays.fill(endless, (byte) 255);
    endless[0] = 2;
    endless[1] = 30;
    refused(vorbis(endless));
    refused(webm(element(0x86, Bytes.ascii("A_VORBIS"))));
  }

  @Test
  void elementsThatAreCutAreRefused() throws Exception {
    byte[] file = vorbis(headers(second("HIDDEN", "HIDDEN=x")));
    int tracks = Bytes.find(file, "V_VP9") - 17;
    for (int length = tracks; length < Bytes.find(file, "A_VORBIS") + 8; length++) {
      refused(Arrays.copyOf(file, length));
    }
    refused(webm(new byte[3]));
  }

  private void refused(byte[] webm) {
    assertThatThrownBy(() -> without(webm))
        .isInstanceOfSatisfying(
            MediaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID));
  }
}
