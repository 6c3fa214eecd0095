package dev.pictj.engine.ffmpeg;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Says in an animated AVIF how often it plays, which ffmpeg cannot: an edit list that is repeated,
 * in a track that lasts that many times as long (ISO/IEC 14496-12, 8.6.6; ISO/IEC 23008-12, 9.6.1).
 * Without one it plays for ever.
 */
final class AvifPlays {
  private static final int HEAD = 8;
  private static final int EDITS = 36;
  private static final int REPEATED = 1;

  private final ByteBuffer file;
  private final List<Integer> headers = new ArrayList<>();
  private final List<Integer> offsets = new ArrayList<>();

  private AvifPlays(ByteBuffer file) {
    this.file = file;
  }

  /**
   * Writes it into a file of ffmpeg's, whose movie stands before its data.
   *
   * @param plays 1 or more
   */
  static void write(Path avif, int plays) throws IOException {
    Files.write(avif, new AvifPlays(ByteBuffer.wrap(Files.readAllBytes(avif))).with(plays));
  }

  private byte[] with(int plays) throws IOException {
    walk(0, file.capacity());
    int grown = headers.size() * EDITS;
    // Places within the file, all of which are behind the movie.
    offsets.forEach(at -> file.putInt(at, file.getInt(at) + grown));
    ByteBuffer out = ByteBuffer.allocate(file.capacity() + grown);
    int done = 0;
    for (int header : headers) {
      long lasts = file.getInt(header + HEAD + 20) & 0xFFFF_FFFFL;
      file.putInt(header + HEAD + 20, (int) Math.min(0xFFFF_FFFEL, lasts * plays));
      int end = header + file.getInt(header);
      out.put(file.slice(done, end - done));
      out.putInt(EDITS).put(ascii("edts")).putInt(EDITS - HEAD).put(ascii("elst"));
      out.putInt(plays > 1 ? REPEATED : 0).putInt(1);
      out.putInt((int) lasts).putInt(0).putInt(0x0001_0000);
      done = end;
    }
    out.put(file.slice(done, file.capacity() - done));
    return out.array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private String code(int at) {
    byte[] code = new byte[4];
    file.get(at, code);
    return new String(code, StandardCharsets.US_ASCII);
  }

  private void grow(int at, int by) {
    file.putInt(at, file.getInt(at) + by);
  }

  private int walk(int from, int to) throws IOException {
    int tracks = 0;
    int length;
    for (int at = from; at + HEAD <= to; at += length) {
      length = file.getInt(at);
      if (length < HEAD || length > to - at) {
        throw new IOException("a box that is not understood");
      }
      int end = at + length;
      switch (code(at + 4)) {
        case "moov" -> {
          int inside = walk(at + HEAD, end);
          grow(at, inside * EDITS);
          tracks += inside;
        }
        case "trak" -> {
          walk(at + HEAD, end);
          grow(at, EDITS);
          tracks++;
        }
        case "mdia", "minf", "stbl" -> walk(at + HEAD, end);
        case "meta" -> walk(at + HEAD + 4, end);
        case "tkhd" -> {
          if (file.get(at + HEAD) != 0) {
            throw new IOException("a track header that is not understood");
          }
          headers.add(at);
        }
        case "stco" -> {
          for (int i = 0; i < file.getInt(at + HEAD + 4); i++) {
            offsets.add(at + HEAD + 8 + 4 * i);
          }
        }
        case "iloc" -> items(at + HEAD);
        default -> {}
      }
    }
    return tracks;
  }

  /** ISO/IEC 14496-12, 8.11.3, as ffmpeg writes it: four bytes for a place and for a length. */
  private void items(int at) throws IOException {
    if (file.get(at) != 0 || file.getShort(at + 4) != 0x4400) {
      throw new IOException("places of items that are not understood");
    }
    int item = at + 8;
    for (int i = 0; i < file.getShort(at + 6); i++) {
      int extents = file.getShort(item + 4);
      for (int extent = 0; extent < extents; extent++) {
        offsets.add(item + 6 + 8 * extent);
      }
      item += 6 + 8 * extents;
    }
  }
}
