package dev.pictj.media;

import java.io.IOException;
import java.nio.file.Path;

/** Whether a still may have transparent pixels, as far as its header tells. Decodes no pixels. */
public final class Transparency {
  /** The flag of alpha in the extended header of a WebP (RFC 9649, section 2.7.1). */
  private static final int WEBP_ALPHA = 0x10;

  /**
   * The flag of alpha after the two sides of 14 bits in a lossless WebP (RFC 9649, section 3.4).
   */
  private static final int LOSSLESS_ALPHA = 1 << 28;

  private Transparency() {}

  /**
   * Reads the header of a stored file. That pixels may be transparent does not mean that one is.
   *
   * @param file of a format that {@linkplain MediaType.Trait#ALPHA can hold} transparency; of all
   *     others the answer is no
   * @throws MediaException when it is damaged
   */
  public static boolean isPossible(Path file) throws IOException, MediaException {
    try (ByteSource in = ByteSource.ofHeader(file)) {
      Probed probed = HeaderProbe.read(in);
      if (!probed.type().has(MediaType.Trait.ALPHA)) {
        return false;
      }
      return switch (probed.type()) {
        case PNG, APNG -> png(in);
        case WEBP -> webp(in);
        case GIF -> true;
        default -> probed.samples().map(Samples::alpha).orElse(true);
      };
    }
  }

  private static boolean png(ByteSource in) throws IOException, MediaException {
    Chunks chunks = Chunks.ofPng(in);
    while (chunks.next() && !chunks.code().equals("IDAT")) {
      if (chunks.code().equals("tRNS")) {
        return true;
      }
      if (chunks.code().equals("IHDR")
          && PngHeading.parse(in, chunks.payload()).channels() % 2 == 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean webp(ByteSource in) throws IOException, MediaException {
    Chunks chunks = Chunks.ofWebp(in);
    chunks.next();
    return switch (chunks.code()) {
      case "VP8X" -> (in.u8(chunks.at()) & WEBP_ALPHA) != 0;
      case "VP8L" -> (in.littleU32(chunks.at() + 1) & LOSSLESS_ALPHA) != 0;
      default -> false;
    };
  }
}
