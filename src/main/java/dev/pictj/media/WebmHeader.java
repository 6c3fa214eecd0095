package dev.pictj.media;

import static dev.pictj.media.MediaException.invalid;

import dev.pictj.media.MediaException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Walks the elements of a WebM (RFC 8794, RFC 9559) without reading pictures: the first video
 * track's size, shape and colours, and how many frames it shows. Of Matroska files only those that
 * call themselves WebM are taken.
 */
final class WebmHeader {
  private static final int HEAD = 0x1A45DFA3;
  private static final int DOC_TYPE = 0x4282;
  private static final int SEGMENT = 0x18538067;
  private static final int CLUSTER = 0x1F43B675;
  private static final int BLOCK_GROUP = 0xA0;
  private static final int BLOCK = 0xA1;
  private static final int SIMPLE_BLOCK = 0xA3;
  private static final int TRACKS = 0x1654AE6B;
  private static final int TRACK = 0xAE;
  private static final int TRACK_NUMBER = 0xD7;
  private static final int TRACK_TYPE = 0x83;
  private static final int CODEC = 0x86;
  private static final int ENCODINGS = 0x6D80;
  private static final int VIDEO = 0xE0;
  private static final int WIDTH = 0xB0;
  private static final int HEIGHT = 0xBA;
  private static final int SHOWN_WIDTH = 0x54B0;
  private static final int SHOWN_HEIGHT = 0x54BA;
  private static final int ALPHA = 0x53C0;
  private static final int COLOUR = 0x55B0;
  private static final int MATRIX = 0x55B1;
  private static final int RANGE = 0x55B9;
  private static final int TRANSFER = 0x55BA;
  private static final int PRIMARIES = 0x55BB;

  private static final int VIDEO_TYPE = 1;
  private static final int INVISIBLE = 0x08;
  private static final int UNSPECIFIED = 2;
  private static final int FULL_RANGE = 2;
  private static final int MAX_DOC_TYPE = 32;
  private static final int MAX_CODEC = 64;

  /** The most elements: blocks of sound alone come 50 a second and more. */
  private static final int MAX_ELEMENTS = 2_000_000;

  /** The deepest level that is read; a track, its video and its colours are less deep. */
  private static final int MAX_DEPTH = 8;

  private final ByteSource in;
  private int elements;
  private long position;
  private long end;
  private boolean unknown;

  private Optional<Track> video = Optional.empty();
  private long frames;

  /** What the elements of a track say; 0 or empty where they say nothing. */
  private static final class Track {
    private long number;
    private long type;
    private String codec = "";
    private boolean encrypted;
    private long width;
    private long height;
    private long shownWidth;
    private long shownHeight;
    private boolean alpha;
    private int matrix = UNSPECIFIED;
    private int transfer = UNSPECIFIED;
    private int primaries = UNSPECIFIED;
    private boolean fullRange;

    private VideoTrack facts() {
      Dimensions size = new Dimensions((int) width, (int) height);
      Optional<VideoTrack.Ratio> aspect =
          shownWidth > 0 && shownHeight > 0 && shownWidth * height != shownHeight * width
              ? Optional.of(new VideoTrack.Ratio(shownWidth * height, shownHeight * width))
              : Optional.empty();
      boolean told =
          matrix != UNSPECIFIED || transfer != UNSPECIFIED || primaries != UNSPECIFIED || fullRange;
      return new VideoTrack(
          0,
          size,
          new VideoTrack.Aperture(size, 0, 0),
          aspect,
          Orientation.UPRIGHT,
          told
              ? Optional.of(new VideoTrack.Colours(primaries, transfer, matrix, fullRange))
              : Optional.empty(),
          alpha);
    }
  }

  private WebmHeader(ByteSource in) {
    this.in = in;
  }

  static Probed read(ByteSource in) throws IOException, MediaException {
    return new WebmHeader(in).read();
  }

  /** Whether a file that begins like Matroska calls itself WebM. */
  static boolean isWebm(ByteSource in) throws IOException {
    try {
      WebmHeader header = new WebmHeader(in);
      return header.element(0, in.size()) == HEAD
          && header.text(header.position, header.end, DOC_TYPE).equals("webm");
    } catch (MediaException _) {
      return false;
    }
  }

  /** The text of an element within others, or nothing. */
  private String text(long from, long to, int wanted) throws IOException, MediaException {
    long at = from;
    while (at < to) {
      int id = element(at, to);
      if (id == wanted) {
        return string(MAX_DOC_TYPE);
      }
      at = end;
    }
    return "";
  }

  private String string(int most) throws IOException, MediaException {
    int length = (int) Math.min(most, end - position);
    return new String(in.bytes(position, length), StandardCharsets.US_ASCII).replace("\0", "");
  }

  /**
   * Reads the beginning of an element: where its payload begins and ends.
   *
   * @param limit where what is around it ends
   * @return its number
   */
  private int element(long at, long limit) throws IOException, MediaException {
    if (++elements > MAX_ELEMENTS) {
      throw invalid("Invalid WebM: too many elements");
    }
    int first = in.u8(at);
    int length = Integer.numberOfLeadingZeros(first) - 23;
    if (length > 4) {
      throw invalid("Invalid WebM: what should be an element is none");
    }
    int id = (int) number(at, length);
    long sizeAt = at + length;
    int sizeFirst = in.u8(sizeAt);
    int sizeLength = Integer.numberOfLeadingZeros(sizeFirst) - 23;
    if (sizeLength > 8) {
      throw invalid("Invalid WebM: an element without a length");
    }
    long size = number(sizeAt, sizeLength) & ((1L << (7 * sizeLength)) - 1);
    position = sizeAt + sizeLength;
    unknown = size == (1L << (7 * sizeLength)) - 1;
    if (!unknown && size > limit - position) {
      throw invalid(
          limit == in.size()
              ? "Invalid WebM: the file ends early"
              : "Invalid WebM: an element that exceeds the one around it");
    }
    end = unknown ? limit : position + size;
    return id;
  }

  private long number(long at, int length) throws IOException, MediaException {
    long number = 0;
    for (int i = 0; i < length; i++) {
      number = number << 8 | in.u8(at + i);
    }
    return number;
  }

  /** A number of the current element. */
  private long number() throws IOException, MediaException {
    return number(position, (int) Math.min(8, end - position));
  }

  private Probed read() throws IOException, MediaException {
    if (!isWebm(in)) {
      throw new MediaException(
          Reason.UNSUPPORTED, "Unsupported image format: this is Matroska, but no WebM");
    }
    long at = 0;
    while (at < in.size()) {
      int id = element(at, in.size());
      switch (id) {
        // What is in them follows, whether or not their length is known.
        case SEGMENT, CLUSTER, BLOCK_GROUP -> at = position;
        case SIMPLE_BLOCK, BLOCK -> {
          requireKnown();
          at = end;
          block();
        }
        case TRACKS -> {
          requireKnown();
          at = end;
          tracks(position, end);
        }
        default -> {
          requireKnown();
          at = end;
        }
      }
    }
    Track found = video.orElseThrow(() -> invalid("Invalid WebM: no video track"));
    if (frames == 0) {
      throw invalid("Invalid WebM: no pictures");
    }
    VideoTrack facts = found.facts();
    return new Probed(
        MediaType.WEBM,
        facts.square(),
        (int) Math.min(frames, Integer.MAX_VALUE),
        Orientation.UPRIGHT,
        false,
        false,
        Optional.of(facts));
  }

  private void requireKnown() throws MediaException {
    if (unknown) {
      throw invalid("Invalid WebM: an element without a length");
    }
  }

  /** RFC 9559, 10.1: the number of the track, two bytes of time, flags. */
  private void block() throws IOException, MediaException {
    int first = in.u8(position);
    int length = Integer.numberOfLeadingZeros(first) - 23;
    if (length > 8 || end - position < length + 3) {
      throw invalid("Invalid WebM: a block that is too short");
    }
    long number = number(position, length) & ((1L << (7 * length)) - 1);
    boolean shown = (in.u8(position + length + 2) & INVISIBLE) == 0;
    if (shown && video.filter(one -> one.number == number).isPresent()) {
      frames++;
    }
  }

  private void tracks(long from, long to) throws IOException, MediaException {
    long at = from;
    while (at < to && video.isEmpty()) {
      int id = element(at, to);
      requireKnown();
      at = end;
      if (id == TRACK) {
        Track found = track(position, end, new Track(), 1);
        if (found.type == VIDEO_TYPE) {
          require(found);
          video = Optional.of(found);
        }
      }
    }
  }

  private static void require(Track found) throws MediaException {
    if (found.encrypted) {
      throw new MediaException(
          Reason.UNSUPPORTED, "Video is not accepted: it is encrypted or packed");
    }
    if (!found.codec.equals("V_VP8")
        && !found.codec.equals("V_VP9")
        && !found.codec.equals("V_AV1")) {
      throw new MediaException(
          Reason.UNSUPPORTED, "Video is not accepted: WebM has VP8, VP9 or AV1, and nothing else");
    }
    if (found.width < 1
        || found.height < 1
        || found.width > Integer.MAX_VALUE
        || found.height > Integer.MAX_VALUE) {
      throw invalid("Invalid WebM: no picture measures %dx%d".formatted(found.width, found.height));
    }
    found.shownWidth = Math.min(found.shownWidth, Integer.MAX_VALUE);
    found.shownHeight = Math.min(found.shownHeight, Integer.MAX_VALUE);
  }

  private Track track(long from, long to, Track found, int depth)
      throws IOException, MediaException {
    if (depth > MAX_DEPTH) {
      throw invalid("Invalid WebM: elements within elements without end");
    }
    long at = from;
    while (at < to) {
      int id = element(at, to);
      requireKnown();
      at = end;
      switch (id) {
        case VIDEO, COLOUR -> {
          // Their parts have numbers of their own.
          track(position, end, found, depth + 1);
        }
        case TRACK_NUMBER -> found.number = number();
        case TRACK_TYPE -> found.type = number();
        case CODEC -> found.codec = string(MAX_CODEC);
        case ENCODINGS -> found.encrypted = true;
        case WIDTH -> found.width = number();
        case HEIGHT -> found.height = number();
        case SHOWN_WIDTH -> found.shownWidth = number();
        case SHOWN_HEIGHT -> found.shownHeight = number();
        case ALPHA -> found.alpha = number() == 1;
        case MATRIX -> found.matrix = (int) number();
        case TRANSFER -> found.transfer = (int) number();
        case PRIMARIES -> found.primaries = (int) number();
        case RANGE -> found.fullRange = number() == FULL_RANGE;
        default -> {}
      }
    }
    return found;
  }
}
