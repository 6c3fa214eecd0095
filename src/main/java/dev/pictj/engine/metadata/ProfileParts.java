package dev.pictj.engine.metadata;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The segments that carry a JPEG's colour profile (ICC.1, annex B.4): a name of 12 bytes, the
 * number of the segment and of all, and a part of the profile. All of them or none are kept.
 */
final class ProfileParts {
  private static final byte[] NAME = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);

  /** Before the part of the profile. */
  private static final int HEAD = NAME.length + 2;

  /** They are numbered by one byte. */
  private static final int MAX_PARTS = 255;

  private final List<byte[]> parts = new ArrayList<>();
  private int length;
  private boolean absurd;

  /** Whether an APP2 segment is one. */
  static boolean isPart(byte[] payload) {
    return payload.length >= NAME.length
        && Arrays.equals(payload, 0, NAME.length, NAME, 0, NAME.length);
  }

  /** Takes the next one; the same one again is passed over. */
  void add(byte[] part) {
    if (parts.stream().anyMatch(known -> Arrays.equals(known, part))) {
      return;
    }
    length = Math.min(MetadataStripper.MAX_PROFILE + 1, length + part.length);
    absurd |= length > MetadataStripper.MAX_PROFILE || parts.size() == MAX_PARTS;
    if (absurd) {
      parts.clear();
    } else {
      parts.add(part);
    }
  }

  /** In the order of their numbers; empty where they do not make up one sound profile. */
  List<byte[]> whole() {
    Optional<byte[]> profile = profile();
    if (profile.isEmpty()) {
      return List.of();
    }
    int left = profile.get().length;
    if (left == parts.stream().mapToInt(part -> part.length - HEAD).sum()) {
      return List.copyOf(parts);
    }
    List<byte[]> shorter = new ArrayList<>();
    for (int i = 0; left > 0; i++) {
      byte[] part = parts.get(i);
      shorter.add(Arrays.copyOf(part, Math.min(part.length, HEAD + left)));
      left -= part.length - HEAD;
    }
    shorter.forEach(part -> part[HEAD - 1] = (byte) shorter.size());
    return shorter;
  }

  /** What they make up, where that is one sound profile; puts them in order. */
  Optional<byte[]> profile() {
    if (parts.stream().anyMatch(part -> part.length < HEAD)) {
      return Optional.empty();
    }
    parts.sort(Comparator.comparingInt(part -> part[12] & 0xFF));
    ByteArrayOutputStream profile = new ByteArrayOutputStream();
    for (int i = 0; i < parts.size(); i++) {
      byte[] part = parts.get(i);
      if (part[12] != (byte) (i + 1) || part[13] != (byte) parts.size()) {
        return Optional.empty();
      }
      profile.write(part, HEAD, part.length - HEAD);
    }
    return ColourProfile.of(profile.toByteArray());
  }
}
