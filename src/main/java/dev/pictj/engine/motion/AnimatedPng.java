package dev.pictj.engine.motion;

import dev.pictj.media.ByteSource;
import dev.pictj.media.Chunks;
import dev.pictj.media.Dimensions;
import dev.pictj.media.FrameTime;
import dev.pictj.media.IccProfile;
import dev.pictj.media.MediaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * What the container of an animated PNG says (W3C PNG third edition, 11.3.7).
 *
 * @param canvas size of the whole
 * @param plays how often it plays, 0 for ever
 * @param profile its ICC profile; empty when it has none
 * @param frames in the order they are shown; the picture that readers of plain PNG see may be none
 *     of them
 */
@SuppressWarnings("ArrayRecordComponent")
public record AnimatedPng(Dimensions canvas, int plays, byte[] profile, List<Frame> frames) {
  /**
   * What becomes of a frame before the next: it stays, is cleared, or what was before is restored.
   */
  public enum Disposal {
    NONE,
    BACKGROUND,
    PREVIOUS
  }

  private static final int CONTROL = 26;
  private static final int MAX_DELAY = 0xFF_FFFF;
  private static final int DEFAULT_DENOMINATOR = 100;

  /** A part of a file. */
  private record Range(int at, int length) {}

  /** A frame, which knows where its pixels are in the file. */
  public static final class Frame {
    private final int x;
    private final int y;
    private final Dimensions size;
    private final int milliseconds;
    private final Disposal disposal;
    private final boolean overwrites;
    private final List<Range> pixels = new ArrayList<>();
    private final Map<String, byte[]> before;
    private final ByteBuffer file;
    private boolean inDefault;

    private Frame(ByteBuffer file, ByteBuffer control, Map<String, byte[]> before)
        throws MediaException {
      this.file = file;
      this.before = before;
      this.size = new Dimensions(Math.max(1, control.getInt(4)), Math.max(1, control.getInt(8)));
      this.x = Math.max(0, control.getInt(12));
      this.y = Math.max(0, control.getInt(16));
      int denominator = control.getShort(22) & 0xFFFF;
      long thousands = 1000L * (control.getShort(20) & 0xFFFF);
      long by = denominator == 0 ? DEFAULT_DENOMINATOR : denominator;
      this.milliseconds = FrameTime.shown((int) Math.min(MAX_DELAY, (thousands + by / 2) / by));
      this.disposal =
          switch (control.get(24)) {
            case 0 -> Disposal.NONE;
            case 1 -> Disposal.BACKGROUND;
            case 2 -> Disposal.PREVIOUS;
            default -> throw MediaException.invalid("Invalid PNG: a wrong frame header");
          };
      this.overwrites = control.get(25) == 0;
    }

    /** Pixels from the left edge of the canvas. */
    public int x() {
      return x;
    }

    /** Pixels from the upper edge of the canvas. */
    public int y() {
      return y;
    }

    /** Size of the frame, which may be smaller than the canvas. */
    public Dimensions size() {
      return size;
    }

    /** Time that the frame is shown. */
    public int milliseconds() {
      return milliseconds;
    }

    /** What becomes of the frame before the next one is drawn. */
    public Disposal disposal() {
      return disposal;
    }

    /** Whether it takes the place of what is there, rather than being blended with it. */
    public boolean overwrites() {
      return overwrites;
    }

    /** How many bytes {@link #still} writes. */
    public int length() {
      int length = 8 + 25 + 12 + 12;
      for (byte[] chunk : before.values()) {
        length += 12 + chunk.length;
      }
      for (Range range : pixels) {
        length += range.length();
      }
      return length;
    }

    /** Writes the frame as a PNG of its own, without chunks about its colours. */
    public void still(ByteBuffer out) {
      out.putLong(0x89504E470D0A1A0AL);
      byte[] header = before.getOrDefault("IHDR", new byte[13]).clone();
      ByteBuffer.wrap(header).putInt(size.width()).putInt(size.height());
      chunk(out, "IHDR", header);
      before.forEach(
          (code, payload) -> {
            if (!code.equals("IHDR")) {
              chunk(out, code, payload);
            }
          });
      int all = pixels.stream().mapToInt(Range::length).sum();
      CRC32 sum = Chunks.sumOf("IDAT");
      out.putInt(all).putInt(0x49444154);
      for (Range range : pixels) {
        ByteBuffer part = file.slice(range.at(), range.length());
        sum.update(part.duplicate());
        out.put(part);
      }
      out.putInt((int) sum.getValue());
      chunk(out, "IEND", new byte[0]);
    }

    private static void chunk(ByteBuffer out, String code, byte[] payload) {
      CRC32 sum = Chunks.sumOf(code);
      sum.update(payload);
      out.putInt(payload.length);
      for (int i = 0; i < 4; i++) {
        out.put((byte) code.charAt(i));
      }
      out.put(payload).putInt((int) sum.getValue());
    }
  }

  /**
   * Reads an animation.
   *
   * @param png kept by the frames
   * @return empty where it is a still
   * @throws MediaException {@code INVALID} when its chunks are damaged
   */
  public static Optional<AnimatedPng> of(ByteBuffer png) throws IOException, MediaException {
    ByteSource in = ByteSource.ofMemory(png, "PNG");
    Chunks chunks = Chunks.ofPng(in);
    Map<String, byte[]> before = new TreeMap<>();
    List<Frame> frames = new ArrayList<>();
    byte[] profile = {};
    int plays = -1;
    while (chunks.next() && !chunks.code().equals("IEND")) {
      switch (chunks.code()) {
        case "IHDR", "PLTE", "tRNS" -> before.put(chunks.code(), chunks.payload());
        case "iCCP" -> {
          if (chunks.isWhole() && chunks.length() <= IccProfile.MAX_LENGTH) {
            profile = IccProfile.ofPng(chunks.payload()).orElse(profile);
          }
        }
        case "acTL" -> plays = (int) Math.min(Integer.MAX_VALUE, in.u32(chunks.at() + 4));
        case "fcTL" -> {
          if (chunks.length() != CONTROL) {
            throw in.invalid("a wrong frame header");
          }
          frames.add(new Frame(png, ByteBuffer.wrap(chunks.payload()), before));
        }
        case "IDAT", "fdAT" -> {
          int number = chunks.code().equals("fdAT") ? 4 : 0;
          if (number == 0 && frames.size() == 1) {
            frames.getFirst().inDefault = true;
          }
          if (!frames.isEmpty() && chunks.isWhole() && chunks.length() > number) {
            frames
                .getLast()
                .pixels
                .add(new Range((int) chunks.at() + number, (int) chunks.length() - number));
          }
        }
        default -> {}
      }
    }
    byte[] header = before.getOrDefault("IHDR", new byte[0]);
    if (header.length != 13) {
      throw in.invalid("it does not begin with its header");
    }
    Dimensions canvas =
        new Dimensions(ByteBuffer.wrap(header).getInt(0), ByteBuffer.wrap(header).getInt(4));
    return plays < 0 || frames.isEmpty()
        ? Optional.empty()
        : Optional.of(new AnimatedPng(canvas, plays, profile, List.copyOf(frames)));
  }

  /** Whether readers of plain PNG see the first frame, as it is on the canvas. */
  public boolean beginsWithStill() {
    Frame first = frames.getFirst();
    return first.inDefault && first.x == 0 && first.y == 0 && first.size.equals(canvas);
  }

  /** Whether pixels may be transparent. */
  public boolean isTransparent() {
    Frame first = frames.getFirst();
    byte colour = first.before.getOrDefault("IHDR", new byte[13])[9];
    boolean covers = first.x == 0 && first.y == 0 && first.size.equals(canvas);
    return (colour & 4) != 0
        || first.before.containsKey("tRNS")
        || !covers
        || frames.stream().anyMatch(frame -> frame.disposal == Disposal.BACKGROUND)
        || first.disposal == Disposal.PREVIOUS;
  }
}
