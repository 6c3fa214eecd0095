package dev.pictj.engine.metadata;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** A walk through the segments of a JPEG that come before its first scan (T.81, B.1.1). */
final class JpegSegments implements AutoCloseable {
  private static final int END = 0xFFD9;
  private static final int SCAN = 0xFFDA;

  private final RandomAccessFile file;
  private int marker;
  private int length;
  private long end = 2;

  private JpegSegments(RandomAccessFile file) {
    this.file = file;
  }

  /** Begins before the first one. */
  static JpegSegments of(Path jpeg) throws IOException {
    return new JpegSegments(new RandomAccessFile(jpeg.toFile(), "r"));
  }

  /**
   * Goes to the next one, wherever the file was left.
   *
   * @return false when there is none
   * @throws java.io.EOFException when the file ends before it should
   */
  boolean next() throws IOException {
    file.seek(end);
    marker = file.readUnsignedShort();
    while (marker == 0xFFFF) {
      marker = 0xFF00 | file.readUnsignedByte();
    }
    if (marker < 0xFFC0 || marker == SCAN || marker == END) {
      return false;
    }
    length = file.readUnsignedShort();
    end = file.getFilePointer() + length - 2;
    return true;
  }

  int marker() {
    return marker;
  }

  /** Of the segment, as it says, with the two bytes that say so. */
  int length() {
    return length;
  }

  /** Where the segment ends in the file. */
  long end() {
    return end;
  }

  /** At the segment's first byte after its length. */
  RandomAccessFile file() {
    return file;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
