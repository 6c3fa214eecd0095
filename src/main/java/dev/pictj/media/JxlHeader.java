package dev.pictj.media;

import dev.pictj.media.MediaException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * The header of a JPEG XL (ISO/IEC 18181-1, annexes D and E; 18181-2 for the boxes around it). Its
 * size is the one that is seen, for decoders turn by it.
 */
final class JxlHeader {
  /** Bytes of the header that are read; real headers have some tens, unless channels have names. */
  private static final int HEAD = 4096;

  /** The flag of the last part in the number of a part of the codestream (ISO/IEC 18181-2, 9.9). */
  private static final int LAST = 0x80;

  private static final int MAX_CHANNELS = 256;

  private static final int GREY = 1;
  private static final int XYB = 2;
  private static final int CUSTOM = 2;

  /** Ratios of width to height, by number. */
  private static final int[][] RATIOS = {{1, 1}, {12, 10}, {4, 3}, {3, 2}, {16, 9}, {5, 4}, {2, 1}};

  private final BitReader bits;
  private final ByteSource in;
  private int orientation = 1;
  private boolean animated;
  private int depth = 8;
  private boolean alpha;
  private boolean premultiplied;
  private boolean grey;
  private Optional<VideoTrack.Colours> meaning = Optional.of(colours(1, 13));
  private Samples.ProfilePlace profile = new Samples.ProfilePlace.None();

  private JxlHeader(ByteSource in, byte[] head) {
    this.in = in;
    this.bits = BitReader.lowFirst(head, in.endsEarly());
  }

  static Probed read(ByteSource in) throws IOException, MediaException {
    return new JxlHeader(in, head(in)).read();
  }

  /** The beginning of the codestream, which may be alone, in a box, or in several. */
  private static byte[] head(ByteSource in) throws IOException, MediaException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    if (in.u8(0) == 0xFF) {
      head.writeBytes(in.bytes(0, (int) Math.min(HEAD, in.size())));
    } else {
      Chunks boxes = Chunks.ofStill(in);
      boolean last = false;
      while (!last && head.size() < HEAD && boxes.next()) {
        long skipped =
            switch (boxes.code()) {
              case "jxlc" -> 0;
              case "jxlp" -> 4;
              default -> -1;
            };
        if (boxes.length() < 0) {
          throw in.endsEarly();
        }
        if (skipped >= 0) {
          long some = Math.min(boxes.length() - skipped, in.size() - boxes.at() - skipped);
          int length = Math.clamp(some, 0, HEAD - head.size());
          head.writeBytes(in.bytes(boxes.at() + skipped, length));
          // Boxes after the codestream are ignored.
          last = skipped == 0 || (in.u8(boxes.at()) & LAST) != 0;
        }
        if (!boxes.isWhole()) {
          if (skipped < 0) {
            throw in.endsEarly();
          }
          break;
        }
      }
    }
    return head.toByteArray();
  }

  private Probed read() throws IOException, MediaException {
    if (bits.small(16) != 0x0AFF) {
      throw in.invalid("no picture in it");
    }
    Dimensions stored = size();
    if (!bits.flag()) {
      metadata();
    }
    if (animated) {
      throw new MediaException(
          Reason.UNSUPPORTED, "JPEG XL is not accepted where it is animated: only stills are");
    }
    Dimensions seen = Orientation.ofTag(orientation).upright(stored);
    return new Probed(MediaType.JXL, seen, 1, Orientation.UPRIGHT, /* cmyk= */ false)
        .with(new Samples(stored, depth, alpha, premultiplied, grey, meaning, profile));
  }

  private Dimensions size() throws MediaException {
    boolean small = bits.flag();
    long height = side(small);
    int ratio = bits.small(3);
    long width = ratio == 0 ? side(small) : height * RATIOS[ratio - 1][0] / RATIOS[ratio - 1][1];
    return new Dimensions(
        (int) Math.min(width, Integer.MAX_VALUE), (int) Math.min(height, Integer.MAX_VALUE));
  }

  private long side(boolean small) throws MediaException {
    return small
        ? 8 * (bits.bits(5) + 1)
        : 1
            + switch (bits.small(2)) {
              case 0 -> bits.bits(9);
              case 1 -> bits.bits(13);
              case 2 -> bits.bits(18);
              default -> bits.bits(30);
            };
  }

  private void metadata() throws MediaException {
    if (bits.flag()) {
      orientation = bits.small(3) + 1;
      if (bits.flag()) {
        Dimensions _ = size();
      }
      if (bits.flag()) {
        preview();
      }
      animated = bits.flag();
      if (animated) {
        return;
      }
    }
    depth = depth();
    bits.skip(1);
    int channels =
        switch (bits.small(2)) {
          case 0 -> 0;
          case 1 -> 1;
          case 2 -> 2 + bits.small(4);
          default -> 1 + bits.small(12);
        };
    if (channels > MAX_CHANNELS) {
      throw in.invalid("too many channels");
    }
    for (int i = 0; i < channels; i++) {
      channel();
    }
    bits.skip(1);
    encoding();
  }

  private void preview() throws MediaException {
    boolean eighths = bits.flag();
    previewSide(eighths);
    if (bits.small(3) == 0) {
      previewSide(eighths);
    }
  }

  private void previewSide(boolean eighths) throws MediaException {
    int kind = bits.small(2);
    if (eighths) {
      bits.skip(kind == 2 ? 5 : kind == 3 ? 9 : 0);
    } else {
      bits.skip(new int[] {6, 8, 10, 12}[kind]);
    }
  }

  private int depth() throws MediaException {
    boolean floating = bits.flag();
    int kind = bits.small(2);
    int found =
        kind == 3
            ? 1 + bits.small(6)
            : (floating ? new int[] {32, 16, 24} : new int[] {8, 10, 12})[kind];
    if (floating) {
      bits.skip(4);
    }
    return found;
  }

  private void channel() throws MediaException {
    if (bits.flag()) {
      alpha = true;
      return;
    }
    int kind = number();
    depth();
    int shift = bits.small(2);
    bits.skip(shift == 3 ? 3 : 0);
    int name =
        switch (bits.small(2)) {
          case 0 -> 0;
          case 1 -> bits.small(4);
          case 2 -> 16 + bits.small(5);
          default -> 48 + bits.small(10);
        };
    bits.skip(8 * name);
    switch (kind) {
      case 0 -> {
        boolean multiplied = bits.flag();
        // The first one counts.
        premultiplied = alpha ? premultiplied : multiplied;
        alpha = true;
      }
      case 2 -> bits.skip(64);
      case 4 ->
          throw new MediaException(
              Reason.UNSUPPORTED, "JPEG XL is not accepted where it is CMYK, for printing");
      case 5 -> {
        int which = bits.small(2);
        bits.skip(which == 0 ? 0 : which == 1 ? 2 : which == 2 ? 4 : 8);
      }
      default -> {}
    }
  }

  /** Reads a member of an enumeration. */
  private int number() throws MediaException {
    return switch (bits.small(2)) {
      case 0 -> 0;
      case 1 -> 1;
      case 2 -> 2 + bits.small(4);
      default -> 18 + bits.small(6);
    };
  }

  private void encoding() throws MediaException {
    if (bits.flag()) {
      return;
    }
    boolean profiled = bits.flag();
    int space = number();
    grey = space == GREY;
    meaning = Optional.empty();
    if (profiled || space >= XYB) {
      profile = new Samples.ProfilePlace.Coded();
      return;
    }
    int white = number();
    if (white == CUSTOM) {
      point();
    }
    int primaries = 1;
    if (!grey) {
      primaries = number();
      for (int i = 0; primaries == CUSTOM && i < 3; i++) {
        point();
      }
    }
    boolean gamma = bits.flag();
    int transfer = 2;
    if (gamma) {
      bits.skip(24);
    } else {
      transfer = number();
    }
    boolean numbered = white == 1 && primaries != CUSTOM && transfer != 2 && transfer != 17;
    if (numbered && (primaries == 1 || primaries == 9 || primaries == 11)) {
      // H.273 calls those of P3 with the white of a screen 12.
      meaning = Optional.of(colours(primaries == 11 ? 12 : primaries, transfer));
    } else {
      profile = new Samples.ProfilePlace.Coded();
    }
  }

  private void point() throws MediaException {
    for (int i = 0; i < 2; i++) {
      bits.skip(new int[] {19, 19, 20, 21}[bits.small(2)]);
    }
  }

  private static VideoTrack.Colours colours(int primaries, int transfer) {
    return new VideoTrack.Colours(primaries, transfer, 0, true);
  }
}
