package dev.pictj.engine.metadata;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The segments that carry a JPEG's colour profile (ICC.1, annex B.4): a name of 12 bytes, the
 * number of the segment and of all, and a part of the profile. All of them or none are kept.
 */
final class ProfileParts {
  private static final int HEAD = 14;

  /** They are numbered by one byte. */
  private static final int MAX_PARTS = 255;

  private final List<byte[]> parts = new ArrayList<>();
  private int length;
  private boolean absurd;

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
    List<byte[]> ordered = new ArrayList<>(parts);
    if (parts.stream().anyMatch(part -> part.length < HEAD)) {
      return List.of();
    }
    ordered.sort(Comparator.comparingInt(part -> part[12] & 0xFF));
    ByteArrayOutputStream profile = new ByteArrayOutputStream();
    for (int i = 0; i < ordered.size(); i++) {
      byte[] part = ordered.get(i);
      if (part[12] != (byte) (i + 1) || part[13] != (byte) ordered.size()) {
        return List.of();
      }
      profile.write(part, HEAD, part.length - HEAD);
    }
    return ColourProfile.isSound(profile.toByteArray()) ? List.copyOf(ordered) : List.of();
  }
}
