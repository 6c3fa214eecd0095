package dev.pictj.engine.vips;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.engine.metadata.MetadataStripper;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.WebpChunks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes hidden behind the pixels, inside of the chunks that hold them. */
@Tag("slow")
class WebpJunkTest {
  private static final byte[] SECRET =
      Bytes.ascii("GPS 52.5200 13.4050, taken by somebody who would rather not be found");

  @TempDir private Path folder;
  private boolean sound;

  /** A WebP, and what it is for the name of a test. */
  record Kind(String name, byte[] webp) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Kind> kinds() {
    List<Kind> kinds = new ArrayList<>();
    for (String settings :
        List.of(
            "webp:method=0",
            "webp:method=6",
            "webp:method=4 webp:partitions=3",
            "webp:segments=1 webp:partitions=1",
            "webp:segments=4 webp:partitions=2 webp:pass=2",
            "webp:filter-strength=60 webp:filter-type=0",
            "webp:low-memory=true webp:partition-limit=100",
            "webp:lossless=true",
            "webp:lossless=true webp:method=0",
            "webp:lossless=true webp:method=6",
            "webp:lossless=true webp:near-lossless=40")) {
      String[] each = settings.split(" ");
      kinds.add(new Kind(settings, Pictures.webpOf(Pictures.png(171, 133), each)));
      kinds.add(new Kind(settings + ", alpha", Pictures.webpOf(Pictures.pngAlpha(95, 64), each)));
    }
    for (byte[] png :
        List.of(
            Pictures.pngPalette(90, 70),
            Pictures.pngBilevel(90, 70),
            Pictures.png(1, 1),
            Pictures.png(17, 1),
            Pictures.png(1, 300),
            Pictures.pngGrey(16, 16))) {
      kinds.add(new Kind("lossless of " + png.length, Pictures.webpOf(png, "webp:lossless=true")));
      kinds.add(new Kind("lossy of " + png.length, Pictures.webpOf(png, "webp:partitions=3")));
    }
    kinds.add(
        new Kind(
            "plain alpha", Pictures.webpOf(Pictures.pngAlpha(95, 64), "webp:alpha-compression=0")));
    kinds.add(new Kind("larger", Pictures.webpOf(Pictures.png(1200, 900))));
    kinds.add(new Kind("larger lossless", Pictures.webpLossless(1200, 900)));
    kinds.add(new Kind("animated", Pictures.animatedWebp(60, 40, 4)));
    return kinds.stream();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatHidesNothingStaysAsItIs(Kind kind) throws Exception {
    assertThat(strip(kind.webp())).isEqualTo(kind.webp());
    assertThat(sound).isTrue();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatIsHiddenBehindPixelsGoes(Kind kind) throws Exception {
    for (byte[] junk : List.of(SECRET, Bytes.join(SECRET, new byte[100_001]))) {
      for (String code : List.of("VP8 ", "VP8L", "ALPH")) {
        byte[] hiding = lengthened(kind.webp(), code, junk);
        byte[] bare = strip(hiding);
        assertThat(sound).isTrue();
        assertThat(Bytes.find(bare, "somebody")).isNegative();
        assertThat(bare.length).as(code).isLessThanOrEqualTo(kind.webp().length);
        assertThat(strip(bare)).isEqualTo(bare);
        if (Bytes.find(kind.webp(), code) >= 0) {
          assertThat(Bytes.find(hiding, "somebody")).isPositive();
          assertThat(Pictures.pixelsOfWebp(bare)).isEqualTo(Pictures.pixelsOfWebp(kind.webp()));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatIsHiddenBetweenPartitionsGoes(Kind kind) throws Exception {
    int frame = Bytes.find(kind.webp(), "VP8 ");
    if (frame < 0 || kind.name().equals("animated")) {
      return;
    }
    byte[] hiding = withLongPartitions(kind.webp(), frame);
    assertThat(Bytes.find(hiding, "somebody")).isPositive();
    byte[] expected = Pictures.pixelsOfWebp(kind.webp());
    assertThat(Pictures.pixelsOfWebp(hiding)).as("it is a picture").isEqualTo(expected);
    byte[] bare = strip(hiding);
    assertThat(sound).isTrue();
    assertThat(Bytes.find(bare, "somebody")).isNegative();
    assertThat(bare.length).isLessThanOrEqualTo(kind.webp().length);
    assertThat(Pictures.pixelsOfWebp(bare)).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatIsDamagedIsLeftToADecoder(Kind kind) throws Exception {
    Random random = new Random(kind.webp().length);
    for (int i = 0; i < 20; i++) {
      byte[] damaged = kind.webp().clone();
      damaged[20 + random.nextInt(damaged.length - 20)] ^= (byte) (1 + random.nextInt(255));
      try {
        strip(damaged);
      } catch (MediaException e) {
        assertThat(e.reason()).isEqualTo(MediaException.Reason.INVALID);
      }
    }
  }

  /**
   * Whether they are sound nobody but a decoder of the whole file has to say, but of transparency.
   */
  @Test
  void anEarlyEndIsNotTakenForAnother() throws Exception {
    for (byte[] whole :
        List.of(
            Pictures.webp(171, 133), Pictures.webpLossless(171, 133), Pictures.webpAlpha(95, 64))) {
      for (String code : List.of("VP8 ", "VP8L", "ALPH")) {
        int at = Bytes.find(whole, code);
        if (at >= 0) {
          byte[] cut = shortened(whole, at, 24);
          assertThat(strip(cut)).isEqualTo(cut);
          assertThat(sound).as(code).isEqualTo(!code.equals("ALPH"));
        }
      }
    }
  }

  private byte[] strip(byte[] webp) throws IOException, MediaException {
    Path source = Files.write(folder.resolve("in"), webp);
    Path bare = folder.resolve("bare");
    new MetadataStripper().strip(MediaType.WEBP, source, bare);
    try (Arena arena = Arena.ofConfined()) {
      byte[] bytes = Files.readAllBytes(bare);
      Optional<List<Long>> lengths =
          PixelLengths.of(arena.allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes)));
      sound = lengths.isPresent();
      if (lengths.isEmpty() || lengths.get().isEmpty()) {
        return bytes;
      }
      ByteArrayOutputStream trimmed = new ByteArrayOutputStream();
      MetadataStripper.trim(MediaType.WEBP, bare, lengths.get(), trimmed);
      return trimmed.toByteArray();
    }
  }

  /** Every chunk of this kind, those in frames too, with bytes behind it that its length counts. */
  private static byte[] lengthened(byte[] webp, String code, byte[] junk) {
    byte[] body = chunks(Bytes.from(webp, 12), code, junk);
    return Bytes.join(
        Bytes.ascii("RIFF"), Bytes.little32(4 + body.length), Bytes.ascii("WEBP"), body);
  }

  private static byte[] chunks(byte[] all, String code, byte[] junk) {
    ByteBuffer in = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
    byte[] out = {};
    for (int at = 0; at + 8 <= all.length; ) {
      int length = in.getInt(at + 4);
      byte[] payload = Bytes.part(all, at + 8, at + 8 + length);
      String name = new String(all, at, 4, StandardCharsets.US_ASCII);
      if (name.equals("ANMF")) {
        payload =
            Bytes.join(Bytes.part(payload, 0, 16), chunks(Bytes.from(payload, 16), code, junk));
      } else if (name.equals(code)) {
        payload = Bytes.join(payload, junk);
      }
      out = Bytes.join(out, WebpChunks.chunk(name, payload));
      at += 8 + length + (length & 1);
    }
    return out;
  }

  /** The same frame with a secret behind every one of its partitions. */
  private static byte[] withLongPartitions(byte[] webp, int frame) {
    ByteBuffer in = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN);
    int length = in.getInt(frame + 4);
    int begin = frame + 8;
    int tag = in.getInt(begin) & 0xFFFFFF;
    int first = tag >> 5;
    byte[] head = Bytes.part(webp, begin, begin + 10);
    little24(head, 0, first + SECRET.length << 5 | tag & 31);
    int sizes = begin + 10 + first;
    int many = partitions(webp, begin, first, length);
    byte[] table = Bytes.part(webp, sizes, sizes + 3 * (many - 1));
    byte[] tokens = {};
    int at = sizes + table.length;
    for (int i = 0; i < many; i++) {
      int own =
          i == many - 1
              ? begin + length - at
              : in.getShort(sizes + 3 * i) & 0xFFFF | (webp[sizes + 3 * i + 2] & 255) << 16;
      if (i < many - 1) {
        little24(table, 3 * i, own + SECRET.length);
      }
      tokens = Bytes.join(tokens, Bytes.part(webp, at, at + own), SECRET);
      at += own;
    }
    byte[] payload = Bytes.join(head, Bytes.part(webp, begin + 10, sizes), SECRET, table, tokens);
    byte[] body =
        Bytes.join(
            Bytes.part(webp, 12, frame),
            WebpChunks.chunk("VP8 ", payload),
            Bytes.from(webp, Math.min(webp.length, begin + length + (length & 1))));
    return Bytes.join(
        Bytes.ascii("RIFF"), Bytes.little32(4 + body.length), Bytes.ascii("WEBP"), body);
  }

  /** Found by trying: only with the right number do their lengths fit. */
  private static int partitions(byte[] webp, int begin, int first, int length) {
    int sizes = begin + 10 + first;
    for (int many : List.of(8, 4, 2)) {
      long sum = 3L * (many - 1);
      for (int i = 0; i < many - 1; i++) {
        int at = sizes + 3 * i;
        if (at + 2 >= webp.length) {
          return 1;
        }
        sum += (webp[at] & 255) | (webp[at + 1] & 255) << 8 | (webp[at + 2] & 255) << 16;
      }
      if (10 + first + sum < length) {
        return many;
      }
    }
    return 1;
  }

  private static byte[] shortened(byte[] webp, int at, int by) {
    ByteBuffer in = ByteBuffer.wrap(webp.clone()).order(ByteOrder.LITTLE_ENDIAN);
    int length = in.getInt(at + 4);
    byte[] payload = Bytes.part(webp, at + 8, at + 8 + length - by);
    byte[] body =
        Bytes.join(
            Bytes.part(webp, 12, at),
            WebpChunks.chunk(new String(webp, at, 4, StandardCharsets.US_ASCII), payload),
            Bytes.from(webp, Math.min(webp.length, at + 8 + length + (length & 1))));
    return Bytes.join(
        Bytes.ascii("RIFF"), Bytes.little32(4 + body.length), Bytes.ascii("WEBP"), body);
  }

  private static void little24(byte[] bytes, int at, int number) {
    bytes[at] = (byte) number;
    bytes[at + 1] = (byte) (number >> 8);
    bytes[at + 2] = (byte) (number >> 16);
  }
}
