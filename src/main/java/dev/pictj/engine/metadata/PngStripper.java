package dev.pictj.engine.metadata;

import static java.util.Map.entry;

import dev.pictj.media.ByteSource;
import dev.pictj.media.Chunks;
import dev.pictj.media.IccProfile;
import dev.pictj.media.MediaException;
import dev.pictj.media.PngHeading;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Copies the chunks of a PNG (W3C PNG third edition) that a decoder needs, checks their sums, and
 * looks at the pixels of every frame while they pass.
 *
 * <p>Faults outside of the pixels do not have a picture refused: optional chunks that readers pass
 * over are left out, and a fault after all pixels ends the file. Where a stream of pixels is whole
 * but written wrongly, {@link #repairing} deflates the same pixels again.
 *
 * <p>An animation of one frame becomes a still of that frame, which need not be the picture that
 * readers of stills would see.
 */
final class PngStripper {
  private static final long SIGNATURE = 0x89504E470D0A1A0AL;
  private static final int MAX_PALETTE = 768;

  /** {@code IDAT}. */
  private static final int PIXELS = 0x49444154;

  /** Size of {@code IDAT} and {@code fdAT} chunks whose pixels are compressed anew. */
  private static final int MAX_CHUNK_BYTES = 32_768;

  /** Optional chunks that must come before the palette (table 7); readers pass over others. */
  private static final Set<String> BEFORE_PALETTE =
      Set.of("gAMA", "cHRM", "sRGB", "iCCP", "cICP", "sBIT");

  /** Optional chunks that change how a picture looks, and the most bytes each may have. */
  private static final Map<String, Integer> KEPT_CHUNKS =
      Map.ofEntries(
          entry("tRNS", 256),
          entry("gAMA", 4),
          entry("cHRM", 32),
          entry("sRGB", 1),
          entry("iCCP", IccProfile.MAX_LENGTH),
          entry("cICP", 4),
          entry("sBIT", 4),
          entry("bKGD", 6),
          entry("pHYs", 9));

  private final ByteSource in;
  private final Chunks chunks;
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

  /** The header, set by the first chunk; a file that begins with another chunk is not read. */
  @SuppressWarnings("NullAway.Init")
  private PngHeading heading;

  private int colours;
  private @Nullable PngPixels pixels;
  private boolean pictureIsKnown;
  private String last = "";
  private boolean animated;

  /** Whether the file is an animation of one frame. */
  private boolean single;

  /** Whether the pixels that come now are not those of the only frame. */
  private boolean hidden;

  private long announced;
  private long frames;
  private int sequence;
  private int written;

  private PngStripper(ByteSource in, OutputStream out, boolean repairing) {
    this.in = in;
    this.chunks = Chunks.ofPng(in);
    this.out = out;
    this.repairing = repairing;
  }

  /** Makes a stripper that leaves streams of pixels as they are. */
  static PngStripper copying(ByteSource in, OutputStream out) {
    return new PngStripper(in, out, false);
  }

  /** Makes a stripper that compresses every stream of pixels anew, with the same filters. */
  static PngStripper repairing(ByteSource in, OutputStream out) {
    return new PngStripper(in, out, true);
  }

  /** Copies the file and tells whether the copy is sound. */
  boolean run() throws IOException, MediaException {
    byte[] signature = in.bytes(0, 8);
    if (ByteBuffer.wrap(signature).getLong() != SIGNATURE) {
      throw in.invalid("it does not begin with its signature");
    }
    out.write(signature);
    try {
      while (!last.equals("IEND") && chunks.next()) {
        chunk(chunks.code());
      }
      if (!last.equals("IEND") && chunks.areCut()) {
        throw in.endsEarly();
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
    if (single && frames == 0) {
      throw in.invalid("an animation without a frame");
    }
    Chunks.writePng(out, "IEND", new byte[0]);
    return (sound || repairing) && (!animated || frames == announced);
  }

  /** Whether all pixels that are shown have come. */
  private boolean isWhole() {
    return (pixels == null
            ? pictureIsKnown
            : !hidden && pixels.isWhole() && (pixels.isProven() || !wrongPixelSum))
        && (!animated || frames == announced);
  }

  private void chunk(String code) throws IOException, MediaException {
    if (heading == null && !code.equals("IHDR")) {
      throw in.invalid("it does not begin with its header");
    }
    boolean first = seen.add(code);
    boolean afterPixels = seen.contains("IDAT");
    if (!code.equals(last)) {
      endFrame(code);
    }
    if ((code.equals("PLTE") || code.equals("IDAT")) && heldStandard.length > 0 && !profile) {
      Chunks.writePng(out, "sRGB", heldStandard);
      heldStandard = new byte[0];
    }
    switch (code) {
      case "IHDR" -> {
        byte[] payload = small(13, first);
        heading = PngHeading.parse(in, payload);
        critical(payload);
      }
      case "PLTE" -> palette(first && !afterPixels);
      case "IEND" -> {}
      case "IDAT" -> {
        if (!first && !last.equals(code)) {
          throw in.invalid("its pixels stand in two places");
        }
        if (heading.isPalette() && colours == 0) {
          throw in.invalid("its palette is missing");
        }
        if (pixels == null) {
          hidden = single && frames == 0;
          pixels = pixels(code, heading.width(), heading.height());
        }
        pass(0);
      }
      case "acTL" -> {
        if (chunks.length() == 8 && first && !afterPixels) {
          announced = in.u32(chunks.at());
          animated = announced > 1;
          single = announced == 1;
          if (animated) {
            critical(chunks.payload());
          } else {
            drop();
          }
        } else {
          drop();
        }
      }
      case "fcTL" -> {
        if (animated || (single && frames == 0)) {
          frameControl(small(26, true));
        } else {
          drop();
        }
      }
      case "fdAT" -> {
        boolean later = animated || single;
        if (later && afterPixels && pixels != null && chunks.length() >= 4) {
          inSequence((int) in.u32(chunks.at()));
          pass(4);
        } else if (animated) {
          throw in.invalid("pixels of no frame");
        } else {
          drop();
        }
      }
      default -> optional(code, first, afterPixels);
    }
    last = code;
  }

  /** Copies a palette: indexed pixels need it, for RGB it is advice, and grey must have none. */
  private void palette(boolean allowed) throws IOException, MediaException {
    int length = (int) chunks.length();
    boolean fits = allowed && length > 0 && length <= MAX_PALETTE && length % 3 == 0;
    boolean possible = heading.colour() != PngHeading.GREY && heading.channels() != 2;
    if (fits && possible) {
      colours = length / 3;
      critical(chunks.payload());
    } else if (heading.isPalette()) {
      throw in.invalid("a wrong PLTE chunk");
    } else {
      drop();
    }
  }

  private PngPixels pixels(String code, int width, int height) {
    int[][] passes = heading.passes(width, height);
    return new PngPixels(
        in,
        heading.inflatedLength(passes),
        new PngRows(in, heading, passes, colours),
        repairing && !hidden
            ? new DeflaterOutputStream(
                new BufferedOutputStream(new PixelChunks(single ? "IDAT" : code), MAX_CHUNK_BYTES))
            : OutputStream.nullOutputStream());
  }

  /** Writes what comes at a time as a chunk of pixels. */
  private final class PixelChunks extends OutputStream {
    private final String code;

    private PixelChunks(String code) {
      this.code = code;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      ByteBuffer payload = ByteBuffer.allocate(4 + length);
      if (code.equals("fdAT")) {
        payload.putInt(written++);
      }
      payload.put(bytes, offset, length);
      Chunks.writePng(out, code, Arrays.copyOf(payload.array(), payload.position()));
    }
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
        pictureIsKnown = !hidden;
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
    boolean whole = width == heading.width() && height == heading.height();
    if (single && !whole) {
      throw in.invalid("an animation whose only frame is not the whole picture");
    }
    frames++;
    hidden = false;
    if (seen.contains("IDAT")) {
      budget.take((long) width * height);
      pixels = pixels("fdAT", width, height);
    }
    if (!chunks.hasRightSum(payload)) {
      throw wrongSum("fcTL");
    }
    if (single) {
      return;
    }
    if (repairing) {
      fields.putInt(0, written++);
    }
    Chunks.writePng(out, "fcTL", payload);
  }

  private void inSequence(int number) throws MediaException {
    if (number != sequence++) {
      throw in.invalid("frames that are not in sequence");
    }
  }

  private void optional(String code, boolean first, boolean afterPixels)
      throws IOException, MediaException {
    Integer most = KEPT_CHUNKS.get(code);
    if (most == null) {
      if ((code.charAt(0) & 0x20) == 0) {
        throw in.invalid("an unknown chunk that no reader may ignore");
      }
      drop();
    } else if (chunks.length() > most
        || !first
        || afterPixels
        || (seen.contains("PLTE") && BEFORE_PALETTE.contains(code))) {
      drop();
    } else {
      byte[] payload = chunks.payload();
      if (chunks.hasRightSum(payload)) {
        keep(code, fitting(code, payload));
      }
    }
  }

  /**
   * Copies a chunk. A repair holds {@code sRGB} back until it is known whether there is a profile:
   * where both are there only the profile counts (4.3, table 1), but libpng drops it.
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
      Chunks.writePng(out, code, payload);
    }
  }

  /** What readers make use of, which may be less than there is, and nothing (11.3). */
  private byte[] fitting(String code, byte[] payload) throws IOException {
    if (code.equals("iCCP")) {
      return IccProfile.ofPngAlone(payload).orElse(new byte[0]);
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

  private void drop() throws MediaException {
    if (!in.has(chunks.at(), chunks.length() + 4)) {
      throw in.endsEarly();
    }
  }

  private byte[] small(int most, boolean allowed) throws IOException, MediaException {
    if (chunks.length() > most || !allowed) {
      throw in.invalid("a wrong " + chunks.code() + " chunk");
    }
    return chunks.payload();
  }

  /** Writes a chunk that was read, if its checksum is right. */
  private void critical(byte[] payload) throws IOException, MediaException {
    if (!chunks.hasRightSum(payload)) {
      throw wrongSum(chunks.code());
    }
    Chunks.writePng(out, chunks.code(), payload);
  }

  /** Copies a chunk of pixels, which are looked at; {@code before} bytes of it are none. */
  private void pass(int before) throws IOException, MediaException {
    OutputStream copy = repairing || hidden ? OutputStream.nullOutputStream() : out;
    CRC32 sum = Chunks.sumOf(chunks.code());
    CRC32 copied = Chunks.sumOf(single ? "IDAT" : chunks.code());
    byte[] head = in.bytes(chunks.at(), before);
    sum.update(head);
    if (single) {
      int length = (int) chunks.length() - before;
      copy.write(ByteBuffer.allocate(8).putInt(length).putInt(PIXELS).array());
    } else {
      in.copy(chunks.at() - 8, 8, copy);
      copied.update(head);
      copy.write(head);
    }
    for (long at = chunks.at() + before; at < chunks.end(); ) {
      int some = in.read(at, buffer, 0, (int) Math.min(chunks.end() - at, buffer.length));
      sum.update(buffer, 0, some);
      copied.update(buffer, 0, some);
      copy.write(buffer, 0, some);
      Objects.requireNonNull(pixels).add(buffer, some);
      at += some;
    }
    // The pixels have a checksum of their own, which may know better.
    wrongPixelSum |= in.u32(chunks.end()) != sum.getValue();
    copy.write(ByteBuffer.allocate(4).putInt((int) copied.getValue()).array());
  }

  private MediaException wrongSum(String code) {
    return in.invalid("wrong checksum in its " + code + " chunk");
  }
}
