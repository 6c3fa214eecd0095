package dev.pictj.engine.metadata;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A walk through the segments of a JPEG that come before its first scan (T.81, B.1.1). What is read
 * of one may be in the next already, where it says that it is shorter than it is.
 */
final class JpegSegments implements AutoCloseable {
  private static final int END = 0xFFD9;
  private static final int SCAN = 0xFFDA;

  /** Most have a few hundred bytes; those that have more are stepped over. */
  private static final int BUFFER = 2048;

  private final DataInputStream in;
  private int marker;
  private int length;
  private int left = 2;

  private JpegSegments(DataInputStream in) {
    this.in = in;
  }

  /** Begins before the first one. */
  static JpegSegments of(Path jpeg) throws IOException {
    return new JpegSegments(
        new DataInputStream(new BufferedInputStream(new FileInputStream(jpeg.toFile()), BUFFER)));
  }

  /**
   * Goes to the next one, however much of the last was read.
   *
   * @return false when there is none
   * @throws EOFException when the file ends before it should
   */
  boolean next() throws IOException {
    if (left > 0) {
      in.skipNBytes(left);
    }
    marker = in.readUnsignedShort();
    while (marker == 0xFFFF) {
      marker = 0xFF00 | in.readUnsignedByte();
    }
    if (marker < 0xFFC0 || marker == SCAN || marker == END) {
      return false;
    }
    length = in.readUnsignedShort();
    left = length - 2;
    return true;
  }

  int marker() {
    return marker;
  }

  /** Of the segment, as it says, with the two bytes that say so. */
  int length() {
    return length;
  }

  /** How many bytes of the segment, as it says, have not been read. */
  int left() {
    return left;
  }

  /** The next byte. */
  int u8() throws IOException {
    left--;
    return in.readUnsignedByte();
  }

  /** The next two bytes. */
  int u16() throws IOException {
    left -= 2;
    return in.readUnsignedShort();
  }

  /** The next few bytes. */
  byte[] bytes(int count) throws IOException {
    left -= count;
    byte[] bytes = new byte[count];
    in.readFully(bytes);
    return bytes;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
