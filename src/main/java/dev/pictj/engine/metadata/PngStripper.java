package dev.pictj.engine.metadata;

import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/**
 * Copies the chunks of a PNG (W3C PNG third edition) that a decoder needs, checks their sums, and
 * looks at the pixels of every frame while they pass.
 *
 * <p>What is wrong with the rest of a picture costs no pixels: optional chunks that readers pass
 * over are left out, and whatever comes once all pixels are known ends the file. Where a stream of
 * pixels is whole but written wrongly, {@link #repairing} deflates the same pixels again.
 */
final class PngStripper {
  private static final long SIGNATURE = 0x89504E470D0A1A0AL;
  private static final int MAX_CHUNKS = 1_000_000;
  private static final int MAX_PALETTE = 768;

  /** Of chunks of pixels that are written anew. */
  private static final int CHUNK = 32_768;

  /** Optional chunks that must come before the palette (table 7); readers pass over others. */
  private static final Set<String> BEFORE_PALETTE =
      Set.of("gAMA", "cHRM", "sRGB", "iCCP", "cICP", "sBIT");

  /** Optional chunks that change how a picture looks, and the most bytes each may have. */
  private static final Map<String, Integer> KEPT =
      Map.of(
          "tRNS",
          256,
          "gAMA",
          4,
          "cHRM",
          32,
          "sRGB",
          1,
          "iCCP",
          MetadataStripper.MAX_PROFILE,
          "cICP",
          4,
          "sBIT",
          4,
          "bKGD",
          6,
          "pHYs",
          9);

  private final Input in;
  private final OutputStream out;
  private final boolean repairing;
  private final byte[] buffer = new byte[32_768];
  private final Set<String> seen = new HashSet<>();
  private final PixelBudget budget = new PixelBudget();
  private boolean sound = true;
  private boolean wrongPixelSum;
  private boolean profile;

  /** Whether there is one, and its payload where it is held back until it is known to be needed. */
  private boolean standard;

  private byte[] heldStandard = new byte[0];
  private PngHeading heading;
  private int colours;
  private PngPixels pixels;
  private boolean pictureIsKnown;
  private String last = "";
  private boolean animated;
  private long announced;
  private long frames;
  private int sequence;
  private int written;

  private PngStripper(Input in, OutputStream out, boolean repairing) {
    this.in = in;
    this.out = out;
    this.repairing = repairing;
  }

  /** One that leaves streams of pixels as they are. */
  static PngStripper copying(Input in, OutputStream out) {
    return new PngStripper(in, out, false);
  }

  /** One that writes every stream of pixels anew, filters and all as they were. */
  static PngStripper repairing(Input in, OutputStream out) {
    return new PngStripper(in, out, true);
  }

  /** Copies all of it and tells whether what was written is sound. */
  boolean run() throws IOException, MediaException {
    if (ByteBuffer.wrap(in.bytes(8)).getLong() != SIGNATURE) {
      throw in.invalid("it does not begin with its signature");
    }
    out.write(ByteBuffer.allocate(8).putLong(SIGNATURE).array());
    try {
      for (int i = 0; !last.equals("IEND") && !in.isAtEnd(); i++) {
        if (i > MAX_CHUNKS) {
          throw in.invalid("too many chunks");
        }
        int length = in.i32();
        byte[] code = in.bytes(4);
        if (length < 0) {
          throw in.invalid("a chunk longer than any may be");
        }
        chunk(new String(code, StandardCharsets.ISO_8859_1), length);
      }
      endFrame("IEND");
    } catch (MediaException e) {
      if (!isWhole()) {
        throw e;
      }
      // A chunk of pixels that is not whole itself was begun.
      sound &= pixels == null;
    } finally {
      if (pixels != null) {
        pixels.close();
      }
    }
    if (!seen.contains("IDAT")) {
      throw in.invalid("no pixels");
    }
    write("IEND", new byte[0]);
    return (sound || repairing) && (!animated || frames == announced);
  }

  /** Whether nothing is missing that is seen. */
  private boolean isWhole() {
    return (pixels == null
            ? pictureIsKnown
            : pixels.isWhole() && (pixels.isProven() || !wrongPixelSum))
        && (!animated || frames == announced);
  }

  private void chunk(String code, int length) throws IOException, MediaException {
    if (heading == null && !code.equals("IHDR")) {
      throw in.invalid("it does not begin with its header");
    }
    boolean first = seen.add(code);
    boolean afterPixels = seen.contains("IDAT");
    if (!code.equals(last)) {
      endFrame(code);
    }
    if ((code.equals("PLTE") || code.equals("IDAT")) && heldStandard.length > 0 && !profile) {
      write("sRGB", heldStandard);
      heldStandard = new byte[0];
    }
    switch (code) {
      case "IHDR" -> {
        byte[] payload = small(code, length, 13, first);
        heading = PngHeading.parse(in, payload);
        critical(code, payload);
      }
      case "PLTE" -> palette(length, first && !afterPixels);
      case "IEND" -> {}
      case "IDAT" -> {
        if (!first && !last.equals(code)) {
          throw in.invalid("its pixels stand in two places");
        }
        if (heading.isPalette() && colours == 0) {
          throw in.invalid("its palette is missing");
        }
        if (pixels == null) {
          pixels = pixels(code, heading.width(), heading.height());
        }
        pass(code, length, new byte[0]);
      }
      case "acTL" -> {
        if (length == 8 && first && !afterPixels) {
          byte[] payload = in.bytes(length);
          animated = true;
          announced = ByteBuffer.wrap(payload).getInt() & 0xFFFF_FFFFL;
          critical(code, payload);
        } else {
          drop(length);
        }
      }
      case "fcTL" -> {
        if (animated) {
          frameControl(small(code, length, 26, true));
        } else {
          drop(length);
        }
      }
      case "fdAT" -> {
        if (animated && afterPixels && pixels != null && length > 4) {
          byte[] number = in.bytes(4);
          inSequence(ByteBuffer.wrap(number).getInt());
          pass(code, length, number);
        } else if (animated) {
          throw in.invalid("pixels of no frame");
        } else {
          drop(length);
        }
      }
      default -> optional(code, length, first, afterPixels);
    }
    last = code;
  }

  /** Only numbers of colours need one; for others it is an advice, and grey must not have it. */
  private void palette(int length, boolean allowed) throws IOException, MediaException {
    boolean fits = allowed && length > 0 && length <= MAX_PALETTE && length % 3 == 0;
    boolean possible = heading.colour() != PngHeading.GREY && heading.channels() != 2;
    if (fits && possible) {
      colours = length / 3;
      critical("PLTE", in.bytes(length));
    } else if (heading.isPalette()) {
      throw in.invalid("a wrong PLTE chunk");
    } else {
      drop(length);
    }
  }

  private PngPixels pixels(String code, int width, int height) {
    int[][] passes = heading.passes(width, height);
    return new PngPixels(
        in,
        heading.inflatedLength(passes),
        new PngRows(in, heading, passes, colours),
        repairing
            ? new DeflaterOutputStream(new BufferedOutputStream(new Chunks(code), CHUNK))
            : OutputStream.nullOutputStream());
  }

  /** Writes what comes at a time as a chunk of pixels. */
  private final class Chunks extends OutputStream {
    private final String code;

    private Chunks(String code) {
      this.code = code;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      byte[] head = code.equals("fdAT") ? number(written++) : new byte[0];
      CRC32 sum = begin(code, head.length + length);
      sum.update(head);
      sum.update(bytes, offset, length);
      out.write(head);
      out.write(bytes, offset, length);
      end(sum);
    }
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  /** The pixels of a frame are complete when a chunk of another kind follows. */
  private void endFrame(String next) throws IOException, MediaException {
    if (pixels != null && (last.equals("IDAT") || last.equals("fdAT"))) {
      if (!pixels.isWhole() && last.equals("IDAT") && !next.equals("IEND")) {
        throw in.invalid("other chunks stand between its pixels, or some are missing");
      }
      try (PngPixels done = pixels) {
        sound &= done.finish();
        if (wrongPixelSum && !done.isProven()) {
          throw wrongSum(last);
        }
        pixels = null;
        pictureIsKnown = true;
      }
      return;
    }
    if (pixels != null && (next.equals("fcTL") || next.equals("IEND"))) {
      throw in.invalid("a frame without pixels");
    }
  }

  private void frameControl(byte[] payload) throws IOException, MediaException {
    ByteBuffer fields = ByteBuffer.wrap(payload);
    if (pixels != null) {
      throw in.invalid("a frame without pixels");
    }
    // 11.3.7.2: the two operations at its end.
    if (payload.length != 26 || payload[24] > 2 || payload[25] > 1) {
      throw in.invalid("a wrong frame header");
    }
    inSequence(fields.getInt(0));
    int width = fields.getInt(4);
    int height = fields.getInt(8);
    long right = (fields.getInt(12) & 0xFFFF_FFFFL) + width;
    long bottom = (fields.getInt(16) & 0xFFFF_FFFFL) + height;
    if (width < 1 || height < 1 || right > heading.width() || bottom > heading.height()) {
      throw in.invalid("a frame that exceeds the picture");
    }
    if (!seen.contains("IDAT") && (width != heading.width() || height != heading.height())) {
      throw in.invalid("a first frame that is not the whole picture");
    }
    frames++;
    if (seen.contains("IDAT")) {
      take((long) width * height);
      pixels = pixels("fdAT", width, height);
    }
    if (!hasRightSum("fcTL", payload)) {
      throw wrongSum("fcTL");
    }
    if (repairing) {
      fields.putInt(0, written++);
    }
    write("fcTL", payload);
  }

  private void take(long area) throws MediaException {
    try {
      budget.take(area);
    } catch (PixelBudget.SpentException e) {
      throw new MediaException(
          Reason.TOO_EXPENSIVE, "Reading this image takes more time than allowed", e);
    }
  }

  private void inSequence(int number) throws MediaException {
    if (number != sequence++) {
      throw in.invalid("frames that are not in sequence");
    }
  }

  private void optional(String code, int length, boolean first, boolean afterPixels)
      throws IOException, MediaException {
    Integer most = KEPT.get(code);
    if (most == null) {
      if ((code.charAt(0) & 0x20) == 0) {
        throw in.invalid("an unknown chunk that no reader may ignore");
      }
      drop(length);
    } else if (length > most
        || !first
        || afterPixels
        || (seen.contains("PLTE") && BEFORE_PALETTE.contains(code))) {
      drop(length);
    } else {
      byte[] payload = in.bytes(length);
      if (hasRightSum(code, payload)) {
        keep(code, fitting(code, payload));
      }
    }
  }

  /**
   * Of a profile and the word that a picture is sRGB only the profile counts (4.3, table 1), and
   * libpng lets go of it where both are there.
   */
  private void keep(String code, byte[] payload) throws IOException {
    if (payload.length == 0) {
      return;
    }
    profile |= code.equals("iCCP");
    standard |= code.equals("sRGB");
    sound &= !profile || !standard;
    if (repairing && code.equals("sRGB")) {
      heldStandard = payload;
    } else {
      write(code, payload);
    }
  }

  /** What readers make use of, which may be less than there is, and nothing (11.3). */
  private byte[] fitting(String code, byte[] payload) throws IOException {
    if (code.equals("iCCP")) {
      return PngColours.ofNothingElse(payload);
    }
    int samples = heading.isPalette() ? 3 : heading.channels();
    boolean fits =
        switch (code) {
          case "gAMA" -> payload.length == 4 && ByteBuffer.wrap(payload).getInt() > 0;
          case "cHRM" -> payload.length == 32;
          case "sRGB" -> payload.length == 1 && payload[0] >= 0 && payload[0] <= 3;
          case "cICP" -> payload.length == 4;
          case "pHYs" -> payload.length == 9 && payload[8] >= 0 && payload[8] <= 1;
          case "sBIT" -> payload.length == samples;
          case "bKGD" -> payload.length == (heading.isPalette() ? 1 : samples > 2 ? 6 : 2);
          default ->
              switch (heading.colour()) {
                case PngHeading.GREY -> payload.length == 2;
                case PngHeading.RGB -> payload.length == 6;
                default -> heading.isPalette() && colours > 0;
              };
        };
    // Some readers use what a longer list says of colours that exist, others none of it.
    int most = code.equals("tRNS") && heading.isPalette() ? colours : payload.length;
    return fits ? Arrays.copyOf(payload, Math.min(most, payload.length)) : new byte[0];
  }

  private void drop(int length) throws IOException, MediaException {
    in.skip(length + 4L);
  }

  private byte[] small(String code, int length, int most, boolean allowed)
      throws IOException, MediaException {
    if (length > most || !allowed) {
      throw in.invalid("a wrong " + code + " chunk");
    }
    return in.bytes(length);
  }

  /** Writes a chunk that was read up to its checksum, if that is right. */
  private void critical(String code, byte[] payload) throws IOException, MediaException {
    if (!hasRightSum(code, payload)) {
      throw wrongSum(code);
    }
    write(code, payload);
  }

  private boolean hasRightSum(String code, byte[] payload) throws IOException, MediaException {
    CRC32 sum = sumOf(code);
    sum.update(payload);
    return in.i32() == (int) sum.getValue();
  }

  private void write(String code, byte[] payload) throws IOException {
    CRC32 sum = begin(code, payload.length);
    sum.update(payload);
    out.write(payload);
    end(sum);
  }

  /** Copies a chunk of pixels that are looked at; {@code head} is what was read of it. */
  private void pass(String code, int length, byte[] head) throws IOException, MediaException {
    OutputStream copy = repairing ? OutputStream.nullOutputStream() : out;
    CRC32 sum = repairing ? sumOf(code) : begin(code, length);
    sum.update(head);
    copy.write(head);
    int left = length - head.length;
    while (left > 0) {
      int some = in.some(buffer, 0, Math.min(left, buffer.length));
      sum.update(buffer, 0, some);
      copy.write(buffer, 0, some);
      pixels.add(buffer, some);
      left -= some;
    }
    // The pixels have a checksum of their own, which may know better.
    wrongPixelSum |= in.i32() != (int) sum.getValue();
    if (!repairing) {
      end(sum);
    }
  }

  private CRC32 begin(String code, int length) throws IOException {
    byte[] name = code.getBytes(StandardCharsets.ISO_8859_1);
    out.write(ByteBuffer.allocate(8).putInt(length).put(name).array());
    return sumOf(code);
  }

  private static CRC32 sumOf(String code) {
    CRC32 sum = new CRC32();
    sum.update(code.getBytes(StandardCharsets.ISO_8859_1));
    return sum;
  }

  private void end(CRC32 sum) throws IOException {
    out.write(number((int) sum.getValue()));
  }

  private MediaException wrongSum(String code) {
    return in.invalid("wrong checksum in its " + code + " chunk");
  }
}
