package dev.pictj.engine.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.media.MediaType;
import dev.pictj.pictures.Animation;
import dev.pictj.pictures.Bombs;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Exif;
import dev.pictj.pictures.JpegParts;
import dev.pictj.pictures.JpegParts.Part;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.OddPngs;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import dev.pictj.pictures.RawPng;
import dev.pictj.pictures.WebpChunks;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.InflaterInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class MetadataStripperTest {
  private static final byte[] TRAILER = Bytes.ascii("PK trailing bytes of something else");

  private final MetadataStripper stripper = new MetadataStripper();
  @TempDir private Path folder;
  private boolean sound;

  @Test
  void jpegLosesEverythingButItsPicture() throws Exception {
    for (byte[] plain :
        List.of(
            Pictures.jpeg(70, 50),
            Pictures.jpegProgressive(70, 50),
            Pictures.jpegRestarts(70, 50))) {
      byte[] full =
          JpegSegments.withTrailing(
              JpegSegments.withEverything(JpegSegments.withJfifThumbnail(plain), 6), TRAILER);
      byte[] bare = strip(MediaType.JPEG, full);
      assertThat(sound).isTrue();
      assertClean(bare);
      assertThat(Bytes.find(bare, "MPF")).isNegative();
      assertThat(Bytes.find(bare, "ICC_PROFILE")).isPositive();
      samePixels(bare, full);
      assertThat(strip(MediaType.JPEG, bare)).isEqualTo(bare);
    }
  }

  @Test
  void aPlainJpegComesOutByteForByte() throws Exception {
    byte[] jpeg = Pictures.jpeg(70, 50);
    assertThat(strip(MediaType.JPEG, jpeg)).isEqualTo(jpeg);
  }

  @Test
  void cmykKeepsTheSegmentThatTellsItsColours() throws Exception {
    byte[] bare = strip(MediaType.JPEG, JpegSegments.withExif(Pictures.jpegCmyk(70, 50), 1));
    assertClean(bare);
    assertThat(Bytes.find(bare, "Adobe")).isPositive();
  }

  @Test
  void aLongProfileIsKeptWholeAndAnAbsurdOneIsDropped() throws Exception {
    byte[] profile = new byte[300_000];
    new Random(3).nextBytes(profile);
    byte[] srgb = JpegSegments.srgb();
    System.arraycopy(srgb, 0, profile, 0, srgb.length);
    System.arraycopy(Bytes.big32(profile.length), 0, profile, 0, 4);
    byte[] jpeg = Pictures.jpeg(20, 20);
    assertThat(strip(MediaType.JPEG, JpegSegments.withIcc(jpeg, profile)))
        .hasSizeGreaterThan(300_000);
    byte[] dropped = strip(MediaType.JPEG, JpegSegments.withIcc(jpeg, new byte[5 << 20]));
    assertThat(dropped).isEqualTo(jpeg);
    byte[] png = Pictures.png(20, 20);
    assertThat(strip(MediaType.PNG, PngChunks.withIcc(png, new byte[5 << 20]))).isEqualTo(png);
  }

  @Test
  void aProfileThatLiesIsDroppedAndOneThatIsThereTwiceIsKeptOnce() throws Exception {
    byte[] jpeg = Pictures.jpeg(20, 20);
    byte[] png = Pictures.png(20, 20);
    byte[] bareWebp = strip(MediaType.WEBP, WebpChunks.extended(Pictures.webp(20, 20), 20, 20, 0));
    // Its length, its signature, the number of its tags, the place and the length of the first.
    for (int at : new int[] {0, 36, 128, 136, 140}) {
      byte[] lying = JpegSegments.srgb();
      System.arraycopy(Bytes.big32(0x7000_0000), 0, lying, at, 4);
      assertThat(strip(MediaType.JPEG, JpegSegments.withIcc(jpeg, lying))).isEqualTo(jpeg);
      assertThat(strip(MediaType.PNG, PngChunks.withIcc(png, lying))).isEqualTo(png);
      byte[] webp = WebpChunks.withIcc(Pictures.webp(20, 20), 20, 20);
      int place = Bytes.find(webp, "ICCP") + 8;
      System.arraycopy(lying, 0, webp, place, lying.length);
      assertThat(strip(MediaType.WEBP, webp)).isEqualTo(bareWebp);
    }
    byte[] once = JpegSegments.withIcc(jpeg);
    assertThat(strip(MediaType.JPEG, JpegSegments.withIcc(once)))
        .isEqualTo(strip(MediaType.JPEG, once));
    byte[] half = Bytes.part(JpegSegments.srgb(), 0, 1500);
    assertThat(strip(MediaType.JPEG, JpegSegments.withIcc(jpeg, half))).isEqualTo(jpeg);
  }

  /** As readers do: ICC.1:2022, 7.2.2, says how long a profile is, whatever is behind it. */
  @Test
  void aProfileWithSomethingBehindItIsKept() throws Exception {
    byte[] srgb = JpegSegments.srgb();
    byte[] jpeg = Pictures.jpeg(20, 20);
    byte[] png = Pictures.png(20, 20);
    byte[] webp = Pictures.webp(20, 20);
    for (int length : new int[] {4, 64, 200_000}) {
      byte[] longer = Bytes.join(srgb, new byte[length]);
      assertThat(strip(MediaType.JPEG, JpegSegments.withIcc(jpeg, longer)))
          .isEqualTo(strip(MediaType.JPEG, JpegSegments.withIcc(jpeg, srgb)));
      assertThat(strip(MediaType.WEBP, WebpChunks.withIcc(webp, 20, 20, longer)))
          .isEqualTo(strip(MediaType.WEBP, WebpChunks.withIcc(webp, 20, 20, srgb)));
      assertThat(profileOf(strip(MediaType.PNG, PngChunks.withIcc(png, longer)))).isEqualTo(srgb);
    }
    byte[] hidden = Bytes.ascii(JpegSegments.SECRET);
    byte[] stream = Bytes.join(PngChunks.deflated(srgb), hidden);
    byte[] bare =
        strip(
            MediaType.PNG,
            PngChunks.withChunk(png, "iCCP", Bytes.join(Bytes.ascii("a\0"), new byte[1], stream)));
    assertThat(sound).isTrue();
    assertThat(profileOf(bare)).isEqualTo(srgb);
    assertThat(Bytes.find(bare, JpegSegments.SECRET)).isNegative();
  }

  private static byte[] profileOf(byte[] png) throws Exception {
    int at = Bytes.find(png, "iCCP");
    assertThat(at).isPositive();
    byte[] chunk = Bytes.part(png, at + 4, at + 4 + ByteBuffer.wrap(png).getInt(at - 4));
    int name = Bytes.find(chunk, "\0");
    return new InflaterInputStream(new ByteArrayInputStream(Bytes.from(chunk, name + 2)))
        .readAllBytes();
  }

  @Test
  void aJpegsProfileStandsBehindJfifAndBeforeEverythingElse() throws Exception {
    byte[] profile = new byte[100_000];
    byte[] srgb = JpegSegments.srgb();
    System.arraycopy(srgb, 0, profile, 0, srgb.length);
    System.arraycopy(Bytes.big32(profile.length), 0, profile, 0, 4);
    List<Part> plain = JpegParts.of(Pictures.jpeg(20, 20));
    List<Part> parts =
        JpegParts.of(JpegSegments.withIcc(Pictures.jpeg(20, 20), profile)).stream()
            .filter(part -> part.marker() == 0xE2)
            .toList();
    Part adobe = new Part(0xEE, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 1);
    assertThat(parts).hasSize(2);
    List<Part> late = new ArrayList<>(plain);
    int scan = JpegParts.first(plain, part -> part.marker() == 0xDA);
    late.addAll(scan, List.of(adobe, parts.get(1), parts.get(0)));

    byte[] bare = strip(MediaType.JPEG, JpegParts.join(late));

    assertThat(sound).isTrue();
    List<Part> expected = new ArrayList<>(plain);
    expected.addAll(1, List.of(parts.get(0), parts.get(1), adobe));
    assertThat(expected.getFirst().marker()).isEqualTo(0xE0);
    assertThat(bare).isEqualTo(JpegParts.join(expected));
    late.addAll(scan, Collections.nCopies(5000, plain.get(1)));
    assertThat(refused(MediaType.JPEG, JpegParts.join(late))).hasMessageContaining("tables");
  }

  @Test
  void kindsOfJpegThatNoBrowserShowsAreNotSound() throws Exception {
    List<Part> plain = JpegParts.of(Pictures.jpeg(20, 20));
    int frame = JpegParts.first(plain, part -> part.marker() == 0xC0);
    for (int marker : new int[] {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB}) {
      List<Part> other = new ArrayList<>(plain);
      other.set(frame, plain.get(frame).as(marker));
      strip(MediaType.JPEG, JpegParts.join(other));
      assertThat(sound).as("%x", marker).isEqualTo(marker <= 0xC2);
    }
    List<Part> twelveBits = new ArrayList<>(plain);
    twelveBits.set(frame, plain.get(frame).with(0, 12));
    strip(MediaType.JPEG, JpegParts.join(twelveBits));
    assertThat(sound).isFalse();
    List<Part> two = new ArrayList<>(plain);
    two.set(frame, plain.get(frame).with(5, 2));
    assertThat(refused(MediaType.JPEG, JpegParts.join(two))).hasMessageContaining("2 components");
  }

  @Test
  void aJpegCutShortIsReadableButNotSound() throws Exception {
    strip(MediaType.JPEG, Bombs.jpegTruncated());
    assertThat(sound).isFalse();
    byte[] jpeg = Pictures.jpeg(70, 50);
    byte[] mended = strip(MediaType.JPEG, Bytes.part(jpeg, 0, jpeg.length - 2));
    assertThat(sound).isFalse();
    samePixels(mended, jpeg);
  }

  @Test
  void aJpegWithoutPixelsIsRefused() {
    refused(MediaType.JPEG, Bytes.part(Pictures.jpeg(70, 50), 0, 100));
    refused(MediaType.JPEG, Bombs.jpegSignatureOnHtml());
  }

  @Test
  void pngLosesEverythingButItsPicture() throws Exception {
    for (byte[] plain :
        List.of(
            Pictures.png(70, 50),
            Pictures.pngAlpha(70, 50),
            Pictures.pngInterlaced(70, 50),
            Pictures.pngInterlaced(1, 1),
            Pictures.pngInterlaced(3, 5),
            Pictures.pngBilevel(71, 50),
            Pictures.pngPalette(70, 50),
            Pictures.pngGrey16(70, 50))) {
      byte[] metadata = PngChunks.withExif(PngChunks.withText(PngChunks.withTime(plain)), 6);
      byte[] bare = strip(MediaType.PNG, PngChunks.withTrailing(metadata, TRAILER));
      assertThat(sound).isTrue();
      assertClean(bare);
      assertThat(bare).isEqualTo(plain);
    }
    byte[] profiled = PngChunks.withIcc(Pictures.png(70, 50));
    assertThat(strip(MediaType.PNG, PngChunks.withText(profiled))).isEqualTo(profiled);
  }

  @Test
  void framesOfAnAnimatedPngAreKeptAndCounted() throws Exception {
    byte[] png = PngChunks.animated(Pictures.png(30, 20), 3);
    assertThat(strip(MediaType.PNG, PngChunks.withText(png))).isEqualTo(png);
    assertThat(sound).isTrue();
    strip(MediaType.PNG, PngChunks.withFrameCount(Pictures.png(30, 20), 9));
    assertThat(sound).isFalse();
  }

  @Test
  void pngPixelsMustBeAsManyAsTheHeaderSays() {
    assertThat(refused(MediaType.PNG, Bombs.pngHidden())).hasMessageContaining("more pixels");
    assertThat(refused(MediaType.PNG, Bombs.pngSmallHidden())).hasMessageContaining("more pixels");
    assertThat(refused(MediaType.PNG, Bombs.pngShortData())).hasMessageContaining("fewer pixels");
    assertThat(refused(MediaType.PNG, Bombs.pngHugeHeader())).hasMessageContaining("fewer pixels");
    assertThat(refused(MediaType.PNG, Bombs.pngTruncated())).hasMessageContaining("ends early");
  }

  @Test
  void aRefusedPngIsToldWhatIsMissing() {
    Map<String, byte[]> odd = OddPngs.refused();
    for (String name : List.of("no palette", "a palette behind the pixels")) {
      assertThat(refused(MediaType.PNG, odd.get(name)))
          .as(name)
          .hasMessageContaining("its palette is missing");
    }
    assertThat(refused(MediaType.PNG, odd.get("pixels in two places")))
        .hasMessageContaining("other chunks stand between its pixels");
  }

  @Test
  void pngChecksumsCount() throws Exception {
    byte[] png = Pictures.png(30, 20);
    refused(MediaType.PNG, PngChunks.withWrongCrc(png, "IHDR"));
    // The pixels have another checksum, which is right.
    assertThat(strip(MediaType.PNG, PngChunks.withWrongCrc(png, "IDAT"))).isEqualTo(png);
    assertThat(sound).isTrue();
    byte[] gamma = PngChunks.withChunk(png, "gAMA", Bytes.big32(45_455));
    assertThat(strip(MediaType.PNG, PngChunks.withWrongCrc(gamma, "gAMA"))).isEqualTo(png);
    assertThat(sound).isTrue();
    byte[] text = PngChunks.withChunk(png, "tEXt", Bytes.ascii("a\0b"));
    assertThat(strip(MediaType.PNG, PngChunks.withWrongCrc(text, "tEXt"))).isEqualTo(png);
    assertThat(sound).isTrue();
  }

  @Test
  void damageOfEverythingButItsPixelsCostsNoneOfAPngs() throws Exception {
    for (Map.Entry<String, byte[]> odd : OddPngs.shown().entrySet()) {
      byte[] bare = strip(MediaType.PNG, odd.getValue());
      if (!sound) {
        bare = repair(odd.getValue());
      }
      assertThat(sound).as(odd.getKey()).isTrue();
      samePixels(bare, OddPngs.colours().file());
      assertThat(strip(MediaType.PNG, bare)).as(odd.getKey()).isEqualTo(bare);
      assertThat(sound).as(odd.getKey()).isTrue();
    }
  }

  @Test
  void aRepairedPngHasTheSameRowsInEveryFormAndFrame() throws Exception {
    for (byte[] png :
        List.of(
            Pictures.png(300, 200),
            Pictures.pngInterlaced(300, 200),
            Pictures.pngInterlaced(3, 1),
            Pictures.pngPalette(70, 50),
            Pictures.pngBilevel(71, 50),
            Pictures.pngGrey16(70, 50),
            PngChunks.animated(Pictures.png(300, 200), 3))) {
      byte[] repaired = repair(png);
      assertThat(sound).isTrue();
      samePixels(repaired, png);
      assertThat(strip(MediaType.PNG, repaired)).isEqualTo(repaired);
      assertThat(sound).isTrue();
      assertThat(repair(png)).isEqualTo(repaired);
    }
  }

  @Test
  void aPixelBeyondThePaletteIsFoundWhateverTheFilterAndDepth() throws Exception {
    for (int depth : new int[] {1, 2, 4, 8}) {
      // Noise under every filter names all colours there are.
      RawPng noise = RawPng.noise(70, 50, depth, RawPng.PALETTE, depth);
      strip(MediaType.PNG, noise.file());
      byte[] palette = Bytes.part(noise.before().getFirst(), 8, 8 + (3 << depth) - 3);
      RawPng beyond =
          new RawPng(70, 50, depth, RawPng.PALETTE, noise.scanlines(), List.of(), List.of());
      assertThat(refused(MediaType.PNG, beyond.withBefore("PLTE", palette).file()))
          .hasMessageContaining("palette does not have");
    }
    BufferedImage indexed = new BufferedImage(70, 50, BufferedImage.TYPE_BYTE_INDEXED);
    for (int i = 0; i < 70 * 50; i++) {
      indexed.getRaster().setSample(i % 70, i / 70, 0, i * i % 101);
    }
    byte[] png = Pictures.written(indexed, "png");
    int at = Bytes.find(png, "PLTE");
    for (int colours : new int[] {100, 101}) {
      byte[] fewer =
          Bytes.join(
              Bytes.part(png, 0, at - 4),
              PngChunks.chunk("PLTE", Bytes.part(png, at + 4, at + 4 + 3 * colours)),
              Bytes.from(png, at + 8 + 768));
      if (colours == 101) {
        strip(MediaType.PNG, fewer);
        assertThat(sound).isTrue();
      } else {
        refused(MediaType.PNG, fewer);
      }
    }
  }

  @Test
  void aProfileCountsMoreThanTheWordThatAPngIsSrgb() throws Exception {
    byte[] profiled = PngChunks.withIcc(Pictures.png(30, 20));
    byte[] word = {0};
    byte[] before = PngChunks.withChunk(profiled, "sRGB", word);
    byte[] after = PngChunks.withIcc(PngChunks.withChunk(Pictures.png(30, 20), "sRGB", word));
    for (byte[] both : List.of(before, after)) {
      strip(MediaType.PNG, both);
      assertThat(sound).isFalse();
      byte[] repaired = repair(both);
      assertThat(sound).isTrue();
      assertThat(Bytes.find(repaired, "iCCP")).isPositive();
      assertThat(Bytes.find(repaired, "\0\0\0\1sRGB")).isNegative();
      samePixels(repaired, profiled);
    }
    byte[] alone = PngChunks.withChunk(Pictures.png(30, 20), "sRGB", word);
    assertThat(strip(MediaType.PNG, alone)).isEqualTo(alone);
    assertThat(sound).isTrue();
    assertThat(Bytes.find(repair(alone), "sRGB")).isPositive();
  }

  @Test
  void transparencyOfColoursThatDoNotExistIsLeftOut() throws Exception {
    RawPng png = OddPngs.palette(8, 10);
    byte[] longer = png.withBefore("tRNS", new byte[20]).file();
    assertThat(strip(MediaType.PNG, longer)).isEqualTo(png.withBefore("tRNS", new byte[10]).file());
    assertThat(sound).isTrue();
  }

  @Test
  void anUnknownCriticalPngChunkIsRefused() {
    refused(MediaType.PNG, PngChunks.withChunk(Pictures.png(30, 20), "ABCD", new byte[4]));
  }

  @Test
  void aCompressedTextIsNeverUnpacked() throws Exception {
    assertThat(strip(MediaType.PNG, Bombs.pngTextBomb())).isEqualTo(Pictures.png(16, 16));
  }

  @Test
  void bytesHiddenBehindThePixelsMakeAPngUnsound() throws Exception {
    byte[] pixels = PngChunks.deflated(new byte[8 * 25]);
    strip(MediaType.PNG, PngChunks.of(8, 8, Bytes.join(pixels, TRAILER)));
    assertThat(sound).isFalse();
  }

  @Test
  void webpLosesEverythingButItsPicture() throws Exception {
    for (byte[] plain :
        List.of(Pictures.webp(70, 50), Pictures.webpLossless(70, 50), Pictures.webpAlpha(70, 50))) {
      byte[] full =
          WebpChunks.withTrailing(
              WebpChunks.withXmp(
                  WebpChunks.withExif(WebpChunks.withIcc(plain, 70, 50), 70, 50, 6), 70, 50),
              TRAILER);
      byte[] bare = strip(MediaType.WEBP, full);
      assertThat(sound).isTrue();
      assertClean(bare);
      assertThat(Bytes.find(bare, "EXIF")).isNegative();
      assertThat(Bytes.find(bare, "ICCP")).isPositive();
      assertThat(bare[20] & 0x0C).isZero();
      assertThat(bare[20] & 0x20).isNotZero();
      samePixels(bare, full);
      assertThat(strip(MediaType.WEBP, plain)).isEqualTo(plain);
    }
  }

  @Test
  void animatedWebpKeepsItsFrames() throws Exception {
    byte[] plain = Pictures.animatedWebp(40, 30, 3);
    byte[] bare = strip(MediaType.WEBP, WebpChunks.withXmp(plain, 40, 30));
    assertThat(bare).isEqualTo(plain);
    assertClean(bare);
  }

  @Test
  void aTruncatedWebpIsRefused() {
    refused(MediaType.WEBP, Bombs.webpTruncated());
  }

  @Test
  void polyglotsBecomeOnlyPictures() throws Exception {
    byte[] jpeg = strip(MediaType.JPEG, Bombs.jpegThenZip());
    assertThat(Bytes.find(jpeg, "PK")).isNegative();
    assertThat(Bytes.find(jpeg, "script")).isNegative();
    assertThat(strip(MediaType.PNG, Bombs.pngThenZip())).isEqualTo(Pictures.png(32, 24));
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void damagedFilesEndInAnAnswerOrARefusal() throws Exception {
    Random random = new Random(29);
    var files =
        List.of(
            new Case(MediaType.JPEG, JpegSegments.withEverything(Pictures.jpeg(40, 30), 6)),
            new Case(MediaType.JPEG, Pictures.jpegProgressive(40, 30)),
            new Case(MediaType.PNG, PngChunks.withIcc(PngChunks.animated(Pictures.png(40, 30), 3))),
            new Case(MediaType.PNG, Pictures.pngInterlaced(40, 30)),
            new Case(MediaType.WEBP, WebpChunks.withIcc(Pictures.webpAlpha(40, 30), 40, 30)),
            new Case(MediaType.WEBP, Pictures.animatedWebp(40, 30, 3)));
    for (Case file : files) {
      for (int i = 0; i < 600; i++) {
        byte[] damaged =
            i % 4 == 0
                ? Bytes.part(file.bytes(), 0, random.nextInt(file.bytes().length))
                : file.bytes().clone();
        for (int flips = random.nextInt(5); flips > 0 && damaged.length > 0; flips--) {
          damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        }
        try {
          // At the most an end is added.
          assertThat(strip(file.type(), damaged)).hasSizeLessThanOrEqualTo(damaged.length + 12);
        } catch (MediaException e) {
          assertThat(e.reason()).isEqualTo(Reason.INVALID);
        }
      }
    }
  }

  private record Case(MediaType type, byte[] bytes) {}

  private byte[] strip(MediaType type, byte[] bytes) throws IOException, MediaException {
    Path source = Files.write(folder.resolve("source"), bytes);
    Path target = folder.resolve("target");
    sound = stripper.strip(type, source, target).sound();
    return Files.readAllBytes(target);
  }

  private byte[] repair(byte[] png) throws IOException, MediaException {
    Path source = Files.write(folder.resolve("source"), png);
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    sound = stripper.repair(source, target).sound();
    return target.toByteArray();
  }

  private MediaException refused(MediaType type, byte[] bytes) {
    MediaException refusal = catchThrowableOfType(MediaException.class, () -> strip(type, bytes));
    assertThat(refusal).isNotNull();
    assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
    return refusal;
  }

  private static void assertClean(byte[] bytes) {
    for (String secret :
        List.of(
            Exif.CAMERA,
            Exif.GPS_MARK,
            JpegSegments.SECRET,
            "Exif",
            "xmpmeta",
            "Photoshop",
            "PK")) {
      assertThat(Bytes.find(bytes, secret)).as(secret).isNegative();
    }
  }

  private static void samePixels(byte[] one, byte[] other) throws IOException {
    BufferedImage first = ImageIO.read(new ByteArrayInputStream(one));
    BufferedImage second = ImageIO.read(new ByteArrayInputStream(other));
    int width = second.getWidth();
    int height = second.getHeight();
    assertThat(first.getRGB(0, 0, width, height, null, 0, width))
        .isEqualTo(second.getRGB(0, 0, width, height, null, 0, width));
  }

  /** One frame of 40 megapixels of one colour takes no bits and no time; many that differ would. */
  @Test
  void moreCodedPixelsThanAnyFileShouldHaveAreNotGoneThrough() {
    PixelBudget budget = new PixelBudget();
    assertThatThrownBy(
            () -> {
              for (int frames = 0; frames < 3600; frames++) {
                budget.take(40_000_000);
              }
            })
        .isInstanceOfSatisfying(
            MediaException.class,
            e -> assertThat(e.reason()).isEqualTo(MediaException.Reason.TOO_EXPENSIVE));
  }

  /** As browsers have it; other readers would cut the frame. */
  @Test
  void theScreenOfAGifHasRoomForItsFirstFrame() throws Exception {
    Animation.Frame first =
        new Animation.Frame(20, 10, 64, 48, 0xFFFF0000, 100, true, Animation.Disposal.KEEP);
    Animation.Frame later =
        new Animation.Frame(50, 50, 300, 200, 0xFF0000FF, 100, true, Animation.Disposal.KEEP);
    byte[] gif = new Animation(64, 48, 0, List.of(first, later)).gif();
    byte[] expected = gif.clone();
    expected[6] = 84;
    expected[8] = 58;
    Path source = Files.write(folder.resolve("beyond"), gif);
    Path target = folder.resolve("cut");
    new MetadataStripper().strip(MediaType.GIF, source, target);
    assertThat(Files.readAllBytes(target)).isEqualTo(expected);
  }
}
