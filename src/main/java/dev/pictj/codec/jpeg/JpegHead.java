package dev.pictj.codec.jpeg;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What comes before the first scan of a JPEG in memory (ITU-T T.81, B.1.1), as far as one made of
 * it takes it over.
 *
 * @param profile the segments that carry the colour profile (ICC.1, annex B.4), with their markers
 */
record JpegHead(ChromaSampling sampling, List<MemorySegment> profile) {
  private static final int BEGINNING = 0xD8;
  private static final int SCAN = 0xDA;
  private static final int BASELINE = 0xC0;
  private static final int PROGRESSIVE = 0xC2;
  private static final int FIRST_ALONE = 0xD0;
  private static final int LAST_ALONE = 0xD9;
  private static final int APP2 = 0xE2;
  private static final byte[] PROFILE_NAME = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);

  /** Where a part of a profile has its number, after marker, length and name. */
  private static final int PART_NUMBER = 4 + PROFILE_NAME.length;

  /** B.2.2: where a frame header, after marker and length, has what. */
  private static final int PRECISION = 4;

  private static final int COMPONENTS = 9;
  private static final int FIRST_SAMPLING = 11;
  private static final int OF_A_COMPONENT = 3;
  private static final int ONE_BY_ONE = 0x11;

  JpegHead {
    profile = List.copyOf(profile);
  }

  /**
   * Reads it.
   *
   * @return empty for whatever is not usual
   */
  static Optional<JpegHead> of(MemorySegment jpeg) {
    try {
      return read(jpeg);
    } catch (IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static Optional<JpegHead> read(MemorySegment jpeg) {
    List<MemorySegment> profile = new ArrayList<>();
    Optional<ChromaSampling> sampling = Optional.empty();
    long at = 2;
    if (u8(jpeg, 0) != 0xFF || u8(jpeg, 1) != BEGINNING) {
      return Optional.empty();
    }
    while (true) {
      int marker = u8(jpeg, at + 1);
      int length = 2 + (u8(jpeg, at + 2) << 8 | u8(jpeg, at + 3));
      if (u8(jpeg, at) != 0xFF || length < 4 || !isSegment(marker)) {
        return Optional.empty();
      }
      MemorySegment segment = jpeg.asSlice(at, length);
      if (marker >= BASELINE && marker <= PROGRESSIVE) {
        sampling = sampling(segment);
      } else if (marker == APP2 && isProfile(segment)) {
        profile.add(segment);
      } else if (marker == SCAN) {
        return sampling.filter(_ -> isWhole(profile)).map(known -> new JpegHead(known, profile));
      }
      at += length;
    }
  }

  /** Fill bytes, and markers that stand alone or end everything, have no length (B.1.1). */
  private static boolean isSegment(int marker) {
    return marker >= BASELINE && marker != 0xFF && (marker < FIRST_ALONE || marker > LAST_ALONE);
  }

  private static boolean isProfile(MemorySegment segment) {
    MemorySegment name = MemorySegment.ofArray(PROFILE_NAME);
    return segment.byteSize() > PART_NUMBER + 1
        && MemorySegment.mismatch(segment, 4, 4 + name.byteSize(), name, 0, name.byteSize()) < 0;
  }

  /** Each part tells its number, from 1 on, and that of all. */
  private static boolean isWhole(List<MemorySegment> profile) {
    for (int i = 0; i < profile.size(); i++) {
      if (u8(profile.get(i), PART_NUMBER) != i + 1
          || u8(profile.get(i), PART_NUMBER + 1) != profile.size()) {
        return false;
      }
    }
    return true;
  }

  private static Optional<ChromaSampling> sampling(MemorySegment frame) {
    int components = u8(frame, COMPONENTS);
    if (u8(frame, PRECISION) != 8) {
      return Optional.empty();
    }
    if (components == 1) {
      return Optional.of(ChromaSampling.GREY);
    }
    boolean usual =
        components == 3
            && u8(frame, FIRST_SAMPLING + OF_A_COMPONENT) == ONE_BY_ONE
            && u8(frame, FIRST_SAMPLING + 2 * OF_A_COMPONENT) == ONE_BY_ONE;
    int first = u8(frame, FIRST_SAMPLING);
    return usual ? ChromaSampling.of(first >> 4, first & 15) : Optional.empty();
  }

  private static int u8(MemorySegment bytes, long at) {
    return bytes.get(JAVA_BYTE, at) & 0xFF;
  }
}
