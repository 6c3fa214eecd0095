package dev.pictj.engine.metadata;

import dev.pictj.media.MediaException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Copies the chunks of a PNG (W3C PNG third edition) that a decoder needs, checks their sums, and
 * counts the pixels of every frame while they pass.
 */
final class PngStripper {
  private static final long SIGNATURE = 0x89504E470D0A1A0AL;
  private static final int MAX_CHUNKS = 1_000_000;

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
  private final byte[] buffer = new byte[32_768];
  private final Set<String> seen = new HashSet<>();
  private boolean sound = true;
  private PngHeading heading;
  private PixelCount pixels;
  private String last = "";
  private boolean animated;
  private long announced;
  private long frames;
  private int sequence;

  PngStripper(Input in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  /** Copies all of it and tells whether the file is sound. */
  boolean run() throws IOException, MediaException {
    if (ByteBuffer.wrap(in.bytes(8)).getLong() != SIGNATURE) {
      throw in.invalid("it does not begin with its signature");
    }
    out.write(ByteBuffer.allocate(8).putLong(SIGNATURE).array());
    try {
      for (int i = 0; !last.equals("IEND"); i++) {
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
    } finally {
      if (pixels != null) {
        pixels.close();
      }
    }
    if (!seen.contains("IDAT")) {
      throw in.invalid("no pixels");
    }
    return sound && (!animated || frames == announced);
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
    switch (code) {
      case "IHDR" -> {
        byte[] payload = small(code, length, 13, first);
        heading = PngHeading.parse(in, payload);
        critical(code, payload);
      }
      case "PLTE" -> {
        byte[] payload = small(code, length, 768, first && !afterPixels);
        critical(code, payload);
      }
      case "IEND" -> critical(code, small(code, length, 0, true));
      case "IDAT" -> {
        if (!first && !last.equals(code)) {
          throw in.invalid("its pixels stand in two places");
        }
        if (pixels == null) {
          pixels = new PixelCount(in, heading.inflatedLength(heading.width(), heading.height()));
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

  /** The pixels of a frame are complete when a chunk of another kind follows. */
  private void endFrame(String next) throws MediaException {
    if (pixels != null && (last.equals("IDAT") || last.equals("fdAT"))) {
      try (PixelCount done = pixels) {
        pixels = null;
        sound &= done.finish();
      }
      return;
    }
    if (pixels != null && (next.equals("fcTL") || next.equals("IEND"))) {
      throw in.invalid("a frame without pixels");
    }
  }

  private void frameControl(byte[] payload) throws IOException, MediaException {
    ByteBuffer fields = ByteBuffer.wrap(payload);
    if (payload.length != 26 || pixels != null) {
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
    frames++;
    if (seen.contains("IDAT")) {
      pixels = new PixelCount(in, heading.inflatedLength(width, height));
    }
    critical("fcTL", payload);
  }

  private void inSequence(int number) {
    sound &= number == sequence++;
  }

  private void optional(String code, int length, boolean first, boolean afterPixels)
      throws IOException, MediaException {
    Integer most = KEPT.get(code);
    if (most == null) {
      if ((code.charAt(0) & 0x20) == 0) {
        throw in.invalid("an unknown chunk that no reader may ignore");
      }
      drop(length);
    } else if (length > most || !first || afterPixels) {
      sound = false;
      drop(length);
    } else {
      byte[] payload = in.bytes(length);
      if (code.equals("iCCP") && !isProfile(payload)) {
        drop(0);
      } else if (!write(code, payload)) {
        sound = false;
      }
    }
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

  private void critical(String code, byte[] payload) throws IOException, MediaException {
    if (!write(code, payload)) {
      throw wrongSum(code);
    }
  }

  /** Writes a chunk as it came and tells whether its checksum is right. */
  private boolean write(String code, byte[] payload) throws IOException, MediaException {
    CRC32 sum = begin(code, payload.length);
    sum.update(payload);
    out.write(payload);
    return end(sum);
  }

  /** Copies a chunk of pixels through the counter; {@code head} is what was read of it. */
  private void pass(String code, int length, byte[] head) throws IOException, MediaException {
    CRC32 sum = begin(code, length);
    sum.update(head);
    out.write(head);
    int left = length - head.length;
    while (left > 0) {
      int some = in.some(buffer, 0, Math.min(left, buffer.length));
      sum.update(buffer, 0, some);
      out.write(buffer, 0, some);
      pixels.add(buffer, some);
      left -= some;
    }
    if (!end(sum)) {
      throw wrongSum(code);
    }
  }

  private CRC32 begin(String code, int length) throws IOException {
    byte[] name = code.getBytes(StandardCharsets.ISO_8859_1);
    out.write(ByteBuffer.allocate(8).putInt(length).put(name).array());
    CRC32 sum = new CRC32();
    sum.update(name);
    return sum;
  }

  private boolean end(CRC32 sum) throws IOException, MediaException {
    int stored = in.i32();
    out.write(ByteBuffer.allocate(4).putInt(stored).array());
    return stored == (int) sum.getValue();
  }

  private MediaException wrongSum(String code) {
    return in.invalid("wrong checksum in its " + code + " chunk");
  }

  /** A name, a zero, method 0, and one zlib stream of a sound profile with nothing behind it. */
  private boolean isProfile(byte[] payload) {
    int name = 0;
    while (name < payload.length && name < 80 && payload[name] != 0) {
      name++;
    }
    if (name + 2 >= payload.length || payload[name] != 0 || payload[name + 1] != 0) {
      return false;
    }
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(payload, name + 2, payload.length - name - 2);
      ByteArrayOutputStream profile = new ByteArrayOutputStream();
      while (!inflater.finished()) {
        int some = inflater.inflate(buffer);
        profile.write(buffer, 0, some);
        if ((some == 0 && !inflater.finished()) || profile.size() > MetadataStripper.MAX_PROFILE) {
          return false;
        }
      }
      return inflater.getRemaining() == 0 && ColourProfile.isSound(profile.toByteArray());
    } catch (DataFormatException e) {
      return false;
    }
  }
}
