package dev.pictj.codec.jpeg;

import dev.pictj.media.Dimensions;
import dev.pictj.media.IccProfile;
import dev.pictj.media.JpegSegments;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Decodes one JPEG at a fraction of its size, from its first marker to its last (annex B). */
public final class ShrunkenJpeg {
  /** The most memory for coefficients: enough for both chroma planes of 36 megapixels. */
  static final long MAX_COEFFICIENT_BYTES = 36 << 20;

  private static final int ADOBE_TRANSFORM = 11;
  private static final int YCBCR = 1;

  private final FileBytes file;
  private final EntropyBits bits;
  private final Dimensions stored;
  private final int shrink;
  private final boolean wholeChroma;
  private final BooleanSupplier stopped;
  private final Arena arena;
  private final int[][] quantisation = new int[4][];
  private final HuffmanTable[] dc = new HuffmanTable[4];
  private final HuffmanTable[] ac = new HuffmanTable[4];
  private final IccProfile.JpegParts profile = new IccProfile.JpegParts();
  private int interval;
  private boolean jfif;
  private boolean ycbcr = true;
  private boolean adobe;
  private @Nullable FrameHeader frame;
  private Coefficients[] coefficients = {};

  private ShrunkenJpeg(
      ReadableByteChannel channel,
      Dimensions stored,
      int shrink,
      boolean wholeChroma,
      BooleanSupplier stopped,
      Arena arena) {
    this.file = new FileBytes(channel);
    this.bits = new EntropyBits(file);
    this.stored = stored;
    this.shrink = shrink;
    this.wholeChroma = wholeChroma;
    this.stopped = stopped;
    this.arena = arena;
  }

  /**
   * Decodes a file.
   *
   * @param channel at its beginning
   * @param stored its size, as its header was read
   * @param shrink 4 or 8; sizes are rounded, so that the picture is neither stretched by more than
   *     half a sample nor ends with one that is mostly of what fills up the last blocks
   * @param wholeChroma whether chroma that is subsampled 4:2:0 is decoded with all its samples;
   *     else with half as many as luma across and down
   * @param stopped asked before each row of blocks; work that is stopped gives up
   * @return empty when it gives up
   */
  public static Optional<Raster> decode(
      ReadableByteChannel channel,
      Dimensions stored,
      int shrink,
      boolean wholeChroma,
      BooleanSupplier stopped)
      throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return Optional.of(
          new ShrunkenJpeg(channel, stored, shrink, wholeChroma, stopped, arena).run());
    } catch (GiveUpException _) {
      return Optional.empty();
    }
  }

  private Raster run() throws IOException, GiveUpException {
    if (file.marker() != 0xD8) {
      throw new GiveUpException("it does not begin with its marker");
    }
    for (int marker = file.marker(); marker != 0xD9; marker = file.marker()) {
      int length = file.u16();
      if (length < 2) {
        throw new GiveUpException("a segment shorter than its own length");
      }
      segment(marker, file.take(length - 2));
    }
    if (frame == null) {
      throw new GiveUpException("no pixels");
    }
    for (Coefficients some : coefficients) {
      some.finish();
    }
    for (Component component : frame.components()) {
      if (!component.isBegun()) {
        throw new GiveUpException("a component has no scan");
      }
    }
    return raster();
  }

  private List<Component> components() throws GiveUpException {
    if (frame == null) {
      throw new GiveUpException("no frame header");
    }
    return frame.components();
  }

  private Raster raster() throws GiveUpException {
    Dimensions size =
        new Dimensions(
            Math.max(1, (stored.width() + shrink / 2) / shrink),
            Math.max(1, (stored.height() + shrink / 2) / shrink));
    List<Component> components = components();
    Optional<byte[]> whole = profile.profile();
    if (profile.any() && whole.isEmpty()) {
      throw new GiveUpException("its profile is not whole");
    }
    byte[] icc = whole.orElse(new byte[0]);
    return components.size() == 1
        ? new Raster(size, 1, ColourConversion.grey(components.getFirst(), size), icc)
        : new Raster(size, 3, ColourConversion.rgb(components, size), icc);
  }

  private void segment(int marker, byte[] payload) throws IOException, GiveUpException {
    switch (marker) {
      case 0xDB -> Tables.quantisation(payload, quantisation);
      case 0xC4 -> Tables.huffman(payload, dc, ac);
      case 0xDD -> interval = Tables.interval(payload);
      case 0xC0, 0xC1, 0xC2 -> frame(payload, marker == 0xC2);
      case 0xDA -> scan(payload);
      case 0xE0 -> jfif |= payload.length >= 14 && JpegSegments.startsWith(payload, "JFIF\0");
      case 0xE2 -> profile.add(payload);
      case 0xEE -> {
        if (payload.length > ADOBE_TRANSFORM && JpegSegments.startsWith(payload, "Adobe")) {
          adobe = true;
          ycbcr = payload[ADOBE_TRANSFORM] == YCBCR;
        }
      }
      default -> {
        if ((marker < 0xE0 || marker > 0xEF) && marker != 0xFE) {
          throw new GiveUpException("an unusual segment");
        }
      }
    }
  }

  private void frame(byte[] payload, boolean progressive) throws GiveUpException {
    if (frame != null) {
      throw new GiveUpException("two frame headers");
    }
    frame = FrameHeader.of(payload, progressive);
    if (!frame.size().equals(stored)) {
      throw new GiveUpException("it has another size");
    }
    frame.layOut(shrink, wholeChroma);
    if (progressive && !frame.components().getFirst().needsDcOnly()) {
      throw new GiveUpException("nearly all of it would have to be unpacked");
    }
  }

  private void scan(byte[] payload) throws IOException, GiveUpException {
    if (frame == null) {
      throw new GiveUpException("pixels before their header");
    }
    requireColours();
    Scan scan = Scan.of(payload, frame, dc, ac);
    for (Scan.Part part : scan.parts()) {
      if (!frame.progressive() && part.component().isBegun()) {
        throw new GiveUpException("a component comes twice");
      }
      part.component().begin(quantisation);
    }
    BlockWalk walk = new BlockWalk(file, bits, interval, stopped);
    if (frame.progressive()) {
      progressive(scan, walk);
    } else {
      walk.visit(scan, new SequentialBlocks(scan, bits));
    }
  }

  private void progressive(Scan scan, BlockWalk walk) throws IOException, GiveUpException {
    if (coefficients.length == 0) {
      long bytes = components().stream().mapToLong(Coefficients::bytes).sum();
      if (bytes > MAX_COEFFICIENT_BYTES) {
        throw new GiveUpException("its coefficients take too much memory");
      }
      coefficients =
          components().stream()
              .map(component -> new Coefficients(component, arena))
              .toArray(Coefficients[]::new);
    }
    Coefficients[] some =
        scan.parts().stream().map(part -> coefficients[part.number()]).toArray(Coefficients[]::new);
    for (Coefficients one : some) {
      one.advance(scan);
    }
    if (scan.isDc()) {
      walk.visit(scan, new ProgressiveDc(scan, some, bits));
    } else if (some.length == 1 && some[0].areOutside(scan)) {
      file.skipEntropyCoded();
    } else {
      walk.visit(scan, new ProgressiveAc(scan, some[0], bits));
    }
  }

  /** Gives up on three components unless libjpeg would take them for YCbCr. */
  private void requireColours() throws GiveUpException {
    List<Component> components = components();
    if (components.size() == 1 || jfif) {
      return;
    }
    boolean usual =
        adobe
            ? ycbcr
            : components.get(0).id() == 1
                && components.get(1).id() == 2
                && components.get(2).id() == 3;
    if (!usual) {
      throw new GiveUpException("its colours are perhaps not YCbCr");
    }
  }
}
