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
  private static final long LAST = 1L << 31;

  private final ByteSource in;

  JxlStripper(ByteSource in) {
    this.in = in;
  }

  void copy(OutputStream out) throws IOException, MediaException {
    for (Piece piece : pieces()) {
      piece.write(in, out);
    }
  }

  private List<Piece> pieces() throws IOException, MediaException {
    if (in.u8(0) == 0xFF) {
      return List.of(Piece.of(0, in.size()));
    }
    List<Piece> kept = new ArrayList<>(List.of(Piece.of(BEGIN)));
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
          // The level that a decoder must be of.
          if (parts == 0 && boxes.length() == 1) {
            add(kept, boxes);
          }
        }
        case "jxlc" -> {
          if (parts > 0) {
            throw in.invalid("its codestream is whole and in parts");
          }
          add(kept, boxes);
          whole = true;
        }
        case "jxlp" -> {
          long number = boxes.length() < 4 ? -1 : in.u32(boxes.at());
          if ((number & ~LAST) != parts++) {
            throw in.invalid("parts of its codestream are not in order");
          }
          add(kept, boxes);
          whole = (number & LAST) != 0;
        }
        default -> {}
      }
    }
    if (!whole) {
      throw in.endsEarly();
    }
    return kept;
  }

  private static void add(List<Piece> kept, Chunks box) {
    boolean wide = box.length() > Integer.MAX_VALUE;
    ByteBuffer head = ByteBuffer.allocate(wide ? 16 : 8);
    head.putInt(wide ? 1 : (int) box.length() + 8);
    head.put(box.code().getBytes(StandardCharsets.US_ASCII));
    if (wide) {
      head.putLong(box.length() + 16);
    }
    kept.add(Piece.of(head.array()));
    kept.add(Piece.of(box.at(), box.length()));
  }
}
