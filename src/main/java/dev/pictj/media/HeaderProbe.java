package dev.pictj.media;

import dev.pictj.media.MediaException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads what a file says about itself: type, size, frames, orientation. Decodes no pixels, holds a
 * few kilobytes whatever the size of the file, and takes less than a millisecond for the usual
 * ones. What it says is a claim: an engine that decodes the file compares.
 */
public final class HeaderProbe {
  private HeaderProbe() {}

  /**
   * What the header of a file says. Dimensions are as stored; the orientation is reported, not
   * applied.
   *
   * @throws MediaException {@code UNSUPPORTED} when the bytes are none of the accepted types,
   *     {@code INVALID} when the header is damaged or contradicts itself
   */
  public static Probed probe(Path file) throws IOException, MediaException {
    try (ByteSource in = ByteSource.ofHeader(file)) {
      MediaType type = type(in);
      return switch (type) {
        case JPEG -> JpegHeader.read(in);
        case PNG -> PngHeader.read(in);
        case WEBP -> WebpHeader.read(in);
        case GIF -> GifHeader.read(in);
        case MP4, QUICKTIME -> MovieHeader.read(in, type);
      };
    }
  }

  /**
   * How long each frame of a GIF says that it is shown, in hundredths of a second. What browsers
   * make of 0 and 1 is not looked at.
   */
  public static List<Integer> gifDelays(Path file) throws IOException, MediaException {
    try (ByteSource in = ByteSource.ofHeader(file)) {
      return GifHeader.delays(in);
    }
  }

  private static MediaType type(ByteSource in) throws IOException, MediaException {
    Optional<MediaType> type = Signature.sniff(head(in, Signature.SNIFF_LENGTH));
    if (type.isEmpty()) {
      type = Signature.ofBoxes(in);
    }
    if (type.isEmpty()) {
      throw new MediaException(
          Reason.UNSUPPORTED,
          "Unsupported image format: this is %s; accepted are %s"
              .formatted(
                  ForeignFormat.nameOf(head(in, ForeignFormat.SNIFF_LENGTH)),
                  Arrays.stream(MediaType.values())
                      .map(MediaType::label)
                      .collect(Collectors.joining(", "))));
    }
    return type.get();
  }

  private static byte[] head(ByteSource in, int length) throws IOException, MediaException {
    return in.bytes(0, (int) Math.min(length, in.size()));
  }
}
