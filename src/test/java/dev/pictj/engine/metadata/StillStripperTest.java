package dev.pictj.engine.metadata;

import static dev.pictj.pictures.Stills.HEIGHT;
import static dev.pictj.pictures.Stills.WIDTH;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.media.ByteSource;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Stills;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of AVIF and JPEG XL without their metadata. */
class StillStripperTest {
  private static final byte[] CONFIGURATION =
      Stills.box("av1C", new byte[] {(byte) 0x81, 0x20, 0, 0});

  private static final byte[] SECRET = Bytes.ascii("where I live");

  @TempDir private Path folder;

  @Test
  void nothingButThePictureStays() throws Exception {
    byte[] file =
        Bytes.join(
            Stills.heif("avif")
                .av1(1, WIDTH, HEIGHT, Stills.turned(1), Stills.box("udes", SECRET))
                .item(2, "Exif", SECRET)
                .item(3, "mime", SECRET)
                .av1(4, WIDTH, HEIGHT)
                .reference("cdsc", 2, 1)
                .reference("cdsc", 3, 1)
                .reference("thmb", 4, 1)
                .file(),
            Stills.box("uuid", new byte[16], SECRET),
            Stills.box("free", SECRET),
            SECRET);
    byte[] bare = stripped(MediaType.AVIF, file);
    assertThat(text(bare)).doesNotContain(text(SECRET));
    assertThat(text(bare)).doesNotContain("Exif", "thmb");
    assertThat(probe(bare)).usingRecursiveComparison().isEqualTo(probe(file));
    // The one picture that is left, as it was.
    assertThat(text(bare)).contains(text(codedPicture()));
    assertThat(stripped(MediaType.AVIF, bare)).isEqualTo(bare);
  }

  private static byte[] codedPicture() {
    byte[] avif = Stills.avif();
    return Bytes.from(avif, text(avif).indexOf("mdat") + 4);
  }

  @Test
  void transparencyAndTilesStay() throws Exception {
    byte[] alpha = Stills.avifAlpha();
    assertThat(probe(stripped(MediaType.AVIF, alpha)))
        .usingRecursiveComparison()
        .isEqualTo(probe(alpha));
    byte[] premultiplied = Stills.premultiplied().getFirst();
    assertThat(probe(stripped(MediaType.AVIF, premultiplied)).samples())
        .isEqualTo(probe(premultiplied).samples());
    byte[] grid =
        Stills.heif("avif")
            .item(1, "grid", Stills.grid(2, 1, WIDTH, 100), Stills.size(WIDTH, 100))
            .av1(2, WIDTH, HEIGHT)
            .av1(3, WIDTH, HEIGHT)
            .reference("dimg", 1, 2, 3)
            .file();
    assertThat(probe(stripped(MediaType.AVIF, grid)))
        .usingRecursiveComparison()
        .isEqualTo(probe(grid));
  }

  /** As libavif writes tiles of one colour. */
  @Test
  void dataThatTilesShareAreWrittenOnce() throws Exception {
    Stills grid =
        Stills.heif("avif")
            .item(1, "grid", Stills.grid(10, 10, 960, 640), Stills.size(960, 640))
            .av1(2, WIDTH, HEIGHT);
    int[] tiles = new int[100];
    for (int i = 0; i < 100; i++) {
      tiles[i] = 2 + i;
      if (i > 0) {
        grid.shared(2 + i, 2, Stills.size(WIDTH, HEIGHT), CONFIGURATION);
      }
    }
    byte[] file = grid.reference("dimg", 1, tiles).file();
    byte[] bare = stripped(MediaType.AVIF, file);
    assertThat(probe(bare)).usingRecursiveComparison().isEqualTo(probe(file));
    assertThat(bare.length).isLessThan(file.length + 2000);
    assertThat(stripped(MediaType.AVIF, bare)).isEqualTo(bare);
  }

  @Test
  void ofAGridItsSizeStaysAlone() throws Exception {
    byte[] file =
        Stills.heif("avif")
            .item(
                1,
                "grid",
                Bytes.join(Stills.grid(1, 1, WIDTH, HEIGHT), SECRET),
                Stills.size(WIDTH, HEIGHT))
            .av1(2, WIDTH, HEIGHT)
            .reference("dimg", 1, 2)
            .file();
    byte[] bare = stripped(MediaType.AVIF, file);
    assertThat(text(bare)).doesNotContain(text(SECRET));
    assertThat(probe(bare)).usingRecursiveComparison().isEqualTo(probe(file));
  }

  /** A profile of 64 KiB that is none, which many tiles have many times. */
  @Test
  void aPropertyIsReadOnce() throws Exception {
    byte[][] profiles = new byte[200][];
    Stills grid =
        Stills.heif("avif")
            .item(1, "grid", Stills.grid(5, 5, 480, 320), Stills.size(480, 320))
            .av1(2, WIDTH, HEIGHT);
    Arrays.fill(profiles, Stills.box("colr", Bytes.ascii("prof"), new byte[65_536]));
    profiles[0] = Stills.size(WIDTH, HEIGHT);
    profiles[1] = CONFIGURATION;
    int[] tiles = new int[25];
    for (int i = 0; i < 25; i++) {
      tiles[i] = 2 + i;
      if (i > 0) {
        grid.shared(2 + i, 2, profiles);
      }
    }
    byte[] file = grid.reference("dimg", 1, tiles).file();
    ByteSource in = ByteSource.ofMemory(ByteBuffer.wrap(file), "AVIF");
    new AvifStripper(in).copy(OutputStream.nullOutputStream());
    assertThat(in.asked()).isLessThan(file.length);
  }

  @Test
  void unitsThatNoPictureIsMadeOfGo() throws Exception {
    // AV1, 5.3.2: a unit of padding, and one of metadata by ITU-T T.35.
    byte[] padding = Bytes.join(new byte[] {15 << 3 | 2, (byte) SECRET.length}, SECRET);
    byte[] private35 = Bytes.join(new byte[] {5 << 3 | 2, (byte) (SECRET.length + 1), 4}, SECRET);
    byte[] picture = codedPicture();
    byte[] file =
        Stills.heif("avif")
            .item(
                1,
                "av01",
                Bytes.join(padding, picture, private35),
                Stills.size(WIDTH, HEIGHT),
                CONFIGURATION)
            .file();
    byte[] bare = stripped(MediaType.AVIF, file);
    assertThat(text(bare)).doesNotContain(text(SECRET)).contains(text(picture));
  }

  @Test
  void jpegXlKeepsItsCodestreamAndNothingElse() throws Exception {
    byte[] file =
        Bytes.join(
            Stills.box("JXL ", new byte[] {13, 10, (byte) 0x87, 10}),
            Stills.box("ftyp", Bytes.ascii("jxl \0\0\0\0jxl ")),
            Stills.box("Exif", SECRET),
            Stills.box("jxlc", Stills.jxl()),
            Stills.box("brob", Bytes.ascii("Exif"), SECRET),
            Stills.box("xml ", SECRET));
    byte[] bare = stripped(MediaType.JXL, file);
    assertThat(text(bare)).doesNotContain(text(SECRET)).endsWith(text(Stills.jxl()));
    assertThat(probe(bare)).usingRecursiveComparison().isEqualTo(probe(file));
    byte[] turned = stripped(MediaType.JXL, Stills.jxlTurned());
    assertThat(text(turned)).doesNotContain("Exif", "jbrd");
    assertThat(probe(turned)).usingRecursiveComparison().isEqualTo(probe(Stills.jxlTurned()));
    assertThat(stripped(MediaType.JXL, turned)).isEqualTo(turned);
  }

  private byte[] stripped(MediaType type, byte[] file) throws Exception {
    Path source = Files.write(folder.resolve("source"), file);
    Path target = folder.resolve("target");
    assertThat(new MetadataStripper().strip(type, source, target).sound()).isTrue();
    return Files.readAllBytes(target);
  }

  private Probed probe(byte[] file) throws Exception {
    return new HeaderProbe().probe(Files.write(folder.resolve("probed"), file));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
