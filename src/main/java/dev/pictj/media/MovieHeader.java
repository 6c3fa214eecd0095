package dev.pictj.media;

import static dev.pictj.media.HeaderBytes.invalid;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Walks the boxes of an MP4 or QuickTime file (ISO/IEC 14496-12), jumping over the samples. Where
 * there are several video tracks the largest one counts, since that is the one a decoder takes.
 */
final class MovieHeader {
  /** Every box we enter or step over, in all levels together. */
  private static final int MAX_BOXES = 100_000;

  /** The boxes we enter stand five deep: moov, trak, mdia, minf, stbl. */
  private static final int MAX_DEPTH = 16;

  private static final int MAX_SAMPLE_ENTRIES = 64;
  private static final int MAX_TIME_ENTRIES = 100_000;

  private final HeaderBytes in;
  private final MediaType type;
  private final Map<Long, Long> fragmentSamples = new HashMap<>();
  private int boxes;
  private boolean movie;
  private Track best;
  private int depth;

  /** What is known of the track being read. */
  private static final class Track {
    private long id;
    private boolean video;
    private int width;
    private int height;
    private int shownWidth;
    private int shownHeight;
    private long samples;
    private long timedSamples;

    long area() {
      return (long) width * height;
    }
  }

  private interface Visitor {
    void box(String code, long start, long end) throws IOException, MediaException;
  }

  private MovieHeader(HeaderBytes in, MediaType type) {
    this.in = in;
    this.type = type;
  }

  static Probed read(HeaderBytes in, MediaType type) throws IOException, MediaException {
    return new MovieHeader(in, type).read();
  }

  private Probed read() throws IOException, MediaException {
    each(
        0,
        in.size(),
        (code, start, end) -> {
          if (code.equals("moov")) {
            movie = true;
            each(start, end, this::movieBox);
          } else if (code.equals("moof")) {
            each(start, end, this::fragmentBox);
          }
        });
    if (!movie) {
      throw invalid("Invalid video: no movie header");
    }
    if (best == null) {
      throw invalid("Invalid video: no video track");
    }
    if (best.width == 0 || best.height == 0) {
      throw invalid("Invalid video: a side of 0 pixels");
    }
    long listed = best.samples > 0 ? best.samples : best.timedSamples;
    long frames = listed + fragmentSamples.getOrDefault(best.id, 0L);
    return new Probed(
        type,
        new Dimensions(best.width, best.height),
        Math.clamp(frames, 1, Integer.MAX_VALUE),
        Orientation.UPRIGHT,
        false);
  }

  private void movieBox(String code, long start, long end) throws IOException, MediaException {
    if (!code.equals("trak")) {
      return;
    }
    Track track = new Track();
    each(start, end, (inner, from, to) -> trackBox(track, inner, from, to));
    if (track.width == 0 || track.height == 0) {
      track.width = track.shownWidth;
      track.height = track.shownHeight;
    }
    if (track.video && (best == null || track.area() > best.area())) {
      best = track;
    }
  }

  private void trackBox(Track track, String code, long start, long end)
      throws IOException, MediaException {
    switch (code) {
      case "mdia", "minf", "stbl" ->
          each(start, end, (inner, from, to) -> trackBox(track, inner, from, to));
      case "tkhd" -> {
        track.id = in.u32(start + (in.u8(start) == 1 ? 20 : 12));
        // Width and height are its last fields, 16.16 fixed point.
        track.shownWidth = in.u16(end - 8);
        track.shownHeight = in.u16(end - 4);
      }
      case "hdlr" -> track.video |= in.code(start + 8).equals("vide");
      case "stsd" -> sampleEntries(track, start, end);
      case "stsz", "stz2" -> track.samples = in.u32(start + 8);
      case "stts" -> {
        long count = Math.min(in.u32(start + 4), Math.min(MAX_TIME_ENTRIES, (end - start - 8) / 8));
        for (long i = 0; i < count; i++) {
          track.timedSamples += in.u32(start + 8 + 8 * i);
        }
      }
      default -> {}
    }
  }

  private void sampleEntries(Track track, long start, long end) throws IOException, MediaException {
    long count = Math.min(in.u32(start + 4), MAX_SAMPLE_ENTRIES);
    long at = start + 8;
    for (long i = 0; i < count && at <= end - 36; i++) {
      long length = in.u32(at);
      if (length < 36) {
        return;
      }
      // Entries of a sound track have other fields here; they are never looked at.
      track.width = Math.max(track.width, in.u16(at + 32));
      track.height = Math.max(track.height, in.u16(at + 34));
      at += length;
    }
  }

  private void fragmentBox(String code, long start, long end) throws IOException, MediaException {
    if (!code.equals("traf")) {
      return;
    }
    long[] track = new long[1];
    each(
        start,
        end,
        (inner, from, to) -> {
          if (inner.equals("tfhd")) {
            track[0] = in.u32(from + 4);
          } else if (inner.equals("trun")) {
            fragmentSamples.merge(track[0], in.u32(from + 4), Long::sum);
          }
        });
  }

  /** Visits the boxes between two places; a visitor may visit what is inside one of them. */
  private void each(long start, long end, Visitor visitor) throws IOException, MediaException {
    if (++depth > MAX_DEPTH) {
      throw invalid("Invalid video: boxes within boxes without end");
    }
    siblings(start, end, visitor);
    depth--;
  }

  private void siblings(long start, long end, Visitor visitor) throws IOException, MediaException {
    long at = start;
    while (at <= end - 8) {
      if (++boxes > MAX_BOXES) {
        throw invalid("Invalid video: too many boxes");
      }
      long length = in.u32(at);
      long header = 8;
      String code = in.code(at + 4);
      if (length == 1) {
        length = in.u64(at + 8);
        header = 16;
      } else if (length == 0) {
        // QuickTime ends lists of user data with a zero; only a last box may reach to the end.
        length = end - at;
      }
      if (length < header || length > end - at) {
        if (code.equals("mdat") || (movie && start == 0)) {
          // The samples are cut short, or something follows the movie: the decoder will tell.
          return;
        }
        throw invalid("Invalid video: a box that exceeds the one around it");
      }
      visitor.box(code, at + header, at + length);
      at += length;
    }
  }
}
