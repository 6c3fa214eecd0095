package dev.pictj.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.media.MediaException.Reason;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Movies;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Animated AVIF of ffmpeg, and others that lie. */
class AvifSequenceTest {
  private static final byte[] AVIF = Movies.avif(true);

  @TempDir Path folder;

  private Probed probe(byte[] file) throws Exception {
    return new HeaderProbe().probe(Files.write(folder.resolve("animation"), file));
  }

  private static AvifSequence read(byte[] file) throws Exception {
    return AvifSequence.of(ByteSource.ofMemory(ByteBuffer.wrap(file), "AVIF")).orElseThrow();
  }

  /** With another number in the header of a track, of which ffmpeg 7 writes the longer version. */
  private static byte[] withHeader(int track, int at, int longer, int number) {
    boolean isLong = AVIF[Movies.places(AVIF, "tkhd").get(track) + 8] == 1;
    return with("tkhd", track, isLong ? longer : at, number);
  }

  private static byte[] withNumber(int track, int number) {
    return withHeader(track, 12, 20, number);
  }

  private static byte[] withWidth(int track, int width) {
    return withHeader(track, 76, 88, width << 16);
  }

  /** With another number in the payload of a box of one of the tracks. */
  private static byte[] with(String box, int track, int at, int number) {
    return Movies.with(AVIF, Movies.places(AVIF, box).get(track) + 8 + at, Bytes.big32(number));
  }

  @Test
  void picturesAndTheirTransparencyAreFound() throws Exception {
    assertThat(read(AVIF))
        .isEqualTo(
            new AvifSequence(
                1,
                Optional.of(2L),
                /* premultiplied= */ false,
                new Dimensions(64, 48),
                /* cut= */ Optional.empty(),
                5,
                100,
                0,
                Optional.of(new VideoTrack.Colours(2, 2, 2, false)),
                /* profiled= */ false,
                Orientation.UPRIGHT));
    Probed probed = probe(AVIF);
    assertThat(probed.dimensions()).isEqualTo(new Dimensions(64, 48));
    assertThat(probed.frames()).isEqualTo(5);
    assertThat(read(Movies.avif(false)).alpha()).isEmpty();
  }

  @Test
  void auxiliaryPicturesOfAnotherKindAreNoTransparency() throws Exception {
    int track = Movies.places(AVIF, "trak").get(1);
    // ffmpeg 7 writes what kind they are.
    int told = Bytes.find(Bytes.from(AVIF, track), "auxi");
    int place = track + (told < 0 ? Bytes.find(Bytes.from(AVIF, track), "pasp") : told) - 4;
    byte[] kind = Movies.box("auxi", new byte[4], Bytes.ascii("urn:depth\0\0\0"));
    int rest = told < 0 ? 8 : ByteBuffer.wrap(AVIF).getInt(place) - kind.length;
    byte[] free = Movies.box("free", new byte[rest - 8]);
    assertThat(read(Movies.with(AVIF, place, Bytes.join(kind, free))).alpha()).isEmpty();
  }

  @Test
  void transparencyOfAnotherShapeIsRefused() {
    byte[] shorter = with("stts", 1, 8, 4);
    int sizes = Movies.places(AVIF, "stsz").get(1);
    refused(Movies.with(shorter, sizes + 16, Bytes.big32(4)), "transparency of 4");
    refused(with("stts", 1, 8, 6), "transparency of 6");
    refused(withWidth(1, 62), "the header claims 62x48");
    refused(withNumber(1, 1), "two tracks of one number");
  }

  /** The frames of a track may be larger than it and the still beside it say. */
  @Test
  void sizesAreThoseOfTheCodedPictures() {
    byte[] smaller = withWidth(0, 32);
    refused(smaller, "the header claims 32x48, the frames measure 64x48");
    int entry = Movies.places(AVIF, "stsd").getFirst() + 16;
    refused(withWidth(0, 0), "a side of 0 pixels");
    refused(Movies.with(AVIF, entry + 32, Bytes.big16(0)), "the frames measure 0x48");
    byte[] described = Movies.with(smaller, entry + 32, Bytes.big16(32));
    refused(described, "the header claims 32x48, the frames measure 64x48");
  }

  /** A limit on frames judges it, which tells its value; nothing is held for each of them. */
  @Test
  void anyNumberOfFramesIsCounted() throws Exception {
    byte[] many = Movies.avif(false);
    many = Movies.with(many, Movies.places(many, "stts").getFirst() + 16, Bytes.big32(0x7FFF_FFFF));
    Probed probed = probe(many);
    assertThat(probed.frames()).isEqualTo(Integer.MAX_VALUE);
    assertThatThrownBy(
            () -> new Limits(100, 100, 10_000, 900).check(probed.dimensions(), probed.frames()))
        .isInstanceOfSatisfying(
            MediaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FRAMES));
    many = Movies.with(many, Movies.places(many, "stts").getFirst() + 16, Bytes.big32(-1));
    assertThat(probe(many).frames()).isEqualTo(Integer.MAX_VALUE);
  }

  /** Many tracks share one limit. */
  @Test
  void tablesOfTimesAreBoundedTogether() throws Exception {
    byte[] entries = new byte[8 * 1000];
    for (int i = 7; i < entries.length; i += 8) {
      entries[i - 4] = 1;
    }
    byte[] times = Movies.box("stts", Bytes.join(Movies.numbers(0, 1000), entries));
    byte[][] tracks = new byte[101][];
    for (int i = 0; i < tracks.length; i++) {
      byte[] header = Movies.box("tkhd", Movies.numbers(0, 0, 0, i), new byte[68]);
      tracks[i] = Movies.box("trak", header, times);
    }
    byte[] most = Movies.box("moov", Arrays.copyOf(tracks, 100));
    assertThat(asked(most)).isLessThan(most.length);
    byte[] more = Movies.box("moov", tracks);
    assertThatThrownBy(() -> read(more)).hasMessageContaining("too many entries");
  }

  private static long asked(byte[] file) throws Exception {
    ByteSource in = ByteSource.ofMemory(ByteBuffer.wrap(file), "AVIF");
    assertThat(AvifSequence.of(in)).isEmpty();
    return in.asked();
  }

  @Test
  void whatIsCutIsRefusedOrRead() {
    for (int length : List.of(500, 900, 1100, 1300, 1600)) {
      byte[] cut = Arrays.copyOf(AVIF, length);
      assertThatThrownBy(() -> probe(cut)).isInstanceOf(MediaException.class);
    }
  }

  private void refused(byte[] file, String why) {
    assertThatThrownBy(() -> probe(file))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining(why);
  }
}
