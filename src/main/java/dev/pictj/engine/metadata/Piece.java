package dev.pictj.engine.metadata;

import dev.pictj.media.ByteSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Some bytes of a file that is put together from those of another.
 *
 * @param bytes those; where there are none they are in the other file
 * @param at where in the other file; negative where they are not, and zeros when there are no bytes
 */
@SuppressWarnings("ArrayRecordComponent")
public record Piece(byte[] bytes, long at, long length) {
  static Piece of(long at, long length) {
    return new Piece(new byte[0], at, length);
  }

  static Piece of(byte[] bytes) {
    return new Piece(bytes, -1, bytes.length);
  }

  static Piece zeros(long length) {
    return new Piece(new byte[0], -1, length);
  }

  /** A piece that is a number, its lowest byte first. */
  static Piece little(long number, int bytes) {
    byte[] all =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
    return of(Arrays.copyOf(all, bytes));
  }

  /** A chunk of a RIFF file without the zero that follows an odd payload. */
  static List<Piece> chunk(String code, List<Piece> payload) {
    List<Piece> chunk = new ArrayList<>(payload);
    chunk.addFirst(little(length(payload), 4));
    chunk.addFirst(of(code.getBytes(StandardCharsets.US_ASCII)));
    return chunk;
  }

  /** Bytes of all these pieces together. */
  public static long length(List<Piece> pieces) {
    return pieces.stream().mapToLong(Piece::length).sum();
  }

  /** Writes a piece. */
  void write(ByteSource from, OutputStream out) throws IOException {
    if (at < 0) {
      out.write(bytes);
    } else {
      from.copy(at, length, out);
    }
  }
}
