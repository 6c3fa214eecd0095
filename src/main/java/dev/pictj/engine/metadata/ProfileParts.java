package dev.pictj.engine.metadata;

import java.util.ArrayList;
import java.util.List;

/**
 * The segments that carry a JPEG's colour profile (ICC.1, annex B.4). All of them or none are kept.
 */
final class ProfileParts {
  private final List<byte[]> parts = new ArrayList<>();
  private int length;

  void add(byte[] part) {
    length = Math.min(MetadataStripper.MAX_PROFILE + 1, length + part.length);
    if (length > MetadataStripper.MAX_PROFILE) {
      parts.clear();
    } else {
      parts.add(part);
    }
  }

  List<byte[]> whole() {
    return List.copyOf(parts);
  }
}
