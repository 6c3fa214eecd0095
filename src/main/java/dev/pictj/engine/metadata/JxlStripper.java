package dev.pictj.engine.metadata;

import dev.pictj.media.ByteSource;
import dev.pictj.media.Chunks;
import dev.pictj.media.MediaException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies the codestream of a JPEG XL, bit for bit, and of the boxes around it (ISO/IEC 18181-2) no
 * more than it takes to decode that: what is told about the picture goes, compressed or not, and so
 * does what it takes to make the JPEG again that it was, for that has comments of its own.
 */
final class JxlStripper {
  private static final byte[] BEGIN = {
    0,
    0,
    0,
    12,
    'J',
    'X',
    'L',
    ' ',
    13,
    10,
    (byte) 0x87,
    10,
    0,
    0,
    0,
    20,
    'f',
    't',
    'y',
    'p',
    'j',
    'x',
    'l',
    ' ',
    0,
    0,
    0,
    0,
    'j',
    'x',
    'l',
    ' '
  };

  private static final int SIGNATURE = 12;
  private static final long LAST_CODESTREAM_PART = 1L << 31;

  private final ByteSource in;

  /** Pieces of the file without metadata; empty for a codestream without boxes. */
  private final List<Piece> kept = new ArrayList<>();

  private final List<Piece> codestream = new ArrayList<>();
  private int beforeCodestream;

  JxlStripper(ByteSource in) throws IOException, MediaException {
    this.in = in;
    if (in.u8(0) == 0xFF) {
      codestream.add(Piece.of(0, in.size()));
      kept.addAll(codestream);
    } else {
      kept.add(Piece.of(BEGIN));
      boxes();
    }
  }

  void copy(OutputStream out) throws IOException {
    for (Piece piece : kept) {
      piece.write(in, out);
    }
  }

  /** The codestream, which may be in parts, all of them within the file. */
  List<Piece> codestream() {
    return codestream;
  }

  /**
   * Writes the file without metadata, with so much of the codestream, in one box if there are any.
   */
  void copy(long length, OutputStream out) throws IOException {
    for (Piece piece : kept.subList(0, beforeCodestream)) {
      piece.write(in, out);
    }
    if (beforeCodestream > 0) {
      head("jxlc", length).write(in, out);
    }
    long rest = length;
    for (Piece part : codestream) {
      long some = Math.min(rest, part.length());
      in.copy(part.at(), some, out);
      rest -= some;
    }
  }

  private void boxes() throws IOException, MediaException {
    Chunks boxes = Chunks.ofStill(in);
    boolean whole = false;
    int parts = 0;
    while (!whole && boxes.next()) {
      if (!boxes.isWhole()) {
        throw in.endsEarly();
      }
      switch (boxes.code()) {
        case "JXL " -> {
          if (boxes.end() != SIGNATURE) {
            throw in.invalid("a signature in its middle");
          }
        }
        case "jxll" -> {
          // The level of the codestream, which a decoder must support.
          if (parts == 0 && boxes.length() == 1) {
            add(boxes);
          }
        }
        case "jxlc" -> {
          if (parts > 0) {
            throw in.invalid("its codestream is whole and in parts");
          }
          part(boxes, 0);
          whole = true;
        }
        case "jxlp" -> {
          long number = boxes.length() < 4 ? -1 : in.u32(boxes.at());
          if ((number & ~LAST_CODESTREAM_PART) != parts++) {
            throw in.invalid("parts of its codestream are not in order");
          }
          part(boxes, 4);
          whole = (number & LAST_CODESTREAM_PART) != 0;
        }
        default -> {}
      }
    }
    if (!whole) {
      throw in.endsEarly();
    }
  }

  private void part(Chunks box, int behind) {
    if (codestream.isEmpty()) {
      beforeCodestream = kept.size();
    }
    codestream.add(Piece.of(box.at() + behind, box.length() - behind));
    add(box);
  }

  private void add(Chunks box) {
    kept.add(head(box.code(), box.length()));
    kept.add(Piece.of(box.at(), box.length()));
  }

  private static Piece head(String code, long length) {
    boolean wide = length > Integer.MAX_VALUE;
    ByteBuffer head = ByteBuffer.allocate(wide ? 16 : 8);
    head.putInt(wide ? 1 : (int) length + 8);
    head.put(code.getBytes(StandardCharsets.US_ASCII));
    if (wide) {
      head.putLong(length + 16);
    }
    return Piece.of(head.array());
  }
}
