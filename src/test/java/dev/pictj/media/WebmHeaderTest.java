package dev.pictj.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.media.MediaException.Reason;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Movies;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of ffmpeg, and others that lie. */
class WebmHeaderTest {
  private static final String GREEN =
      "-f lavfi -i color=green:s=66x50:r=10:d=0.5 -pix_fmt yuv420p ";

  @TempDir Path folder;

  private Probed probe(byte[] file) throws Exception {
    return new HeaderProbe().probe(Files.write(folder.resolve("video"), file));
  }

  private static byte[] made(String arguments) {
    return Movies.made("webm", GREEN + arguments);
  }

  @ParameterizedTest
  @CsvSource({
    "-c:v libvpx -b:v 1M",
    "-c:v libvpx-vp9 -deadline realtime -cpu-used 8",
    "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -live 1",
    "-c:v libaom-av1 -cpu-used 8 -usage realtime",
  })
  void sizeAndFramesAreRead(String encoding) throws Exception {
    Probed probed = probe(made(encoding));
    assertThat(probed.type()).isEqualTo(MediaType.WEBM);
    assertThat(probed.dimensions()).isEqualTo(new Dimensions(66, 50));
    assertThat(probed.frames()).isEqualTo(5);
    assertThat(probed.video().orElseThrow().alpha()).isFalse();
  }

  @Test
  void transparencyAndShapeOfPixelsAreRead() throws Exception {
    String vp9 = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 ";
    Probed clear =
        probe(
            Movies.made(
                "webm",
                "-f lavfi -i color=green:s=66x50:r=10:d=0.5 "
                    + vp9
                    + "-pix_fmt yuva420p -auto-alt-ref 0"));
    assertThat(clear.video().orElseThrow().alpha()).isTrue();
    Probed wide = probe(made(vp9 + "-vf setsar=2"));
    assertThat(wide.dimensions()).isEqualTo(new Dimensions(132, 50));
  }

  @Test
  void matroskaIsRefusedByName() {
    byte[] webm = made("-c:v libvpx -b:v 1M");
    byte[] named = webm.clone();
    int at = new String(webm, 0, 64, StandardCharsets.ISO_8859_1).indexOf("webm");
    named[at] = 'x';
    refused(named, Reason.UNSUPPORTED, "Matroska");
  }

  @Test
  void whatIsCutOrDamagedIsRefused() {
    byte[] webm = made("-c:v libvpx -b:v 1M");
    for (int length : new int[] {4, 5, 20, 60, webm.length / 2, webm.length - 1}) {
      assertThatThrownBy(() -> probe(Arrays.copyOf(webm, length)))
          .as("of %d bytes", length)
          .isInstanceOf(MediaException.class);
    }
    byte[] bomb = Bytes.join(Arrays.copyOf(webm, 40), new byte[1 << 20]);
    assertThatThrownBy(() -> probe(bomb)).isInstanceOf(MediaException.class);
  }

  /** Elements that each hold the next one, of which every level has a few bytes. */
  @Test
  void elementsWithoutEndAreRefused() {
    byte[] inner = new byte[0];
    for (int thousand = 0; thousand < 100; thousand++) {
      inner = nested(inner);
    }
    byte[] head = element(0x1A45DFA3, element(0x4282, Bytes.ascii("webm")));
    byte[] tracks = element(0x1654AE6B, element(0xAE, inner));
    refused(Bytes.join(head, element(0x18538067, tracks)), Reason.INVALID, "without end");
  }

  /** A thousand levels of video around a payload. */
  private static byte[] nested(byte[] payload) {
    byte[] heads = new byte[9 * 1000];
    for (int i = 0; i < 1000; i++) {
      long length = payload.length + 9L * (999 - i);
      ByteBuffer.wrap(heads).put(9 * i, (byte) 0xE0).putLong(9 * i + 1, 1L << 56 | length);
    }
    return Bytes.join(heads, payload);
  }

  private static byte[] element(int id, byte[] payload) {
    int length = (39 - Integer.numberOfLeadingZeros(id)) / 8;
    ByteBuffer head = ByteBuffer.allocate(length + 8);
    for (int i = length - 1; i >= 0; i--) {
      head.put((byte) (id >> (8 * i)));
    }
    return Bytes.join(head.putLong(1L << 56 | payload.length).array(), payload);
  }

  private void refused(byte[] file, Reason reason, String words) {
    assertThatThrownBy(() -> probe(file))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining(words)
        .extracting(e -> ((MediaException) e).reason())
        .isEqualTo(reason);
  }
}
