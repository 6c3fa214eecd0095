package dev.pictj.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Movies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which track of a movie counts, and what shape it is seen in. */
class MovieHeaderTest {
  private static final String X264 = " -c:v libx264 -preset ultrafast -pix_fmt yuv420p";

  @TempDir private Path folder;

  private static String test(int width, int height, int frames) {
    return "-f lavfi -i testsrc=s=%dx%d:r=10:d=%s ".formatted(width, height, frames / 10.0);
  }

  private static byte[] mov() {
    return Movies.made("mov", test(72, 48, 3) + X264);
  }

  private VideoTrack track(byte[] movie) throws Exception {
    Probed probed = probe(movie);
    VideoTrack track = probed.video().orElseThrow();
    assertThat(probed.dimensions()).isEqualTo(track.square());
    assertThat(probed.orientation()).isEqualTo(track.orientation());
    return track;
  }

  private Probed probe(byte[] movie) throws Exception {
    return new HeaderProbe().probe(Files.write(folder.resolve("movie"), movie));
  }

  @ParameterizedTest
  @CsvSource({
    // Turns as phones write them, and mirrors; the names are those of EXIF.
    "1,0,0,1,UPRIGHT",
    "-1,0,0,1,MIRRORED",
    "-1,0,0,-1,HALF_TURN",
    "1,0,0,-1,FLIPPED",
    "0,1,1,0,TRANSPOSED",
    "0,1,-1,0,QUARTER_TURN",
    "0,-1,-1,0,TRANSVERSED",
    "0,-1,1,0,THREE_QUARTER_TURN",
    // No turns by right angles.
    "1,1,-1,1,UPRIGHT",
    "0,0,0,0,UPRIGHT",
  })
  void theMatrixTurns(int a, int b, int c, int d, Orientation expected) throws Exception {
    VideoTrack track = track(Movies.turned(mov(), a, b, c, d));
    assertThat(track.orientation()).isEqualTo(expected);
    assertThat(track.square()).isEqualTo(new Dimensions(72, 48));
  }

  /** A movie turned by a half whose track is turned by a quarter. */
  @Test
  void theMovieTurnsItsTracks() throws Exception {
    byte[] movie = Movies.turned(mov(), 0, 1, -1, 0);
    int header = Movies.places(movie, "mvhd").getFirst();
    byte[] turn = Movies.numbers(-1 << 16, 0, 0, 0, -1 << 16);
    assertThat(track(Movies.with(movie, header + 44, turn)).orientation())
        .isEqualTo(Orientation.THREE_QUARTER_TURN);
  }

  @ParameterizedTest
  @CsvSource({"64/45,102,48", "1/1,72,48", "8/9,72,54", "1/2,72,96"})
  void pixelsThatAreNotSquareMakeAnotherShape(String aspect, int width, int height)
      throws Exception {
    byte[] movie = Movies.made("mp4", test(72, 48, 3) + "-vf setsar=" + aspect + X264);
    VideoTrack track = track(movie);
    assertThat(track.coded()).isEqualTo(new Dimensions(72, 48));
    assertThat(track.square()).isEqualTo(new Dimensions(width, height));
  }

  /** As some write it who know no {@code pasp}, and ffmpeg reads it. */
  @Test
  void theSizeOfTheTrackTellsTheShapeOfPixels() throws Exception {
    byte[] movie = Movies.made("mov", test(72, 48, 3) + X264);
    int pasp = Bytes.find(movie, "pasp");
    byte[] silent = pasp < 0 ? movie : Movies.with(movie, pasp, Bytes.ascii("free"));
    int end = Movies.places(silent, "tkhd").getFirst() + 84;
    byte[] wide = Movies.with(silent, end, Movies.numbers(96 << 16, 48 << 16));
    assertThat(track(wide).square()).isEqualTo(new Dimensions(96, 48));
    // Some write the size of the turned picture there.
    byte[] turned = Movies.with(silent, end, Movies.numbers(48 << 16, 72 << 16));
    assertThat(track(turned).square()).isEqualTo(new Dimensions(72, 48));
  }

  @Test
  void theMatrixMayStretch() throws Exception {
    assertThat(track(Movies.turned(mov(), 2, 0, 0, 1)).square()).isEqualTo(new Dimensions(144, 48));
    assertThat(track(Movies.turned(mov(), 3, 0, 0, 3)).square()).isEqualTo(new Dimensions(72, 48));
  }

  @Test
  void theCleanApertureIsWhatIsShown() throws Exception {
    byte[] clap = Movies.box("clap", Movies.numbers(64, 1, 40, 1, -4, 1, 2, 1));
    VideoTrack track = track(Movies.withEntryBox(mov(), clap));
    assertThat(track.aperture()).isEqualTo(new VideoTrack.Aperture(new Dimensions(64, 40), 0, 6));
    assertThat(track.coded()).isEqualTo(new Dimensions(72, 48));
    // One that reaches beyond the picture counts for nothing.
    byte[] beyond = Movies.box("clap", Movies.numbers(64, 1, 40, 1, 8, 1, 0, 1));
    assertThat(track(Movies.withEntryBox(mov(), beyond)).aperture().size())
        .isEqualTo(new Dimensions(72, 48));
    byte[] nothing = Movies.box("clap", Movies.numbers(64, 0, 40, 0, 0, 0, 0, 0));
    assertThat(track(Movies.withEntryBox(mov(), nothing)).aperture().size())
        .isEqualTo(new Dimensions(72, 48));
  }

  @Test
  void theColoursAreThoseOfTheFirstBoxThatHasCodes() throws Exception {
    assertThat(track(mov()).colours()).isEmpty();
    byte[] hlg = Movies.withEntryBox(mov(), Movies.colours(9, 18, 10, true));
    assertThat(track(hlg).colours()).contains(new VideoTrack.Colours(9, 18, 10, true));
    byte[] limited = Movies.withEntryBox(hlg, Movies.colours(1, 13, 6, false));
    assertThat(track(limited).colours()).contains(new VideoTrack.Colours(1, 13, 6, false));
    byte[] nclc =
        Movies.box("colr", Bytes.ascii("nclc"), Bytes.part(Movies.numbers(65542, 7 << 16), 0, 6));
    VideoTrack.Colours codes = new VideoTrack.Colours(1, 6, 7, false);
    assertThat(track(Movies.withEntryBox(hlg, nclc)).colours()).contains(codes);
    byte[] profile = Movies.box("colr", Bytes.ascii("prof"), new byte[40]);
    byte[] both = Movies.withEntryBox(Movies.withEntryBox(mov(), nclc), profile);
    assertThat(track(both).colours()).contains(codes);
    // One that is cut short counts for nothing.
    byte[] half = Movies.box("colr", Bytes.ascii("nclx"), new byte[4]);
    assertThat(track(Movies.withEntryBox(mov(), half)).colours()).isEmpty();
  }

  @Test
  void theLargestTrackThatMovesCounts() throws Exception {
    byte[] three =
        Movies.made(
            "mp4",
            test(32, 32, 3) + test(96, 64, 3) + test(128, 128, 1) + "-map 0 -map 1 -map 2" + X264);
    VideoTrack track = track(three);
    assertThat(track.coded()).isEqualTo(new Dimensions(96, 64));
    assertThat(track.id()).isEqualTo(2);
    assertThat(probe(three).frames()).isEqualTo(3);
  }

  @Test
  void ofEqualTracksTheEnabledOneCountsAndElseTheFirst() throws Exception {
    byte[] two = Movies.made("mp4", test(64, 64, 3) + test(64, 64, 3) + "-map 0 -map 1" + X264);
    assertThat(track(two).id()).isEqualTo(1);
    int first = Movies.places(two, "tkhd").getFirst();
    int second = Movies.places(two, "tkhd").getLast();
    byte[] other = Movies.with(two, first + 8, Movies.numbers(2));
    assertThat(track(Movies.with(other, second + 8, Movies.numbers(3))).id()).isEqualTo(2);
  }

  @Test
  void picturesOfChaptersAreNoVideo() throws Exception {
    byte[] two = Movies.made("mov", test(32, 32, 3) + test(96, 64, 3) + "-map 0 -map 1" + X264);
    assertThat(track(two).coded()).isEqualTo(new Dimensions(96, 64));
    // The first track says that the second one holds its chapters; the movie box is the last.
    int edits = Movies.places(two, "edts").getFirst();
    byte[] reference = Movies.box("tref", Movies.box("chap", Movies.numbers(2)));
    byte[] named = Movies.with(two, edits, reference);
    int rest = number(two, edits) - reference.length;
    byte[] filled =
        Movies.with(named, edits + reference.length, Movies.box("free", new byte[rest - 8]));
    assertThat(track(filled).coded()).isEqualTo(new Dimensions(32, 32));
  }

  private static int number(byte[] movie, int at) {
    return java.nio.ByteBuffer.wrap(movie).getInt(at);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mdat", "mdat64", "free", "skip", "wide", "pnot", "PICT", "junk", "uuid"})
  void whateverItBeginsWith(String kind) throws Exception {
    byte[] movie = Movies.beginning(mov(), kind);
    assertThat(probe(movie).type()).isEqualTo(MediaType.QUICKTIME);
    assertThat(probe(Bytes.join(Movies.box("free", new byte[9]), mov())).type())
        .isEqualTo(MediaType.QUICKTIME);
    byte[] mp4 = Movies.made("mp4", test(72, 48, 3) + X264);
    assertThat(probe(Bytes.join(Movies.box("skip"), mp4)).type()).isEqualTo(MediaType.MP4);
  }

  @Test
  void wordsThatLookLikeBoxesAreNoMovie() {
    for (byte[] other :
        List.of(
            Bytes.ascii("the free world"),
            Bytes.ascii("far wide " + "x".repeat(2000)),
            Bytes.join(Movies.box("free", new byte[40]), Bytes.ascii("nothing follows here")),
            Bytes.join(Movies.numbers(1), Bytes.ascii("mdat"), Movies.numbers(-1, -1)),
            Bytes.join(Movies.numbers(1), Bytes.ascii("mdat")),
            Bytes.join(Movies.numbers(0), Bytes.ascii("mdat"), new byte[99]),
            Movies.box("skip"))) {
      assertThatThrownBy(() -> probe(other))
          .isInstanceOfSatisfying(
              MediaException.class,
              e -> assertThat(e.reason()).isEqualTo(MediaException.Reason.UNSUPPORTED));
    }
  }

  @Test
  void whatCannotBeReadIsRefusedByItsName() {
    byte[] compressed =
        Bytes.join(
            Movies.box("wide"), Movies.box("moov", Movies.box("cmov", new byte[40])), new byte[8]);
    assertThatThrownBy(() -> probe(compressed)).hasMessageContaining("compressed");
    byte[] encrypted = mov();
    assertThatThrownBy(
            () -> probe(Movies.with(encrypted, Bytes.find(encrypted, "avc1"), Bytes.ascii("encv"))))
        .hasMessageContaining("encrypted");
    byte[] two = Movies.made("mp4", test(64, 64, 3) + test(64, 64, 3) + "-map 0 -map 1" + X264);
    int second = Movies.places(two, "tkhd").getLast();
    assertThatThrownBy(() -> probe(Movies.with(two, second + 20, Movies.numbers(1))))
        .hasMessageContaining("two tracks of one number");
  }
}
