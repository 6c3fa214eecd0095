package dev.pictj.engine.ffmpeg;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Removes the comments in the headers of Vorbis sound in a WebM of ffmpeg's, which takes those
 * headers over as they are (RFC 9559, 5.1.4.1.22; Vorbis I, 5.2). Nothing moves: what is behind the
 * end of the list is zeros, which decoders skip.
 */
final class VorbisComments {
  private static final int SEGMENT = 0x18538067;
  private static final int TRACKS = 0x1654AE6B;
  private static final int TRACK = 0xAE;
  private static final int CODEC_PRIVATE = 0x63A2;

  /** Three headers, of which the first has this length. */
  private static final int THREE = 2;

  private static final int FIRST = 30;
  private static final byte[] SECOND = "\003vorbis".getBytes(StandardCharsets.US_ASCII);
  private static final byte END = 1;

  private final ByteBuffer file;

  private VorbisComments(ByteBuffer file) {
    this.file = file;
  }

  /** Does so in place; a file that has none stays as it is. */
  static void remove(Path webm) throws IOException {
    try (FileChannel channel =
        FileChannel.open(webm, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
      new VorbisComments(mapped).within(0, mapped.capacity());
    }
  }

  private void within(int from, int to) throws IOException {
    int at = from;
    while (at < to) {
      int idLength = Integer.numberOfLeadingZeros(file.get(at) & 0xFF) - 23;
      int id = (int) number(at, idLength, to);
      int sizeAt = at + idLength;
      if (sizeAt >= to) {
        throw notUnderstood();
      }
      int sizeLength = Integer.numberOfLeadingZeros(file.get(sizeAt) & 0xFF) - 23;
      long size = number(sizeAt, sizeLength, to) & ((1L << (7 * sizeLength)) - 1);
      int content = sizeAt + sizeLength;
      if (size > to - content) {
        throw notUnderstood();
      }
      int end = content + (int) size;
      switch (id) {
        case SEGMENT, TRACK -> within(content, end);
        case TRACKS -> {
          within(content, end);
          return;
        }
        case CODEC_PRIVATE -> headers(content, end);
        default -> {}
      }
      at = end;
    }
  }

  private long number(int at, int length, int to) throws IOException {
    if (length > 8 || at + length > to) {
      throw notUnderstood();
    }
    long number = 0;
    for (int i = 0; i < length; i++) {
      number = number << 8 | (file.get(at + i) & 0xFF);
    }
    return number;
  }

  private void headers(int from, int to) throws IOException {
    if (to - from < 3 || file.get(from) != THREE || file.get(from + 1) != FIRST) {
      return;
    }
    int length = 0;
    int at = from + 2;
    int part;
    do {
      part = at < to ? file.get(at++) & 0xFF : 0;
      length += part;
    } while (part == 255);
    int second = at + FIRST;
    if (second + length > to
        || length < SECOND.length + 9
        || !file.slice(second, SECOND.length).equals(ByteBuffer.wrap(SECOND))) {
      throw notUnderstood();
    }
    ByteBuffer comments = file.slice(second + SECOND.length, length - SECOND.length);
    long vendor = comments.order(ByteOrder.LITTLE_ENDIAN).getInt(0) & 0xFFFF_FFFFL;
    if (vendor + 9 > comments.capacity()) {
      throw notUnderstood();
    }
    comments.position((int) vendor + 4).putInt(0);
    comments.put(END);
    while (comments.hasRemaining()) {
      comments.put((byte) 0);
    }
  }

  private static IOException notUnderstood() {
    return new IOException("an element that is not understood");
  }
}
