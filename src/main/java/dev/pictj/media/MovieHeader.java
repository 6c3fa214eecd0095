package dev.pictj.media;

import static dev.pictj.media.MediaException.invalid;

import dev.pictj.media.MediaException.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Walks the boxes of an MP4 or QuickTime file (ISO/IEC 14496-12), jumping over the samples.
 *
 * <p>Where there are several video tracks, one that moves counts before one of a single picture,
 * then the one with the largest pictures, then one that is enabled, then the one with the most
 * frames, then the first. Pictures of chapters are no video. The decoder is told which it was.
 */
final class MovieHeader {
  private static final int MAX_SAMPLE_ENTRIES = 64;
  private static final int MAX_TIME_ENTRIES = 100_000;

  /** The number 1 in fixed point of 16.16 bits. */
  private static final int FIXED_POINT = 1 << 16;

  /** Pixels whose ratio differs from 1 by no more than this count as square. */
  private static final double SQUARE_TOLERANCE = 0.01;

  private final ByteSource in;
  private final MediaType type;
  private static final Comparator<Track> BETTER_LAST =
      Comparator.<Track>comparingInt(track -> track.frames() > 1 ? 1 : 0)
          .thenComparingLong(Track::area)
          .thenComparing(track -> track.enabled)
          .thenComparingLong(Track::frames);

  private final Map<Long, Long> fragmentSamples = new HashMap<>();
  private final List<Track> tracks = new ArrayList<>();
  private final Set<Long> chapters = new HashSet<>();
  private Matrix movieMatrix = Matrix.IDENTITY;
  private boolean movie;

  /** The part of a matrix that turns and scales (ISO/IEC 14496-12, 6.2.2). */
  private record Matrix(double a, double b, double c, double d) {
    static final Matrix IDENTITY = new Matrix(1, 0, 0, 1);

    Matrix then(Matrix next) {
      return new Matrix(
          a * next.a + b * next.c,
          a * next.b + b * next.d,
          c * next.a + d * next.c,
          c * next.b + d * next.d);
    }

    /** The ratio of width to height that it gives a square. */
    double stretch() {
      return Math.hypot(a, b) / Math.hypot(c, d);
    }
  }

  /** What has been read of a track so far. */
  private final class Track {
    private long id;
    private boolean video;
    private boolean enabled;
    private boolean encrypted;
    private Matrix matrix = Matrix.IDENTITY;
    private int width;
    private int height;
    private int firstWidth;
    private int firstHeight;
    private int shownWidth;
    private int shownHeight;
    private Optional<VideoTrack.Ratio> pixelAspect = Optional.empty();
    private Optional<VideoTrack.Aperture> aperture = Optional.empty();
    private Optional<VideoTrack.Colours> colours = Optional.empty();
    private long samples;
    private long timedSamples;

    long area() {
      return (long) width * height;
    }

    long frames() {
      return (samples > 0 ? samples : timedSamples) + fragmentSamples.getOrDefault(id, 0L);
    }

    VideoTrack facts() {
      VideoTrack.Aperture shown =
          aperture.orElseGet(
              () -> new VideoTrack.Aperture(new Dimensions(firstWidth, firstHeight), 0, 0));
      Matrix whole = matrix.then(movieMatrix);
      return new VideoTrack(
          id,
          new Dimensions(width, height),
          shown,
          aspect(whole, shown.size()),
          Orientation.ofMatrix(whole.a, whole.b, whole.c, whole.d).orElse(Orientation.UPRIGHT),
          colours);
    }

    /**
     * The ratio that ffmpeg takes: by the matrix, else by {@code pasp}, else by the track's size.
     */
    private Optional<VideoTrack.Ratio> aspect(Matrix whole, Dimensions size) {
      double stretch = whole.stretch();
      if (Math.abs(stretch - 1) > SQUARE_TOLERANCE
          && stretch > 1.0 / FIXED_POINT
          && stretch < FIXED_POINT) {
        return Optional.of(new VideoTrack.Ratio(Math.round(stretch * FIXED_POINT), FIXED_POINT));
      }
      boolean same = size.width() == shownWidth && size.height() == shownHeight;
      if (pixelAspect.isPresent() || same || shownWidth == 0 || shownHeight == 0) {
        return pixelAspect;
      }
      long across = (long) shownWidth * size.height();
      long down = (long) shownHeight * size.width();
      // Some programs write the size of the turned picture here.
      boolean turned = size.width() == shownHeight && size.height() == shownWidth;
      return Optional.of(
          turned || Math.abs((double) across / down - 1) <= SQUARE_TOLERANCE
              ? new VideoTrack.Ratio(1, 1)
              : new VideoTrack.Ratio(across, down));
    }
  }

  private MovieHeader(ByteSource in, MediaType type) {
    this.in = in;
    this.type = type;
  }

  static Probed read(ByteSource in, MediaType type) throws IOException, MediaException {
    return new MovieHeader(in, type).read();
  }

  private Probed read() throws IOException, MediaException {
    Chunks boxes = Chunks.ofMovie(in);
    while (next(boxes)) {
      if (boxes.code().equals("moov")) {
        movie = true;
        movie(boxes.inner(0));
      } else if (boxes.code().equals("moof")) {
        fragment(boxes.inner(0));
      }
    }
    if (!movie) {
      throw invalid("Invalid video: no movie header");
    }
    Track best =
        tracks.stream()
            .filter(track -> track.video && !chapters.contains(track.id))
            .reduce((one, other) -> BETTER_LAST.compare(other, one) > 0 ? other : one)
            .orElseThrow(() -> invalid("Invalid video: no video track"));
    if (best.width == 0 || best.height == 0) {
      throw invalid("Invalid video: a side of 0 pixels");
    }
    if (best.encrypted) {
      throw unsupported("Video is not accepted: it is encrypted");
    }
    if (tracks.stream().filter(track -> track.id == best.id).count() > 1) {
      throw invalid("Invalid video: two tracks of one number");
    }
    VideoTrack track = best.facts();
    return new Probed(
        type,
        track.square(),
        Math.clamp(best.frames(), 1, Integer.MAX_VALUE),
        track.orientation(),
        false,
        false,
        Optional.of(track));
  }

  /** Goes to the next box, and refuses one that is not whole. */
  private boolean next(Chunks boxes) throws IOException, MediaException {
    if (!boxes.next()) {
      return false;
    }
    if (boxes.isWhole()) {
      return true;
    }
    if (boxes.code().equals("mdat") && boxes.length() >= 0) {
      throw invalid("Invalid video: the file ends early");
    }
    if (movie && boxes.areOutermost()) {
      // Other bytes follow the movie; a decoder finds out whether they matter.
      return false;
    }
    throw invalid("Invalid video: a box that exceeds the one around it");
  }

  private void movie(Chunks boxes) throws IOException, MediaException {
    while (next(boxes)) {
      switch (boxes.code()) {
        case "trak" -> {
          Track track = new Track();
          tracks.add(track);
          track(track, boxes.inner(0));
          if (track.width == 0 || track.height == 0) {
            track.width = track.firstWidth = track.shownWidth;
            track.height = track.firstHeight = track.shownHeight;
          }
        }
        case "mvhd" -> movieMatrix = matrix(boxes.at() + (in.u8(boxes.at()) == 1 ? 48 : 36));
        case "cmov" -> throw unsupported("Video is not accepted: its movie header is compressed");
        default -> {}
      }
    }
  }

  private Matrix matrix(long at) throws IOException, MediaException {
    return new Matrix(fixed(at), fixed(at + 4), fixed(at + 12), fixed(at + 16));
  }

  private double fixed(long at) throws IOException, MediaException {
    return (int) in.u32(at) / (double) FIXED_POINT;
  }

  private static MediaException unsupported(String message) {
    return new MediaException(Reason.UNSUPPORTED, message);
  }

  private void track(Track track, Chunks boxes) throws IOException, MediaException {
    while (next(boxes)) {
      final long at = boxes.at();
      switch (boxes.code()) {
        case "mdia", "minf", "stbl" -> track(track, boxes.inner(0));
        case "tkhd" -> {
          boolean wide = in.u8(at) == 1;
          track.enabled = (in.u8(at + 3) & 1) != 0;
          track.id = in.u32(at + (wide ? 20 : 12));
          track.matrix = matrix(at + (wide ? 52 : 40));
          // Width and height are its last fields, 16.16 fixed point.
          track.shownWidth = in.u16(boxes.end() - 8);
          track.shownHeight = in.u16(boxes.end() - 4);
        }
        case "tref" -> references(boxes.inner(0));
        case "hdlr" -> track.video |= in.code(at + 8).equals("vide");
        case "stsd" -> sampleEntries(track, in.u32(at + 4), boxes.inner(8));
        case "stsz", "stz2" -> track.samples = in.u32(at + 8);
        case "stts" -> {
          long count =
              Math.min(in.u32(at + 4), Math.min(MAX_TIME_ENTRIES, (boxes.length() - 8) / 8));
          for (long i = 0; i < count; i++) {
            track.timedSamples += in.u32(at + 8 + 8 * i);
          }
        }
        default -> {}
      }
    }
  }

  private void references(Chunks boxes) throws IOException, MediaException {
    while (next(boxes)) {
      for (long at = boxes.at(); boxes.code().equals("chap") && at <= boxes.end() - 4; at += 4) {
        chapters.add(in.u32(at));
      }
    }
  }

  private void sampleEntries(Track track, long count, Chunks entries)
      throws IOException, MediaException {
    for (int i = 0; i < Math.min(count, MAX_SAMPLE_ENTRIES) && entries.next(); i++) {
      if (entries.length() < 28) {
        return;
      }
      // Entries of a sound track have other fields here; they are never looked at.
      int width = in.u16(entries.at() + 24);
      int height = in.u16(entries.at() + 26);
      track.width = Math.max(track.width, width);
      track.height = Math.max(track.height, height);
      if (i == 0) {
        track.firstWidth = width;
        track.firstHeight = height;
        track.encrypted = entries.code().equals("encv") || entries.code().equals("drmi");
        extensions(track, entries.inner(78));
      }
    }
  }

  /** Reads the boxes within a sample entry; faults are left to the decoder. */
  private void extensions(Track track, Chunks boxes) throws IOException, MediaException {
    while (boxes.next() && boxes.isWhole()) {
      long at = boxes.at();
      if (boxes.code().equals("pasp") && boxes.length() >= 8) {
        long across = in.u32(at);
        long down = in.u32(at + 4);
        if (across > 0 && down > 0) {
          track.pixelAspect = Optional.of(new VideoTrack.Ratio(across, down));
        }
      } else if (boxes.code().equals("clap") && boxes.length() >= 32) {
        track.aperture = aperture(track, at);
      } else if (boxes.code().equals("colr") && boxes.length() >= 10 && track.colours.isEmpty()) {
        track.colours = colours(at, boxes.end());
      }
    }
  }

  /** ISO/IEC 14496-12, 12.1.5, and QuickTime's shorter one; profiles (ICC) are passed over. */
  private Optional<VideoTrack.Colours> colours(long at, long end)
      throws IOException, MediaException {
    String kind = in.code(at);
    boolean ranged = kind.equals("nclx");
    return ranged || kind.equals("nclc")
        ? Optional.of(
            new VideoTrack.Colours(
                in.u16(at + 4),
                in.u16(at + 6),
                in.u16(at + 8),
                ranged && at + 10 < end && (in.u8(at + 10) & 0x80) != 0))
        : Optional.empty();
  }

  /** ISO/IEC 14496-12, 12.1.4; one that is not within the picture counts for nothing. */
  private Optional<VideoTrack.Aperture> aperture(Track track, long at)
      throws IOException, MediaException {
    long width = Math.round(fraction(at));
    long height = Math.round(fraction(at + 8));
    long x = Math.round((track.firstWidth - width) / 2.0 + fraction(at + 16));
    long y = Math.round((track.firstHeight - height) / 2.0 + fraction(at + 24));
    boolean within =
        width > 0
            && height > 0
            && x >= 0
            && y >= 0
            && x + width <= track.firstWidth
            && y + height <= track.firstHeight;
    return within
        ? Optional.of(
            new VideoTrack.Aperture(new Dimensions((int) width, (int) height), (int) x, (int) y))
        : Optional.empty();
  }

  private double fraction(long at) throws IOException, MediaException {
    return (int) in.u32(at) / (double) in.u32(at + 4);
  }

  private void fragment(Chunks boxes) throws IOException, MediaException {
    while (next(boxes)) {
      if (boxes.code().equals("traf")) {
        long track = 0;
        Chunks runs = boxes.inner(0);
        while (next(runs)) {
          if (runs.code().equals("tfhd")) {
            track = in.u32(runs.at() + 4);
          } else if (runs.code().equals("trun")) {
            fragmentSamples.merge(track, in.u32(runs.at() + 4), Long::sum);
          }
        }
      }
    }
  }
}
