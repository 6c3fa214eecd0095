package dev.pictj.engine.metadata;

import dev.pictj.media.ByteSource;
import dev.pictj.media.MediaException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The streams of coded pixels in a chunk of a WebP. A VP8 frame has two to nine, which are called
 * partitions; the other chunks have one. Only the decoder knows where it stops to read a stream,
 * for a stream may be longer than what is read of it.
 */
public final class WebpPixels {
  /** The frame tag, the start code, and both sides (RFC 6386, 9.1). */
  private static final int FRAME_HEAD = 10;

  private static final int FRAME_START = 0x2A019D;
  private static final int MACROBLOCK_SIDE = 16;

  /**
   * The most bytes of zeros that a decoder reads of a macroblock: each of its 25 blocks is empty
   * then, and each such decision of the entropy decoder takes at most seven bits.
   */
  private static final int MAX_ZEROS_PER_MACROBLOCK = 25;

  /** First byte of a lossless picture (RFC 9649, 3.4). */
  private static final int LOSSLESS_SIGNATURE = 0x2F;

  private static final int LOSSLESS_HEAD = 5;

  private final String code;
  private final ByteSource in;
  private final long at;
  private final int width;
  private final int height;
  private final List<Piece> streams = new ArrayList<>();

  /**
   * Looks where the streams are.
   *
   * @param code of the chunk: {@code VP8 }, {@code VP8L} or {@code ALPH}
   * @param at where its payload begins
   * @param picture where the payload with the frame begins that transparency belongs to
   * @throws MediaException {@code INVALID} when they are not all there, or odd
   */
  WebpPixels(ByteSource in, String code, long at, long length, long picture)
      throws IOException, MediaException {
    this.code = code;
    this.in = in;
    this.at = at;
    if (code.equals("VP8L")) {
      this.width = 1 + (in.littleU16(at + 1) & 0x3FFF);
      this.height = 1 + (int) (in.littleU32(at + 1) >> 14 & 0x3FFF);
      streams.add(Piece.of(at, length));
    } else {
      this.width = in.littleU16(picture + 6) & 0x3FFF;
      this.height = in.littleU16(picture + 8) & 0x3FFF;
      if (code.equals("VP8 ")) {
        partitions(at + length);
      } else {
        transparency(length);
      }
    }
  }

  /** RFC 9649, 2.7.1.2: what is not compressed is a byte a pixel. */
  private void transparency(long length) throws IOException, MediaException {
    int kind = in.u8(at) & 3;
    if (length == 0 || kind > 1 || (kind == 0 && 1 + (long) width * height > length)) {
      throw in.invalid("transparency that is odd or ends early");
    }
    streams.add(Piece.of(at + 1, length - 1));
  }

  /** The sizes of all but the last stand behind the first one, in three bytes each (9.5). */
  private void partitions(long end) throws IOException, MediaException {
    int tag = in.littleU24(at);
    Piece first = Piece.of(at + FRAME_HEAD, tag >> 5);
    long sizes = first.at() + first.length();
    if ((tag & 1) != 0 || in.littleU24(at + 3) != FRAME_START || sizes > end) {
      throw in.invalid("no whole key frame");
    }
    streams.add(first);
    int tokens = Vp8Header.partitions(in, first.at());
    long begin = sizes + 3L * (tokens - 1);
    for (int i = 0; i < tokens; i++) {
      long length = i == tokens - 1 ? end - begin : in.littleU24(sizes + 3L * i);
      if (length > end - begin || begin >= end) {
        throw in.invalid("a partition that ends early");
      }
      streams.add(Piece.of(begin, length));
      begin += length;
    }
  }

  /** The height in pixels. */
  public int height() {
    return height;
  }

  /** Whether the pixels are coded like VP8L, which {@code ALPH} may be too. */
  public boolean isLossless() {
    return !code.equals("VP8 ");
  }

  /** Whether the chunk is {@code ALPH}, the alpha beside a VP8 frame. */
  public boolean isTransparency() {
    return code.equals("ALPH");
  }

  /** How long the streams are, in their order. */
  public List<Long> lengths() {
    return streams.stream().map(Piece::length).toList();
  }

  /** How much of a stream counts where that takes no decoder; else -1. */
  public long plainLength() throws IOException, MediaException {
    return isTransparency() && (in.u8(at) & 3) == 0 ? (long) width * height : -1;
  }

  /** The payload, with so much of each stream. */
  List<Piece> payload(List<Long> lengths) throws IOException, MediaException {
    return payload(lengths, false);
  }

  private List<Piece> payload(List<Long> lengths, boolean zeros)
      throws IOException, MediaException {
    List<Piece> pieces = new ArrayList<>();
    if (!isLossless()) {
      pieces.add(Piece.little(lengths.getFirst() << 5 | (in.u8(at) & 0x1F), 3));
      pieces.add(Piece.of(at + 3, FRAME_HEAD - 3));
    } else if (isTransparency()) {
      pieces.add(Piece.of(at, 1));
    }
    for (int i = 0; i < lengths.size(); i++) {
      long length = lengths.get(i);
      pieces.add(zeros && i > 0 ? Piece.zeros(length) : Piece.of(streams.get(i).at(), length));
      if (i == 0 && lengths.size() > 2) {
        lengths.subList(1, lengths.size() - 1).forEach(size -> pieces.add(Piece.little(size, 3)));
      }
    }
    return pieces;
  }

  /** A picture of its own for libwebp, with so much of each stream. */
  public List<Piece> picture(List<Long> lengths) throws IOException, MediaException {
    List<Piece> payload = payload(lengths);
    if (isTransparency()) {
      long head = LOSSLESS_SIGNATURE | (width - 1L) << 8 | (height - 1L) << 22;
      payload.set(0, Piece.little(head, LOSSLESS_HEAD));
    }
    return Piece.chunk(isLossless() ? "VP8L" : "VP8 ", payload);
  }

  /**
   * A frame with so much of the first partition, and zeros in the others, which take hardly any
   * time to decode. How much is read of the first does not depend on them.
   */
  public List<Piece> frameOf(long first) throws IOException, MediaException {
    int tokens = streams.size() - 1;
    long rows = Math.ceilDiv(Math.ceilDiv(height, MACROBLOCK_SIDE), tokens);
    long zeros = MAX_ZEROS_PER_MACROBLOCK * rows * Math.ceilDiv(width, MACROBLOCK_SIDE);
    List<Long> lengths = new ArrayList<>(Collections.nCopies(1 + tokens, zeros));
    lengths.set(0, first);
    return Piece.chunk(code, payload(lengths, true));
  }
}
