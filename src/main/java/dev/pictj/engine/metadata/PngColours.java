package dev.pictj.engine.metadata;

import dev.pictj.media.ByteSource;
import dev.pictj.media.Chunks;
import dev.pictj.media.IccProfile;
import dev.pictj.media.MediaException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The chunks of a PNG that name the colour space of its samples (W3C PNG third edition, 11.3.2),
 * and the kind of its pixels.
 *
 * @param depth bits of a channel
 * @param type of colour (table 12): 0 grey, 2 RGB, 3 palette, 4 grey and 6 RGB with transparency
 * @param transparent whether a {@code tRNS} says which colours are
 * @param hidesFrame whether it is an animation, whose first frame browsers show, and the picture
 *     that readers of stills see is another one
 * @param chunks by name, without those that are damaged; the first of each, and none that stands
 *     behind pixels
 */
public record PngColours(
    int depth, int type, boolean transparent, boolean hidesFrame, Map<String, byte[]> chunks) {
  private static final int HEADER_END = 33;
  private static final Set<String> COLOUR_CHUNKS = Set.of("cICP", "iCCP", "sRGB", "gAMA", "cHRM");

  /** Keeps an unmodifiable copy of the map. */
  public PngColours {
    chunks = Map.copyOf(chunks);
  }

  /** Reads what stands before the pixels; what cannot be read is taken as absent. */
  public static PngColours of(Path png) throws IOException {
    Map<String, byte[]> chunks = new LinkedHashMap<>();
    int depth = 0;
    int type = 0;
    boolean transparent = false;
    boolean animated = false;
    boolean framed = false;
    try (ByteSource in = ByteSource.ofHeader(png)) {
      Chunks all = Chunks.ofPng(in);
      depth = in.u8(24);
      type = in.u8(25);
      while (all.next() && !all.code().equals("IDAT") && !all.code().equals("IEND")) {
        String code = all.code();
        transparent |= code.equals("tRNS");
        animated |= code.equals("acTL") && all.length() == 8 && in.u32(all.at()) > 0;
        framed |= code.equals("fcTL");
        if (COLOUR_CHUNKS.contains(code)
            && all.length() <= IccProfile.MAX_LENGTH
            && !chunks.containsKey(code)) {
          byte[] payload = all.payload();
          if (all.hasRightSum(payload)) {
            chunks.put(code, payload);
          }
        }
      }
    } catch (MediaException _) {
      // The file ends early: what was read so far is used.
    }
    return new PngColours(depth, type, transparent, animated && !framed, chunks);
  }

  /** Whether pixels are grey, with or without alpha. */
  public boolean isGrey() {
    return type == 0 || type == 4;
  }

  /** Whether anything is said of colours. */
  public boolean areTold() {
    return !chunks.isEmpty();
  }

  /** Whether pixels are eight bits a channel, and no palette. */
  public boolean isEightBitDirect() {
    return depth == 8 && type != 3;
  }

  /** The profile of a picture, where it is sound. */
  Optional<byte[]> profile() {
    return Optional.ofNullable(chunks.get("iCCP")).flatMap(IccProfile::ofPng);
  }

  /**
   * Copies a PNG with other chunks about its colours than it has. Where it is damaged, the rest is
   * copied as it is.
   */
  static void replace(Path png, OutputStream out, Map<String, byte[]> chunks) throws IOException {
    try (ByteSource in = ByteSource.ofWhole(png, "PNG")) {
      long done = Math.min(HEADER_END, in.size());
      in.copy(0, done, out);
      for (Map.Entry<String, byte[]> chunk : chunks.entrySet()) {
        Chunks.writePng(out, chunk.getKey(), chunk.getValue());
      }
      try {
        Chunks all = Chunks.ofPng(in);
        while (all.next() && !all.code().equals("IDAT")) {
          if (COLOUR_CHUNKS.contains(all.code())) {
            in.copy(done, all.at() - 8 - done, out);
            done = Math.min(all.end() + 4, in.size());
          }
        }
      } catch (MediaException _) {
        // It is for a decoder to judge.
      }
      in.copy(done, in.size() - done, out);
    }
  }
}
