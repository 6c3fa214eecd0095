package dev.pictj.engine.ffmpeg;

import dev.pictj.media.MediaException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Removes the comments, and the name of the encoder, in the headers of Vorbis sound in a WebM of
 * ffmpeg's, which takes those over as they are (RFC 9559, 5.1.4.1.22; Vorbis I, 5.2). Nothing
 * moves: what is behind the end of the list is zeros, which decoders skip.
 *
 * <p>ffmpeg writes the tracks in front of the clusters, each with its codec, and its headers within
 * it; no element is looked for any deeper.
 */
final class VorbisComments {
  private static final int SEGMENT = 0x18538067;
  private static final int CLUSTER = 0x1F43B675;
  private static final int TRACKS = 0x1654AE6B;
  private static final int TRACK = 0xAE;
  private static final int CODEC = 0x86;
  private static final int CODEC_PRIVATE = 0x63A2;

  private static final ByteBuffer VORBIS = StandardCharsets.US_ASCII.encode("A_VORBIS");

  /** Three headers, less one. */
  private static final byte THREE = 2;

  /** Bytes of the first header. */
  private static final byte FIRST = 30;

  private static final ByteBuffer SECOND = StandardCharsets.US_ASCII.encode("\003vorbis");
  private static final byte END = 1;

  /** Of the second header: its name, two numbers and its end. */
  private static final int LEAST = 7 + 4 + 4 + 1;

  private final ByteBuffer file;

  /** Of the current element. */
  private int content;

  private int end;

  private VorbisComments(ByteBuffer file) {
    this.file = file;
  }

  /**
   * Does so in place; a file without such sound stays as it is.
   *
   * @throws MediaException when the headers are damaged
   */
  static void remove(Path webm) throws IOException, MediaException {
    try (FileChannel channel =
            FileChannel.open(webm, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Arena arena = Arena.ofConfined()) {
      // Of a larger file the clusters only are not in it.
      long size = Math.min(channel.size(), Integer.MAX_VALUE);
      new VorbisComments(channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena).asByteBuffer())
          .walk();
    }
  }

  private void walk() throws MediaException {
    for (int at = 0; at < file.capacity(); ) {
      int id = element(at, file.capacity());
      if (id == CLUSTER) {
        return;
      }
      if (id == TRACKS) {
        requireWithin(file.capacity());
        tracks(content, end);
        return;
      }
      // What is in the segment follows, and it may be larger than what is mapped.
      if (id != SEGMENT) {
        requireWithin(file.capacity());
      }
      at = id == SEGMENT ? content : end;
    }
  }

  private void tracks(int from, int to) throws MediaException {
    for (int at = from; at < to; at = end) {
      int id = element(at, to);
      requireWithin(to);
      if (id == TRACK) {
        int next = end;
        track(content, next);
        end = next;
      }
    }
  }

  private void track(int from, int to) throws MediaException {
    boolean vorbis = false;
    ByteBuffer headers = ByteBuffer.allocate(0);
    for (int at = from; at < to; at = end) {
      int id = element(at, to);
      requireWithin(to);
      ByteBuffer payload = file.slice(content, end - content);
      if (id == CODEC) {
        vorbis = payload.equals(VORBIS);
      } else if (id == CODEC_PRIVATE) {
        headers = payload;
      }
    }
    if (vorbis) {
      headers(headers);
    }
  }

  /** Reads where the payload of an element begins and ends, which may be behind what is mapped. */
  private int element(int at, int to) throws MediaException {
    int idLength = length(at, to);
    final int id = (int) number(at, idLength);
    int sizeLength = length(at + idLength, to);
    long size = number(at + idLength, sizeLength) & ((1L << (7 * sizeLength)) - 1);
    content = at + idLength + sizeLength;
    end = (int) Math.min(Integer.MAX_VALUE, content + size);
    return id;
  }

  /** Of a number, which its first byte tells. */
  private int length(int at, int to) throws MediaException {
    int length = at < to ? Integer.numberOfLeadingZeros(file.get(at) & 0xFF) - 23 : 9;
    if (length > 8 || length > to - at) {
      throw damaged();
    }
    return length;
  }

  private long number(int at, int length) {
    long number = 0;
    for (int i = 0; i < length; i++) {
      number = number << 8 | (file.get(at + i) & 0xFF);
    }
    return number;
  }

  private void requireWithin(int to) throws MediaException {
    if (end > to) {
      throw damaged();
    }
  }

  /** The lengths of the first two headers, then all three of them. */
  private static void headers(ByteBuffer all) throws MediaException {
    if (all.remaining() < 2 || all.get() != THREE || all.get() != FIRST) {
      throw damaged();
    }
    long length = 0;
    int part;
    do {
      part = all.hasRemaining() ? all.get() & 0xFF : 0;
      length += part;
    } while (part == 255);
    if (length > all.remaining() - FIRST || length < LEAST) {
      throw damaged();
    }
    ByteBuffer second = all.slice(all.position() + FIRST, (int) length);
    if (!second.slice(0, SECOND.remaining()).equals(SECOND)) {
      throw damaged();
    }
    // Nothing as the name of the encoder, and no comments.
    second.position(SECOND.remaining()).putLong(0).put(END);
    while (second.hasRemaining()) {
      second.put((byte) 0);
    }
  }

  private static MediaException damaged() {
    return MediaException.invalid("Invalid WebM: the headers of its sound are damaged");
  }
}
