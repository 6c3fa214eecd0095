package dev.pictj.engine.vips;

import dev.pictj.codec.jpeg.Raster;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.metadata.JpegTraits;
import dev.pictj.engine.metadata.Recolouring;
import dev.pictj.media.ByteSource;
import dev.pictj.media.Chunks;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

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
 *
 * <p>Where a small copy is wanted, the rows are pulled through its shrinking, and then the last one
 * by itself: a decoder gives rows in order, so by then it has decoded all of them. What comes after
 * the shrinking is done when the picture is known to be sound, and may fail without a word.
 */
final class StrictDecoding {
  /** Rows that JPEG decoders have ready at a time; others have fewer. */
  private static final int ROWS_PER_READ = 16;

  private static final int EIGHT_BITS = 8;

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
   * @return the copy that the check asks for; empty also where none could be made
   * @throws VipsException when the picture is not sound, or it is not known
   */
  Optional<Raster> run(MemorySegment source) throws VipsException {
    vips.takeErrors();
    final long warnings = vips.warnings();
    Optional<Pixels> copy = Optional.empty();
    Loading loading = new Loading(vips, pictures, arena);
    if (check.type() == MediaType.JPEG) {
      WatchedSource watched = new WatchedSource(source);
      vips.drain(
          loading.openJpeg(watched, check.stored()), 0, check.stored(), ROWS_PER_READ, arena);
      if (watched.unread() > JPEG_END.byteSize() || !endsLikeJpeg(source)) {
        throw new VipsException("it does not end where its pixels do");
      }
    } else if (Animations.isAnimation(check.type(), source)) {
      frames(source);
    } else {
      MemorySegment image = loading.open(source, check.type(), check.stored(), 1);
      copy = decode(image);
      if (check.type() == MediaType.WEBP && !vips.hasAlpha(image) && hasAlphaChunk(source)) {
        throw new VipsException("it has transparency that it does not speak of");
      }
    }
    String said = VipsFormat.of(check.type()).withoutHarmless(vips.takeErrors());
    if (!said.isEmpty() || vips.warnings() != warnings) {
      throw new VipsException("not clean: " + said);
    }
    return copy.flatMap(this::inSrgb);
  }

  /** Decodes each row, and makes the copy where one is wanted. */
  private Optional<Pixels> decode(MemorySegment image) throws VipsException {
    Dimensions size = check.stored();
    if (check.copy().isEmpty()) {
      vips.drain(image, 0, size, ROWS_PER_READ, arena);
      return Optional.empty();
    }
    Pixels copy = rendering(check.copy().get()).pull(image);
    vips.drain(image, size.height() - 1, size, 1, arena);
    return Optional.of(copy);
  }

  private Optional<Raster> inSrgb(Pixels copy) {
    try {
      return Optional.of(rendering(copy.size()).inSrgb(copy).raster());
    } catch (VipsException _) {
      return Optional.empty();
    }
  }

  private Rendering rendering(Dimensions to) {
    Job job =
        new Job(
            check.type(),
            check.stored(),
            Orientation.UPRIGHT,
            false,
            Recolouring.NONE,
            to.equals(check.stored())
                ? List.of()
                : List.of(new RenderStep.Shrink(to, RenderStep.Quality.FAST)),
            MediaType.PNG,
            new Encoding(0, JpegTraits.Chroma.USUAL, false, 0, EIGHT_BITS),
            1,
            false);
    return new Rendering(vips, job, pictures, arena);
  }

  /** Decodes every frame of an animation, and draws it on the canvas. */
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
