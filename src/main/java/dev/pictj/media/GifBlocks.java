package dev.pictj.media;

import java.io.IOException;

/**
 * A walk through the blocks of a GIF (GIF89a specification, 1990), which ends at the trailer, or at
 * what decoders take for it.
 */
public final class GifBlocks {
  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2C;
  private static final int GRAPHIC_CONTROL = 0xF9;
  private static final int APPLICATION = 0xFF;

  /** Where the global palette begins, which may be empty. */
  public static final int HEAD = 13;

  /** Bytes of an image descriptor: its separator, place, size and flags. */
  public static final int DESCRIPTOR = 10;

  private static final int MAX_BLOCKS = 1_000_000;

  private final ByteSource in;
  private long next;
  private long at;
  private long data;
  private boolean image;
  private int count;
  private boolean cut;

  /** Begins at the beginning of a file. */
  public GifBlocks(ByteSource in) throws IOException, MediaException {
    this.in = in;
    this.next = (long) HEAD + globalPalette(in);
  }

  /** Bytes of the global palette. */
  public static int globalPalette(ByteSource in) throws IOException, MediaException {
    return palette(in.u8(10));
  }

  private static int palette(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  /**
   * Goes to the next block.
   *
   * @return false where there is none
   */
  public boolean next() throws IOException, MediaException {
    if (cut || !in.has(next, 1)) {
      return false;
    }
    if (++count > MAX_BLOCKS) {
      throw MediaException.invalid("Invalid GIF: too many blocks");
    }
    at = next;
    image = in.u8(at) == IMAGE;
    if (image && in.has(at, DESCRIPTOR + 1)) {
      data = at + DESCRIPTOR + palette();
      // The first byte is the size of a code.
      next = afterSubBlocks(data + 1);
      return true;
    }
    if (in.u8(at) == EXTENSION && in.has(at, 3)) {
      data = at + 2;
      next = afterSubBlocks(data);
      return true;
    }
    return false;
  }

  /** Walks to the end of sub-blocks; notes when the file ends before them. */
  private long afterSubBlocks(long start) throws IOException, MediaException {
    long place = start;
    while (in.has(place, 1)) {
      int length = in.u8(place);
      place += 1L + length;
      if (length == 0) {
        return place;
      }
    }
    cut = true;
    return in.size();
  }

  /** Whether the file has ended within the current one. */
  public boolean isCut() {
    return cut;
  }

  /** Whether the current one is a frame. */
  public boolean isFrame() {
    return image;
  }

  /** Whether the current block is a graphic control, which says how the next frame is shown. */
  public boolean isControl() throws IOException, MediaException {
    return !image && in.u8(at + 1) == GRAPHIC_CONTROL && in.u8(data) >= 4 && in.has(data, 5);
  }

  /** Whether the current block is a looping extension, which says how often all is shown. */
  public boolean isLoop() throws IOException, MediaException {
    if (image || in.u8(at + 1) != APPLICATION || in.u8(data) != 11 || !in.has(data, 16)) {
      return false;
    }
    String name = in.code(data + 1) + in.code(data + 5);
    String version = in.code(data + 8);
    return (name.equals("NETSCAPE") || name.equals("ANIMEXTS"))
        && version.endsWith(name.equals("NETSCAPE") ? "2.0" : "1.0")
        && in.u8(data + 12) == 3
        && in.u8(data + 13) == 1;
  }

  /** In a looping extension: how often the animation is shown again; 0 is for ever. */
  public int repetitions() throws IOException, MediaException {
    return in.littleU16(data + 14);
  }

  /** In a graphic control: hundredths of a second that the frame is shown. */
  public int delay() throws IOException, MediaException {
    return in.littleU16(data + 2);
  }

  /** In a graphic control: the disposal of the frame, and whether a colour is transparent. */
  public int flags() throws IOException, MediaException {
    return in.u8(data + 1);
  }

  /** In a graphic control: the index of the transparent colour, where there is one. */
  public int transparent() throws IOException, MediaException {
    return in.u8(data + 4);
  }

  /** In an image descriptor: bytes of the frame's own palette. */
  public int palette() throws IOException, MediaException {
    return palette(in.u8(at + 9));
  }

  /** In an image descriptor: whether the rows come in four passes. */
  public boolean isInterlaced() throws IOException, MediaException {
    return (in.u8(at + 9) & 0x40) != 0;
  }

  /** In an image descriptor: the left edge of the frame. */
  public int x() throws IOException, MediaException {
    return in.littleU16(at + 1);
  }

  /** In an image descriptor: the upper edge of the frame. */
  public int y() throws IOException, MediaException {
    return in.littleU16(at + 3);
  }

  /** In an image descriptor: the width of the frame, which may be 0. */
  public int width() throws IOException, MediaException {
    return in.littleU16(at + 5);
  }

  /** In an image descriptor: the height of the frame, which may be 0. */
  public int height() throws IOException, MediaException {
    return in.littleU16(at + 7);
  }

  /** Where the block begins. */
  public long at() {
    return at;
  }

  /** Where the block's data begin: a frame's with the size of a code, others' with a sub-block. */
  public long data() {
    return data;
  }

  /** Where the block ends. */
  public long end() {
    return next;
  }
}
