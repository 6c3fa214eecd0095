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

  /** Longer would mean for ever. */
  private static final long MAX_DURATION = 0xFFFF_FFFEL;

  private static final class Track {
    private final int header;
    private long timescale = 1;
    private long ticks;
    private long once;

    private Track(int header) {
      this.header = header;
    }
  }

  private final ByteBuffer file;
  private final List<Track> tracks = new ArrayList<>();
  private final List<Integer> offsets = new ArrayList<>();
  private int movie;

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
    int grown = tracks.size() * EDITS;
    // Places within the file, all of which are behind the movie.
    offsets.forEach(at -> file.putInt(at, file.getInt(at) + grown));
    long timescale = unsigned(movie + HEAD + (isWide(movie) ? 20 : 12));
    long longest = 0;
    for (Track track : tracks) {
      track.once = Math.ceilDiv(track.ticks * timescale, track.timescale);
      // Whole rounds, or a player would take the rest for one.
      long most = MAX_DURATION / Math.max(1, track.once);
      long lasts = track.once * Math.min(most, plays);
      longest = Math.max(longest, lasts);
      duration(track.header, 20, 28, lasts);
    }
    duration(movie, 16, 24, longest);
    ByteBuffer out = ByteBuffer.allocate(file.capacity() + grown);
    int done = 0;
    for (Track track : tracks) {
      int end = track.header + file.getInt(track.header);
      out.put(file.slice(done, end - done));
      out.putInt(EDITS).put(ascii("edts")).putInt(EDITS - HEAD).put(ascii("elst"));
      out.putInt(plays > 1 ? REPEATED : 0).putInt(1);
      out.putInt((int) track.once).putInt(0).putInt(0x0001_0000);
      done = end;
    }
    out.put(file.slice(done, file.capacity() - done));
    return out.array();
  }

  private void duration(int box, int narrow, int wide, long value) {
    if (isWide(box)) {
      file.putLong(box + HEAD + wide, value);
    } else {
      file.putInt(box + HEAD + narrow, (int) value);
    }
  }

  private long unsigned(int at) {
    return file.getInt(at) & 0xFFFF_FFFFL;
  }

  /** How long the pictures are shown that a table of times tells of. */
  private long ticks(int at) {
    long sum = 0;
    for (int i = 0; i < file.getInt(at); i++) {
      sum += unsigned(at + 4 + 8 * i) * unsigned(at + 8 + 8 * i);
    }
    return sum;
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
    int inside = 0;
    int length;
    for (int at = from; at + HEAD <= to; at += length) {
      length = file.getInt(at);
      if (length < HEAD || length > to - at) {
        throw new IOException("a box that is not understood");
      }
      int end = at + length;
      switch (code(at + 4)) {
        case "moov" -> grow(at, walk(at + HEAD, end) * EDITS);
        case "trak" -> {
          walk(at + HEAD, end);
          grow(at, EDITS);
          inside++;
        }
        case "mdia", "minf", "stbl" -> walk(at + HEAD, end);
        case "meta" -> walk(at + HEAD + 4, end);
        case "mvhd" -> movie = at;
        case "tkhd" -> tracks.add(new Track(at));
        // A newer ffmpeg writes one of its own, for a number of rounds that it chose.
        case "edts" -> file.put(at + 4, ascii("free"));
        case "mdhd" ->
            tracks.getLast().timescale = Math.max(1, unsigned(at + HEAD + (isWide(at) ? 20 : 12)));
        case "stts" -> tracks.getLast().ticks = ticks(at + HEAD + 4);
        case "stco" -> {
          for (int i = 0; i < file.getInt(at + HEAD + 4); i++) {
            offsets.add(at + HEAD + 8 + 4 * i);
          }
        }
        case "iloc" -> items(at + HEAD);
        default -> {}
      }
    }
    return inside;
  }

  private boolean isWide(int box) {
    return file.get(box + HEAD) == 1;
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
