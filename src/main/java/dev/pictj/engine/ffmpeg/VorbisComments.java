package dev.pictj.engine.ffmpeg;

import dev.pictj.media.ByteSource;
import dev.pictj.media.MediaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

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

  private static final byte[] VORBIS = "A_VORBIS".getBytes(StandardCharsets.US_ASCII);

  /** The codec's private data begins with the number of its headers, three, less one. */
  private static final int HEADERS_LESS_ONE = 2;

  /** Length of the identification header (Vorbis I, 4.2.2). */
  private static final int IDENTIFICATION_HEADER_BYTES = 30;

  private static final byte[] COMMENT_HEADER_BEGIN =
      "\003vorbis".getBytes(StandardCharsets.US_ASCII);

  /** No name of an encoder, no comments, and the bit that ends them. */
  private static final byte[] NO_COMMENTS = {0, 0, 0, 0, 0, 0, 0, 0, 1};

  private static final int ZEROS_PER_WRITE = 8192;

  private final ByteSource in;
  private final FileChannel out;

  /** Where the payload of the current element begins and ends. */
  private long content;

  private long end;

  private VorbisComments(ByteSource in, FileChannel out) {
    this.in = in;
    this.out = out;
  }

  /**
   * Removes them in place; a file without such sound stays as it is.
   *
   * @throws MediaException when the headers are damaged
   */
  static void remove(Path webm) throws IOException, MediaException {
    try (ByteSource in = ByteSource.ofHeader(webm);
        FileChannel out = FileChannel.open(webm, StandardOpenOption.WRITE)) {
      new VorbisComments(in, out).walk();
    }
  }

  private void walk() throws IOException, MediaException {
    for (long at = 0; at < in.size(); ) {
      int id = element(at, in.size());
      if (id == CLUSTER) {
        return;
      }
      if (id == TRACKS) {
        tracks(content, end);
        return;
      }
      // What is in the segment follows.
      at = id == SEGMENT ? content : end;
    }
  }

  private void tracks(long from, long to) throws IOException, MediaException {
    for (long at = from; at < to; ) {
      int id = element(at, to);
      at = end;
      if (id == TRACK) {
        track(content, end);
      }
    }
  }

  private void track(long from, long to) throws IOException, MediaException {
    boolean vorbis = false;
    long headers = to;
    long headersEnd = to;
    for (long at = from; at < to; at = end) {
      int id = element(at, to);
      if (id == CODEC) {
        vorbis =
            end - content == VORBIS.length
                && Arrays.equals(in.bytes(content, VORBIS.length), VORBIS);
      } else if (id == CODEC_PRIVATE) {
        headers = content;
        headersEnd = end;
      }
    }
    if (vorbis) {
      headers(headers, headersEnd);
    }
  }

  private int element(long at, long to) throws IOException, MediaException {
    int idLength = length(at);
    final int id = (int) number(at, idLength);
    int sizeLength = length(at + idLength);
    long size = number(at + idLength, sizeLength) & ((1L << (7 * sizeLength)) - 1);
    content = at + idLength + sizeLength;
    end = content + size;
    if (end > to) {
      throw damaged();
    }
    return id;
  }

  /** Bytes that a number of EBML takes, which its first byte tells. */
  private int length(long at) throws IOException, MediaException {
    int length = Integer.numberOfLeadingZeros(in.u8(at)) - 23;
    if (length > 8) {
      throw damaged();
    }
    return length;
  }

  private long number(long at, int length) throws IOException, MediaException {
    long number = 0;
    for (int i = 0; i < length; i++) {
      number = number << 8 | in.u8(at + i);
    }
    return number;
  }

  /** The lengths of the first two headers, then all three of them. */
  private void headers(long from, long to) throws IOException, MediaException {
    if (to - from < 3
        || in.u8(from) != HEADERS_LESS_ONE
        || in.u8(from + 1) != IDENTIFICATION_HEADER_BYTES) {
      throw damaged();
    }
    long length = 0;
    long at = from + 2;
    int part;
    do {
      part = at < to ? in.u8(at++) : 0;
      length += part;
    } while (part == 255);
    long second = at + IDENTIFICATION_HEADER_BYTES;
    if (length > to - second
        || length < COMMENT_HEADER_BEGIN.length + NO_COMMENTS.length
        || !Arrays.equals(in.bytes(second, COMMENT_HEADER_BEGIN.length), COMMENT_HEADER_BEGIN)) {
      throw damaged();
    }
    long list = second + COMMENT_HEADER_BEGIN.length;
    write(list, NO_COMMENTS);
    zero(list + NO_COMMENTS.length, second + length);
  }

  private void zero(long from, long to) throws IOException {
    for (long at = from; at < to; at += ZEROS_PER_WRITE) {
      write(at, new byte[(int) Math.min(ZEROS_PER_WRITE, to - at)]);
    }
  }

  private void write(long at, byte[] bytes) throws IOException {
    ByteBuffer some = ByteBuffer.wrap(bytes);
    while (some.hasRemaining()) {
      out.write(some, at + some.position());
    }
  }

  private static MediaException damaged() {
    return MediaException.invalid("Invalid WebM: the headers of its sound are damaged");
  }
}
