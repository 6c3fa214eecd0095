package dev.pictj.engine.metadata;

import dev.pictj.engine.motion.GifPixels;
import dev.pictj.media.ByteSource;
import dev.pictj.media.GifBlocks;
import dev.pictj.media.MediaException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Copies the blocks of a GIF that browsers show: frames, what is said of each, and how often all
 * plays. Comments, texts, blocks of applications, and bytes behind the pixels of a frame or the end
 * go. Every frame is unpacked on the way, and must be whole.
 */
final class GifStripper {
  private static final int MAX_SUB_BLOCK = 255;
  private static final int CONTROL = 8;

  /** Where width and height of the screen stand (GIF89a specification, 18). */
  private static final int SCREEN_SIZE_OFFSET = 6;

  private static final int MAX_SIDE = 0xFFFF;

  private final ByteSource in;
  private final OutputStream out;
  private final PixelBudget budget = new PixelBudget();
  private long control = -1;
  private boolean looped;

  GifStripper(ByteSource in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  /**
   * Copies the file.
   *
   * @throws MediaException when pixels are damaged or missing
   */
  void run() throws IOException, MediaException {
    long head = GifBlocks.HEAD + (long) GifBlocks.globalPalette(in);
    if (!in.has(0, head)) {
      throw in.invalid("its palette is cut off");
    }
    out.write(head((int) head));
    GifBlocks blocks = new GifBlocks(in);
    int frames = 0;
    while (blocks.next()) {
      if (blocks.isFrame()) {
        frame(blocks);
        frames++;
      } else if (blocks.isControl()) {
        control = blocks.data();
      } else if (!looped && blocks.isLoop()) {
        looped = true;
        loop(blocks.repetitions());
      }
    }
    if (frames == 0) {
      throw in.invalid("no frame");
    }
    out.write(0x3B);
  }

  /** Writes the screen that browsers show: they enlarge it for the first frame, others do not. */
  private byte[] head(int length) throws IOException, MediaException {
    ByteBuffer head = ByteBuffer.wrap(in.bytes(0, length)).order(ByteOrder.LITTLE_ENDIAN);
    GifBlocks blocks = new GifBlocks(in);
    while (blocks.next()) {
      if (blocks.isFrame()) {
        int width = side(in.littleU16(SCREEN_SIZE_OFFSET), blocks.x() + blocks.width());
        int height = side(in.littleU16(SCREEN_SIZE_OFFSET + 2), blocks.y() + blocks.height());
        head.putShort(SCREEN_SIZE_OFFSET, (short) width)
            .putShort(SCREEN_SIZE_OFFSET + 2, (short) height);
        break;
      }
    }
    return head.array();
  }

  private static int side(int screen, int frame) {
    return Math.min(MAX_SIDE, Math.max(screen, frame));
  }

  private void loop(int repetitions) throws IOException {
    out.write(new byte[] {0x21, (byte) 0xFF, 11});
    out.write("NETSCAPE2.0".getBytes(StandardCharsets.US_ASCII));
    out.write(new byte[] {3, 1, (byte) repetitions, (byte) (repetitions >> 8), 0});
  }

  private void frame(GifBlocks frame) throws IOException, MediaException {
    budget.take((long) frame.width() * frame.height());
    long used = GifPixels.unpack(in, frame, (_, _) -> {});
    if (control >= 0) {
      byte[] block = new byte[CONTROL];
      block[0] = 0x21;
      block[1] = (byte) 0xF9;
      System.arraycopy(in.bytes(control, 5), 0, block, 2, 5);
      block[2] = 4;
      out.write(block);
      control = -1;
    }
    in.copy(frame.at(), frame.data() + 1 - frame.at(), out);
    pixels(frame.data() + 1, used);
  }

  /** Copies so many bits of the sub-blocks that begin there. */
  private void pixels(long start, long bits) throws IOException, MediaException {
    long left = (bits + 7) / 8;
    long at = start;
    while (left > 0) {
      int length = in.u8(at);
      int some = (int) Math.min(Math.min(length, left), MAX_SUB_BLOCK);
      byte[] bytes = in.bytes(at + 1, some);
      left -= some;
      if (left == 0 && (bits & 7) != 0) {
        bytes[some - 1] &= (byte) ((1 << (bits & 7)) - 1);
      }
      out.write(some);
      out.write(bytes);
      at += 1L + length;
    }
    out.write(0);
  }
}
