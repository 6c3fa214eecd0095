package dev.pictj.engine.motion;

import dev.pictj.media.ByteSource;
import dev.pictj.media.Chunks;
import dev.pictj.media.Dimensions;
import dev.pictj.media.FrameTime;
import dev.pictj.media.MediaException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Puts an animated PNG together (W3C PNG third edition, 4.9) of PNGs that have the same kind of
 * pixels. No frame is blended with what is there, none is taken away.
 */
public final class ApngBuilder implements AnimationBuilder {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int HEADER = 13;
  private static final int CONTROL = 26;
  private static final int SUMS = 12;
  private static final int MAX_FRACTION = 65_535;

  private final Dimensions size;
  private final int plays;
  private final IntFunction<ByteBuffer> memory;
  private final List<ByteBuffer> frames = new ArrayList<>();
  private byte[] pixels = {};
  private int sequence;

  /**
   * Makes an animation without frames.
   *
   * @param plays how often it plays, 0 for ever
   * @param memory gives so many bytes, which are kept until it is built
   */
  public ApngBuilder(Dimensions size, int plays, IntFunction<ByteBuffer> memory) {
    this.size = size;
    this.plays = plays;
    this.memory = memory;
  }

  @Override
  public void add(int x, int y, Dimensions part, int milliseconds, ByteBuffer still)
      throws IOException {
    boolean first = frames.isEmpty();
    int extra = first ? 0 : 4;
    int length = SUMS + CONTROL + still.remaining() + 64;
    ByteBuffer out = memory.apply(length + (first ? 0 : 4 * (still.remaining() / 4096 + 16)));
    OutputStream to = new BufferStream(out);
    Chunks.writePng(to, "fcTL", control(x, y, part, milliseconds));
    try {
      ByteSource in = ByteSource.ofMemory(still, "PNG");
      Chunks chunks = Chunks.ofPng(in);
      while (chunks.next()) {
        if (chunks.code().equals("IHDR")) {
          byte[] kind = Arrays.copyOfRange(chunks.payload(), 8, HEADER);
          if (first) {
            pixels = kind;
          } else if (!Arrays.equals(pixels, kind)) {
            throw new IOException("frames with pixels of different kinds");
          }
        } else if (chunks.code().equals("IDAT")) {
          byte[] payload = chunks.payload();
          if (first) {
            Chunks.writePng(to, "IDAT", payload);
          } else {
            ByteBuffer numbered = ByteBuffer.allocate(extra + payload.length);
            Chunks.writePng(to, "fdAT", numbered.putInt(sequence++).put(payload).array());
          }
        }
      }
    } catch (MediaException e) {
      throw new IOException("a frame was not written whole", e);
    }
    frames.add(out.flip());
  }

  private byte[] control(int x, int y, Dimensions part, int milliseconds) {
    int denominator = 1000;
    long numerator = FrameTime.shown(milliseconds);
    while (numerator > MAX_FRACTION && denominator > 1) {
      numerator = Math.ceilDiv(numerator, 10);
      denominator /= 10;
    }
    return ByteBuffer.allocate(CONTROL)
        .putInt(sequence++)
        .putInt(part.width())
        .putInt(part.height())
        .putInt(x)
        .putInt(y)
        .putShort((short) Math.min(numerator, MAX_FRACTION))
        .putShort((short) denominator)
        .array();
  }

  @Override
  public ByteBuffer build() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.write(SIGNATURE);
    ByteBuffer header = ByteBuffer.allocate(HEADER).putInt(size.width()).putInt(size.height());
    Chunks.writePng(head, "IHDR", header.put(pixels).array());
    ByteBuffer counts = ByteBuffer.allocate(8).putInt(frames.size()).putInt(plays);
    Chunks.writePng(head, "acTL", counts.array());
    int length = frames.stream().mapToInt(ByteBuffer::remaining).sum();
    ByteBuffer out = memory.apply(head.size() + length + SUMS);
    out.put(head.toByteArray());
    frames.forEach(frame -> out.put(frame.duplicate()));
    Chunks.writePng(new BufferStream(out), "IEND", new byte[0]);
    return out.flip();
  }

  /** Writes into memory that is there. */
  private static final class BufferStream extends OutputStream {
    private final ByteBuffer out;

    private BufferStream(ByteBuffer out) {
      this.out = out;
    }

    @Override
    public void write(int value) {
      out.put((byte) value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      out.put(bytes, offset, length);
    }
  }
}
