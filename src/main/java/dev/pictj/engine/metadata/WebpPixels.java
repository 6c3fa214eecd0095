package dev.pictj.engine.metadata;

import dev.pictj.media.ByteSource;
import dev.pictj.media.MediaException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What counts of the coded pixels in a WebP's chunks. Encoders end a partition of VP8 with a few
 * bytes that nothing depends on; those stay, so that a usual file is left as it is.
 */
final class WebpPixels {
  /** What libvpx and libwebp write behind a partition at most, the padding of chunks included. */
  private static final int MAX_FLUSHED_BYTES = 8;

  private static final int MAX_FIRST_PARTITION = (1 << 19) - 1;

  private final ByteSource in;
  private final PixelBudget budget = new PixelBudget();

  WebpPixels(ByteSource in) {
    this.in = in;
  }

  /**
   * Some bytes of the result.
   *
   * @param at where they are in the source; negative where they are not
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Piece(byte[] bytes, long at, long length) {
    static Piece of(long at, long length) {
      return new Piece(new byte[0], at, length);
    }

    static Piece of(byte[] bytes) {
      return new Piece(bytes, -1, bytes.length);
    }
  }

  /**
   * What is kept of a chunk.
   *
   * @param picture where the VP8 frame is that transparency belongs to
   * @throws UnreadableException when it is damaged, or odd
   * @throws MediaException {@code TOO_EXPENSIVE} when the file has more pixels than any should
   */
  List<Piece> of(String code, long at, long length, long picture)
      throws IOException, UnreadableException, MediaException {
    return switch (code) {
      case "VP8 " -> lossy(at, length);
      case "ALPH" -> transparency(at, length, picture);
      default ->
          List.of(Piece.of(at, new Vp8lExtent(new FileSlice(in, at, length), budget).ofPicture()));
    };
  }

  /** RFC 9649, 2.7.1.2. */
  private List<Piece> transparency(long at, long length, long picture)
      throws IOException, UnreadableException, MediaException {
    int width = Vp8Extent.width(in, picture);
    int height = Vp8Extent.height(in, picture);
    int kind = length == 0 ? -1 : in.u8(at);
    if (kind < 0 || (kind & 3) > 1) {
      throw new UnreadableException("transparency of no known kind");
    }
    if ((kind & 3) == 0) {
      long needed = 1 + (long) width * height;
      if (needed > length) {
        throw new UnreadableException("transparency that ends early");
      }
      return List.of(Piece.of(at, needed));
    }
    FileSlice coded = new FileSlice(in, at + 1, length - 1);
    return List.of(Piece.of(at, 1 + new Vp8lExtent(coded, budget).ofPixels(width, height)));
  }

  /** The partitions, each as long as it counts; their sizes are written anew where they change. */
  private List<Piece> lossy(long at, long length)
      throws IOException, UnreadableException, MediaException {
    List<FileSlice> partitions = Vp8Extent.partitions(in, at, length, budget);
    if (partitions.stream().noneMatch(WebpPixels::isTooLong)) {
      return List.of(Piece.of(at, length));
    }
    List<Piece> kept = new ArrayList<>();
    byte[] tag = in.bytes(at, Vp8Extent.HEAD);
    long first = kept(partitions.getFirst());
    if (first > MAX_FIRST_PARTITION) {
      throw new UnreadableException("a first partition that is too long");
    }
    little24(tag, 0, ((int) first << 5) | (tag[0] & 0x1F));
    kept.add(Piece.of(tag));
    kept.add(Piece.of(partitions.getFirst().at(), first));
    int tokens = partitions.size() - 1;
    if (tokens > 1) {
      byte[] sizes = new byte[3 * (tokens - 1)];
      for (int i = 0; i < tokens - 1; i++) {
        little24(sizes, 3 * i, (int) kept(partitions.get(1 + i)));
      }
      kept.add(Piece.of(sizes));
    }
    for (FileSlice partition : partitions.subList(1, partitions.size())) {
      kept.add(Piece.of(partition.at(), kept(partition)));
    }
    return kept;
  }

  private static boolean isTooLong(FileSlice partition) {
    return partition.length() - partition.taken() > MAX_FLUSHED_BYTES;
  }

  /** Of one that is never read, as there may be of small pictures, a byte stays. */
  private static long kept(FileSlice partition) {
    return isTooLong(partition) ? Math.max(1, partition.taken()) : partition.length();
  }

  private static void little24(byte[] bytes, int at, int number) {
    bytes[at] = (byte) number;
    bytes[at + 1] = (byte) (number >> 8);
    bytes[at + 2] = (byte) (number >> 16);
  }
}
