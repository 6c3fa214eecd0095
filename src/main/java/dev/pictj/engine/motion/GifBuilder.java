package dev.pictj.engine.motion;

import dev.pictj.media.ByteSource;
import dev.pictj.media.Dimensions;
import dev.pictj.media.FrameTime;
import dev.pictj.media.GifBlocks;
import dev.pictj.media.MediaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Puts a GIF together. Each frame has the palette that was made for it. Times are hundredths of a
 * second: what is lost of one is added to the next.
 */
public final class GifBuilder implements AnimationBuilder {
  /** The least delay: players take less for "as fast as possible", and show it much slower. */
  private static final int MIN_DELAY = 2;

  private static final int MAX_DELAY = 65_535;

  private static final int KEEP_DISPOSAL = 1;
  private static final int CLEAR_DISPOSAL = 2;
  private static final int CONTROL = 8;
  private static final int LOOP = 19;

  private final Dimensions size;
  private final int plays;
  private final boolean transparent;
  private final IntFunction<ByteBuffer> memory;
  private final List<ByteBuffer> frames = new ArrayList<>();
  private long shown;
  private long written;

  /**
   * Makes an animation without frames.
   *
   * @param plays how often it plays, 0 for ever
   * @param transparent whether each frame is cleared before the next one, which lies on nothing
   * @param memory gives so many bytes, which are kept until it is built
   */
  public GifBuilder(
      Dimensions size, int plays, boolean transparent, IntFunction<ByteBuffer> memory) {
    this.size = size;
    this.plays = plays;
    this.transparent = transparent;
    this.memory = memory;
  }

  private ByteBuffer allocate(int length) {
    return memory.apply(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void add(int x, int y, Dimensions part, int milliseconds, ByteBuffer still)
      throws IOException {
    try {
      ByteSource in = ByteSource.ofMemory(still, "GIF");
      GifBlocks blocks = new GifBlocks(in);
      int see = -1;
      while (blocks.next()) {
        if (blocks.isControl() && (blocks.flags() & 1) != 0) {
          see = blocks.transparent();
        } else if (blocks.isFrame()) {
          frames.add(frame(x, y, part, delay(milliseconds), see, blocks, still));
          return;
        }
      }
    } catch (MediaException e) {
      throw new IOException("a frame was not written whole", e);
    }
    throw new IOException("a frame was not written");
  }

  private ByteBuffer frame(
      int x, int y, Dimensions part, int delay, int see, GifBlocks found, ByteBuffer still)
      throws IOException, MediaException {
    boolean local = found.palette() > 0;
    int palette = local ? found.palette() : global(still);
    int paletteAt = local ? (int) found.at() + GifBlocks.DESCRIPTOR : GifBlocks.HEAD;
    int data = (int) (found.end() - found.data());
    ByteBuffer out = allocate(CONTROL + GifBlocks.DESCRIPTOR + palette + data);
    out.put(new byte[] {0x21, (byte) 0xF9, 4});
    out.put((byte) ((transparent ? CLEAR_DISPOSAL : KEEP_DISPOSAL) << 2 | (see < 0 ? 0 : 1)));
    out.putShort((short) delay).put((byte) Math.max(0, see)).put((byte) 0);
    out.put((byte) 0x2C).putShort((short) x).putShort((short) y);
    out.putShort((short) part.width()).putShort((short) part.height());
    int bits = Integer.numberOfTrailingZeros(palette / 3) - 1;
    out.put((byte) (0x80 | bits | (found.isInterlaced() ? 0x40 : 0)));
    out.put(still.slice(paletteAt, palette));
    out.put(still.slice((int) found.data(), data));
    return out.flip();
  }

  private static int global(ByteBuffer still) throws IOException, MediaException {
    return GifBlocks.globalPalette(ByteSource.ofMemory(still, "GIF"));
  }

  private int delay(int milliseconds) {
    shown += FrameTime.shown(milliseconds);
    long delay = (shown + 5) / 10 - written;
    written += delay;
    return Math.clamp(delay, MIN_DELAY, MAX_DELAY);
  }

  @Override
  public ByteBuffer build() {
    boolean loops = plays != 1;
    int length = frames.stream().mapToInt(ByteBuffer::remaining).sum();
    ByteBuffer out = allocate(GifBlocks.HEAD + (loops ? LOOP : 0) + length + 1);
    out.put(ascii("GIF89a"));
    out.putShort((short) size.width()).putShort((short) size.height());
    out.put(new byte[] {0x70, 0, 0});
    if (loops) {
      out.put(new byte[] {0x21, (byte) 0xFF, 11}).put(ascii("NETSCAPE2.0"));
      out.put(new byte[] {3, 1}).putShort((short) Math.max(0, plays - 1)).put((byte) 0);
    }
    frames.forEach(frame -> out.put(frame.duplicate()));
    out.put((byte) 0x3B);
    return out.flip();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
