package dev.pictj.engine.metadata;

import dev.pictj.media.ByteSource;
import dev.pictj.media.Chunks;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import java.io.IOException;
import java.nio.file.Path;

/** Tells whether a source is lossless, which ImageMagick does not tell before it has decoded it. */
public final class PictureHeader {
  private PictureHeader() {}

  /** Whether a picture is lossless, as far as its header tells, in a format that may be lossy. */
  public static boolean isLossless(Path source, MediaType type) throws IOException {
    return type == MediaType.WEBP && isLossless(source);
  }

  /**
   * Whether the first frame of a WebP is coded without loss: its bitstream is a {@code VP8L} chunk,
   * inside an {@code ANMF} chunk when animated (RFC 9649, 2.3 to 2.7).
   */
  public static boolean isLossless(Path webp) throws IOException {
    try (ByteSource in = ByteSource.ofHeader(webp)) {
      Chunks chunks = Chunks.ofWebp(in);
      while (chunks.next()) {
        if (chunks.isBitstream()) {
          return chunks.code().equals("VP8L");
        }
        if (chunks.code().equals("ANMF")) {
          // The frame's own chunks follow after 16 bytes about the frame.
          chunks = chunks.inner(16);
        }
      }
      return false;
    } catch (MediaException _) {
      return false;
    }
  }
}
