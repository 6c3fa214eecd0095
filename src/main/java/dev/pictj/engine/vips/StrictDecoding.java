package dev.pictj.engine.vips;

import dev.pictj.media.ByteSource;
import dev.pictj.media.Chunks;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Decodes a picture whole, keeps nothing of it, and fails at the first complaint of the library: an
 * error, a warning of the decoder, a line that would go to the log, a size other than expected.
 *
 * <p>Of a JPEG libvips does not look at what follows the last pixel: another scan, a missing end,
 * bytes that are hidden or were displaced by damage. So it must have been read up to its end marker
 * by then. Up to seven odd bytes before that can escape this, in the decoder's buffer of bits;
 * every decoder skips them. Of a WebP it does not look at transparency that the header does not
 * announce, while others do and may fail on it.
 *
 * <p>Pixels are pulled through a few rows at a time on the calling thread, which is all that
 * decoding needs; an average of all of them costs half as much again, a copy in memory a third.
 */
final class StrictDecoding {
  /** What JPEG decoders have ready at a time, and a few of those of the others. */
  private static final int ROWS = 16;

  /** ITU-T T.81, table B.1: EOI. */
  private static final MemorySegment JPEG_END =
      MemorySegment.ofArray(new byte[] {(byte) 0xFF, (byte) 0xD9});

  private final LibVips vips;
  private final Check check;
  private final Pictures pictures;
  private final Arena arena;

  /**
   * Prepares to decode one picture.
   *
   * @param pictures where the picture goes
   * @param arena for small things; not closed before the pictures are
   */
  StrictDecoding(LibVips vips, Check check, Pictures pictures, Arena arena) {
    this.vips = vips;
    this.check = check;
    this.pictures = pictures;
    this.arena = arena;
  }

  /**
   * Decodes the picture. The source must stay in place until the pictures are closed. No other work
   * may be done by the library meanwhile, for what it says does not tell about what.
   *
   * @throws VipsException when the picture is not sound, or nobody knows
   */
  void run(MemorySegment source) throws VipsException {
    vips.takeErrors();
    final long warnings = vips.warnings();
    Loading loading = new Loading(vips, pictures, arena);
    if (check.type() == MediaType.JPEG) {
      WatchedSource watched = new WatchedSource(source);
      vips.drain(loading.openJpeg(watched, check.stored()), check.stored(), ROWS, arena);
      if (watched.unread() > JPEG_END.byteSize() || !endsLikeJpeg(source)) {
        throw new VipsException("it does not end where its pixels do");
      }
    } else if (Animations.isAnimation(check.type(), source)) {
      frames(source);
    } else {
      MemorySegment image = loading.open(source, check.type(), check.stored(), 1);
      vips.drain(image, check.stored(), ROWS, arena);
      if (check.type() == MediaType.WEBP && !vips.hasAlpha(image) && hasAlphaChunk(source)) {
        throw new VipsException("it has transparency that it does not speak of");
      }
    }
    String said = VipsFormat.of(check.type()).withoutHarmless(vips.takeErrors());
    if (!said.isEmpty() || vips.warnings() != warnings) {
      throw new VipsException("not clean: " + said);
    }
  }

  /** Every frame of an animation, as it is laid on its canvas. */
  private void frames(MemorySegment source) throws VipsException {
    try (AnimationSource frames =
        Animations.open(vips, check.type(), check.stored(), source).orElseThrow()) {
      if (frames.frames() != check.frames()) {
        throw new VipsException("it has %d frames".formatted(frames.frames()));
      }
      for (int i = 0; i < check.frames(); i++) {
        frames.next();
      }
    }
  }

  private static boolean hasAlphaChunk(MemorySegment source) throws VipsException {
    try {
      Chunks chunks = Chunks.ofWebp(ByteSource.ofMemory(source.asByteBuffer(), "WebP"));
      while (chunks.next()) {
        if (chunks.code().equals("ALPH")) {
          return true;
        }
      }
      return false;
    } catch (IOException | MediaException e) {
      throw new VipsException(String.valueOf(e.getMessage()));
    }
  }

  private static boolean endsLikeJpeg(MemorySegment source) {
    long end = source.byteSize() - JPEG_END.byteSize();
    return end >= 0 && source.asSlice(end).mismatch(JPEG_END) < 0;
  }
}
