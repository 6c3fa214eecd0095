package dev.pictj.codec.jpeg;

import java.util.Arrays;

/** Blocks that are coded whole (F.2.2). */
final class SequentialBlocks implements BlockWalk.Visitor {
  private final EntropyBits bits;
  private final Component[] components;
  private final DcCode[] dcs;
  private final AcCode[] acs;
  private final int[] last;

  SequentialBlocks(Scan scan, EntropyBits bits) throws GiveUpException {
    this.bits = bits;
    int count = scan.parts().size();
    components = new Component[count];
    dcs = new DcCode[count];
    acs = new AcCode[count];
    last = new int[count];
    for (int i = 0; i < count; i++) {
      Scan.Part part = scan.parts().get(i);
      if (part.dc() == null || part.ac() == null) {
        throw new GiveUpException("a code is missing");
      }
      components[i] = part.component();
      dcs[i] = part.dc().dc();
      acs[i] = part.ac().ac();
    }
    if (scan.first() != 0 || scan.last() != 63 || scan.before() != 0 || scan.after() != 0) {
      throw new GiveUpException("a sequential scan has a part of the coefficients");
    }
  }

  @Override
  public void restart() {
    Arrays.fill(last, 0);
  }

  @Override
  public void block(int part, int row, int column) throws GiveUpException {
    Component component = components[part];
    last[part] += bits.difference(dcs[part]);
    if (component.needsDcOnly()) {
      bits.skipAc(acs[part], 1);
      component.store(row, column, last[part]);
    } else {
      int[] block = component.block();
      int[] quantisation = component.quantisation();
      bits.readAc(acs[part], block, quantisation, component.last());
      block[0] = last[part] * quantisation[0];
      component.store(row, column);
    }
  }
}
