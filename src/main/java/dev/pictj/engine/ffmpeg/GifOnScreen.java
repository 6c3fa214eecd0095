package dev.pictj.engine.ffmpeg;

import dev.pictj.engine.EngineException;
import dev.pictj.media.ByteSource;
import dev.pictj.media.Dimensions;
import dev.pictj.media.GifBlocks;
import dev.pictj.media.MediaException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A copy of a GIF of which ffmpeg shows what browsers show.
 *
 * <ul>
 *   <li>Its screen has room for all frames. Those that exceed it ffmpeg refuses or unpacks wrongly,
 *       the first one too, for which browsers enlarge the screen.
 *   <li>Each frame has its palette, and there is none for all. What frames leave free, and what
 *       goes with a frame, would have a colour of that one, where browsers have it transparent.
 * </ul>
 */
final class GifOnScreen {
  /** Width and height of the screen, and what is said of the palette (GIF89a specification, 18). */
  private static final int SCREEN = 6;

  private static final int FLAGS = 10;
  private static final int HAS_PALETTE = 0x80;
  private static final int PALETTE_BITS = 7;
  private static final int INTERLACED = 0x40;
  private static final int TRAILER = 0x3B;

  private GifOnScreen() {}

  /**
   * Copies a file.
   *
   * @param room for all of its frames
   * @param file where the copy lies until this is closed
   * @throws MediaException when its blocks are damaged
   */
  static FfmpegCopy of(Path gif, Dimensions room, Path file)
      throws MediaException, EngineException {
    return FfmpegCopy.of(
        gif,
        file,
        copy -> {
          try (ByteSource in = ByteSource.ofWhole(gif, "GIF");
              OutputStream out = new BufferedOutputStream(Files.newOutputStream(copy))) {
            write(in, room, out);
          }
        });
  }

  private static void write(ByteSource in, Dimensions room, OutputStream out)
      throws IOException, MediaException {
    ByteBuffer head = ByteBuffer.wrap(in.bytes(0, GifBlocks.HEAD)).order(ByteOrder.LITTLE_ENDIAN);
    head.putShort(SCREEN, (short) room.width()).putShort(SCREEN + 2, (short) room.height());
    head.put(FLAGS, (byte) 0).put(FLAGS + 1, (byte) 0);
    out.write(head.array());
    int palette = GifBlocks.globalPalette(in);
    GifBlocks blocks = new GifBlocks(in);
    while (blocks.next()) {
      if (blocks.isFrame() && blocks.palette() == 0 && palette > 0) {
        byte[] descriptor = in.bytes(blocks.at(), GifBlocks.DESCRIPTOR);
        int bits = in.u8(FLAGS) & PALETTE_BITS;
        int last = GifBlocks.DESCRIPTOR - 1;
        descriptor[last] = (byte) (HAS_PALETTE | bits | (descriptor[last] & INTERLACED));
        out.write(descriptor);
        in.copy(GifBlocks.HEAD, palette, out);
        in.copy(blocks.data(), blocks.end() - blocks.data(), out);
      } else {
        in.copy(blocks.at(), blocks.end() - blocks.at(), out);
      }
    }
    out.write(TRAILER);
  }
}
