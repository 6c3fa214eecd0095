package dev.pictj.engine.metadata;

import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Copies a picture without its metadata: what is needed to show it (pixels, colour, transparency,
 * timing) stays bit for bit, everything else (EXIF, GPS, XMP, IPTC, comments, thumbnails, unknown
 * parts, bytes after the end) goes. Works in one pass with buffers of fixed size; may be used by
 * many threads.
 */
public final class MetadataStripper {
  /** Longer colour profiles are dropped; real ones stay far below. */
  static final int MAX_PROFILE = 4 << 20;

  private static final int BUFFER = 65_536;

  /** Makes a stripper. */
  public MetadataStripper() {}

  /**
   * Copies without metadata.
   *
   * @param type JPEG, PNG or WEBP
   * @param target created or overwritten; its content means nothing when this throws
   * @throws MediaException {@code INVALID} when the structure is damaged beyond reading, or holds
   *     more or fewer pixels than its header says
   */
  public Stripped strip(MediaType type, Path source, Path target)
      throws IOException, MediaException {
    return strip(type, source, target, Optional.empty());
  }

  /**
   * The same, and takes the digest of what is written on the way where it is written from front to
   * back.
   *
   * @param digest gets the bytes of a JPEG or PNG; of a WebP, whose length at the front is known
   *     last, it gets none
   */
  public Stripped strip(MediaType type, Path source, Path target, MessageDigest digest)
      throws IOException, MediaException {
    return strip(type, source, target, Optional.of(digest));
  }

  /** Whether the other one takes the digest of such a file. */
  public static boolean digests(MediaType type) {
    return type == MediaType.JPEG || type == MediaType.PNG;
  }

  private Stripped strip(MediaType type, Path source, Path target, Optional<MessageDigest> digest)
      throws IOException, MediaException {
    return switch (type) {
      case JPEG -> {
        try (Input in = new Input(source, "JPEG");
            OutputStream out = buffered(target, digest)) {
          yield new Stripped(new JpegStripper(in, out).run());
        }
      }
      case PNG -> {
        try (Input in = new Input(source, "PNG");
            OutputStream out = buffered(target, digest)) {
          yield new Stripped(new PngStripper(in, out).run());
        }
      }
      case WEBP -> {
        try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ);
            FileChannel out =
                FileChannel.open(
                    target,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
          yield new Stripped(new WebpStripper(in, out).run());
        }
      }
      case GIF, MP4, QUICKTIME ->
          throw new IllegalArgumentException(type + " is never stored as it came");
    };
  }

  private static OutputStream buffered(Path target, Optional<MessageDigest> digest)
      throws IOException {
    OutputStream file = Files.newOutputStream(target);
    return new BufferedOutputStream(
        digest.isPresent() ? new DigestOutputStream(file, digest.get()) : file, BUFFER);
  }
}
