package dev.pictj.engine.metadata;

import dev.pictj.media.MediaException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Finds out how much of a stream of VP8L (RFC 9649, section 3) counts: up to the byte with the last
 * bit of the last pixel. Everything is parsed as a decoder does, but pixels are computed only where
 * they say how others are coded.
 */
final class Vp8lExtent {
  private static final int LITERALS = 256;
  private static final int LENGTHS = 24;
  private static final int DISTANCES = 40;
  private static final int CODES = 5;
  private static final int MAX_CACHE_BITS = 11;
  private static final int TRANSFORMS = 4;
  private static final int COLOUR_INDEXING = 3;
  private static final int SUBTRACT_GREEN = 2;

  /** Of prefix codes, some four kilobytes each; encoders make at most 2600. */
  private static final int MAX_GROUPS = 8192;

  private static final int CACHE_FACTOR = 0x1E35A7BD;

  private static final int[] LENGTH_ORDER = {
    17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  };

  /** Distances to pixels nearby (3.6): rows above in the upper four bits, 8 minus columns left. */
  private static final String NEAR =
      "1807171928062729161a262a38053739151b363a252b48044749141c353b464a242c58454b343c03"
          + "5759131d565a232d444c555b333d68026769121e666a222e545c434d656b323e78017779535d111f"
          + "646c424e767a212f757b313f636d525e00747c414f1020626e30737d515f40727e616f50717f6070";

  private final LittleBits in;
  private final PixelBudget budget;

  Vp8lExtent(FileSlice slice, PixelBudget budget) {
    this.in = new LittleBits(slice);
    this.budget = budget;
  }

  /** Parses a stream with its header and returns how many bytes of it count. */
  long ofPicture() throws IOException, UnreadableException, MediaException {
    if (in.number(8) != 0x2F) {
      throw new UnreadableException("not its signature");
    }
    int width = in.number(14) + 1;
    int height = in.number(14) + 1;
    in.number(1);
    if (in.number(3) != 0) {
      throw new UnreadableException("an unknown version");
    }
    return ofPixels(width, height);
  }

  /** Parses a stream without header, as transparency has it, and returns the same. */
  long ofPixels(int width, int height) throws IOException, UnreadableException, MediaException {
    int packed = width;
    boolean[] seen = new boolean[TRANSFORMS];
    while (in.flag()) {
      int transform = in.number(2);
      if (seen[transform]) {
        throw new UnreadableException("a transform twice");
      }
      seen[transform] = true;
      if (transform == COLOUR_INDEXING) {
        int colours = in.number(8) + 1;
        image(colours, 1, false, false);
        packed = blocks(packed, colours > 16 ? 0 : colours > 4 ? 1 : colours > 2 ? 2 : 3);
      } else if (transform != SUBTRACT_GREEN) {
        int bits = in.number(3) + 2;
        image(blocks(packed, bits), blocks(height, bits), false, false);
      }
    }
    image(packed, height, true, false);
    return in.taken();
  }

  private static int blocks(int size, int bits) {
    return (size + (1 << bits) - 1) >> bits;
  }

  /** The codes of one part of a picture: green with lengths, red, blue, alpha, distances. */
  private static final class Group {
    private final PrefixCode[] codes;

    Group(PrefixCode... codes) {
      this.codes = codes;
    }

    /** Whether every pixel is the same and not even written. */
    boolean isOneColour() {
      return codes[0].only() >= 0
          && codes[0].only() < LITERALS
          && codes[1].only() >= 0
          && codes[2].only() >= 0
          && codes[3].only() >= 0;
    }
  }

  /** Parses an image; its pixels are returned where they are wanted, else null. */
  private int[] image(int width, int height, boolean main, boolean wanted)
      throws IOException, UnreadableException, MediaException {
    int cacheBits = in.flag() ? in.number(4) : 0;
    if (cacheBits > MAX_CACHE_BITS) {
      throw new UnreadableException("a cache that is too large");
    }
    int[] groupOf = null;
    int bits = 0;
    int count = 1;
    if (main && in.flag()) {
      bits = in.number(3) + 2;
      groupOf = image(blocks(width, bits), blocks(height, bits), false, true);
      for (int i = 0; i < groupOf.length; i++) {
        groupOf[i] = (groupOf[i] >> 8) & 0xFFFF;
        count = Math.max(count, groupOf[i] + 1);
      }
    }
    Group[] groups = groups(count, groupOf, cacheBits);
    if (groupOf == null && groups[0].isOneColour() && !wanted) {
      return null;
    }
    budget.take((long) width * height);
    Pixels pixels = wanted ? new Pixels(width, height, cacheBits) : null;
    int cacheSize = cacheBits == 0 ? 0 : 1 << cacheBits;
    int across = blocks(width, bits);
    int mask = (1 << bits) - 1;
    long end = (long) width * height;
    int column = 0;
    int row = 0;
    Group group = groups[0];
    boolean changed = true;
    for (long at = 0; at < end; ) {
      if (groupOf != null && (changed || (column & mask) == 0)) {
        group = groups[groupOf[(row >> bits) * across + (column >> bits)]];
        changed = false;
      }
      int green = group.codes[0].read(in);
      int run = 1;
      if (green < LITERALS) {
        int red = group.codes[1].read(in);
        int blue = group.codes[2].read(in);
        int alpha = group.codes[3].read(in);
        if (wanted) {
          pixels.add((alpha << 24) | (red << 16) | (green << 8) | blue);
        }
      } else if (green < LITERALS + LENGTHS) {
        run = extended(green - LITERALS);
        int distance = extended(group.codes[4].read(in));
        if (run > end - at) {
          throw new UnreadableException("a copy that is too long");
        }
        if (wanted) {
          pixels.copy(run, distance);
        }
      } else if (green < LITERALS + LENGTHS + cacheSize) {
        if (wanted) {
          pixels.addCached(green - LITERALS - LENGTHS);
        }
      } else {
        throw new UnreadableException("no such symbol");
      }
      at += run;
      column += run;
      changed = run > 1;
      if (column >= width) {
        row += column / width;
        column %= width;
      }
    }
    return wanted ? pixels.all : null;
  }

  /** A length or a distance: a symbol and some more bits (3.6.2.2). */
  private int extended(int symbol) throws IOException, UnreadableException {
    if (symbol < 4) {
      return symbol + 1;
    }
    int extra = (symbol - 2) >> 1;
    return ((2 + (symbol & 1)) << extra) + in.number(extra) + 1;
  }

  /** All are read, and those kept that a part of the picture has. */
  private Group[] groups(int count, int[] groupOf, int cacheBits)
      throws IOException, UnreadableException {
    boolean[] used = new boolean[count];
    if (groupOf == null) {
      used[0] = true;
    } else {
      for (int group : groupOf) {
        used[group] = true;
      }
    }
    Group[] groups = new Group[count];
    int kept = 0;
    for (int i = 0; i < count; i++) {
      PrefixCode[] codes = new PrefixCode[CODES];
      for (int j = 0; j < CODES; j++) {
        codes[j] = code(alphabet(j, cacheBits));
      }
      if (used[i]) {
        if (++kept > MAX_GROUPS) {
          throw new UnreadableException("too many codes");
        }
        groups[i] = new Group(codes);
      }
    }
    return groups;
  }

  private static int alphabet(int code, int cacheBits) {
    return switch (code) {
      case 0 -> LITERALS + LENGTHS + (cacheBits == 0 ? 0 : 1 << cacheBits);
      case 4 -> DISTANCES;
      default -> LITERALS;
    };
  }

  /** The lengths of a code (3.7.2.1). */
  private PrefixCode code(int symbols) throws IOException, UnreadableException {
    int[] lengths = new int[Math.max(symbols, LITERALS)];
    if (in.flag()) {
      boolean two = in.flag();
      lengths[in.number(in.flag() ? 8 : 1)] = 1;
      if (two) {
        lengths[in.number(8)] = 1;
      }
      return new PrefixCode(Arrays.copyOf(lengths, symbols));
    }
    int[] ofLengths = new int[LENGTH_ORDER.length];
    int given = in.number(4) + 4;
    for (int i = 0; i < given; i++) {
      ofLengths[LENGTH_ORDER[i]] = in.number(3);
    }
    PrefixCode code = new PrefixCode(ofLengths);
    int most = symbols;
    if (in.flag()) {
      most = 2 + in.number(2 + 2 * in.number(3));
      if (most > symbols) {
        throw new UnreadableException("more lengths than symbols");
      }
    }
    int previous = 8;
    for (int symbol = 0; symbol < symbols && most > 0; most--) {
      int length = code.read(in);
      if (length < 16) {
        lengths[symbol++] = length;
        previous = length == 0 ? previous : length;
        continue;
      }
      int repeat =
          switch (length) {
            case 16 -> 3 + in.number(2);
            case 17 -> 3 + in.number(3);
            default -> 11 + in.number(7);
          };
      if (symbol + repeat > symbols) {
        throw new UnreadableException("more lengths than symbols");
      }
      Arrays.fill(lengths, symbol, symbol + repeat, length == 16 ? previous : 0);
      symbol += repeat;
    }
    return new PrefixCode(Arrays.copyOf(lengths, symbols));
  }

  /** The pixels of a small image. */
  private static final class Pixels {
    private static final byte[] NEARBY = HexFormat.of().parseHex(NEAR);

    private final int width;
    private final int[] all;
    private final int[] cache;
    private final int shift;
    private int count;

    Pixels(int width, int height, int cacheBits) {
      this.width = width;
      this.all = new int[width * height];
      this.cache = new int[cacheBits == 0 ? 0 : 1 << cacheBits];
      this.shift = 32 - cacheBits;
    }

    void add(int pixel) {
      all[count++] = pixel;
      if (cache.length > 0) {
        cache[(CACHE_FACTOR * pixel) >>> shift] = pixel;
      }
    }

    void addCached(int index) {
      add(cache[index]);
    }

    void copy(int run, int code) throws UnreadableException {
      int distance = code - NEARBY.length;
      if (code <= NEARBY.length) {
        int near = NEARBY[code - 1];
        distance = Math.max(1, (near >> 4) * width + 8 - (near & 15));
      }
      if (distance > count) {
        throw new UnreadableException("a copy from before the picture");
      }
      for (int i = 0; i < run; i++) {
        add(all[count - distance]);
      }
    }
  }
}
