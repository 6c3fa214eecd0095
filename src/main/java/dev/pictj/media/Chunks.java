package dev.pictj.media;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * A walk through the chunks of a PNG (W3C PNG third edition, 5.3), those of a WebP (RFC 9649, 2.3),
 * or the boxes of a movie or of a still (ISO/IEC 14496-12, 4.2): each has a length, a code of four
 * characters, and a payload that may hold others of its kind.
 */
public final class Chunks {
  /** The kinds of files, and how many chunks a file may have, in all levels together. */
  private enum Form {
    PNG(200_000, "PNG", "chunks"),
    RIFF(100_000, "WebP", "chunks"),
    BOX(100_000, "video", "boxes"),
    STILL_BOX(100_000, "image", "boxes");

    private final int most;
    private final String file;
    private final String parts;

    Form(int most, String file, String parts) {
      this.most = most;
      this.file = file;
      this.parts = parts;
    }

    MediaException invalid(String what) {
      return MediaException.invalid("Invalid " + file + ": " + what.formatted(parts));
    }
  }

  /** The deepest boxes that are read have five around them: moov, trak, mdia, minf, stbl. */
  private static final int MAX_DEPTH = 16;

  private static final int HEAD = 8;

  /** Bytes before the first chunk of a PNG, and of a WebP. */
  private static final int PNG_BEGIN = 8;

  private static final int RIFF_BEGIN = 12;

  private final ByteSource in;
  private final Form form;
  private final long limit;
  private final Chunks outermost;
  private final int depth;
  private int count;
  private long next;
  private String code = "";
  private long at;
  private long length;

  private Chunks(ByteSource in, Form form, long start, long limit) {
    this.in = in;
    this.form = form;
    this.next = start;
    this.limit = limit;
    this.outermost = this;
    this.depth = 1;
  }

  private Chunks(Chunks around, int behind) {
    this.in = around.in;
    this.form = around.form;
    this.next = around.at + behind;
    this.limit = Math.min(around.limit, around.end());
    this.outermost = around.outermost;
    this.depth = around.depth + 1;
  }

  /** The chunks of a PNG. The last one may end after the file does. */
  public static Chunks ofPng(ByteSource in) {
    return new Chunks(in, Form.PNG, PNG_BEGIN, in.size());
  }

  /**
   * The chunks of a WebP, none of which may end after what the file says is its end.
   *
   * @throws MediaException where that is not within the file
   */
  public static Chunks ofWebp(ByteSource in) throws IOException, MediaException {
    long end = HEAD + in.littleU32(4);
    if (end > in.size()) {
      throw MediaException.invalid("Invalid WebP: the file ends early");
    }
    return new Chunks(in, Form.RIFF, RIFF_BEGIN, end);
  }

  /** The boxes of a movie. One that is not {@link #isWhole} is the last. */
  static Chunks ofMovie(ByteSource in) {
    return new Chunks(in, Form.BOX, 0, in.size());
  }

  /** The boxes of a still (ISO/IEC 23008-12, and of a JPEG XL ISO/IEC 18181-2). */
  public static Chunks ofStill(ByteSource in) {
    return new Chunks(in, Form.STILL_BOX, 0, in.size());
  }

  /**
   * The chunks within the payload of the current one, behind some bytes of it.
   *
   * @throws MediaException where there are too many levels
   */
  public Chunks inner(int behind) throws MediaException {
    if (depth == MAX_DEPTH) {
      throw form.invalid("%1$s within %1$s without end");
    }
    return new Chunks(this, behind);
  }

  /**
   * Goes to the next chunk.
   *
   * @return false where too little is left for one
   * @throws MediaException where it is damaged, or there are too many
   */
  public boolean next() throws IOException, MediaException {
    if (next > limit - HEAD) {
      return false;
    }
    if (++outermost.count > form.most) {
      throw form.invalid("too many %s");
    }
    if (form == Form.RIFF) {
      code = in.code(next);
      length = in.littleU32(next + 4);
    } else {
      length = in.u32(next);
      code = in.code(next + 4);
    }
    at = next + HEAD;
    switch (form) {
      case PNG -> {
        if (length > Integer.MAX_VALUE) {
          throw MediaException.invalid("Invalid PNG: a chunk longer than any may be");
        }
        // The checksum.
        next = end() + 4;
      }
      case RIFF -> {
        if (!isWhole()) {
          throw MediaException.invalid("Invalid WebP: a chunk that ends early");
        }
        next = end() + (length & 1);
      }
      case BOX, STILL_BOX -> box();
    }
    return true;
  }

  /** A length of 1 says that one of 64 bits follows; 0, that all the rest belongs to it. */
  private void box() throws IOException, MediaException {
    long all = length;
    if (all == 1) {
      all = in.has(at, 8) ? in.u64(at) : Long.MAX_VALUE;
      at += 8;
    }
    // QuickTime ends lists of user data with a zero; only a last box may reach to the end.
    length = all == 0 ? limit - at : all - (at - next);
    next = isWhole() ? end() : limit;
  }

  /** Whether the chunk lies within the one that contains it, or within the file. */
  public boolean isWhole() {
    return length >= 0 && length <= limit - at;
  }

  /** Whether the file has ended within a chunk. */
  public boolean areCut() {
    return next != limit;
  }

  /** Where the next chunk begins, if there is one. */
  long nextAt() {
    return next;
  }

  /** Whether the chunk is in no other. */
  boolean areOutermost() {
    return depth == 1;
  }

  /** The four characters that say of what kind it is. */
  public String code() {
    return code;
  }

  /** Where its payload begins. */
  public long at() {
    return at;
  }

  /** Where its payload ends. */
  public long end() {
    return at + length;
  }

  /** Bytes of its payload. */
  public long length() {
    return length;
  }

  /** Whether a chunk of a WebP has pixels, other than {@code ALPH}. */
  public boolean isBitstream() {
    return code.equals("VP8 ") || code.equals("VP8L");
  }

  /** Whether the checksum behind the payload of a PNG's chunk is right. */
  public boolean hasRightSum(byte[] payload) throws IOException, MediaException {
    CRC32 sum = sumOf(code);
    sum.update(payload);
    return in.u32(end()) == sum.getValue();
  }

  /** Begins the checksum of a PNG's chunk, which is that of code and payload. */
  public static CRC32 sumOf(String code) {
    CRC32 sum = new CRC32();
    sum.update(code.getBytes(StandardCharsets.ISO_8859_1));
    return sum;
  }

  /** Writes a chunk of a PNG. */
  public static void writePng(OutputStream out, String code, byte[] payload) throws IOException {
    CRC32 sum = sumOf(code);
    sum.update(payload);
    byte[] name = code.getBytes(StandardCharsets.ISO_8859_1);
    out.write(ByteBuffer.allocate(HEAD).putInt(payload.length).put(name).array());
    out.write(payload);
    out.write(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
  }

  /** A copy of its payload; the caller bounds the length. */
  public byte[] payload() throws IOException, MediaException {
    return in.bytes(at, (int) length);
  }
}
