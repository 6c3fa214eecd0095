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
 * few kilobytes whatever the size of the file, and takes a few milliseconds for the usual ones.
 *
 * <p>Two readers look at every still: an ImageIO reader, and a small walker of our own that also
 * sees what ImageIO is blind to (frames of PNG, orientation, frames beyond the canvas). Where they
 * disagree the file is refused. May be used by many threads.
 */
public final class HeaderProbe {
  private final DecoderHeader decoders = new DecoderHeader();

  /**
   * Makes a probe.
   *
   * @throws IllegalStateException when an image reader is missing from the class path
   */
  public HeaderProbe() {}

  /**
   * What the header of a file says. Dimensions are as stored; the orientation is reported, not
   * applied.
   *
   * @throws MediaException {@code UNSUPPORTED} when the bytes are none of the accepted types,
   *     {@code INVALID} when the header is damaged or contradicts itself
   */
  public Probed probe(Path file) throws IOException, MediaException {
    try (ByteSource in = ByteSource.ofHeader(file)) {
      MediaType type = type(in);
      return switch (type) {
        case JPEG -> {
          JpegHeader header = JpegHeader.read(in);
          decoders.confirm(MediaType.JPEG, header.skeleton(), header.probed().dimensions());
          yield header.probed();
        }
        case PNG, APNG -> confirmed(file, PngHeader.read(in));
        case WEBP -> {
          WebpHeader header = WebpHeader.read(in);
          decoders.confirm(MediaType.WEBP, header.skeleton(), header.firstFrame());
          yield header.probed();
        }
        case GIF -> {
          Probed probed = GifHeader.read(in);
          // The first frame may be smaller than the canvas, so its size is not compared.
          decoders.firstFrame(MediaType.GIF, file);
          yield probed;
        }
        case AVIF, HEIC, JXL, MP4, WEBM, QUICKTIME -> read(in, type);
      };
    }
  }

  /**
   * Reads the header of a file that was probed when it came, or that an engine made, by our walker
   * alone: the other reader takes ten times as long and a hundred times the memory.
   */
  public Probed probeAgain(Path file) throws IOException, MediaException {
    try (ByteSource in = ByteSource.ofHeader(file)) {
      return read(in);
    }
  }

  static Probed read(ByteSource in) throws IOException, MediaException {
    return read(in, type(in));
  }

  private static Probed read(ByteSource in, MediaType type) throws IOException, MediaException {
    return switch (type) {
      case JPEG -> JpegHeader.read(in).probed();
      case PNG, APNG -> PngHeader.read(in);
      case WEBP -> WebpHeader.read(in).probed();
      case GIF -> GifHeader.read(in);
      case AVIF, HEIC -> HeifHeader.read(in, type);
      case JXL -> JxlHeader.read(in);
      case MP4, QUICKTIME -> MovieHeader.read(in, type);
      case WEBM -> WebmHeader.read(in);
    };
  }

  /**
   * How long each frame of a GIF says that it is shown, in hundredths of a second. What browsers
   * make of 0 and 1 is not looked at.
   */
  public List<Integer> gifDelays(Path file) throws IOException, MediaException {
    try (ByteSource in = ByteSource.ofHeader(file)) {
      return GifHeader.delays(in);
    }
  }

  private static MediaType type(ByteSource in) throws IOException, MediaException {
    byte[] head = in.bytes(0, (int) Math.min(Signature.SNIFF_LENGTH, in.size()));
    Optional<MediaType> type = Signature.sniff(head);
    if (type.isEmpty()) {
      type = Signature.ofBoxes(in);
    }
    if (type.isEmpty()) {
      int length = (int) Math.min(ForeignFormat.SNIFF_LENGTH, in.size());
      throw new MediaException(
          Reason.UNSUPPORTED,
          "Unsupported image format: this is %s; accepted are %s"
              .formatted(
                  ForeignFormat.nameOf(in.bytes(0, length)),
                  Arrays.stream(MediaType.values())
                      .map(MediaType::label)
                      .collect(Collectors.joining(", "))));
    }
    return type.get();
  }

  private Probed confirmed(Path file, Probed probed) throws IOException, MediaException {
    decoders.confirm(MediaType.PNG, file, probed.dimensions());
    return probed;
  }
}
