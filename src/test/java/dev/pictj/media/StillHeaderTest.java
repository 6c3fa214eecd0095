package dev.pictj.media;

import static dev.pictj.pictures.Stills.HEIGHT;
import static dev.pictj.pictures.Stills.WIDTH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Movies;
import dev.pictj.pictures.Stills;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers of AVIF, HEIC and JPEG XL. */
class StillHeaderTest {
  @TempDir private Path folder;

  @Test
  void theCodedPictureTellsSizeAndDepth() throws Exception {
    Probed avif = probe(Stills.avif());
    assertThat(avif.type()).isEqualTo(MediaType.AVIF);
    assertThat(avif.dimensions()).isEqualTo(new Dimensions(WIDTH, HEIGHT));
    assertThat(samples(avif).depth()).isEqualTo(8);
    assertThat(samples(avif).alpha()).isFalse();
    assertThat(samples(avif).meaning()).contains(new VideoTrack.Colours(1, 13, 6, true));
    assertThat(samples(probe(Stills.avifTenBits())).depth()).isEqualTo(10);
    Probed heic = probe(Stills.heic());
    assertThat(heic.type()).isEqualTo(MediaType.HEIC);
    assertThat(heic.dimensions()).isEqualTo(new Dimensions(WIDTH, HEIGHT));
    assertThat(samples(heic).depth()).isEqualTo(8);
  }

  @Test
  void transparencyIsSeen() throws Exception {
    assertThat(samples(probe(Stills.avifAlpha())).alpha()).isTrue();
  }

  @Test
  void theSizeIsTheOneThatIsSeen() throws Exception {
    assertThat(probe(Stills.avifWith(Stills.turned(1))).dimensions())
        .isEqualTo(new Dimensions(HEIGHT, WIDTH));
    assertThat(probe(Stills.avifWith(Stills.turned(2))).dimensions())
        .isEqualTo(new Dimensions(WIDTH, HEIGHT));
    Probed cut = probe(Stills.avifWith(Stills.cut(40, 20), Stills.turned(3)));
    assertThat(cut.dimensions()).isEqualTo(new Dimensions(20, 40));
    assertThat(samples(cut).coded()).isEqualTo(new Dimensions(WIDTH, HEIGHT));
    assertThat(cut.orientation()).isEqualTo(Orientation.UPRIGHT);
  }

  @Test
  void anotherPictureThanThePrimaryOneDoesNotCount() throws Exception {
    byte[] file = Stills.heif("avif").av1(1, 1, 1).av1(2, WIDTH, HEIGHT).primary(2).file();
    assertThat(probe(file).dimensions()).isEqualTo(new Dimensions(WIDTH, HEIGHT));
  }

  @Test
  void aGridIsOfTheTilesThatItSays() throws Exception {
    assertThat(probe(grid(2, 1, WIDTH, 100, 2, 2)).dimensions())
        .isEqualTo(new Dimensions(WIDTH, 100));
    refused(grid(2, 1, WIDTH, 100, 2), "another number of tiles");
    refused(grid(2, 1, WIDTH, 200, 2, 2), "do not cover");
    refused(grid(2, 1, WIDTH, HEIGHT, 2, 2), "do not cover");
  }

  private static byte[] grid(int rows, int columns, int width, int height, int... tiles) {
    return Stills.heif("avif")
        .item(1, "grid", Stills.grid(rows, columns, width, height), Stills.size(width, height))
        .av1(2, WIDTH, HEIGHT)
        .reference("dimg", 1, tiles)
        .file();
  }

  @Test
  void sizesMustBeThoseOfTheCodedPicture() {
    refused(Stills.heif("avif").av1(1, 64, 64).file(), "claims 64x64, the pixels measure 96x64");
  }

  @Test
  void oddFilesAreRefused() throws Exception {
    byte[] movie = Bytes.join(Stills.avif(), Stills.box("moov"));
    // By the major brand it is a still that something else stands beside.
    assertThat(probe(movie).frames()).isEqualTo(1);
    refused(Movies.with(movie, 8, Bytes.ascii("avis")), "it is animated");
    refused(Stills.avifWith(Stills.cut(200, 20)), "cut where it has no pixels");
    refused(Stills.avifWith(Stills.turned(1), Stills.turned(1)), "twice");
    refused(Stills.heif("avif").av1(1, WIDTH, HEIGHT).primary(7).file(), "not there");
    refused(Stills.heif("heic").av1(1, WIDTH, HEIGHT).file(), "another coding than HEVC");
    refused(Bytes.join(Bytes.big32(24), Bytes.ascii("ftypheic"), new byte[100]), "no picture");
  }

  /** A decoder holds all of it before it cuts it by the window. */
  @Test
  void whatIsCutAwayByHevcCounts() throws Exception {
    byte[] large = Stills.hevcParameters(60_000, 60_000, 29_992, 29_992);
    Probed probed = probe(Stills.heif("heic").hevc(1, 16, 16, new byte[0], large).file());
    assertThat(probed.dimensions()).isEqualTo(new Dimensions(16, 16));
    assertThat(samples(probed).coded()).isEqualTo(new Dimensions(60_000, 60_000));
  }

  @Test
  void aSecondHeaderMayNotSayOtherwise() throws Exception {
    byte[] one = Stills.hevcParameters(WIDTH, HEIGHT, 0, 0);
    byte[] large = Stills.hevcParameters(8000, 8000, 3952, 3968);
    byte[] none = new byte[0];
    probe(Stills.heif("heic").hevc(1, WIDTH, HEIGHT, one, one, one).file());
    refused(Stills.heif("heic").hevc(1, WIDTH, HEIGHT, none, one, large).file(), "that differ");
    refused(Stills.heif("heic").hevc(1, WIDTH, HEIGHT, large, one).file(), "that differ");
    byte[] header = {0x0A, 6, 0x38, 0x19, 0x6F, (byte) 0xFE, (byte) 0xD1, 0x20};
    probe(Stills.heif("avif").av1Behind(1, header).file());
    byte[] other = header.clone();
    other[3] ^= 0x40;
    refused(Stills.heif("avif").av1Behind(1, other).file(), "that differ");
  }

  /** Of 50,000 boxes within the first movie, and 40,000 movies behind it. */
  @Test
  void aMovieIsReadOnce() throws Exception {
    byte[] times = Stills.box("stts", Bytes.big32(0), Bytes.big32(1), Bytes.big32(2), new byte[4]);
    byte[] handler = Stills.box("hdlr", new byte[8], Bytes.ascii("pict"));
    byte[] size = Bytes.join(Bytes.big32(WIDTH << 16), Bytes.big32(HEIGHT << 16));
    byte[] track = Stills.box("trak", Stills.box("tkhd", new byte[32], size), handler, times);
    byte[] movie = Stills.box("moov", track, many(50_000, Stills.box("free")));
    byte[] file = Bytes.join(Stills.avif(), movie, many(40_000, Stills.box("moov")));
    requireLinear(Movies.with(file, 8, Bytes.ascii("avis")));
  }

  @Test
  void transparencyIsLookedForOnceInEachItem() throws Exception {
    byte[][] kinds = new byte[251][];
    Arrays.fill(kinds, Stills.box("auxC", new byte[4], Bytes.ascii("urn:depth\0")));
    kinds[0] = Stills.size(WIDTH, HEIGHT);
    Stills stills = Stills.heif("avif").av1(1, WIDTH, HEIGHT);
    stills.item(2, "av01", new byte[1], Arrays.copyOf(kinds, 100));
    for (int i = 0; i < 1000; i++) {
      stills.reference("auxl", 2, 1);
    }
    requireLinear(stills.file());
  }

  /** A thousand tiles share data of nothing but long headers. */
  @Test
  void headersOfSharedDataAreBounded() throws Exception {
    byte[] header = Bytes.ascii("\n\0\40");
    header[1] = (byte) 0x80;
    byte[] coded = {0x38, 0x19, 0x6F, (byte) 0xFE, (byte) 0xD1, 0x20};
    byte[] data = many(16, Bytes.join(header, Arrays.copyOf(coded, 4096)));
    byte[] size = Stills.size(WIDTH, HEIGHT);
    byte[] configuration = Stills.box("av1C", new byte[] {(byte) 0x81, 0x20, 0, 0});
    Stills grid =
        Stills.heif("avif")
            .item(1, "grid", Stills.grid(100, 10, 960, 6400), Stills.size(960, 6400))
            .item(2, "av01", data, size, configuration);
    int[] tiles = new int[1000];
    for (int i = 0; i < tiles.length; i++) {
      tiles[i] = 2 + i;
      if (i > 0) {
        grid.shared(2 + i, 2, size, configuration);
      }
    }
    probe(Stills.heif("avif").item(1, "av01", data, size, configuration).file());
    ByteSource in =
        ByteSource.ofMemory(ByteBuffer.wrap(grid.reference("dimg", 1, tiles).file()), "AVIF");
    assertThatThrownBy(() -> HeifHeader.read(in, MediaType.AVIF)).hasMessageContaining("too many");
    assertThat(in.asked()).isLessThan(8_000_000);
  }

  private static byte[] many(int count, byte[] box) {
    byte[][] all = new byte[count][];
    Arrays.fill(all, box);
    return Bytes.join(all);
  }

  private static void requireLinear(byte[] file) throws IOException {
    ByteSource in = ByteSource.ofMemory(ByteBuffer.wrap(file), "AVIF");
    try {
      HeifHeader.read(in, MediaType.AVIF);
    } catch (MediaException _) {
      // It may be refused.
    }
    assertThat(in.asked()).isBetween(1L, 4L * file.length);
  }

  @Test
  void aFileThatIsCutAnywhereIsRefused() throws Exception {
    for (byte[] whole : new byte[][] {Stills.avif(), Stills.avifAlpha(), Stills.heic()}) {
      for (int length = 64; length < whole.length; length += 7) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThatThrownBy(() -> probe(cut))
            .as("%d bytes", length)
            .isInstanceOf(MediaException.class);
      }
    }
  }

  @Test
  void jpegXlIsReadWithAndWithoutBoxes() throws Exception {
    Probed bare = probe(Stills.jxl());
    assertThat(bare.type()).isEqualTo(MediaType.JXL);
    assertThat(bare.dimensions()).isEqualTo(new Dimensions(WIDTH, HEIGHT));
    assertThat(samples(bare).depth()).isEqualTo(8);
    assertThat(probe(Stills.jxlTurned()).dimensions()).isEqualTo(new Dimensions(WIDTH, HEIGHT));
    assertThat(samples(probe(Stills.jxlTurned())).coded()).isEqualTo(new Dimensions(HEIGHT, WIDTH));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void aShortJpegXlIsRefused(int length) {
    refused(Arrays.copyOf(Stills.jxl(), length), "ends early");
  }

  @Test
  void coloursMayBeMultipliedByTransparency() throws Exception {
    for (byte[] still : Stills.premultiplied()) {
      assertThat(samples(probe(still)).premultiplied()).isTrue();
    }
    assertThat(samples(probe(Stills.avifAlpha())).premultiplied()).isFalse();
    assertThat(samples(probe(Stills.jxl())).premultiplied()).isFalse();
  }

  private static Samples samples(Probed probed) {
    return probed.samples().orElseThrow();
  }

  private Probed probe(byte[] bytes) throws IOException, MediaException {
    return new HeaderProbe().probe(Files.write(folder.resolve("still"), bytes));
  }

  private void refused(byte[] bytes, String why) {
    assertThatThrownBy(() -> probe(bytes))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining(why);
  }
}
