package dev.pictj.media;

import static dev.pictj.media.MediaException.invalid;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the movie box of an animated AVIF says (AV1 Image File Format, 1.2, "Image Sequence";
 * ISO/IEC 23008-12, 7): its pictures are the samples of a track, and their transparency those of
 * another.
 *
 * @param size of its pictures
 * @param milliseconds that each is shown
 * @param plays how often it plays, 0 for ever
 * @param alpha whether there is a track of transparency
 */
public record AvifSequence(Dimensions size, List<Integer> milliseconds, int plays, boolean alpha) {
  private static final int MAX_SAMPLES = 1_000_000;
  private static final int MAX_DELAY = 0xFF_FFFF;
  private static final int REPEATED = 1;

  /** Copies the list. */
  public AvifSequence {
    milliseconds = List.copyOf(milliseconds);
  }

  /** How many pictures there are. */
  public int frames() {
    return milliseconds.size();
  }

  private static final class Track {
    private String handler = "";
    private int width;
    private int height;
    private long timescale = 1;
    private long duration;
    private boolean edited;
    private boolean repeated;
    private long segment;
    private final List<Long> times = new ArrayList<>();
  }

  /** Reads a file; empty where it is a still. */
  public static Optional<AvifSequence> of(Path file) throws IOException, MediaException {
    try (ByteSource in = ByteSource.ofHeader(file)) {
      return of(in);
    }
  }

  static Optional<AvifSequence> of(ByteSource in) throws IOException, MediaException {
    Chunks boxes = Chunks.ofMovie(in);
    while (boxes.next() && boxes.isWhole()) {
      if (boxes.code().equals("moov")) {
        return movie(in, boxes.inner(0));
      }
    }
    return Optional.empty();
  }

  private static Optional<AvifSequence> movie(ByteSource in, Chunks boxes)
      throws IOException, MediaException {
    Optional<Track> pictures = Optional.empty();
    boolean alpha = false;
    while (boxes.next() && boxes.isWhole()) {
      if (boxes.code().equals("trak")) {
        Track track = new Track();
        track(in, boxes.inner(0), track);
        alpha |= track.handler.equals("auxv");
        if (track.handler.equals("pict") && pictures.isEmpty()) {
          pictures = Optional.of(track);
        }
      }
    }
    if (pictures.isEmpty() || pictures.get().times.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(sequence(pictures.get(), alpha));
  }

  private static AvifSequence sequence(Track track, boolean alpha) throws MediaException {
    if (track.width < 1 || track.height < 1) {
      throw invalid("Invalid AVIF: a side of 0 pixels");
    }
    List<Integer> times = new ArrayList<>();
    long at = 0;
    for (long ticks : track.times) {
      // Rounded as places on the clock, so that nothing adds up.
      long from = Math.round(1000.0 * at / track.timescale);
      at += ticks;
      times.add((int) Math.min(MAX_DELAY, Math.round(1000.0 * at / track.timescale) - from));
    }
    int plays = 0;
    if (track.edited && !track.repeated) {
      plays = 1;
    } else if (track.edited && track.segment > 0 && track.duration != 0xFFFF_FFFFL) {
      plays = Math.clamp(Math.ceilDiv(track.duration, track.segment), 0, 65_535);
    }
    return new AvifSequence(new Dimensions(track.width, track.height), times, plays, alpha);
  }

  private static void track(ByteSource in, Chunks boxes, Track track)
      throws IOException, MediaException {
    while (boxes.next() && boxes.isWhole()) {
      long at = boxes.at();
      boolean wide = boxes.length() > 0 && in.u8(at) == 1;
      switch (boxes.code()) {
        case "mdia", "minf", "stbl", "edts" -> track(in, boxes.inner(0), track);
        case "tkhd" -> {
          long duration = wide ? in.u64(at + 28) : in.u32(at + 20);
          track.duration = duration < 0 || duration > 0xFFFF_FFFFL ? 0xFFFF_FFFFL : duration;
          track.width = in.u16(boxes.end() - 8);
          track.height = in.u16(boxes.end() - 4);
        }
        case "elst" -> {
          track.edited = in.u32(at + 4) == 1;
          track.repeated = (in.u8(at + 3) & REPEATED) != 0;
          track.segment = wide ? in.u64(at + 8) : in.u32(at + 8);
        }
        case "mdhd" -> track.timescale = Math.max(1, in.u32(at + (wide ? 20 : 12)));
        case "hdlr" -> track.handler = in.code(at + 8);
        case "stts" -> {
          long entries = Math.min(in.u32(at + 4), (boxes.length() - 8) / 8);
          for (long i = 0; i < entries; i++) {
            long count = in.u32(at + 8 + 8 * i);
            if (count + track.times.size() > MAX_SAMPLES) {
              throw invalid("Invalid AVIF: more frames than any animation may have");
            }
            for (long sample = 0; sample < count; sample++) {
              track.times.add(in.u32(at + 12 + 8 * i));
            }
          }
        }
        default -> {}
      }
    }
  }
}
