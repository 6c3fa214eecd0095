package dev.pictj.engine.metadata;

import dev.pictj.engine.motion.AnimationBuilder;
import dev.pictj.media.ByteSource;
import dev.pictj.media.Chunks;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import java.io.IOException;
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
  private static final int EXTENDED_END = 30;
  private static final int FRAME_FIELDS = 16;
  private static final int IS_ANIMATED = 0x02;
  private static final int HAS_ALPHA = 0x10;
  private static final int HAS_PROFILE = 0x20;

  /** The flag of alpha among the bits after the signature of VP8L (2.6). */
  private static final int LOSSLESS_ALPHA = 1 << 28;

  private static final int NO_BLEND = 0x02;

  /**
   * A frame.
   *
   * @param x of its left edge on the canvas, even
   * @param y of its upper edge, even
   * @param size of its pixels
   * @param milliseconds that it is shown, of 24 bits, as the file says: an animated WebP keeps them
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
   * Reads an animation.
   *
   * @param webp verified or not; kept by the frames
   * @return empty where it is a still
   * @throws MediaException {@code INVALID} when its chunks are damaged
   */
  public static Optional<WebpAnimation> of(ByteBuffer webp) throws IOException, MediaException {
    ByteSource in = ByteSource.ofMemory(webp, "WebP");
    return isAnimated(in) ? Optional.of(read(webp, in)) : Optional.empty();
  }

  /** Reads an animation of a file, which must not change as long as the frames are used. */
  public static Optional<WebpAnimation> of(Path webp) throws IOException, MediaException {
    try (FileChannel file = FileChannel.open(webp);
        ByteSource in = ByteSource.ofHeader(webp)) {
      return isAnimated(in)
          ? of(file.map(FileChannel.MapMode.READ_ONLY, 0, file.size()))
          : Optional.empty();
    }
  }

  private static boolean isAnimated(ByteSource in) throws IOException, MediaException {
    return in.code(12).equals("VP8X") && (in.u8(20) & IS_ANIMATED) != 0;
  }

  private static WebpAnimation read(ByteBuffer webp, ByteSource in)
      throws IOException, MediaException {
    int background = 0;
    int loops = 0;
    byte[] profile = {};
    List<Frame> frames = new ArrayList<>();
    Chunks chunks = Chunks.ofWebp(in);
    while (chunks.next()) {
      switch (chunks.code()) {
        case "ANIM" -> {
          background = (int) in.littleU32(chunks.at());
          loops = in.littleU16(chunks.at() + 4);
        }
        case "ICCP" -> profile = chunks.payload();
        case "ANMF" -> frames.add(frame(webp, in, chunks));
        default -> {}
      }
    }
    return new WebpAnimation(size(in, 24), background, loops, profile, List.copyOf(frames));
  }

  private static Frame frame(ByteBuffer webp, ByteSource in, Chunks chunk)
      throws IOException, MediaException {
    if (chunk.length() < FRAME_FIELDS) {
      throw in.invalid("a frame that ends early");
    }
    boolean alpha = false;
    Chunks parts = chunk.inner(FRAME_FIELDS);
    while (parts.next()) {
      alpha |= hasAlpha(in, parts);
    }
    long at = chunk.at();
    return new Frame(
        2 * in.littleU24(at),
        2 * in.littleU24(at + 3),
        size(in, at + 6),
        in.littleU24(at + 12),
        (in.u8(at + 15) & NO_BLEND) != 0,
        alpha,
        webp.slice((int) at + FRAME_FIELDS, (int) chunk.length() - FRAME_FIELDS));
  }

  private static boolean hasAlpha(ByteSource in, Chunks part) throws IOException, MediaException {
    return part.code().equals("ALPH")
        || (part.code().equals("VP8L") && (in.littleU32(part.at() + 1) & LOSSLESS_ALPHA) != 0);
  }

  private static Dimensions size(ByteSource in, long at) throws IOException, MediaException {
    return new Dimensions(1 + in.littleU24(at), 1 + in.littleU24(at + 3));
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
    int count = 0;
    try (FileChannel file = FileChannel.open(webp, StandardOpenOption.WRITE);
        ByteSource in = ByteSource.ofHeader(webp)) {
      Chunks chunks = Chunks.ofWebp(in);
      while (chunks.next()) {
        if (chunks.code().equals("ANIM")) {
          file.write(control(little(6)).flip(), chunks.at());
        } else if (chunks.code().equals("ANMF") && count++ < frames.size()) {
          ByteBuffer time = little(3);
          putLittle24(time, 0, frames.get(count - 1).milliseconds());
          file.write(time, chunks.at() + 12);
        }
      }
    } catch (MediaException _) {
      return false;
    }
    return count == frames.size();
  }

  private ByteBuffer control(ByteBuffer out) {
    return out.putInt(background).putShort((short) loops);
  }

  /** Puts an animation together, of stills that lie on one another without blending. */
  public static final class Builder implements AnimationBuilder {
    private final Dimensions size;
    private final WebpAnimation like;
    private final IntFunction<ByteBuffer> memory;
    private final List<ByteBuffer> chunks = new ArrayList<>();
    private boolean alpha;

    /**
     * Makes an animation without frames.
     *
     * @param size of its canvas
     * @param background its colour, which viewers ignore
     * @param loops how often it plays, 0 for ever
     * @param profile empty when it has none
     * @param memory gives so many bytes, which are kept until it is built
     */
    public Builder(
        Dimensions size,
        int background,
        int loops,
        byte[] profile,
        IntFunction<ByteBuffer> memory) {
      this.size = size;
      this.like = new WebpAnimation(size, background, Math.min(loops, 65_535), profile, List.of());
      this.memory = memory;
    }

    private ByteBuffer allocate(int length) {
      return memory.apply(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void add(int x, int y, Dimensions part, int milliseconds, ByteBuffer still)
        throws IOException {
      List<ByteBuffer> kept = new ArrayList<>();
      try {
        ByteSource in = ByteSource.ofMemory(still, "WebP");
        Chunks parts = Chunks.ofWebp(in);
        while (parts.next()) {
          if (parts.code().equals("ALPH") || parts.isBitstream()) {
            int length = (int) (8 + parts.length() + (parts.length() & 1));
            kept.add(still.slice((int) parts.at() - 8, length));
            alpha |= hasAlpha(in, parts);
          }
        }
      } catch (MediaException e) {
        throw new IOException("a frame was not written whole", e);
      }
      int length = FRAME_FIELDS + kept.stream().mapToInt(ByteBuffer::remaining).sum();
      ByteBuffer out = allocate(8 + length).put(ascii("ANMF")).putInt(length);
      putLittle24(out, 8, x / 2);
      putLittle24(out, 11, y / 2);
      putLittle24(out, 14, part.width() - 1);
      putLittle24(out, 17, part.height() - 1);
      putLittle24(out, 20, milliseconds);
      out.put(23, (byte) NO_BLEND).position(8 + FRAME_FIELDS);
      kept.forEach(out::put);
      chunks.add(out.flip());
    }

    @Override
    public ByteBuffer build() {
      int length = 8 + 6 + chunks.stream().mapToInt(ByteBuffer::remaining).sum();
      ByteBuffer out = allocate(EXTENDED_END + like.profileLength() + length);
      like.header(out, IS_ANIMATED | (alpha ? HAS_ALPHA : 0), size);
      like.control(out.put(ascii("ANIM")).putInt(6));
      chunks.forEach(chunk -> out.put(chunk.duplicate()));
      return out.flip();
    }
  }

  private void header(ByteBuffer out, int flags, Dimensions size) {
    out.put(ascii("RIFF")).putInt(out.capacity() - 8).put(ascii("WEBP"));
    out.put(ascii("VP8X")).putInt(10).putInt(flags | (profile.length == 0 ? 0 : HAS_PROFILE));
    putLittle24(out, 24, size.width() - 1);
    putLittle24(out, 27, size.height() - 1);
    out.position(EXTENDED_END);
    if (profile.length > 0) {
      out.put(ascii("ICCP")).putInt(profile.length).put(profile);
      out.position(EXTENDED_END + profileLength());
    }
  }

  private static void putLittle24(ByteBuffer out, int at, int number) {
    out.putShort(at, (short) number).put(at + 2, (byte) (number >> 16));
  }

  private static ByteBuffer little(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
