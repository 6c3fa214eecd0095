package dev.pictj.media;

import static dev.pictj.media.MediaException.invalid;

import dev.pictj.media.HeifItems.Extent;
import dev.pictj.media.HeifItems.Item;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the movie box of an animated AVIF says (AV1 Image File Format, 1.2, "Image Sequence";
 * ISO/IEC 23008-12, 7): its pictures are the samples of a track, and their transparency those of
 * another, picture by picture. Reads no more than the boxes and the first picture of each.
 *
 * <p>As browsers have it, the sample entry of the pictures says how they are turned and mirrored; a
 * clean aperture in the upper left corner cuts them. The matrix of the track, another aperture and
 * the shape of pixels are ignored.
 *
 * @param track the number of the track of pictures
 * @param alpha that of the track of their transparency, where there is one
 * @param premultiplied whether colours are written multiplied by it
 * @param size of its pictures, before they are cut and turned
 * @param cut the size that is left of them, in their upper left corner
 * @param frames how many there are
 * @param last milliseconds that the last one is shown
 * @param plays how often it plays, 0 for ever
 * @param colours what the pictures say of them, or what is said of the pictures
 * @param profiled whether they have a colour profile
 * @param orientation how they must be turned to be seen upright
 */
public record AvifSequence(
    long track,
    Optional<Long> alpha,
    boolean premultiplied,
    Dimensions size,
    Optional<Dimensions> cut,
    int frames,
    int last,
    int plays,
    Optional<VideoTrack.Colours> colours,
    boolean profiled,
    Orientation orientation) {
  /** The most entries of time tables, in all tracks together; one is a run of equal durations. */
  private static final int MAX_RUNS = 100_000;

  /** The most coded units of the first picture. */
  private static final int MAX_UNITS = 1000;

  private static final int MAX_CONFIGURATION = 4096;
  private static final int MAX_DELAY = 0xFF_FFFF;
  private static final int REPEATED = 1;
  private static final int QUARTERS = 3;
  private static final int AXIS = 1;
  private static final int UNSPECIFIED = -1;

  /** Fields of a sample entry before its boxes (ISO/IEC 14496-12, 12.1.3). */
  private static final int ENTRY = 78;

  /** What the boxes of a track say. */
  private static final class Track {
    private long id;
    private String handler = "";
    private boolean alpha = true;
    private final Set<Long> multiplied = new HashSet<>();
    private int width;
    private int height;
    private boolean described;
    private int describedWidth;
    private int describedHeight;
    private byte @Nullable [] configuration;
    private Optional<VideoTrack.Colours> colours = Optional.empty();
    private boolean profiled;
    private int quarters = UNSPECIFIED;
    private int mirror = UNSPECIFIED;
    private long aperture = UNSPECIFIED;
    private long timescale = 1;
    private long duration;
    private boolean edited;
    private boolean repeated;
    private long segment;
    private long frames;
    private double ticks;
    private long lastTicks;
    private long samples;
    private long firstLength;
    private long firstAt = -1;

    private Dimensions size() {
      return new Dimensions(width, height);
    }
  }

  /** Reads a file; empty where it is a still. */
  public static Optional<AvifSequence> of(Path file) throws IOException, MediaException {
    try (ByteSource in = ByteSource.ofHeader(file)) {
      return of(in);
    }
  }

  /** The size that its pictures are seen in. */
  public Dimensions seen() {
    return orientation.upright(cut.orElse(size));
  }

  static Optional<AvifSequence> of(ByteSource in) throws IOException, MediaException {
    Chunks boxes = Chunks.ofMovie(in);
    while (boxes.next() && boxes.isWhole()) {
      if (boxes.code().equals("moov")) {
        return new Reader(in).movie(boxes.inner(0));
      }
    }
    return Optional.empty();
  }

  private static final class Reader {
    private final ByteSource in;
    private int runs;

    private Reader(ByteSource in) {
      this.in = in;
    }

    private Optional<AvifSequence> movie(Chunks boxes) throws IOException, MediaException {
      Optional<Track> pictures = Optional.empty();
      Optional<Track> alpha = Optional.empty();
      Set<Long> numbers = new HashSet<>();
      while (boxes.next() && boxes.isWhole()) {
        if (boxes.code().equals("trak")) {
          Track track = new Track();
          track(boxes.inner(0), track);
          if (!numbers.add(track.id)) {
            throw invalid("Invalid AVIF: two tracks of one number");
          }
          if (track.handler.equals("pict") && pictures.isEmpty()) {
            pictures = Optional.of(track);
          } else if (track.handler.equals("auxv") && track.alpha && alpha.isEmpty()) {
            alpha = Optional.of(track);
          }
        }
      }
      if (pictures.isEmpty() || pictures.get().frames == 0) {
        return Optional.empty();
      }
      return Optional.of(sequence(pictures.get(), alpha));
    }

    private AvifSequence sequence(Track track, Optional<Track> alpha)
        throws IOException, MediaException {
      Optional<VideoTrack.Colours> coded = requireSize(track);
      if (alpha.isPresent()) {
        requireSize(alpha.get());
        requireAlike(track, alpha.get());
      }
      // The start and the end are rounded, and not the duration: so rounding errors do not add up
      // over the frames.
      long end = Math.round(1000 * track.ticks / track.timescale);
      long from = Math.round(1000 * (track.ticks - track.lastTicks) / track.timescale);
      return new AvifSequence(
          track.id,
          alpha.map(one -> one.id),
          alpha.filter(one -> track.multiplied.contains(one.id)).isPresent(),
          track.size(),
          cut(track),
          frames(track),
          (int) Math.min(MAX_DELAY, end - from),
          plays(track),
          track.colours.or(() -> coded),
          track.profiled,
          Orientation.ofHeif(Math.max(0, track.quarters), track.mirror));
    }

    private Optional<Dimensions> cut(Track track) throws IOException, MediaException {
      if (track.aperture < 0) {
        return Optional.empty();
      }
      CleanAperture seen = CleanAperture.of(in, track.aperture, track.size());
      return Optional.of(seen)
          .filter(part -> part.isWithin(track.size()) && part.beginsInCorner())
          .map(CleanAperture::size);
    }

    /** The larger number where two tables differ, because limits are for the most it may cost. */
    private static int frames(Track track) {
      return (int) Math.min(Integer.MAX_VALUE, Math.max(track.frames, track.samples));
    }

    private static int plays(Track track) {
      if (track.edited && !track.repeated) {
        return 1;
      }
      return track.edited && track.segment > 0 && track.duration != 0xFFFF_FFFFL
          ? Math.clamp(Math.ceilDiv(track.duration, track.segment), 0, 65_535)
          : 0;
    }

    private static void requireAlike(Track pictures, Track alpha) throws MediaException {
      if (!alpha.size().equals(pictures.size())) {
        throw invalid(
            "Invalid AVIF: its pictures measure %s, their transparency %s"
                .formatted(pictures.size(), alpha.size()));
      }
      if (frames(alpha) != frames(pictures)) {
        throw invalid(
            "Invalid AVIF: %d pictures, and the transparency of %d"
                .formatted(frames(pictures), frames(alpha)));
      }
    }

    /**
     * All that tell the size of a picture must tell the same, for decoders differ in which of them
     * they allocate for.
     *
     * @return the colours that the first picture tells
     */
    private Optional<VideoTrack.Colours> requireSize(Track track)
        throws IOException, MediaException {
      if (track.width < 1 || track.height < 1) {
        throw invalid("Invalid AVIF: a side of 0 pixels");
      }
      Dimensions size = track.size();
      if (track.described) {
        requireSame(size, track.describedWidth, track.describedHeight);
      }
      Optional<CodedPicture> first = first(track);
      if (first.isPresent()) {
        requireSame(size, first.get().size().width(), first.get().size().height());
      }
      return first.flatMap(CodedPicture::colours);
    }

    private static void requireSame(Dimensions claimed, int width, int height)
        throws MediaException {
      if (claimed.width() != width || claimed.height() != height) {
        throw invalid(
            "Invalid AVIF: the header claims %s, the frames measure %dx%d"
                .formatted(claimed, width, height));
      }
    }

    private Optional<CodedPicture> first(Track track) throws IOException, MediaException {
      byte[] configuration = track.configuration;
      if (track.firstAt < 0 || track.firstLength < 1 || configuration == null) {
        return Optional.empty();
      }
      if (!in.has(track.firstAt, track.firstLength)) {
        throw in.endsEarly();
      }
      List<Extent> place = List.of(new Extent(track.firstAt, track.firstLength));
      Item picture = new Item(track.id, "av01", /* hidden= */ false, List.of(), place);
      return Optional.of(
          CodedPicture.ofAv1(CodedUnits.ofAv1(in, picture, MAX_UNITS).headers(), configuration));
    }

    private void track(Chunks boxes, Track track) throws IOException, MediaException {
      while (boxes.next() && boxes.isWhole()) {
        long at = boxes.at();
        boolean wide = boxes.length() > 0 && in.u8(at) == 1;
        switch (boxes.code()) {
          case "mdia", "minf", "stbl", "edts", "tref" -> track(boxes.inner(0), track);
          case "tkhd" -> {
            track.id = in.u32(at + (wide ? 20 : 12));
            long duration = wide ? in.u64(at + 28) : in.u32(at + 20);
            track.duration = duration < 0 || duration > 0xFFFF_FFFFL ? 0xFFFF_FFFFL : duration;
            track.width = in.u16(boxes.end() - 8);
            track.height = in.u16(boxes.end() - 4);
          }
          // ISO/IEC 23000-22, 7.3.5.2.
          case "prem" -> {
            for (long one = at; one + 4 <= boxes.end() && ++runs <= MAX_RUNS; one += 4) {
              track.multiplied.add(in.u32(one));
            }
          }
          case "elst" -> {
            track.edited = in.u32(at + 4) == 1;
            track.repeated = (in.u8(at + 3) & REPEATED) != 0;
            track.segment = wide ? in.u64(at + 8) : in.u32(at + 8);
          }
          case "mdhd" -> track.timescale = Math.max(1, in.u32(at + (wide ? 20 : 12)));
          case "hdlr" -> track.handler = in.code(at + 8);
          case "stsd" -> description(boxes.inner(8), track);
          case "stts" -> times(at, boxes.length(), track);
          case "stsz" -> {
            long same = in.u32(at + 4);
            track.samples = in.u32(at + 8);
            track.firstLength = same > 0 || track.samples == 0 ? same : in.u32(at + 12);
          }
          case "stco" -> track.firstAt = in.u32(at + 4) == 0 ? -1 : in.u32(at + 8);
          case "co64" -> track.firstAt = in.u32(at + 4) == 0 ? -1 : in.u64(at + 8);
          default -> {}
        }
      }
    }

    private void times(long at, long length, Track track) throws IOException, MediaException {
      long entries = Math.min(in.u32(at + 4), (length - 8) / 8);
      for (long i = 0; i < entries; i++) {
        if (++runs > MAX_RUNS) {
          throw invalid("Invalid AVIF: too many entries in its tables of times");
        }
        long count = in.u32(at + 8 + 8 * i);
        if (count > 0) {
          track.lastTicks = in.u32(at + 12 + 8 * i);
          track.frames += count;
          track.ticks += (double) count * track.lastTicks;
        }
      }
    }

    /** Reads the first sample entry: decoders, such as ffmpeg's, decode all frames by that one. */
    private void description(Chunks entries, Track track) throws IOException, MediaException {
      if (!entries.next() || !entries.isWhole() || entries.length() < ENTRY) {
        return;
      }
      track.described = true;
      track.describedWidth = in.u16(entries.at() + 24);
      track.describedHeight = in.u16(entries.at() + 26);
      Chunks boxes = entries.inner(ENTRY);
      while (boxes.next() && boxes.isWhole()) {
        switch (boxes.code()) {
          case "av1C" -> {
            if (boxes.length() <= MAX_CONFIGURATION) {
              track.configuration = boxes.payload();
            }
          }
          case "auxi" -> track.alpha = HeifItems.isAlpha(in, boxes.at() + 4, boxes.end());
          case "colr" -> colours(boxes, track);
          case "clap" -> {
            if (boxes.length() >= CleanAperture.LENGTH && track.aperture < 0) {
              track.aperture = boxes.at();
            }
          }
          case "irot" -> {
            if (boxes.length() > 0 && track.quarters == UNSPECIFIED) {
              track.quarters = in.u8(boxes.at()) & QUARTERS;
            }
          }
          case "imir" -> {
            if (boxes.length() > 0 && track.mirror == UNSPECIFIED) {
              track.mirror = in.u8(boxes.at()) & AXIS;
            }
          }
          default -> {}
        }
      }
    }

    private void colours(Chunks box, Track track) throws IOException, MediaException {
      String kind = box.length() < 4 ? "" : in.code(box.at());
      track.profiled |= kind.equals("prof") || kind.equals("rICC");
      if (kind.equals("nclx") && box.length() >= 11 && track.colours.isEmpty()) {
        track.colours =
            Optional.of(
                new VideoTrack.Colours(
                    in.u16(box.at() + 4),
                    in.u16(box.at() + 6),
                    in.u16(box.at() + 8),
                    (in.u8(box.at() + 10) & 0x80) != 0));
      }
    }
  }
}
