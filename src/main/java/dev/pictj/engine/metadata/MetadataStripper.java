package dev.pictj.engine.metadata;

import dev.pictj.media.ByteSource;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Copies a picture without its metadata: what is needed to show it (pixels, colour, transparency,
 * timing) stays bit for bit, everything else (EXIF, GPS, XMP, IPTC, comments, thumbnails, unknown
 * parts, bytes after the end) goes. Works in one pass with buffers of fixed size; may be used by
 * many threads.
 */
public final class MetadataStripper {
  private static final int BUFFER_BYTES = 65_536;

  /**
   * Copies without metadata.
   *
   * @param type one that is stored as it comes
   * @param target created or overwritten; its content means nothing when this throws
   * @throws MediaException {@code INVALID} when the structure is damaged beyond reading, or holds
   *     more or fewer pixels than its header says
   */
  public Stripped strip(MediaType type, Path source, Path target)
      throws IOException, MediaException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target), BUFFER_BYTES)) {
      return strip(type, source, out);
    }
  }

  /**
   * Does {@link #strip(MediaType, Path, Path)} into a stream, which should be buffered: some bytes
   * come one at a time.
   *
   * @param target left open
   */
  public Stripped strip(MediaType type, Path source, OutputStream target)
      throws IOException, MediaException {
    return switch (type) {
      case JPEG -> {
        try (ByteSource in = ByteSource.ofWhole(source, "JPEG")) {
          yield new JpegStripper(in, target).run();
        }
      }
      case PNG, APNG -> {
        try (ByteSource in = ByteSource.ofWhole(source, "PNG")) {
          yield new Stripped(PngStripper.copying(in, target).run());
        }
      }
      case WEBP -> {
        try (ByteSource in = ByteSource.ofWhole(source, "WebP")) {
          new WebpStripper(in, Optional.empty()).copy(target);
          yield new Stripped(true);
        }
      }
      case GIF -> {
        try (ByteSource in = ByteSource.ofWhole(source, "GIF")) {
          new GifStripper(in, target).run();
          yield new Stripped(true);
        }
      }
      case AVIF -> {
        try (ByteSource in = ByteSource.ofWhole(source, "AVIF")) {
          yield new Stripped(new AvifStripper(in).copy(target));
        }
      }
      case JXL -> {
        try (ByteSource in = ByteSource.ofWhole(source, "JPEG XL")) {
          new JxlStripper(in).copy(target);
          yield new Stripped(true);
        }
      }
      default -> throw new IllegalArgumentException(type + " is never stored as it came");
    };
  }

  /** Whether {@link #repair} is for files of this type. */
  public static boolean canRepair(MediaType type) {
    return type == MediaType.PNG || type == MediaType.APNG;
  }

  /** Whether {@link #trim} is for files of this type. */
  public static boolean canTrim(MediaType type) {
    return type == MediaType.WEBP || type == MediaType.JXL;
  }

  /**
   * Strips a PNG whose stream of pixels is whole but not sound, and compresses the same pixels anew
   * in a sound one.
   */
  public Stripped repair(Path png, OutputStream target) throws IOException, MediaException {
    try (ByteSource in = ByteSource.ofWhole(png, "PNG")) {
      return new Stripped(PngStripper.repairing(in, target).run());
    }
  }

  /** Finds the coded pixels of a WebP that has no metadata, in the order of the file. */
  public static List<WebpPixels> pixels(ByteBuffer webp) throws IOException, MediaException {
    List<WebpPixels> found = new ArrayList<>();
    new WebpStripper(
            ByteSource.ofMemory(webp, "WebP"),
            Optional.of(
                pixels -> {
                  found.add(pixels);
                  return List.of();
                }))
        .run();
    return found;
  }

  /** Finds the codestream of a JPEG XL that has no metadata, in the order of the file. */
  public static List<Piece> codestream(ByteBuffer jxl) throws IOException, MediaException {
    return new JxlStripper(ByteSource.ofMemory(jxl, "JPEG XL")).codestream();
  }

  /**
   * Copies a picture without what stands behind its pixels.
   *
   * @param type one for which {@link #canTrim} holds
   * @param lengths so much is kept: of a WebP of each stream of {@link #pixels}, of a JPEG XL of
   *     all of the {@link #codestream}
   */
  public static void trim(MediaType type, Path bare, List<Long> lengths, OutputStream target)
      throws IOException, MediaException {
    if (type == MediaType.JXL) {
      try (ByteSource in = ByteSource.ofWhole(bare, "JPEG XL")) {
        new JxlStripper(in).copy(lengths.getFirst(), target);
      }
    } else {
      trimWebp(bare, lengths, target);
    }
  }

  private static void trimWebp(Path webp, List<Long> lengths, OutputStream target)
      throws IOException, MediaException {
    Iterator<Long> next = lengths.iterator();
    WebpStripper.Trimming trimming =
        pixels -> pixels.payload(pixels.lengths().stream().map(_ -> next.next()).toList());
    try (ByteSource in = ByteSource.ofWhole(webp, "WebP")) {
      new WebpStripper(in, Optional.of(trimming)).copy(target);
    }
  }
}
