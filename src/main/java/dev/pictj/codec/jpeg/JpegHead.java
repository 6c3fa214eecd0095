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

  JpegHead {
    profile = List.copyOf(profile);
  }

  /**
   * Reads the segments before the first scan.
   *
   * @return empty for whatever is not usual
   */
  static Optional<JpegHead> of(MemorySegment jpeg) {
    try {
      ByteSource in = ByteSource.ofMemory(jpeg.asByteBuffer(), "JPEG");
      return in.u16(0) == 0xFFD8 ? read(in) : Optional.empty();
    } catch (IOException | MediaException | GiveUpException | IndexOutOfBoundsException _) {
      return Optional.empty();
    }
  }

  private static Optional<JpegHead> read(ByteSource in)
      throws IOException, MediaException, GiveUpException {
    IccProfile.JpegParts profile = new IccProfile.JpegParts();
    Optional<ChromaSampling> sampling = Optional.empty();
    JpegSegments segments = new JpegSegments(in);
    while (segments.nextBeforeScan()) {
      if (segments.isFrame() && segments.marker() <= PROGRESSIVE) {
        sampling = sampling(FrameHeader.of(segments.payload(), segments.marker() == PROGRESSIVE));
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

  private static Optional<ChromaSampling> sampling(FrameHeader frame) {
    Component luma = frame.components().getFirst();
    if (frame.components().size() == 1) {
      return Optional.of(ChromaSampling.GREY);
    }
    boolean usual =
        frame.components().stream()
            .skip(1)
            .allMatch(chroma -> chroma.horizontal() == 1 && chroma.vertical() == 1);
    return usual ? ChromaSampling.of(luma.horizontal(), luma.vertical()) : Optional.empty();
  }
}
