package dev.pictj.codec.jpeg;

import dev.pictj.media.Dimensions;
import java.util.ArrayList;
import java.util.List;

/**
 * What a frame header says (B.2.2).
 *
 * @param maxHorizontal the largest horizontal sampling factor, and so on
 */
record FrameHeader(
    boolean progressive,
    Dimensions size,
    List<Component> components,
    int maxHorizontal,
    int maxVertical) {
  private static final int PRECISION = 8;
  private static final int FIXED_BYTES = 6;
  private static final int BYTES_PER_COMPONENT = 3;
  private static final int MAX_SAMPLING_FACTOR = 4;

  /** The most blocks that an MCU may have (B.2.3). */
  private static final int MAX_BLOCKS_PER_MCU = 10;

  /**
   * Reads a frame header.
   *
   * @param payload of the segment
   */
  static FrameHeader of(byte[] payload, boolean progressive) throws GiveUpException {
    if (payload.length < FIXED_BYTES || payload[0] != PRECISION) {
      throw new GiveUpException("samples have other than 8 bits");
    }
    int height = (payload[1] & 0xFF) << 8 | (payload[2] & 0xFF);
    int width = (payload[3] & 0xFF) << 8 | (payload[4] & 0xFF);
    int count = payload[5] & 0xFF;
    if (width == 0 || height == 0 || (count != 1 && count != 3)) {
      throw new GiveUpException("sizes or components are unusual");
    }
    if (payload.length != FIXED_BYTES + BYTES_PER_COMPONENT * count) {
      throw new GiveUpException("a frame header has another length");
    }
    List<Component> components = new ArrayList<>();
    int horizontal = 1;
    int vertical = 1;
    int blocks = 0;
    for (int at = FIXED_BYTES; at < payload.length; at += BYTES_PER_COMPONENT) {
      int h = payload[at + 1] >> 4 & 15;
      int v = payload[at + 1] & 15;
      int table = payload[at + 2];
      if (h < 1
          || h > MAX_SAMPLING_FACTOR
          || v < 1
          || v > MAX_SAMPLING_FACTOR
          || table < 0
          || table > 3) {
        throw new GiveUpException("a component is unusual");
      }
      components.add(new Component(payload[at] & 0xFF, h, v, table));
      horizontal = Math.max(horizontal, h);
      vertical = Math.max(vertical, v);
      blocks += h * v;
    }
    if (count > 1 && blocks > MAX_BLOCKS_PER_MCU) {
      throw new GiveUpException("an MCU has too many blocks");
    }
    if (components.getFirst().horizontal() != horizontal
        || components.getFirst().vertical() != vertical) {
      // Chroma is stretched to the size of luma, never the other way round.
      throw new GiveUpException("chroma has more samples than luma");
    }
    return new FrameHeader(
        progressive, new Dimensions(width, height), List.copyOf(components), horizontal, vertical);
  }

  /** Works out sizes of all components, see {@link Component#layOut}. */
  void layOut(int shrink, boolean wholeChroma) throws GiveUpException {
    for (Component component : components) {
      component.layOut(size, maxHorizontal, maxVertical, shrink, wholeChroma);
    }
  }
}
