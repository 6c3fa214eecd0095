package dev.pictj.codec.jpeg;

import dev.pictj.media.Dimensions;
import dev.pictj.pictures.JpegParts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Optional;

/** Decodes files that are in memory, as large as they say they are. */
final class Decoding {
  private Decoding() {}

  static Optional<Raster> of(byte[] jpeg, Dimensions stored, int shrink, boolean wholeChroma)
      throws IOException {
    return ShrunkenJpeg.decode(
        Channels.newChannel(new ByteArrayInputStream(jpeg)),
        stored,
        shrink,
        wholeChroma,
        () -> false);
  }

  static Optional<Raster> of(byte[] jpeg, int shrink, boolean wholeChroma) throws IOException {
    return of(jpeg, size(jpeg), shrink, wholeChroma);
  }

  /** The size in the frame header of a sound file. */
  static Dimensions size(byte[] jpeg) {
    List<JpegParts.Part> parts = JpegParts.of(jpeg);
    byte[] frame = parts.get(JpegParts.first(parts, Decoding::isFrame)).payload();
    return new Dimensions(
        (frame[3] & 0xFF) << 8 | (frame[4] & 0xFF), (frame[1] & 0xFF) << 8 | (frame[2] & 0xFF));
  }

  static boolean isFrame(JpegParts.Part part) {
    return part.marker() >= 0xC0
        && part.marker() <= 0xCF
        && part.marker() != 0xC4
        && part.marker() != 0xC8
        && part.marker() != 0xCC;
  }

  static boolean isScan(JpegParts.Part part) {
    return part.marker() == 0xDA;
  }
}
