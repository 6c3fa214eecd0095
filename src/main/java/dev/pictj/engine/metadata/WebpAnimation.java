package dev.pictj.engine.metadata;

import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * What the container of an animated WebP says (RFC 9649, 2.7.1): how often it plays, and of every
 * frame where it stands, how long it is shown, and how it is laid on what was there before.
 *
 * @param canvas size of the whole
 * @param background the four bytes of its colour, which viewers ignore
 * @param loops how often it plays, 0 for ever
 * @param profile its ICC profile; empty when it has none
 * @param frames in the order they are shown
 */
@SuppressWarnings("ArrayRecordComponent")
public record WebpAnimation(
    Dimensions canvas, int background, int loops, byte[] profile, List<Frame> frames) {
  /** The longest that a frame can be shown, in milliseconds: 24 bits. */
  public static final int MOST_MILLISECONDS = 0xFF_FFFF;

  private static final int RIFF = code("RIFF");
  private static final int WEBP = code("WEBP");
  private static final int EXTENDED = code("VP8X");
  private static final int PROFILE = code("ICCP");
  private static final int CONTROL = code("ANIM");
  private static final int FRAME = code("ANMF");
  private static final int ALPHA = code("ALPH");
  private static final int LOSSY = code("VP8 ");
  private static final int LOSSLESS = code("VP8L");

  private static final int HEAD = 12;
  private static final int EXTENDED_END = 30;
  private static final int FRAME_FIELDS = 16;
  private static final int IS_ANIMATED = 0x02;
  private static final int HAS_ALPHA = 0x10;
  private static final int HAS_PROFILE = 0x20;

  /** 2.6: of the bits behind the signature of VP8L. */
  private static final int LOSSLESS_ALPHA = 1 << 28;

  private static final int OVERWRITES = 0x02;

  /**
   * A frame.
   *
   * @param x of its left edge on the canvas, even
   * @param y of its upper edge, even
   * @param size of its pixels
   * @param milliseconds that it is shown, 0 to {@link #MOST_MILLISECONDS}
   * @param overwrites rather than being blended with what is there
   * @param alpha whether it has transparency
   * @param picture its chunks of pixels
   */
  public record Frame(
      int x,
      int y,
      Dimensions size,
      int milliseconds,
      boolean overwrites,
      boolean alpha,
      ByteBuffer picture) {}

  /**
   * Reads one.
   *
   * @param webp verified or not; kept by the frames
   * @return empty where it is a still
   * @throws MediaException {@code INVALID} when its chunks are damaged
   */
  public static Optional<WebpAnimation> of(ByteBuffer webp) throws MediaException {
    ByteBuffer in = webp.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    try {
      return isAnimated(in) ? Optional.of(read(in)) : Optional.empty();
    } catch (IndexOutOfBoundsException | BufferUnderflowException | IllegalArgumentException e) {
      throw new MediaException(Reason.INVALID, "Invalid WebP: a chunk that ends early", e);
    }
  }

  /** The same of a file, which must not change as long as the frames are used. */
  public static Optional<WebpAnimation> of(Path webp) throws IOException, MediaException {
    try (FileChannel in = FileChannel.open(webp)) {
      ByteBuffer head = little(EXTENDED_END);
      in.read(head, 0);
      return isAnimated(head)
          ? of(in.map(FileChannel.MapMode.READ_ONLY, 0, in.size()))
          : Optional.empty();
    }
  }

  private static boolean isAnimated(ByteBuffer in) {
    return in.getInt(HEAD) == EXTENDED && (in.get(HEAD + 8) & IS_ANIMATED) != 0;
  }

  private static WebpAnimation read(ByteBuffer in) {
    Dimensions canvas = new Dimensions(1 + little24(in, 24), 1 + little24(in, 27));
    int background = 0;
    int loops = 0;
    byte[] profile = {};
    List<Frame> frames = new ArrayList<>();
    int end = (int) Math.min(in.limit(), 8 + (in.getInt(4) & 0xFFFF_FFFFL));
    for (int at = EXTENDED_END; at <= end - 8; at = after(in, at)) {
      int code = in.getInt(at);
      if (code == CONTROL) {
        background = in.getInt(at + 8);
        loops = in.getShort(at + 12) & 0xFFFF;
      } else if (code == PROFILE) {
        profile = new byte[in.getInt(at + 4)];
        in.get(at + 8, profile);
      } else if (code == FRAME) {
        frames.add(frame(in, at + 8, Math.min(end, after(in, at))));
      }
    }
    return new WebpAnimation(canvas, background, loops, profile, List.copyOf(frames));
  }

  private static Frame frame(ByteBuffer in, int at, int end) {
    boolean alpha = false;
    for (int part = at + FRAME_FIELDS; part <= end - 8; part = after(in, part)) {
      int code = in.getInt(part);
      alpha |= code == ALPHA || (code == LOSSLESS && (in.getInt(part + 9) & LOSSLESS_ALPHA) != 0);
    }
    return new Frame(
        2 * little24(in, at),
        2 * little24(in, at + 3),
        new Dimensions(1 + little24(in, at + 6), 1 + little24(in, at + 9)),
        little24(in, at + 12),
        (in.get(at + 15) & OVERWRITES) != 0,
        alpha,
        in.slice(at + FRAME_FIELDS, end - at - FRAME_FIELDS));
  }

  /**
   * The first frame alone, not laid on the canvas, as a still WebP with the profile of all.
   *
   * @throws MediaException {@code INVALID} when there is none
   */
  public byte[] firstStill() throws MediaException {
    if (frames.isEmpty()) {
      throw new MediaException(Reason.INVALID, "Invalid WebP: no pixels");
    }
    Frame first = frames.getFirst();
    byte[] still = new byte[EXTENDED_END + profileLength() + first.picture().remaining()];
    ByteBuffer out = ByteBuffer.wrap(still).order(ByteOrder.LITTLE_ENDIAN);
    header(out, (first.alpha() ? HAS_ALPHA : 0), first.size());
    out.put(first.picture().duplicate());
    return still;
  }

  private int profileLength() {
    return profile.length == 0 ? 0 : 8 + profile.length + (profile.length & 1);
  }

  /** Whether no frame shows anything of those before it. */
  public boolean isPlain() {
    return frames.stream()
        .allMatch(frame -> frame.size().equals(canvas) && (frame.overwrites() || !frame.alpha()));
  }

  /**
   * Gives another animation of as many frames the times of this one, and lets it play as often.
   *
   * @param webp changed in place
   * @return whether it had as many
   */
  public boolean time(Path webp) throws IOException {
    try (FileChannel file =
        FileChannel.open(webp, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return time(file.map(FileChannel.MapMode.READ_WRITE, 0, file.size()));
    }
  }

  private boolean time(ByteBuffer webp) {
    ByteBuffer in = webp.order(ByteOrder.LITTLE_ENDIAN);
    if (!isAnimated(in)) {
      return false;
    }
    int count = 0;
    for (int at = EXTENDED_END; at <= in.limit() - 8; at = after(in, at)) {
      int code = in.getInt(at);
      if (code == CONTROL) {
        in.putInt(at + 8, background).putShort(at + 12, (short) loops);
      } else if (code == FRAME && count++ < frames.size()) {
        putLittle24(in, at + 20, frames.get(count - 1).milliseconds());
      }
    }
    return count == frames.size();
  }

  /**
   * Puts an animation together, of stills that lie on one another without blending.
   *
   * @param size of its canvas
   * @param like has its profile, its background, and how often it plays
   * @param memory gives so many bytes, which are kept until it is built
   */
  public record Builder(
      Dimensions size,
      WebpAnimation like,
      IntFunction<ByteBuffer> memory,
      List<ByteBuffer> chunks) {
    /** Without a frame yet. */
    public Builder(Dimensions size, WebpAnimation like, IntFunction<ByteBuffer> memory) {
      this(size, like, memory, new ArrayList<>());
    }

    private ByteBuffer allocate(int length) {
      return memory.apply(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Adds a frame.
     *
     * @param x even
     * @param y even
     * @param still a WebP of nothing but a picture; copied
     */
    public void add(int x, int y, Dimensions part, int milliseconds, ByteBuffer still) {
      ByteBuffer in = still.duplicate().order(ByteOrder.LITTLE_ENDIAN);
      List<ByteBuffer> kept = new ArrayList<>();
      for (int at = HEAD; at <= in.limit() - 8; at = after(in, at)) {
        int code = in.getInt(at);
        if (code == ALPHA || code == LOSSY || code == LOSSLESS) {
          kept.add(in.slice(at, Math.min(in.limit(), after(in, at)) - at));
        }
      }
      int length = FRAME_FIELDS + kept.stream().mapToInt(ByteBuffer::remaining).sum();
      ByteBuffer out = allocate(8 + length).putInt(FRAME).putInt(length);
      putLittle24(out, 8, x / 2);
      putLittle24(out, 11, y / 2);
      putLittle24(out, 14, part.width() - 1);
      putLittle24(out, 17, part.height() - 1);
      putLittle24(out, 20, milliseconds);
      out.put(23, (byte) OVERWRITES).position(8 + FRAME_FIELDS);
      kept.forEach(out::put);
      chunks.add(out.flip());
    }

    /** All of it. */
    public ByteBuffer build() {
      int control = 8 + 6;
      int length = chunks.stream().mapToInt(ByteBuffer::remaining).sum();
      ByteBuffer out = allocate(EXTENDED_END + like.profileLength() + control + length);
      boolean alpha = chunks.stream().anyMatch(chunk -> frame(chunk, 8, chunk.limit()).alpha());
      like.header(out, IS_ANIMATED | (alpha ? HAS_ALPHA : 0), size);
      out.putInt(CONTROL).putInt(6).putInt(like.background()).putShort((short) like.loops());
      chunks.forEach(chunk -> out.put(chunk.duplicate()));
      return out.flip();
    }
  }

  private void header(ByteBuffer out, int flags, Dimensions size) {
    out.putInt(RIFF).putInt(out.capacity() - 8).putInt(WEBP);
    out.putInt(EXTENDED).putInt(10).putInt(flags | (profile.length == 0 ? 0 : HAS_PROFILE));
    putLittle24(out, 24, size.width() - 1);
    putLittle24(out, 27, size.height() - 1);
    out.position(EXTENDED_END);
    if (profile.length > 0) {
      out.putInt(PROFILE).putInt(profile.length).put(profile);
      out.position(EXTENDED_END + profileLength());
    }
  }

  private static int after(ByteBuffer in, int at) {
    int length = in.getInt(at + 4);
    if (length < 0) {
      throw new IndexOutOfBoundsException("a chunk longer than any may be");
    }
    return Math.addExact(Math.addExact(at, 8), length + (length & 1));
  }

  private static int little24(ByteBuffer in, int at) {
    return in.getInt(at) & 0xFF_FFFF;
  }

  private static void putLittle24(ByteBuffer out, int at, int number) {
    out.putShort(at, (short) number).put(at + 2, (byte) (number >> 16));
  }

  private static ByteBuffer little(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int code(String text) {
    return little(4).put(text.getBytes(StandardCharsets.US_ASCII)).getInt(0);
  }
}
