package dev.pictj.engine.metadata;

import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts a WebP (RFC 9649, section 2) together anew from the chunks that a decoder needs, in the
 * order the format wants, with flags and lengths put right.
 */
final class WebpStripper {
  private static final int MAX_CHUNKS = 100_000;
  private static final int BUFFER = 65_536;
  private static final int ANIMATED = 0x02;
  private static final int ALPHA = 0x10;
  private static final int PROFILE = 0x20;

  private final FileChannel in;
  private final OutputStream out;
  private final Optional<WebpPixels> pixels;
  private final ByteBuffer passing = ByteBuffer.allocate(BUFFER);
  private final List<Chunk> images = new ArrayList<>();
  private Chunk profile;
  private Chunk timing;
  private Chunk alpha;
  private int chunks;
  private boolean sound = true;

  /**
   * A chunk's place in the source, and what is kept of its inside; a frame also lists the chunks
   * that it keeps.
   */
  private record Chunk(
      String code, long at, long length, List<WebpPixels.Piece> pieces, List<Chunk> parts) {
    /** Kept as it is. */
    Chunk(String code, long at, long length) {
      this(code, at, length, List.of(WebpPixels.Piece.of(at + 8, length)), List.of());
    }

    Chunk with(List<WebpPixels.Piece> kept) {
      return new Chunk(code, at, length, kept, parts);
    }

    /** In the source, with its header and padding. */
    long before() {
      return 8 + length + (length & 1);
    }

    /** In the result, with its header and padding. */
    long whole() {
      return 8 + payload() + (payload() & 1);
    }

    long payload() {
      return pieces.stream().mapToLong(WebpPixels.Piece::length).sum()
          + parts.stream().mapToLong(Chunk::whole).sum();
    }

    boolean bitstream() {
      return code.equals("VP8 ") || code.equals("VP8L");
    }
  }

  private interface Visitor {
    void chunk(Chunk chunk) throws IOException, MediaException;
  }

  /**
   * Not begun.
   *
   * @param trimming whether what stands behind pixels, inside of their chunks, goes too
   */
  WebpStripper(FileChannel in, OutputStream out, boolean trimming) {
    this.in = in;
    this.out = out;
    this.pixels = trimming ? Optional.of(new WebpPixels(in)) : Optional.empty();
  }

  /** Copies all of it and tells whether its pixels are sound, as far as they were looked at. */
  boolean run() throws IOException, MediaException {
    ByteBuffer head = read(0, 12);
    if (head.getInt(0) != 0x46464952 || head.getInt(8) != 0x50424557) {
      throw invalid("it does not begin with its signature");
    }
    long end = 8 + (head.getInt(4) & 0xFFFF_FFFFL);
    if (end > in.size()) {
      throw invalid("the file ends early");
    }
    Chunk first = chunkAt(12, end);
    if (first.bitstream()) {
      Chunk trimmed = trim(first);
      riff(trimmed.whole());
      copy(trimmed);
      return sound;
    }
    if (!first.code().equals("VP8X") || first.length() < 10) {
      throw invalid("no pixels");
    }
    ByteBuffer extended = read(first.at() + 8, 10);
    boolean animated = (extended.get(0) & ANIMATED) != 0;
    each(first.at() + first.before(), end, chunk -> keep(chunk, animated));
    if (images.isEmpty() || (animated ? timing == null : images.size() > 1)) {
      throw invalid("no picture, or more than one kind of it");
    }
    write(extended, animated);
    return sound;
  }

  private Chunk trim(Chunk chunk) throws IOException, MediaException {
    if (pixels.isEmpty()) {
      return chunk;
    }
    try {
      return chunk.with(pixels.get().ofPicture(chunk.code(), chunk.at() + 8, chunk.length()));
    } catch (UnreadableException _) {
      sound = false;
      return chunk;
    }
  }

  /** Transparency has the size of the picture that it belongs to. */
  private Chunk trim(Chunk transparency, Chunk picture) throws IOException, MediaException {
    if (pixels.isEmpty()) {
      return transparency;
    }
    try {
      return transparency.with(
          pixels
              .get()
              .ofTransparency(transparency.at() + 8, transparency.length(), picture.at() + 8));
    } catch (UnreadableException _) {
      sound = false;
      return transparency;
    }
  }

  private void keep(Chunk chunk, boolean animated) throws IOException, MediaException {
    switch (chunk.code()) {
      case "ICCP" -> {
        if (profile == null && chunk.length() <= MetadataStripper.MAX_PROFILE) {
          profile =
              ColourProfile.of(read(chunk.at() + 8, (int) chunk.length()).array())
                  .map(kept -> chunk.with(List.of(WebpPixels.Piece.of(kept))))
                  .orElse(null);
        }
      }
      case "ANIM" -> {
        if (animated && timing == null && chunk.length() == 6) {
          timing = chunk;
        }
      }
      case "ANMF" -> {
        if (animated) {
          images.add(frame(chunk));
        }
      }
      case "ALPH" -> {
        if (!animated && alpha == null && images.isEmpty()) {
          alpha = chunk;
        }
      }
      case "VP8 ", "VP8L" -> {
        if (animated) {
          throw invalid("more than one kind of picture");
        }
        images.add(trim(chunk));
      }
      default -> {}
    }
  }

  private Chunk frame(Chunk chunk) throws IOException, MediaException {
    if (chunk.length() < 16) {
      throw invalid("a frame that ends early");
    }
    List<Chunk> parts = new ArrayList<>();
    each(
        chunk.at() + 24,
        chunk.at() + 8 + chunk.length(),
        part -> {
          boolean bare = parts.isEmpty();
          boolean open = bare || !parts.getLast().bitstream();
          if ((part.bitstream() && open) || (part.code().equals("ALPH") && bare)) {
            parts.add(part.bitstream() ? trim(part) : part);
          }
        });
    if (parts.isEmpty() || !parts.getLast().bitstream()) {
      throw invalid("a frame without pixels");
    }
    if (parts.getLast().code().equals("VP8L")) {
      // It has its own transparency, and another one means nothing.
      parts.removeIf(part -> !part.bitstream());
    } else if (!parts.getFirst().bitstream()) {
      parts.set(0, trim(parts.getFirst(), parts.getLast()));
    }
    // Its fixed fields are 16 bytes long.
    return new Chunk(
        chunk.code(),
        chunk.at(),
        chunk.length(),
        List.of(WebpPixels.Piece.of(chunk.at() + 8, 16)),
        parts);
  }

  private void write(ByteBuffer extended, boolean animated) throws IOException, MediaException {
    List<Chunk> kept = new ArrayList<>();
    int flags = extended.get(0) & ALPHA;
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
    riff(18 + kept.stream().mapToLong(Chunk::whole).sum());
    // The three bytes after the flags are reserved and zero; the canvas follows.
    ByteBuffer header = little(18).put(ascii("VP8X")).putInt(10).putInt(flags);
    header.put(extended.slice(4, 6));
    write(header);
    for (Chunk chunk : kept) {
      copy(chunk);
    }
  }

  /**
   * What the header is to say of transparency, so that all readers see the same: of a lossless
   * picture what it says itself (RFC 9649, 3.4), of another one what the header said.
   */
  private int transparencyOf(Chunk image, int flag) throws IOException, MediaException {
    boolean own = image.code().equals("VP8L") && (read(image.at() + 12, 1).get(0) & ALPHA) != 0;
    return own ? ALPHA : flag;
  }

  private void riff(long body) throws IOException {
    write(little(12).put(ascii("RIFF")).putInt((int) (4 + body)).put(ascii("WEBP")));
  }

  private void copy(Chunk chunk) throws IOException, MediaException {
    write(little(8).put(ascii(chunk.code())).putInt((int) chunk.payload()));
    for (WebpPixels.Piece piece : chunk.pieces()) {
      if (piece.bytes().hasRemaining()) {
        out.write(piece.bytes().array());
      } else {
        transfer(piece.at(), piece.length());
      }
    }
    for (Chunk part : chunk.parts()) {
      copy(part);
    }
    if ((chunk.payload() & 1) != 0) {
      out.write(0);
    }
  }

  private void each(long start, long end, Visitor visitor) throws IOException, MediaException {
    long at = start;
    while (at <= end - 8) {
      Chunk chunk = chunkAt(at, end);
      visitor.chunk(chunk);
      at += chunk.before();
    }
  }

  private Chunk chunkAt(long at, long end) throws IOException, MediaException {
    if (++chunks > MAX_CHUNKS) {
      throw invalid("too many chunks");
    }
    ByteBuffer header = read(at, 8);
    long length = header.getInt(4) & 0xFFFF_FFFFL;
    if (at + 8 + length > end) {
      throw invalid("a chunk that ends early");
    }
    String code = StandardCharsets.ISO_8859_1.decode(header.slice(0, 4)).toString();
    return new Chunk(code, at, length);
  }

  private ByteBuffer read(long at, int length) throws IOException, MediaException {
    ByteBuffer bytes = little(length);
    while (bytes.hasRemaining()) {
      if (in.read(bytes, at + bytes.position()) < 0) {
        throw invalid("the file ends early");
      }
    }
    return bytes;
  }

  private void transfer(long at, long length) throws IOException, MediaException {
    long done = 0;
    while (done < length) {
      passing.clear().limit((int) Math.min(length - done, BUFFER));
      int some = in.read(passing, at + done);
      if (some <= 0) {
        throw invalid("the file ends early");
      }
      out.write(passing.array(), 0, some);
      done += some;
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    byte[] written = new byte[bytes.flip().remaining()];
    bytes.get(written);
    out.write(written);
  }

  private static ByteBuffer little(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static MediaException invalid(String what) {
    return new MediaException(Reason.INVALID, "Invalid WebP: " + what);
  }
}
