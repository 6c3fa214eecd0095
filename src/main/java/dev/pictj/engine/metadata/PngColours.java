package dev.pictj.engine.metadata;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;

/**
 * The chunks of a PNG that say what its numbers mean as colours (W3C PNG third edition, 11.3.2),
 * and its kind of pixels.
 *
 * @param depth bits of a channel
 * @param type of colour (table 12): 0 grey, 2 RGB, 3 palette, 4 grey and 6 RGB with transparency
 * @param transparent whether a {@code tRNS} says which colours are
 * @param chunks by name, without those that are damaged; the first of each, and none that stands
 *     behind pixels
 */
public record PngColours(int depth, int type, boolean transparent, Map<String, byte[]> chunks) {
  private static final int HEADER_END = 33;
  private static final int MAX_LENGTH = MetadataStripper.MAX_PROFILE;
  private static final Set<String> ABOUT_COLOUR = Set.of("cICP", "iCCP", "sRGB", "gAMA", "cHRM");

  /** Keeps them as they are now. */
  public PngColours {
    chunks = Map.copyOf(chunks);
  }

  /** Reads what stands before the pixels; what cannot be read is taken as absent. */
  public static PngColours of(Path png) throws IOException {
    Map<String, byte[]> chunks = new LinkedHashMap<>();
    int depth = 0;
    int type = 0;
    boolean transparent = false;
    try (RandomAccessFile file = new RandomAccessFile(png.toFile(), "r")) {
      file.seek(24);
      depth = file.readUnsignedByte();
      type = file.readUnsignedByte();
      file.seek(HEADER_END);
      while (true) {
        long length = Integer.toUnsignedLong(file.readInt());
        byte[] name = new byte[4];
        file.readFully(name);
        final long next = file.getFilePointer() + length + 4;
        String code = new String(name, StandardCharsets.ISO_8859_1);
        if (code.equals("IDAT") || code.equals("IEND")) {
          break;
        }
        transparent |= code.equals("tRNS");
        if (ABOUT_COLOUR.contains(code) && length <= MAX_LENGTH && !chunks.containsKey(code)) {
          byte[] payload = new byte[(int) length];
          file.readFully(payload);
          if (file.readInt() == sum(name, payload)) {
            chunks.put(code, payload);
          }
        }
        file.seek(next);
      }
    } catch (EOFException end) {
      // What was read so far must do.
    }
    return new PngColours(depth, type, transparent, chunks);
  }

  /** Whether pixels have one number, transparency aside. */
  public boolean isGrey() {
    return type == 0 || type == 4;
  }

  /** Whether anything is said of colours. */
  public boolean areTold() {
    return !chunks.isEmpty();
  }

  /** Whether pixels are eight bits a channel, and no palette. */
  public boolean isEightBitDirect() {
    return depth == 8 && type != 3;
  }

  /** The profile of a picture, where it is sound. */
  Optional<byte[]> profile() {
    return Optional.ofNullable(chunks.get("iCCP")).flatMap(PngColours::profile);
  }

  /**
   * An {@code iCCP} (11.3.2.3) of the same profile that has nothing behind that, nor behind the
   * stream that it is in; nothing where no sound one is in there.
   */
  static byte[] ofNothingElse(byte[] payload) throws IOException {
    Optional<Inflated> found = inflated(payload);
    Optional<byte[]> profile = found.flatMap(all -> ColourProfile.of(all.bytes()));
    if (profile.isEmpty()) {
      return new byte[0];
    }
    boolean nothingElse = found.get().last() && profile.get().length == found.get().bytes().length;
    return nothingElse ? payload : ofProfile(profile.get()).get("iCCP");
  }

  private static Optional<byte[]> profile(byte[] payload) {
    return inflated(payload).flatMap(all -> ColourProfile.of(all.bytes()));
  }

  /**
   * What is compressed, sound or not.
   *
   * @param last whether nothing stands behind it
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Inflated(byte[] bytes, boolean last) {}

  /** A name, a zero, method 0, and one zlib stream. */
  private static Optional<Inflated> inflated(byte[] payload) {
    int name = 0;
    while (name < payload.length && name < 80 && payload[name] != 0) {
      name++;
    }
    if (name + 2 >= payload.length || payload[name] != 0 || payload[name + 1] != 0) {
      return Optional.empty();
    }
    byte[] buffer = new byte[32_768];
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(payload, name + 2, payload.length - name - 2);
      ByteArrayOutputStream profile = new ByteArrayOutputStream();
      while (!inflater.finished()) {
        int some = inflater.inflate(buffer);
        profile.write(buffer, 0, some);
        if ((some == 0 && !inflater.finished()) || profile.size() > MAX_LENGTH) {
          return Optional.empty();
        }
      }
      return Optional.of(new Inflated(profile.toByteArray(), inflater.getRemaining() == 0));
    } catch (DataFormatException e) {
      return Optional.empty();
    }
  }

  /** The chunks of a picture that has nothing but a profile. */
  static Map<String, byte[]> ofProfile(byte[] profile) throws IOException {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    payload.writeBytes(new byte[] {'i', 'c', 'c', 0, 0});
    try (DeflaterOutputStream zlib =
        new DeflaterOutputStream(payload, new Deflater(Deflater.BEST_SPEED))) {
      zlib.write(profile);
    }
    return Map.of("iCCP", payload.toByteArray());
  }

  /**
   * Copies a PNG with other chunks about its colours than it has. Where it is damaged, the rest is
   * copied as it is.
   */
  static void replace(InputStream in, OutputStream out, Map<String, byte[]> chunks)
      throws IOException {
    out.write(in.readNBytes(HEADER_END));
    for (Map.Entry<String, byte[]> chunk : chunks.entrySet()) {
      byte[] name = chunk.getKey().getBytes(StandardCharsets.ISO_8859_1);
      byte[] payload = chunk.getValue();
      out.write(ByteBuffer.allocate(8).putInt(payload.length).put(name).array());
      out.write(payload);
      out.write(ByteBuffer.allocate(4).putInt(sum(name, payload)).array());
    }
    while (true) {
      byte[] head = in.readNBytes(8);
      String code = head.length < 8 ? "IDAT" : new String(head, 4, 4, StandardCharsets.ISO_8859_1);
      OutputStream kept = ABOUT_COLOUR.contains(code) ? OutputStream.nullOutputStream() : out;
      kept.write(head);
      if (code.equals("IDAT")) {
        in.transferTo(out);
        return;
      }
      copy(in, kept, 4 + Integer.toUnsignedLong(ByteBuffer.wrap(head).getInt()));
    }
  }

  private static void copy(InputStream in, OutputStream out, long length) throws IOException {
    byte[] buffer = new byte[8192];
    long left = length;
    while (left > 0) {
      int some = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (some < 0) {
        return;
      }
      out.write(buffer, 0, some);
      left -= some;
    }
  }

  private static int sum(byte[] name, byte[] payload) {
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(payload);
    return (int) sum.getValue();
  }
}
