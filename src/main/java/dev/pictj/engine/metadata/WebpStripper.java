package dev.pictj.engine.metadata;

import dev.pictj.engine.metadata.WebpPixels.Piece;
import dev.pictj.media.ByteSource;
import dev.pictj.media.Chunks;
import dev.pictj.media.IccProfile;
import dev.pictj.media.MediaException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

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
  private final OutputStream out;
  private final WebpPixels pixels;
  private final boolean trimming;
  private final List<Chunk> images = new ArrayList<>();
  private Chunk profile;
  private Chunk timing;
  private Chunk alpha;
  private boolean sound = true;

  /** The place of a chunk's payload in the source, and what is kept of it. */
  private record Chunk(String code, long at, long length, List<Piece> pieces) {
    /** Kept as it is. */
    static Chunk of(Chunks chunk) {
      List<Piece> all = List.of(Piece.of(chunk.at(), chunk.length()));
      return new Chunk(chunk.code(), chunk.at(), chunk.length(), all);
    }

    Chunk with(List<Piece> kept) {
      return new Chunk(code, at, length, kept);
    }

    /** In the result, with its header and padding. */
    List<Piece> whole() {
      long payload = pieces.stream().mapToLong(Piece::length).sum();
      List<Piece> whole = new ArrayList<>(pieces);
      whole.addFirst(Piece.of(little(8).put(ascii(code)).putInt((int) payload).array()));
      whole.add(Piece.of(new byte[(int) (payload & 1)]));
      return whole;
    }

    boolean isBitstream() {
      return !code.equals("ALPH");
    }
  }

  /**
   * Not begun.
   *
   * @param trimming whether what stands behind pixels, inside of their chunks, goes too
   */
  WebpStripper(ByteSource in, OutputStream out, boolean trimming) {
    this.in = in;
    this.out = out;
    this.pixels = new WebpPixels(in);
    this.trimming = trimming;
  }

  /** Copies all of it and tells whether its pixels are sound, as far as they were looked at. */
  boolean run() throws IOException, MediaException {
    if (!in.code(0).equals("RIFF") || !in.code(8).equals("WEBP")) {
      throw in.invalid("it does not begin with its signature");
    }
    Chunks chunks = Chunks.ofWebp(in);
    if (!chunks.next()) {
      throw in.endsEarly();
    }
    if (chunks.isBitstream()) {
      write(trim(Chunk.of(chunks)).whole());
      return sound;
    }
    if (!chunks.code().equals("VP8X") || chunks.length() < 10) {
      throw in.invalid("no pixels");
    }
    byte[] extended = in.bytes(chunks.at(), 10);
    boolean animated = (extended[0] & ANIMATED) != 0;
    while (chunks.next()) {
      keep(chunks, animated);
    }
    if (images.isEmpty() || (animated ? timing == null : images.size() > 1)) {
      throw in.invalid("no picture, or more than one kind of it");
    }
    write(extended, animated);
    return sound;
  }

  private Chunk trim(Chunk picture) throws IOException, MediaException {
    return trim(picture, picture);
  }

  /** Transparency has the size of the picture that it belongs to. */
  private Chunk trim(Chunk part, Chunk picture) throws IOException, MediaException {
    try {
      return trimming
          ? part.with(pixels.of(part.code(), part.at(), part.length(), picture.at()))
          : part;
    } catch (UnreadableException _) {
      sound = false;
      return part;
    }
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
        images.add(trim(Chunk.of(chunks)));
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
        parts.add(trim(Chunk.of(inner)));
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
      parts.set(0, trim(parts.getFirst(), parts.getLast()));
    }
    List<Piece> pieces = new ArrayList<>(List.of(Piece.of(frame.at(), FRAME_FIELDS)));
    parts.forEach(part -> pieces.addAll(part.whole()));
    return Chunk.of(frame).with(pieces);
  }

  private void write(byte[] extended, boolean animated) throws IOException, MediaException {
    List<Chunk> kept = new ArrayList<>();
    int flags = extended[0] & ALPHA;
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
      kept.add(trim(alpha, images.getFirst()));
    }
    kept.addAll(images);
    // The three bytes after the flags are reserved and zero; the canvas follows.
    byte[] header = little(18).put(ascii("VP8X")).putInt(10).putInt(flags).array();
    System.arraycopy(extended, 4, header, 12, 6);
    List<Piece> body = new ArrayList<>(List.of(Piece.of(header)));
    kept.forEach(chunk -> body.addAll(chunk.whole()));
    write(body);
  }

  /**
   * What the header is to say of transparency, so that all readers see the same: of a lossless
   * picture what it says itself (RFC 9649, 3.4), of another one what the header said.
   */
  private int transparencyOf(Chunk image, int flag) throws IOException, MediaException {
    boolean own = image.code().equals("VP8L") && (in.u8(image.at() + 4) & ALPHA) != 0;
    return own ? ALPHA : flag;
  }

  private void write(List<Piece> body) throws IOException {
    int length = 4 + (int) body.stream().mapToLong(Piece::length).sum();
    out.write(little(12).put(ascii("RIFF")).putInt(length).put(ascii("WEBP")).array());
    for (Piece piece : body) {
      if (piece.at() < 0) {
        out.write(piece.bytes());
      } else {
        in.copy(piece.at(), piece.length(), out);
      }
    }
  }

  private static ByteBuffer little(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
