package dev.pictj.engine.metadata;

import dev.pictj.media.ByteSource;
import java.io.IOException;

/** A part of a file, read once from front to back, a byte at a time. */
final class FileSlice {
  private final ByteSource in;
  private final long at;
  private final long length;
  private long taken;

  FileSlice(ByteSource file, long at, long length) throws IOException {
    this.in = file.again();
    this.at = at;
    this.length = length;
  }

  /** The next byte, or -1 at the end. */
  int read() throws IOException {
    return taken < length ? in.read(at + taken++) : -1;
  }

  /** Where it begins in the file. */
  long at() {
    return at;
  }

  /** Bytes read so far. */
  long taken() {
    return taken;
  }

  long length() {
    return length;
  }
}
