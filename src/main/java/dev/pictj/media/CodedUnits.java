package dev.pictj.media;

import dev.pictj.media.HeifItems.Extent;
import dev.pictj.media.HeifItems.Item;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A walk through all units of a coded picture: those of AV1 (AV1 Bitstream & Decoding Process
 * Specification, 5.3, OBU) and of HEVC (ISO/IEC 14496-15, 4.3.3, NAL units behind their lengths).
 * Finds those that say how large pictures are, wherever they stand: a decoder obeys the last one.
 */
final class CodedUnits {
  private static final int SEQUENCE_HEADER = 1;
  private static final int HEVC_PARAMETERS = 33;

  /** The most bytes of a header; most have some 20, and extensions of HEVC a few hundred. */
  private static final int MAX_HEADER = 4096;

  /** So many bytes of a header count as one more unit, for items may share their data. */
  private static final int HEADER_BYTES_PER_UNIT = 64;

  /** The most headers of one item; different ones are refused. */
  private static final int MAX_HEADERS = 16;

  private final ByteSource in;
  private final List<Extent> extents;
  private final long length;
  private final int most;
  private final List<byte[]> headers = new ArrayList<>();
  private int count;

  /** Where the current extent begins within the data, and which it is. */
  private long begin;

  private int current;

  private CodedUnits(ByteSource in, Item item, int most) {
    this.in = in;
    this.extents = item.extents();
    this.length = item.length();
    this.most = most;
  }

  /**
   * Reads the units of an item of AV1.
   *
   * @param most units that there may be
   */
  static CodedUnits ofAv1(ByteSource in, Item item, int most) throws IOException, MediaException {
    CodedUnits units = new CodedUnits(in, item, most);
    units.av1();
    return units;
  }

  /**
   * Reads the units of an item of HEVC.
   *
   * @param most units that there may be
   * @param lengthSize bytes of the length before each
   */
  static CodedUnits ofHevc(ByteSource in, Item item, int most, int lengthSize)
      throws IOException, MediaException {
    CodedUnits units = new CodedUnits(in, item, most);
    units.hevc(lengthSize);
    return units;
  }

  /** How many units there are. */
  int count() {
    return count;
  }

  /** Payloads of AV1's sequence headers, or whole sequence parameter sets of HEVC. */
  List<byte[]> headers() {
    return headers;
  }

  private void av1() throws IOException, MediaException {
    long at = 0;
    while (at < length) {
      countUnit();
      int header = u8(at);
      long payload = at + ((header & 4) != 0 ? 2 : 1);
      long size = length - payload;
      if ((header & 2) != 0) {
        size = 0;
        int part;
        int shift = 0;
        do {
          if (shift > 28) {
            throw damaged();
          }
          part = u8(payload++);
          size |= (long) (part & 0x7F) << shift;
          shift += 7;
        } while (part >= 0x80);
      }
      if ((header & 0x80) != 0 || size < 0 || size > length - payload) {
        throw damaged();
      }
      if ((header >> 3 & 15) == SEQUENCE_HEADER) {
        add(payload, size);
      }
      at = payload + size;
    }
  }

  private void hevc(int lengthSize) throws IOException, MediaException {
    long at = 0;
    while (at < length) {
      countUnit();
      long size = 0;
      for (int i = 0; i < lengthSize; i++) {
        size = size << 8 | u8(at++);
      }
      if (size < 2 || size > length - at) {
        throw damaged();
      }
      if ((u8(at) >> 1 & 63) == HEVC_PARAMETERS) {
        add(at, size);
      }
      at += size;
    }
  }

  private void add(long at, long size) throws IOException, MediaException {
    if (size > MAX_HEADER || headers.size() == MAX_HEADERS) {
      throw damaged();
    }
    count += (int) size / HEADER_BYTES_PER_UNIT;
    byte[] header = new byte[(int) size];
    for (int i = 0; i < header.length; i++) {
      header[i] = (byte) u8(at + i);
    }
    headers.add(header);
  }

  private void countUnit() throws MediaException {
    if (++count > most) {
      throw in.invalid("too many parts of coded pictures");
    }
  }

  /** A byte of the data, which is read from its beginning to its end. */
  private int u8(long at) throws IOException, MediaException {
    if (at >= length) {
      throw damaged();
    }
    while (at - begin >= extents.get(current).length()) {
      begin += extents.get(current++).length();
    }
    return in.u8(extents.get(current).at() + at - begin);
  }

  private MediaException damaged() {
    return in.invalid("its coded picture is damaged");
  }
}
