package dev.pictj.media;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;

/**
 * ICC profiles (ICC.1:2022), and how pictures carry them: in a WebP one is a chunk, in a PNG it is
 * compressed, and in a JPEG it is cut into segments. Decoders and browsers refuse whole pictures
 * for the sake of a profile that lies about its own length or tags, so that only sound ones count.
 */
public final class IccProfile {
  /** The most bytes of a profile; longer ones are dropped, and real ones are far shorter. */
  public static final int MAX_LENGTH = 4 << 20;

  /** Bytes before the number of tags. */
  private static final int HEADER = 128;

  private static final int SIGNATURE = 0x61637370;

  /** Bytes of padding to a multiple of four, which some programs do not count. */
  private static final int MAX_PADDING = 3;

  /** The most tags of a profile; real ones have ten to thirty. */
  private static final int MAX_TAGS = 100;

  private IccProfile() {}

  /**
   * The profile that some bytes begin with, as long as it says itself (7.2.2): all readers pass
   * over what is behind it. Empty where it is not sound.
   */
  public static Optional<byte[]> of(byte[] bytes) {
    if (bytes.length < HEADER + 4) {
      return Optional.empty();
    }
    int length = Math.max(0, ByteBuffer.wrap(bytes).getInt(0));
    boolean much = bytes.length - length > MAX_PADDING;
    return Optional.of(much ? Arrays.copyOf(bytes, length) : bytes)
        .filter(profile -> length <= bytes.length && isSound(profile));
  }

  /** Whether signature and table of tags (7.2.9, 7.3) fit the bytes. */
  private static boolean isSound(byte[] profile) {
    if (profile.length < HEADER + 4) {
      return false;
    }
    ByteBuffer bytes = ByteBuffer.wrap(profile);
    int tags = bytes.getInt(HEADER);
    if (bytes.getInt(36) != SIGNATURE
        || tags < 1
        || tags > MAX_TAGS
        || profile.length < HEADER + 4 + 12 * tags) {
      return false;
    }
    for (int i = 0; i < tags; i++) {
      int entry = HEADER + 4 + 12 * i;
      long offset = bytes.getInt(entry + 4) & 0xFFFF_FFFFL;
      long length = bytes.getInt(entry + 8) & 0xFFFF_FFFFL;
      if (offset < HEADER || offset + length > profile.length) {
        return false;
      }
    }
    return true;
  }

  /** Whether a sound profile has this tag. */
  public static boolean hasTag(byte[] profile, String tag) {
    int tags = ByteBuffer.wrap(profile).getInt(HEADER);
    for (int i = 0; i < tags; i++) {
      if (code(profile, HEADER + 4 + 12 * i).equals(tag)) {
        return true;
      }
    }
    return false;
  }

  /** Four characters of a profile. */
  public static String code(byte[] profile, int at) {
    return new String(profile, at, 4, StandardCharsets.ISO_8859_1);
  }

  /**
   * The segments that carry a JPEG's profile (annex B.4): a name of 12 bytes, the number of the
   * segment and of all, and a part of the profile. All of them count or none.
   */
  public static final class JpegParts {
    private static final String NAME = "ICC_PROFILE\0";

    /** Before the part of the profile: the name, its number, and that of all. */
    private static final int HEAD = 14;

    /** The most segments, which are numbered by one byte. */
    private static final int MAX_PARTS = 255;

    private final List<byte[]> parts = new ArrayList<>();
    private int length;
    private boolean any;
    private boolean absurd;

    /** Takes the payload of an APP2 segment, whatever it is; the same again is passed over. */
    public void add(byte[] payload) {
      if (!JpegSegments.startsWith(payload, NAME)
          || parts.stream().anyMatch(known -> Arrays.equals(known, payload))) {
        return;
      }
      any = true;
      length = Math.min(MAX_LENGTH + 1, length + payload.length);
      absurd |= length > MAX_LENGTH || parts.size() == MAX_PARTS;
      if (absurd) {
        parts.clear();
      } else {
        parts.add(payload);
      }
    }

    /** Whether there was a profile, sound or not. */
    public boolean any() {
      return any;
    }

    /** The profile that the segments make up; empty where it is not sound. */
    public Optional<byte[]> profile() {
      if (parts.stream().anyMatch(part -> part.length < HEAD)) {
        return Optional.empty();
      }
      parts.sort(Comparator.comparingInt(part -> part[HEAD - 2] & 0xFF));
      ByteArrayOutputStream profile = new ByteArrayOutputStream();
      for (int i = 0; i < parts.size(); i++) {
        byte[] part = parts.get(i);
        if (part[HEAD - 2] != (byte) (i + 1) || part[HEAD - 1] != (byte) parts.size()) {
          return Optional.empty();
        }
        profile.write(part, HEAD, part.length - HEAD);
      }
      return of(profile.toByteArray());
    }

    /** The payloads of the segments in their order, without what is behind the profile. */
    public List<byte[]> whole() {
      List<byte[]> whole = new ArrayList<>();
      int left = profile().map(profile -> profile.length).orElse(0);
      for (int i = 0; left > 0; i++) {
        byte[] part = parts.get(i);
        whole.add(Arrays.copyOf(part, Math.min(part.length, HEAD + left)));
        left -= part.length - HEAD;
      }
      whole.forEach(part -> part[HEAD - 1] = (byte) whole.size());
      return whole;
    }
  }

  /**
   * The sound profile that an {@code iCCP} chunk (PNG third edition, 11.3.2.3) has: behind a name,
   * a zero and method 0, in one zlib stream.
   */
  public static Optional<byte[]> ofPng(byte[] chunk) {
    return unpacked(chunk).flatMap(all -> of(all.bytes()));
  }

  /** This chunk without what stands behind the profile; empty where its profile is not sound. */
  public static Optional<byte[]> ofPngAlone(byte[] chunk) throws IOException {
    Optional<Unpacked> found = unpacked(chunk);
    Optional<byte[]> profile = found.flatMap(all -> of(all.bytes()));
    if (profile.isEmpty()) {
      return profile;
    }
    boolean alone = found.get().last() && profile.get().length == found.get().bytes().length;
    return Optional.of(alone ? chunk : toPng(profile.get()));
  }

  /** The {@code iCCP} chunk of a profile. */
  public static byte[] toPng(byte[] profile) throws IOException {
    ByteArrayOutputStream chunk = new ByteArrayOutputStream();
    chunk.writeBytes(new byte[] {'i', 'c', 'c', 0, 0});
    try (DeflaterOutputStream zlib =
        new DeflaterOutputStream(chunk, new Deflater(Deflater.BEST_SPEED))) {
      zlib.write(profile);
    }
    return chunk.toByteArray();
  }

  /**
   * Inflates a profile, sound or not.
   *
   * @param last whether nothing stands behind it
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Unpacked(byte[] bytes, boolean last) {}

  private static Optional<Unpacked> unpacked(byte[] chunk) {
    int name = 0;
    while (name < chunk.length && name < 80 && chunk[name] != 0) {
      name++;
    }
    if (name + 2 >= chunk.length || chunk[name] != 0 || chunk[name + 1] != 0) {
      return Optional.empty();
    }
    byte[] buffer = new byte[32_768];
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(chunk, name + 2, chunk.length - name - 2);
      ByteArrayOutputStream profile = new ByteArrayOutputStream();
      while (!inflater.finished()) {
        int some = inflater.inflate(buffer);
        profile.write(buffer, 0, some);
        if ((some == 0 && !inflater.finished()) || profile.size() > MAX_LENGTH) {
          return Optional.empty();
        }
      }
      return Optional.of(new Unpacked(profile.toByteArray(), inflater.getRemaining() == 0));
    } catch (DataFormatException e) {
      return Optional.empty();
    }
  }
}
