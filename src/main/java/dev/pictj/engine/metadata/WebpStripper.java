package dev.pictj.engine.metadata;

import dev.pictj.media.ByteSource;
import dev.pictj.media.Chunks;
import dev.pictj.media.IccProfile;
import dev.pictj.media.MediaException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts a WebP (RFC 9649, section 2) together anew from the chunks that a decoder needs, in the
 * order the format wants, with flags and lengths put right.
 */
final class WebpStripper {
  private static final int ANIMATED = 0x02;
  private static final int ALPHA = 0x10;
  private static final int PROFILE = 0x20;

  /** Bytes before the chunks of a frame. */
  private static final int FRAME_FIELDS = 16;

  private final ByteSource in;
  private final Optional<Trimming> trimming;
  private final List<Chunk> images = new ArrayList<>();
  private @Nullable Chunk profile;
  private @Nullable Chunk timing;
  private @Nullable Chunk alpha;

  /** The place of a chunk's payload in the source, and what is kept of it. */
  private record Chunk(String code, long at, long length, List<Piece> pieces) {
    /** A chunk that is kept as it is. */
    static Chunk of(Chunks chunk) {
      List<Piece> all = List.of(Piece.of(chunk.at(), chunk.length()));
      return new Chunk(chunk.code(), chunk.at(), chunk.length(), all);
    }

    Chunk with(List<Piece> kept) {
      return new Chunk(code, at, length, kept);
    }

    /** Bytes of the chunk in the result, with its header and padding. */
    List<Piece> whole() {
      List<Piece> whole = Piece.chunk(code, pieces);
      whole.add(Piece.of(new byte[(int) (Piece.length(pieces) & 1)]));
      return whole;
    }

    boolean isBitstream() {
      return !code.equals("ALPH");
    }
  }

  /** What is kept of coded pixels. */
  interface Trimming {
    List<Piece> payload(WebpPixels pixels) throws IOException, MediaException;
  }

  /** Prepares to strip; where nothing is trimmed, chunks of pixels are kept whole. */
  WebpStripper(ByteSource in, Optional<Trimming> trimming) {
    this.in = in;
    this.trimming = trimming;
  }

  /** Copies the file. */
  void copy(OutputStream out) throws IOException, MediaException {
    for (Piece piece : run()) {
      piece.write(in, out);
    }
  }

  /** Finds what the result is made of. */
  List<Piece> run() throws IOException, MediaException {
    if (!in.code(0).equals("RIFF") || !in.code(8).equals("WEBP")) {
      throw in.invalid("it does not begin with its signature");
    }
    Chunks chunks = Chunks.ofWebp(in);
    if (!chunks.next()) {
      throw in.endsEarly();
    }
    if (chunks.isBitstream()) {
      return file(trim(Chunk.of(chunks), chunks.at()).whole());
    }
    if (!chunks.code().equals("VP8X") || chunks.length() < 10) {
      throw in.invalid("no pixels");
    }
    final long extended = chunks.at();
    boolean animated = (in.u8(extended) & ANIMATED) != 0;
    while (chunks.next()) {
      keep(chunks, animated);
    }
    if (images.isEmpty() || (animated ? timing == null : images.size() > 1)) {
      throw in.invalid("no picture, or more than one kind of it");
    }
    return extended(extended, animated);
  }

  /** Transparency has the size of the picture that it belongs to. */
  private Chunk trim(Chunk part, long picture) throws IOException, MediaException {
    if (trimming.isEmpty()) {
      return part;
    }
    WebpPixels pixels = new WebpPixels(in, part.code(), part.at(), part.length(), picture);
    return part.with(trimming.get().payload(pixels));
  }

  private void keep(Chunks chunks, boolean animated) throws IOException, MediaException {
    switch (chunks.code()) {
      case "ICCP" -> {
        if (profile == null && chunks.length() <= IccProfile.MAX_LENGTH) {
          profile =
              IccProfile.of(chunks.payload())
                  .map(kept -> Chunk.of(chunks).with(List.of(Piece.of(kept))))
                  .orElse(null);
        }
      }
      case "ANIM" -> {
        if (animated && timing == null && chunks.length() == 6) {
          timing = Chunk.of(chunks);
        }
      }
      case "ANMF" -> {
        if (animated) {
          images.add(frame(chunks));
        }
      }
      case "ALPH" -> {
        if (!animated && alpha == null && images.isEmpty()) {
          alpha = Chunk.of(chunks);
        }
      }
      case "VP8 ", "VP8L" -> {
        if (animated) {
          throw in.invalid("more than one kind of picture");
        }
        images.add(trim(Chunk.of(chunks), chunks.at()));
      }
      default -> {}
    }
  }

  private Chunk frame(Chunks frame) throws IOException, MediaException {
    if (frame.length() < FRAME_FIELDS) {
      throw in.invalid("a frame that ends early");
    }
    List<Chunk> parts = new ArrayList<>();
    Chunks inner = frame.inner(FRAME_FIELDS);
    while (inner.next()) {
      boolean bare = parts.isEmpty();
      boolean open = bare || !parts.getLast().isBitstream();
      if (inner.isBitstream() && open) {
        parts.add(trim(Chunk.of(inner), inner.at()));
      } else if (inner.code().equals("ALPH") && bare) {
        parts.add(Chunk.of(inner));
      }
    }
    if (parts.isEmpty() || !parts.getLast().isBitstream()) {
      throw in.invalid("a frame without pixels");
    }
    if (parts.getLast().code().equals("VP8L")) {
      // It has its own transparency, and another one means nothing.
      parts.removeIf(part -> !part.isBitstream());
    } else if (!parts.getFirst().isBitstream()) {
      parts.set(0, trim(parts.getFirst(), parts.getLast().at()));
    }
    List<Piece> pieces = new ArrayList<>(List.of(Piece.of(frame.at(), FRAME_FIELDS)));
    parts.forEach(part -> pieces.addAll(part.whole()));
    return Chunk.of(frame).with(pieces);
  }

  private List<Piece> extended(long extended, boolean animated) throws IOException, MediaException {
    List<Chunk> kept = new ArrayList<>();
    int flags = in.u8(extended) & ALPHA;
    if (!animated) {
      flags = transparencyOf(images.getFirst(), flags);
    }
    if (profile != null) {
      kept.add(profile);
      flags |= PROFILE;
    }
    if (animated) {
      kept.add(timing);
      flags |= ANIMATED;
    } else if (alpha != null && (flags & ALPHA) != 0 && images.getFirst().code().equals("VP8 ")) {
      kept.add(trim(alpha, images.getFirst().at()));
    }
    kept.addAll(images);
    // The three bytes after the flags are reserved and zero; the canvas follows.
    List<Piece> body =
        Piece.chunk("VP8X", List.of(Piece.little(flags, 4), Piece.of(extended + 4, 6)));
    kept.forEach(chunk -> body.addAll(chunk.whole()));
    return file(body);
  }

  /**
   * What the header is to say of transparency, so that all readers see the same: of a lossless
   * picture what it says itself (RFC 9649, 3.4), of another one what the header said.
   */
  private int transparencyOf(Chunk image, int flag) throws IOException, MediaException {
    boolean own = image.code().equals("VP8L") && (in.u8(image.at() + 4) & ALPHA) != 0;
    return own ? ALPHA : flag;
  }

  private static List<Piece> file(List<Piece> chunks) {
    List<Piece> body = new ArrayList<>(chunks);
    body.addFirst(Piece.of(new byte[] {'W', 'E', 'B', 'P'}));
    return Piece.chunk("RIFF", body);
  }
}
