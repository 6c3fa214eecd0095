package dev.pictj.codec.jpeg;

import dev.pictj.media.ByteSource;
import dev.pictj.media.IccProfile;
import dev.pictj.media.JpegSegments;
import dev.pictj.media.MediaException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * What comes before the first scan of a JPEG in memory (ITU-T T.81, B.1.1), as far as one made of
 * it takes it over.
 *
 * @param profile the payloads of the segments that carry the colour profile (ICC.1, annex B.4)
 */
record JpegHead(ChromaSampling sampling, List<byte[]> profile) {
  /** SOF2; those above are not for browsers. */
  private static final int PROGRESSIVE = 0xC2;

  /** B.2.2: where a frame header has what. */
  private static final int COMPONENTS = 5;

  private static final int FIRST_SAMPLING = 7;
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
      ByteSource in = ByteSource.ofMemory(jpeg.asByteBuffer(), "JPEG");
      return in.u16(0) == 0xFFD8 ? read(in) : Optional.empty();
    } catch (IOException | MediaException | IndexOutOfBoundsException _) {
      return Optional.empty();
    }
  }

  private static Optional<JpegHead> read(ByteSource in) throws IOException, MediaException {
    IccProfile.JpegParts profile = new IccProfile.JpegParts();
    Optional<ChromaSampling> sampling = Optional.empty();
    JpegSegments segments = new JpegSegments(in);
    while (segments.nextBeforeScan()) {
      if (segments.isFrame() && segments.marker() <= PROGRESSIVE) {
        sampling = sampling(segments.payload());
      } else if (segments.marker() == JpegSegments.APP2) {
        profile.add(segments.payload());
      }
    }
    boolean usual =
        segments.marker() == JpegSegments.SOS
            && !segments.areOdd()
            && profile.any() == profile.profile().isPresent();
    return sampling.filter(_ -> usual).map(known -> new JpegHead(known, profile.whole()));
  }

  private static Optional<ChromaSampling> sampling(byte[] frame) {
    if (frame[0] != 8) {
      return Optional.empty();
    }
    if (frame[COMPONENTS] == 1) {
      return Optional.of(ChromaSampling.GREY);
    }
    boolean usual =
        frame[COMPONENTS] == 3
            && frame[FIRST_SAMPLING + OF_A_COMPONENT] == ONE_BY_ONE
            && frame[FIRST_SAMPLING + 2 * OF_A_COMPONENT] == ONE_BY_ONE;
    int first = frame[FIRST_SAMPLING];
    return usual ? ChromaSampling.of(first >> 4, first & 15) : Optional.empty();
  }
}
