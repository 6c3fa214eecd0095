package dev.pictj.codec.jpeg;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;

/**
 * The order of a scan's blocks (A.2): those of several components in MCUs, those of a single one
 * row by row; and the restarts between them (F.2.2.5).
 */
final class BlockWalk {
  private static final int FIRST_RESTART = 0xD0;

  private final FileBytes file;
  private final EntropyBits bits;
  private final int interval;
  private final BooleanSupplier stopped;

  /**
   * Prepares to walk.
   *
   * @param interval MCUs between restarts, 0 for none
   * @param stopped asked before each row whether to give up
   */
  BlockWalk(FileBytes file, EntropyBits bits, int interval, BooleanSupplier stopped) {
    this.file = file;
    this.bits = bits;
    this.interval = interval;
    this.stopped = stopped;
  }

  /** Decodes the blocks. */
  interface Visitor {
    /** Begins anew: no later block depends on an earlier one. */
    void restart();

    /**
     * Decodes one block.
     *
     * @param part of the scan
     */
    void block(int part, int row, int column) throws GiveUpException;
  }

  /** Visits all blocks of a scan in their order. */
  void visit(Scan scan, Visitor visitor) throws IOException, GiveUpException {
    Component first = scan.parts().getFirst().component();
    final boolean single = scan.parts().size() == 1;
    int wide = single ? first.blocksWide() : first.paddedWide() / first.horizontal();
    int high = single ? first.blocksHigh() : first.paddedHigh() / first.vertical();
    final int[] blocksWide = each(scan, Component::horizontal);
    final int[] blocksHigh = each(scan, Component::vertical);
    bits.begin();
    visitor.restart();
    int left = interval;
    int restarts = 0;
    for (int row = 0; row < high; row++) {
      if (stopped.getAsBoolean()) {
        throw new GiveUpException("stopped");
      }
      for (int column = 0; column < wide; column++) {
        if (interval > 0 && left-- == 0) {
          restart(restarts++, visitor);
          left = interval - 1;
        }
        bits.prepare();
        if (single) {
          visitor.block(0, row, column);
        } else {
          mcu(blocksWide, blocksHigh, row, column, visitor);
        }
        bits.requireWithin();
      }
    }
    bits.requireEnd();
  }

  private static int[] each(Scan scan, ToIntFunction<Component> number) {
    return scan.parts().stream().map(Scan.Part::component).mapToInt(number).toArray();
  }

  private void restart(int number, Visitor visitor) throws IOException, GiveUpException {
    bits.requireEnd();
    if (file.marker() != FIRST_RESTART + number % 8) {
      throw new GiveUpException("a restart is missing");
    }
    bits.begin();
    visitor.restart();
  }

  private static void mcu(int[] wide, int[] high, int row, int column, Visitor visitor)
      throws GiveUpException {
    for (int part = 0; part < wide.length; part++) {
      for (int y = 0; y < high[part]; y++) {
        for (int x = 0; x < wide[part]; x++) {
          visitor.block(part, row * high[part] + y, column * wide[part] + x);
        }
      }
    }
  }
}
