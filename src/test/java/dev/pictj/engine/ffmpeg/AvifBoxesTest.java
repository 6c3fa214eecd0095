package dev.pictj.engine.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.media.AvifSequence;
import dev.pictj.pictures.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files as ffmpeg 5 and as ffmpeg 7 write them, whose boxes stand here without their pictures. */
class AvifBoxesTest {
  @TempDir private Path folder;

  private static byte[] box(String code, byte[]... content) {
    byte[] all = Bytes.join(content);
    return Bytes.join(Bytes.big32(8 + all.length), Bytes.ascii(code), all);
  }

  private static byte[] words(int... values) {
    byte[][] all = new byte[values.length][];
    for (int i = 0; i < values.length; i++) {
      all[i] = Bytes.big32(values[i]);
    }
    return Bytes.join(all);
  }

  /** Three pictures of 100 ms and one of 700, at 16000 ticks a second. */
  private static byte[] avif(boolean newer) {
    int most = Integer.MAX_VALUE;
    byte[] movie =
        newer
            ? box("mvhd", words(1 << 24, 0, 0, 0, 0, 16_000, most, -1), new byte[80])
            : box("mvhd", words(0, 0, 0, 16_000, 0), new byte[80]);
    byte[] rest = Bytes.join(new byte[52], words(64 << 16, 48 << 16));
    byte[] track =
        newer
            ? box("tkhd", words(1 << 24, 0, 0, 0, 0, 1, 0, most, -1), rest)
            : box("tkhd", words(0, 0, 0, 1, 0, 0), rest);
    byte[] edits =
        newer
            ? box("edts", box("elst", words(1 << 24 | 1, 1, 0, 16_000, 0, 0, 1 << 16)))
            : new byte[0];
    byte[] media =
        box(
            "mdia",
            box("mdhd", words(0, 0, 0, 16_000, 0, 0)),
            box("hdlr", words(0, 0), Bytes.ascii("pict"), new byte[13]),
            box(
                "minf",
                box(
                    "stbl",
                    box("stts", words(0, 2, 3, 1600, 1, 11_200)),
                    box("stco", words(0, 1, 500)))));
    return Bytes.join(
        box("ftyp", Bytes.ascii("avis"), new byte[4]),
        box("moov", movie, box("trak", track, edits, media)),
        box("mdat", new byte[20]));
  }

  private AvifSequence written(boolean newer, int plays) throws Exception {
    Path file = Files.write(folder.resolve("a.avif"), avif(newer));
    AvifBoxes.write(file, plays, /* premultiplied= */ false, List.of());
    assertThat(file).hasSize(avif(newer).length + 36L);
    return AvifSequence.of(file).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"false,1", "false,2", "false,3", "false,65535", "true,1", "true,3", "true,65535"})
  void itPlaysAsOftenAsSaid(boolean newer, int plays) throws Exception {
    AvifSequence made = written(newer, plays);
    assertThat(made.plays()).isEqualTo(plays);
    assertThat(made.frames()).isEqualTo(4);
    assertThat(made.last()).isEqualTo(700);
  }

  /** Of nothing, repeated, a player makes what it wants, and some refuse the file. */
  @Test
  void oneRoundLastsAsLongAsThePictures() throws Exception {
    written(false, 3);
    byte[] file = Files.readAllBytes(folder.resolve("a.avif"));
    byte[] edits = box("edts", box("elst", words(1, 1, 16_000, 0, 1 << 16)));
    assertThat(file).containsSequence(edits);
    assertThat(file).containsSequence(words(1, 0, 48_000));
    // The pictures have moved by what was written before them.
    assertThat(file).containsSequence(box("stco", words(0, 1, 536)));
  }
}
