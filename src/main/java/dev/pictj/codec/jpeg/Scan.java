package dev.pictj.codec.jpeg;

import java.util.ArrayList;
import java.util.List;

/**
 * What a scan header says (B.2.3).
 *
 * @param first coefficient of the scan, in zigzag order
 * @param last coefficient of the scan
 * @param before low bits that earlier scans have left out; 0 in the first scan of a coefficient
 * @param after low bits that this scan leaves out
 */
record Scan(List<Part> parts, int first, int last, int before, int after) {
  private static final int MAX_CODES = 4;

  /**
   * A component and its codes, which may be missing where none is needed.
   *
   * @param number of the component in its frame
   */
  record Part(int number, Component component, HuffmanTable dc, HuffmanTable ac) {}

  /**
   * Reads a scan header.
   *
   * @param payload of the segment
   */
  static Scan of(byte[] payload, FrameHeader frame, HuffmanTable[] dc, HuffmanTable[] ac)
      throws GiveUpException {
    int count = payload.length == 0 ? 0 : payload[0];
    if (count < 1 || payload.length != 4 + 2 * count) {
      throw new GiveUpException("a scan header has another length");
    }
    List<Part> parts = new ArrayList<>();
    int number = -1;
    for (int at = 1; at <= 2 * count; at += 2) {
      number = next(frame, number, payload[at] & 0xFF);
      int codes = payload[at + 1] & 0xFF;
      if (codes >> 4 >= MAX_CODES || (codes & 15) >= MAX_CODES) {
        throw new GiveUpException("a scan names codes that cannot be");
      }
      parts.add(new Part(number, frame.components().get(number), dc[codes >> 4], ac[codes & 15]));
    }
    int bits = payload[payload.length - 1];
    return new Scan(
        List.copyOf(parts),
        payload[payload.length - 3],
        payload[payload.length - 2],
        bits >> 4 & 15,
        bits & 15);
  }

  /** Components stand in the order of the frame. */
  private static int next(FrameHeader frame, int last, int id) throws GiveUpException {
    for (int number = last + 1; number < frame.components().size(); number++) {
      if (frame.components().get(number).id() == id) {
        return number;
      }
    }
    throw new GiveUpException("a scan has a component that is not there");
  }

  /** Whether the scan has DC coefficients. */
  boolean isDc() {
    return first == 0;
  }
}
