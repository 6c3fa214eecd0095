package dev.pictj.engine.vips;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.pictj.engine.metadata.MetadataStripper;
import dev.pictj.engine.metadata.Piece;
import dev.pictj.engine.metadata.WebpPixels;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Signature;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds out how much of the coded pixels of a WebP counts, or of a JPEG XL ({@link
 * CodestreamLength}). A decoder of WebP fails where a stream ends before it has read what it needs;
 * so what can be cut off without that is read by nobody, and may hide something. Of a usual file
 * each stream is decoded once, and none is whole when it is a little shorter. Whether all of it is
 * whole, and sound, is for those to find who verify it.
 *
 * <p>Encoders end a stream of VP8 with a few bytes that nothing depends on. Those stay, so that a
 * usual file is left as it is.
 */
public final class PixelLengths {
  /** What libvpx and libwebp write behind a partition at most, the padding of chunks included. */
  private static final int MAX_FLUSHED_BYTES = 8;

  /** libwebp does not notice that a shorter stream of VP8L ends early. */
  private static final int MIN_LOSSLESS_BYTES = 8;

  private final LibWebp library;
  private final MemorySegment webp;
  private final WebpPixels pixels;
  private final List<Long> lengths;

  private PixelLengths(LibWebp library, MemorySegment webp, WebpPixels pixels) {
    this.library = library;
    this.webp = webp;
    this.pixels = pixels;
    this.lengths = new ArrayList<>(pixels.lengths());
  }

  /**
   * Finds out how much of the coded pixels of a picture counts.
   *
   * @param picture without metadata
   * @return what {@link MetadataStripper#trim} takes, nothing when the file is as it should be or
   *     there is no library that tells; empty when the pixels are odd
   */
  public static Optional<List<Long>> of(MemorySegment picture) throws IOException {
    byte[] head = new byte[(int) Math.min(Signature.SNIFF_LENGTH, picture.byteSize())];
    MemorySegment.copy(picture, JAVA_BYTE, 0, head, 0, head.length);
    return Signature.sniff(head).filter(type -> type == MediaType.JXL).isPresent()
        ? CodestreamLength.of(picture)
        : ofWebp(picture);
  }

  private static Optional<List<Long>> ofWebp(MemorySegment webp) throws IOException {
    Optional<LibWebp> library = LibWebp.installed();
    List<Long> all = new ArrayList<>();
    List<Long> kept = new ArrayList<>();
    try {
      for (WebpPixels pixels : MetadataStripper.pixels(webp.asByteBuffer())) {
        all.addAll(pixels.lengths());
        if (library.isPresent()) {
          PixelLengths found = new PixelLengths(library.get(), webp, pixels);
          if (!found.find()) {
            return Optional.empty();
          }
          kept.addAll(found.lengths);
        }
      }
    } catch (MediaException _) {
      return Optional.empty();
    }
    return Optional.of(library.isEmpty() || kept.equals(all) ? List.of() : kept);
  }

  /** Finds those of one chunk; false where it is damaged and no verification would notice. */
  private boolean find() throws IOException, MediaException {
    long plain = pixels.plainLength();
    if (plain >= 0) {
      lengths.set(0, plain);
      return true;
    }
    for (int stream = 0; stream < lengths.size(); stream++) {
      long suspect = suspect(stream);
      if (suspect < lengths.get(stream) && isWhole(stream, suspect)) {
        lengths.set(stream, shortest(stream, suspect));
      }
    }
    return !pixels.isTransparency() || isWhole(0, lengths.getFirst());
  }

  /**
   * With so much of a stream it should not be whole; all of it where that is too little to tell.
   */
  private long suspect(int stream) {
    long length = lengths.get(stream);
    long suspect =
        pixels.isLossless()
            ? Math.max(length - 1, MIN_LOSSLESS_BYTES)
            : length - MAX_FLUSHED_BYTES - 1;
    return suspect < 1 ? length : Math.min(suspect, length);
  }

  /** Finds the least with which the picture is whole, of one that is with so much. */
  private long shortest(int stream, long enough) throws IOException, MediaException {
    long least = pixels.isLossless() ? MIN_LOSSLESS_BYTES : 1;
    long most = enough;
    while (least < most) {
      long middle = (least + most) / 2;
      if (isWhole(stream, middle)) {
        most = middle;
      } else {
        least = middle + 1;
      }
    }
    return most;
  }

  private boolean isWhole(int stream, long length) throws IOException, MediaException {
    List<Long> shorter = new ArrayList<>(lengths);
    shorter.set(stream, length);
    boolean first = stream == 0 && lengths.size() > 1;
    List<Piece> picture = first ? pixels.frameOf(length) : pixels.picture(shorter);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(Piece.length(picture));
      long at = 0;
      for (Piece piece : picture) {
        MemorySegment from =
            piece.at() < 0
                ? MemorySegment.ofArray(piece.bytes())
                : webp.asSlice(piece.at(), piece.length());
        MemorySegment.copy(from, 0, copy, at, from.byteSize());
        at += piece.length();
      }
      return library.isWhole(copy, pixels.height());
    }
  }
}
