package dev.pictj.media;

import java.io.IOException;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * A WebP file whose extended header (RFC 9649, section 2.7) announces no colour profile: a reader
 * that only wants the size would take the profile into memory and have native code parse it.
 */
final class WithoutProfile extends ImageInputStreamImpl {
  private static final int KIND = 12;
  private static final int EXTENDED = 0x56503858;
  private static final int FLAGS = 20;
  private static final int PROFILE = 0x20;

  private final FileImageInputStream file;
  private final boolean extended;

  /** Closes the file when it is closed. */
  WithoutProfile(FileImageInputStream file) throws IOException {
    this.file = file;
    file.seek(KIND);
    extended = file.length() > FLAGS && file.readInt() == EXTENDED;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    bitOffset = 0;
    file.seek(streamPos);
    int count = file.read(bytes, offset, length);
    if (extended && count > 0 && streamPos <= FLAGS && streamPos + count > FLAGS) {
      bytes[offset + (int) (FLAGS - streamPos)] &= (byte) ~PROFILE;
    }
    streamPos += Math.max(0, count);
    return count;
  }

  @Override
  public long length() {
    return file.length();
  }

  @Override
  public void close() throws IOException {
    try (file) {
      super.close();
    }
  }
}
