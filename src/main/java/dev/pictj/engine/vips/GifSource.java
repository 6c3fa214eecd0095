package dev.pictj.engine.vips;

import dev.pictj.engine.motion.GifPixels;
import dev.pictj.media.ByteSource;
import dev.pictj.media.Dimensions;
import dev.pictj.media.FrameTime;
import dev.pictj.media.GifBlocks;
import dev.pictj.media.MediaException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A GIF, composed as browsers do. */
final class GifSource implements AnimationSource {
  private static final int CLEAR_DISPOSAL = 2;
  private static final int RESTORE_DISPOSAL = 3;
  private static final int MAX_PALETTE = 256;

  /** What the file says of one frame beside its pixels. */
  private record Control(int delay, int disposal, int transparent) {
    static final Control NONE = new Control(0, 0, -1);
  }

  private final ByteSource in;
  private final GifBlocks blocks;
  private final Canvas canvas;
  private final List<Integer> times = new ArrayList<>();
  private int plays = 1;
  private boolean transparent;
  private Control last = Control.NONE;
  private int lastX;
  private int lastY;
  private Dimensions lastSize = new Dimensions(1, 1);
  private int next;

  GifSource(MemorySegment source, Dimensions size)
      throws IOException, MediaException, VipsException {
    this.in = ByteSource.ofMemory(source.asByteBuffer(), "GIF");
    Control control = Control.NONE;
    GifBlocks look = new GifBlocks(in);
    int width = in.littleU16(6);
    int height = in.littleU16(8);
    boolean covers = true;
    while (look.next()) {
      if (look.isLoop()) {
        plays = look.repetitions() == 0 ? 0 : look.repetitions() + 1;
      } else if (look.isControl()) {
        control = control(look);
      } else if (look.isFrame()) {
        if (times.isEmpty()) {
          covers =
              look.x() == 0
                  && look.y() == 0
                  && look.width() >= size.width()
                  && look.height() >= size.height()
                  && control.transparent() < 0;
          width = Math.max(width, look.x() + look.width());
          height = Math.max(height, look.y() + look.height());
        }
        transparent |= control.disposal() == CLEAR_DISPOSAL;
        transparent |= times.isEmpty() && control.disposal() == RESTORE_DISPOSAL;
        times.add(FrameTime.shown(10 * control.delay()));
        control = Control.NONE;
      }
    }
    transparent |= !covers;
    if (width != size.width() || height != size.height() || times.isEmpty()) {
      throw new VipsException("its frames measure %dx%d".formatted(width, height));
    }
    this.blocks = new GifBlocks(in);
    this.canvas = new Canvas(size);
  }

  private static Control control(GifBlocks block) throws IOException, MediaException {
    int flags = block.flags();
    return new Control(block.delay(), flags >> 2 & 7, (flags & 1) == 0 ? -1 : block.transparent());
  }

  @Override
  public int frames() {
    return times.size();
  }

  @Override
  public int plays() {
    return plays;
  }

  @Override
  public byte[] profile() {
    return new byte[0];
  }

  @Override
  public boolean isTransparent() {
    return transparent;
  }

  @Override
  public int milliseconds() {
    return times.get(next - 1);
  }

  @Override
  public MemorySegment next() throws VipsException {
    try {
      dispose();
      Control control = Control.NONE;
      while (blocks.next()) {
        if (blocks.isControl()) {
          control = control(blocks);
        } else if (blocks.isFrame()) {
          frame(control);
          next++;
          return canvas.pixels();
        }
      }
      throw new VipsException("it has %d frames".formatted(next));
    } catch (MediaException | IOException e) {
      throw new VipsException(String.valueOf(e.getMessage()), e);
    }
  }

  private void dispose() {
    if (last.disposal() == CLEAR_DISPOSAL) {
      canvas.clear(lastX, lastY, lastSize);
    } else if (last.disposal() == RESTORE_DISPOSAL) {
      canvas.restore();
    }
  }

  private void frame(Control control) throws IOException, MediaException, VipsException {
    if (control.disposal() == RESTORE_DISPOSAL) {
      canvas.keep();
    }
    int[] colours = palette();
    if (control.transparent() >= 0) {
      colours[control.transparent()] = 0;
    }
    int x = blocks.x();
    int y = blocks.y();
    int[] row = new int[blocks.width()];
    GifPixels.unpack(
        in,
        blocks,
        (at, numbers) -> {
          for (int i = 0; i < row.length; i++) {
            row[i] = colours[numbers[i] & 0xFF];
          }
          canvas.lay(x, y + at, row);
        });
    last = control;
    lastX = x;
    lastY = y;
    lastSize = new Dimensions(blocks.width(), blocks.height());
  }

  /** What is not in it is transparent, as in browsers. */
  private int[] palette() throws IOException, MediaException {
    int local = blocks.palette();
    int length = local > 0 ? local : GifBlocks.globalPalette(in);
    long at = local > 0 ? blocks.at() + GifBlocks.DESCRIPTOR : GifBlocks.HEAD;
    byte[] bytes = in.bytes(at, length);
    int[] colours = new int[MAX_PALETTE];
    for (int i = 0; 3 * i < length; i++) {
      colours[i] =
          (bytes[3 * i] & 0xFF)
              | (bytes[3 * i + 1] & 0xFF) << 8
              | (bytes[3 * i + 2] & 0xFF) << 16
              | 0xFF00_0000;
    }
    return colours;
  }

  @Override
  public void close() {
    canvas.close();
  }
}
