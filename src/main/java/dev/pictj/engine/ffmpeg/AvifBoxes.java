package dev.pictj.engine.ffmpeg;

import dev.pictj.media.AvifSequence;
import dev.pictj.media.CleanAperture;
import dev.pictj.media.Dimensions;
import dev.pictj.media.Orientation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Says in an animated AVIF what ffmpeg cannot.
 *
 * <ul>
 *   <li>How often it plays: an edit list that is repeated, in a track that lasts that many times as
 *       long (ISO/IEC 14496-12, 8.6.6; ISO/IEC 23008-12, 9.6.1). Without one it plays for ever.
 *   <li>That its colours are multiplied by its transparency (ISO/IEC 23000-22, 7.3.5.2): references
 *       from the track of pictures to the one of transparency, and from the still to its own.
 *   <li>How it is cut, turned and mirrored (ISO/IEC 23008-12, 6.5.9, 6.5.10 and 6.5.12): properties
 *       of the pictures, as of the still.
 * </ul>
 */
final class AvifBoxes {
  private static final int HEAD = 8;
  private static final int EDIT_LIST = 36;
  private static final int REPEATED = 1;
  private static final int TRACK_REFERENCE = 20;
  private static final int ITEM_REFERENCE = 14;
  private static final int PROPERTY = 9;

  /**
   * The flag of an essential property: a reader that does not know it must not show the picture.
   */
  private static final int ESSENTIAL = 0x80;

  private static final int ENTRIES = 8;

  /** The longest duration; a longer one would mean for ever. */
  private static final long MAX_DURATION = 0xFFFF_FFFEL;

  private static final class Track {
    private final int header;
    private final ByteBuffer more;
    private long timescale = 1;
    private long ticks;
    private long once;

    private Track(int header, ByteBuffer more) {
      this.header = header;
      this.more = more;
    }
  }

  private final ByteBuffer file;
  private final int plays;
  private final boolean premultiplied;

  /** Boxes that say how it is cut and turned. */
  private final List<ByteBuffer> shape;

  /** Bytes that are inserted into the file, by their place. */
  private final SortedMap<Integer, ByteBuffer> added = new TreeMap<>();

  private final List<Track> tracks = new ArrayList<>();
  private final List<Integer> offsets = new ArrayList<>();
  private int movie;

  /** The number of the still, and how many properties stills have. */
  private short still;

  private int properties;

  private AvifBoxes(ByteBuffer file, int plays, boolean premultiplied, List<ByteBuffer> shape) {
    this.file = file;
    this.plays = plays;
    this.premultiplied = premultiplied;
    this.shape = shape;
  }

  /**
   * Writes all that a sequence says into a file of ffmpeg's, whose movie stands before its data.
   */
  static void write(Path avif, AvifSequence sequence) throws IOException {
    write(avif, sequence.plays(), sequence.premultiplied(), shape(sequence));
  }

  /**
   * Writes plays, premultiplied alpha and shape into a file of ffmpeg's.
   *
   * @param plays how often, 0 for ever
   * @param premultiplied whether its colours are multiplied by its transparency
   * @param shape boxes that say how it is cut, turned and mirrored, in this order
   */
  static void write(Path avif, int plays, boolean premultiplied, List<ByteBuffer> shape)
      throws IOException {
    if (plays > 0 || premultiplied || !shape.isEmpty()) {
      ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(avif));
      Files.write(avif, new AvifBoxes(file, plays, premultiplied, shape).written());
    }
  }

  private static List<ByteBuffer> shape(AvifSequence sequence) {
    Orientation orientation = sequence.orientation();
    int quarters =
        switch (orientation) {
          case UPRIGHT, MIRRORED, FLIPPED -> 0;
          case TRANSPOSED, TRANSVERSED, THREE_QUARTER_TURN -> 1;
          case HALF_TURN -> 2;
          case QUARTER_TURN -> 3;
        };
    List<ByteBuffer> boxes = new ArrayList<>();
    sequence.cut().ifPresent(part -> boxes.add(aperture(sequence.size(), part)));
    if (quarters > 0) {
      boxes.add(property("irot", quarters));
    }
    switch (orientation) {
      case FLIPPED, TRANSPOSED -> boxes.add(property("imir", 0));
      case MIRRORED, TRANSVERSED -> boxes.add(property("imir", 1));
      default -> {}
    }
    return boxes;
  }

  /** The middle of the part is told by how far it is from that of the picture. */
  private static ByteBuffer aperture(Dimensions picture, Dimensions part) {
    int length = HEAD + CleanAperture.LENGTH;
    ByteBuffer box = ByteBuffer.allocate(length).putInt(length).put(ascii("clap"));
    box.putInt(part.width()).putInt(1).putInt(part.height()).putInt(1);
    box.putInt(part.width() - picture.width()).putInt(2);
    return box.putInt(part.height() - picture.height()).putInt(2).flip();
  }

  private static ByteBuffer property(String code, int value) {
    return ByteBuffer.allocate(PROPERTY).putInt(PROPERTY).put(ascii(code)).put((byte) value).flip();
  }

  private byte[] written() throws IOException {
    int grown = walk(0, file.capacity());
    // Places within the file, all of which are behind the movie.
    offsets.forEach(at -> file.putInt(at, file.getInt(at) + grown));
    if (plays > 0) {
      edit();
    }
    if (premultiplied && tracks.size() == 2) {
      int alpha = tracks.getLast().header + HEAD;
      tracks.getFirst().more.putInt(TRACK_REFERENCE).put(ascii("tref"));
      tracks.getFirst().more.putInt(TRACK_REFERENCE - HEAD).put(ascii("prem"));
      tracks.getFirst().more.putInt(file.getInt(alpha + (file.get(alpha) == 1 ? 20 : 12)));
    }
    ByteBuffer out = ByteBuffer.allocate(file.capacity() + grown);
    int done = 0;
    for (Map.Entry<Integer, ByteBuffer> more : added.entrySet()) {
      out.put(file.slice(done, more.getKey() - done)).put(more.getValue().rewind());
      done = more.getKey();
    }
    out.put(file.slice(done, file.capacity() - done));
    return out.array();
  }

  private void edit() {
    long timescale = unsigned(movie + HEAD + (isWide(movie) ? 20 : 12));
    long longest = 0;
    for (Track track : tracks) {
      track.once = Math.ceilDiv(track.ticks * timescale, track.timescale);
      // Whole repetitions, because a player would take a part for one more.
      long most = MAX_DURATION / Math.max(1, track.once);
      long lasts = track.once * Math.min(most, plays);
      longest = Math.max(longest, lasts);
      duration(track.header, 20, 28, lasts);
    }
    duration(movie, 16, 24, longest);
    for (Track track : tracks) {
      track.more.putInt(EDIT_LIST).put(ascii("edts")).putInt(EDIT_LIST - HEAD).put(ascii("elst"));
      track.more.putInt(plays > 1 ? REPEATED : 0).putInt(1);
      track.more.putInt((int) track.once).putInt(0).putInt(0x0001_0000);
    }
  }

  private ByteBuffer add(int at, int length) {
    ByteBuffer more = ByteBuffer.allocate(length);
    added.put(at, more);
    return more;
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

  /** How much has been put between two places. */
  private int walk(int from, int to) throws IOException {
    int inside = 0;
    int length;
    for (int at = from; at + HEAD <= to; at += length) {
      length = file.getInt(at);
      if (length < HEAD || length > to - at) {
        throw new IOException("a box that is not understood");
      }
      int end = at + length;
      int more = 0;
      switch (code(at + 4)) {
        case "moov", "trak", "mdia", "minf", "stbl", "iprp" -> more = walk(at + HEAD, end);
        case "stsd" -> more = tracks.size() == 1 ? walk(at + HEAD + ENTRIES, end) : 0;
        case "av01" -> more = shape(end);
        case "pitm" -> still = file.getShort(at + HEAD + 4);
        case "ipco" -> {
          properties = count(at + HEAD, end);
          more = shape(end);
        }
        case "ipma" -> more = associate(at + HEAD);
        case "meta" -> more = walk(at + HEAD + 4, end);
        case "mvhd" -> movie = at;
        case "tkhd" -> {
          boolean multiplied = premultiplied && tracks.isEmpty();
          inside += (plays > 0 ? EDIT_LIST : 0) + (multiplied ? TRACK_REFERENCE : 0);
          tracks.add(new Track(at, add(end, inside)));
        }
        // A newer ffmpeg writes one of its own, for a number of rounds that it chose.
        case "edts" -> file.put(at + 4, ascii(plays > 0 ? "free" : "edts"));
        case "iref" -> more = reference(at + HEAD, end);
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
      grow(at, more);
      inside += more;
    }
    return inside;
  }

  /** The other way round than transparency refers to the still, in numbers of 16 bits. */
  private int reference(int at, int end) {
    if (!premultiplied || file.get(at) != 0 || !code(at + 8).equals("auxl")) {
      return 0;
    }
    ByteBuffer link = add(end, ITEM_REFERENCE).putInt(ITEM_REFERENCE).put(ascii("prem"));
    link.putShort(file.getShort(at + 16)).putShort((short) 1).putShort(file.getShort(at + 12));
    return ITEM_REFERENCE;
  }

  private int shape(int end) {
    int length = shape.stream().mapToInt(ByteBuffer::remaining).sum();
    if (length > 0) {
      ByteBuffer boxes = add(end, length);
      shape.forEach(box -> boxes.put(box.duplicate()));
    }
    return length;
  }

  private int count(int from, int to) {
    int boxes = 0;
    for (int at = from; at + HEAD <= to; at += Math.max(HEAD, file.getInt(at))) {
      boxes++;
    }
    return boxes;
  }

  /** ISO/IEC 23008-12, 9.3, as ffmpeg writes it: of numbers of 7 bits. */
  private int associate(int at) throws IOException {
    if (shape.isEmpty()) {
      return 0;
    }
    if (file.getInt(at) != 0 || properties + shape.size() >= ESSENTIAL) {
      throw new IOException("properties of items that are not understood");
    }
    int item = at + 8;
    for (int i = 0; i < file.getInt(at + 4); i++) {
      int end = item + 3 + file.get(item + 2);
      if (file.getShort(item) == still) {
        file.put(item + 2, (byte) (file.get(item + 2) + shape.size()));
        ByteBuffer numbers = add(end, shape.size());
        for (int number = 1; number <= shape.size(); number++) {
          numbers.put((byte) (ESSENTIAL | (properties + number)));
        }
        return shape.size();
      }
      item = end;
    }
    throw new IOException("a still without properties");
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
